"""Records for which the migrations have no step: said by `check`, at the start, and in a world."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from typing import TypeAlias

import pytest

from buurtwacht import ConfigurationError
from buurtwacht.cli import group
from buurtwacht.cli.output import run_guarded
from buurtwacht.records.record import metadata_of
from buurtwacht.testing import World

from ..docs.page import install
from .packages import FIRST, MAIN, ORDERLY

Pets: TypeAlias = Callable[..., ModuleType]

TOWN = '[plugins.pets]\n[[neighbourhoods]]\ncode = "TB"\nname = "Tolberg"\n'
SENTENCE = "plugin pets: its migrations do not lead to its records: "
MEND = "add a step to them (one that ran already is not run again): buurtwacht plugins check pets says how"


OWNER = 'sa.Column("owner", sa.BigInteger(), nullable=False),'
CHIP = 'sa.Column("chip", sa.Text(), nullable=False),'


@pytest.fixture
def pets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pets:
    """Write the plugin into a town that has it on, with more fields in its record, and more columns in its table."""
    install(tmp_path, "strays_pets", "pets")
    (tmp_path / "plugins.toml").write_text(TOWN)
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("BUURTWACHT_KEY", "BUURTWACHT_CONFIG", "BUURTWACHT_TRACE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def written(fields: str = "", column: str = "") -> ModuleType:
        files = {name: dedent(text) for name, text in ORDERLY.items()}
        files[MAIN] = files[MAIN].replace("    description: str\n", f"    description: str\n    {fields}\n")
        files[FIRST] = files[FIRST].replace(OWNER, OWNER + column)
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        for name in [one for one in sys.modules if one.startswith("strays_")]:
            del sys.modules[name]
        metadata_of("pets").clear()
        importlib.invalidate_caches()
        return importlib.import_module("strays_pets")

    return written


WHAT = pytest.mark.parametrize(
    ("fields", "column", "what"),
    [
        ("colour: str", "", "there is no column pets_pet.colour"),
        ("\n\nclass Toy(Record):\n    '''A toy.'''", "", "there is no table pets_toy"),
        ("chip: str | None = None", CHIP, "the column pets_pet.chip may not be empty"),
        ("", CHIP, "the column pets_pet.chip must be filled, and no record has it"),
    ],
)


def command(*words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Type a command; return its exit status and all that was said, without the spaces that make columns."""
    status = run_guarded(group, words)
    read = capsys.readouterr()
    return status, " ".join((read.out + read.err).split())


@WHAT
@pytest.mark.parametrize("wire", [False, True], ids=["memory", "wire"])
def test_a_world_says_what_the_migrations_do_not_make(
    pets: Pets, fields: str, column: str, what: str, wire: bool
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        World(plugins=[pets(fields, column)], wire=wire)
    assert [str(one) for one in refused.value.faults] == [f"{SENTENCE}{what} ({MEND})"]


@WHAT
def test_check_fails_and_run_does_not_begin(
    pets: Pets, fields: str, column: str, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pets(fields, column)
    status, said = command("check", capsys=capsys)
    assert status == 1
    assert f"plugin pets failed {SENTENCE.partition(': ')[2]}{what} {MEND}" in said
    assert "Pets 1.0" not in said
    status, said = command("run", capsys=capsys)
    assert (status, said) == (2, f"{SENTENCE}{what} ({MEND})")


def test_a_step_that_ran_already_and_was_changed_after_it_is_seen_too(
    pets: Pets, capsys: pytest.CaptureFixture[str]
) -> None:
    pets()
    assert command("check", capsys=capsys)[0] == 0
    pets("chip: str", CHIP)  # a new database would be right, and this one is not
    status, said = command("check", capsys=capsys)
    assert status == 1
    assert "there is no column pets_pet.chip" in said
    with World(plugins=["pets"]):
        pass


def test_of_a_database_that_run_would_upgrade_it_is_said_as_well(
    pets: Pets, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "plugins.toml").write_text(TOWN.replace("pets", "members"))
    assert command("check", capsys=capsys)[0] == 0
    (tmp_path / "plugins.toml").write_text(TOWN)
    pets("colour: str")
    status, said = command("check", capsys=capsys)
    assert status == 1
    assert "with an older schema" in said
    assert "there is no column pets_pet.colour" in said


@pytest.mark.parametrize(
    ("column", "why"),
    [
        ("sa.Column(", "SyntaxError: "),
        ('sa.Colum("chip"),', "AttributeError: module 'sqlalchemy' has no attribute 'Colum'"),
        ('sa.Column("owner", sa.Text()),', "DuplicateColumnError: "),
    ],
)
def test_a_migration_that_cannot_run_is_named_with_its_line(
    pets: Pets, column: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    module = pets("", column)
    where = r"plugin pets: its migration strays_pets/migrations/versions/0001_pets\.py:\d+ cannot be run: "
    with pytest.raises(ConfigurationError, match=where + re.escape(why)):
        World(plugins=[module])
    for typed in ("check", "run"):
        status, said = command(typed, capsys=capsys)
        assert status == 2
        assert re.search(where + re.escape(why), said)
        assert said.endswith("(mend it; buurtwacht plugins check pets looks at all of them)")
