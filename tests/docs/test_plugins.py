"""The package that the reference of plugins prints is built from that page, migrated, tested and checked."""

from __future__ import annotations

import ast
import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from buurtwacht.assembly import histories
from buurtwacht.cli import group
from buurtwacht.cli.output import run_guarded
from buurtwacht.records import migration
from buurtwacht.records.database import Database
from buurtwacht.records.record import metadata_of
from buurtwacht.testing import World, draft, visit

ROOT = Path(__file__).parents[2]
_FILE = re.compile(r"^`([\w./]+)`\n\n```\w+\n(.*?)```", re.DOTALL | re.MULTILINE)
MIGRATION = "buurtwacht_pets/migrations/versions/0001_pets.py"
TOWN = '\n[plugins.members]\n\n[[neighbourhoods]]\ncode = "TB"\nname = "Tolberg"\nstreets = ["Meidoornstraat"]\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files of the page, and the package installed from there."""
    for path, content in _FILE.findall((ROOT / "docs/plugins/reference.md").read_text()):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    installed = tmp_path / "buurtwacht_pets-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: buurtwacht-pets\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text("[buurtwacht.plugins]\npets = buurtwacht_pets\n")
    (tmp_path / "plugins.toml").write_text((tmp_path / "plugins.toml").read_text() + TOWN)
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("BUURTWACHT_KEY", "BUURTWACHT_CONFIG", "BUURTWACHT_TRACE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def pets(folder: Path) -> Iterator[ModuleType]:
    tables = metadata_of("pets")
    tables.clear()  # another document's plugin may have been here
    yield importlib.import_module("buurtwacht_pets")
    for name in [one for one in sys.modules if one.partition(".")[0] == "buurtwacht_pets"]:
        del sys.modules[name]
    tables.clear()


def test_the_migration_of_the_page_is_the_one_that_is_drafted_and_makes_the_tables(
    pets: ModuleType, folder: Path
) -> None:
    database = Database(f"sqlite:///{folder}/pets.db")
    migration.upgrade(database, histories([pets]))
    assert [one for history in histories([pets]) for one in migration.differences(database, history)] == []
    database.close()
    with pytest.raises(LookupError, match="lead to its records already"):
        draft(pets)
    shown = (folder / MIGRATION).read_text()
    (folder / MIGRATION).unlink()
    assert ast.dump(ast.parse(draft(pets))) == ast.dump(ast.parse(shown))


def test_the_test_of_the_page_passes_on_the_migrated_tables(pets: ModuleType, folder: Path) -> None:
    namespace: dict[str, object] = {}
    exec(compile((folder / "tests/test_pets.py").read_text(), "docs/plugins/reference.md", "exec"), namespace)
    story = namespace["test_who_asked_for_it_hears_of_a_lost_cat"]
    story()  # type: ignore[operator]


def test_the_private_link_of_the_page_leads_to_ones_own_list(pets: ModuleType, folder: Path) -> None:
    page = (ROOT / "docs/plugins/reference.md").read_text().partition("## A private link")[2]
    block = re.search(r"```python\n(.*?)```", page, re.DOTALL)
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


def test_check_finds_the_package_in_order(pets: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    status = run_guarded(group, ["check"])
    read = capsys.readouterr()
    assert status == 0, read.err
    assert "Pets 1.0" in read.out
    assert "lacks" not in read.out


def test_check_names_what_a_catalogue_lacks(pets: ModuleType, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    english = folder / "buurtwacht_pets/locale/en.po"
    english.write_text(english.read_text().replace('msgid "expired"', 'msgid "ended"'))
    for language in ("nl", "en"):
        file = folder / f"buurtwacht_pets/locale/{language}.po"
        file.write_text(file.read_text().replace("command.lostpet.help", "command.lostpet.hulp"))
    assert run_guarded(group, ["check"]) == 0
    told = capsys.readouterr().out
    assert "its catalogue en.po lacks command.lostpet.help, expired" in told
    assert "its catalogue nl.po lacks command.lostpet.help, ended" in told


def test_check_says_as_run_does_that_the_migrations_are_missing(
    pets: ModuleType, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / MIGRATION).unlink()
    (folder / MIGRATION).parent.rmdir()
    assert run_guarded(group, ["check"]) == 2
    assert "plugin pets: keeps records but has no migrations" in capsys.readouterr().err
