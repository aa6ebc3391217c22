"""The pages for authors of plugins: what they print runs, what they lead to is there, `check` names what is missing."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import buurtwacht
from buurtwacht.cli import group
from buurtwacht.cli.output import run_guarded
from buurtwacht.kit import scaffold
from buurtwacht.records.record import metadata_of
from buurtwacht.testing import World, visit

from .page import install

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs/plugins"
REFERENCE = (PAGES / "reference.md").read_text()
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")
_PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
TOWN = '[plugins.members]\n\n[plugins.calls]\n\n[[neighbourhoods]]\ncode = "TB"\nname = "Tolberg"\n'


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.md")), ids=lambda page: page.stem)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert [one for one in _LINK.findall(page.read_text()) if not (page.parent / one).exists()] == []


def test_the_first_page_leads_to_all_others() -> None:
    led = set(_LINK.findall((PAGES / "index.md").read_text()))
    assert {one.name for one in PAGES.glob("*.md")} - {"index.md"} <= led


# --- what the reference prints ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("block", _PYTHON.findall(REFERENCE), ids=lambda block: re.sub(r"\W+", "-", block[:40]))
def test_every_example_uses_what_there_is(pets: ModuleType, block: str) -> None:
    code = compile(block, "docs/plugins/reference.md", "exec")
    if block.startswith(("from ", "def ", "@")):  # others are lines of a handler
        exec(code, {**vars(buurtwacht), **vars(pets)})


def test_the_private_link_leads_to_ones_own_list(pets: ModuleType) -> None:
    block = _PYTHON.search(REFERENCE.partition("## A private link")[2])
    assert block is not None
    exec(compile(block[1], "docs/plugins/reference.md", "exec"), vars(pets))
    with World(plugins=[pets]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        fatima, henk = (tolberg.member(name, channel="telegram") for name in ("Fatima", "Henk"))
        fatima.says("huisdier zoek rode kater, luistert naar Minoes")
        with world.context("pets", tolberg) as ctx:
            links = [ctx.feed_link("mine", person=world.person_id(one), suffix="pets.txt") for one in (fatima, henk)]
        assert "Minoes" in visit(world, links[0]).text
        assert visit(world, links[1]).status_code == 404


# --- what `check` says of a package ----------------------------------------------------------------------------------


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a plugin as `plugins new` writes it, installed, in the folder of a town that has it on."""
    folder = scaffold.write(scaffold.names("calls"), tmp_path)
    install(folder, "buurtwacht_calls", "calls")
    (folder / "plugins.toml").write_text(TOWN)
    monkeypatch.syspath_prepend(folder)
    for name in ("BUURTWACHT_KEY", "BUURTWACHT_CONFIG", "BUURTWACHT_TRACE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(folder)
    importlib.invalidate_caches()
    yield folder / "buurtwacht_calls"
    metadata_of("calls").clear()


def test_check_finds_what_was_written_in_order(calls: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = run_guarded(group, ["check"])
    read = capsys.readouterr()
    assert status == 0, read.err
    assert "Calls 0.1.0" in read.out
    assert "lacks" not in read.out


def test_check_names_what_a_catalogue_lacks(calls: Path, capsys: pytest.CaptureFixture[str]) -> None:
    english = calls / "locale/en.po"
    english.write_text(english.read_text().replace('msgid "no"', 'msgid "nope"'))
    for language in ("nl", "en"):
        file = calls / f"locale/{language}.po"
        file.write_text(file.read_text().replace("command.call.help", "command.call.hulp"))
    assert run_guarded(group, ["check"]) == 0
    told = capsys.readouterr().out
    assert "its catalogue en.po lacks command.call.help, no" in told
    assert "its catalogue nl.po lacks command.call.help, nope" in told


def test_check_says_as_run_does_that_the_migrations_are_missing(
    calls: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (calls / "migrations/versions/0001_call.py").unlink()
    (calls / "migrations/versions").rmdir()
    assert run_guarded(group, ["check"]) == 2
    assert "plugin calls: keeps records but has no migrations" in capsys.readouterr().err
