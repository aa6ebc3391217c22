"""A package beside the other plugins that are installed here, which did not come with Buurtwacht."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from ..docs.page import install
from .packages import NL, ORDERLY, Inspected, codes, found

BOATS = '''"""Boats."""
from buurtwacht import Command, Context, Manifest, hookimpl

manifest = Manifest(id="boats", name="Boats", version="1.0", vital=True, templates=frozenset())


def look(ctx: Context) -> None:
    """Look for a boat."""


@hookimpl
def commands() -> list[Command]:
    """Return what people type."""
    return [Command("boat", look), Command("raft", look)]


@hookimpl
def reserved_words() -> list[str]:
    """Return what nobody else may have."""
    return ["man overboord"]
'''
WORDS = 'msgid "command.boat.words"\nmsgstr "boot zoek, bootje"\n'


@pytest.fixture
def boats(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install another plugin, and return its file."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "strays_boats/locale").mkdir(parents=True)
    (folder / "strays_boats/locale/nl.po").write_text(WORDS)
    file = folder / "strays_boats/__init__.py"
    file.write_text(BOATS)
    install(folder, "strays_boats", "boats")
    monkeypatch.syspath_prepend(folder)
    importlib.invalidate_caches()
    return file


def typed(words: str) -> dict[str, str]:
    """Return the catalogue in which these words are the command's."""
    return {NL: ORDERLY[NL].replace('hond zoek"', f'{words}"')}


@pytest.mark.parametrize("words", ["boot zoek", "hond zoek, Bootje", "raft"])
def test_a_word_of_a_plugin_from_elsewhere_is_taken(boats: Path, inspected: Inspected, words: str) -> None:
    finding = found(inspected(whole=typed(words)), "command-collides")
    assert "is a command of the plugin boats, of buurtwacht-boats" in finding.sentence
    assert finding.place.file.name == "nl.po"


def test_a_word_that_a_vital_one_from_elsewhere_keeps_is_taken(boats: Path, inspected: Inspected) -> None:
    finding = found(inspected(whole=typed("man overboord roepen")), "command-reserved")
    assert 'begins with "man overboord", which the plugin boats reserves' in finding.sentence


def test_other_words_are_free(boats: Path, inspected: Inspected) -> None:
    assert codes(inspected()) == []


def test_one_whose_place_it_takes_or_that_does_not_import_has_no_words(boats: Path, inspected: Inspected) -> None:
    boats.write_text(BOATS + "raise OSError\n")
    assert codes(inspected(whole=typed("boot zoek"))) == []
    install(boats.parents[1], "strays_boats", "boats")
    boats.write_text(BOATS.replace('"boats"', '"pets"'))
    other = boats.parents[1] / "buurtwacht_boats-1.0.dist-info/entry_points.txt"
    other.write_text("[buurtwacht.plugins]\npets = strays_boats\n")
    importlib.invalidate_caches()
    assert codes(inspected(whole=typed("boot zoek"))) == []
