"""Setting up a world: what cannot begin says so in one sentence, and leaves nothing behind."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from buurtwacht import ConfigurationError, Manifest
from buurtwacht.testing import World
from buurtwacht.testing.stores import folder
from buurtwacht.vocabulary.texts import MissingText


def kite(folder: Path, **given: object) -> ModuleType:
    """Return a plugin with a manifest, and one text, in Dutch."""
    (folder / "locale").mkdir()
    (folder / "locale/nl.po").write_text('msgid "kite.seen"\nmsgstr "Er hangt een vlieger."\n')
    made = ModuleType("kite")
    made.__file__ = str(folder / "__init__.py")
    made.__dict__["manifest"] = Manifest(id="kite", name="Kites", version="1.0", **given)  # type: ignore[arg-type]
    return made


@pytest.fixture
def no_leaks() -> Iterator[None]:
    """Whatever a test leaves open, or in the folder of worlds, fails it."""
    before = set(folder().glob("world*"))
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        yield
        gc.collect()
    assert (set(folder().glob("world*")) - before, [str(one.message) for one in told]) == (set(), [])


@pytest.mark.parametrize("wire", [False, True], ids=["memory", "wire"])
def test_a_template_that_no_catalogue_has_is_refused_in_one_sentence(wire: bool, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        World(plugins=[kite(tmp_path, templates=frozenset({"kite.sene", "gone"}))], wire=wire)

    assert [str(one) for one in refused.value.faults] == [
        "plugin kite: lists the template 'gone', and no catalogue has that text "
        '(write msgid "gone" in nl.po and en.po of locale, or leave it out)',
        "plugin kite: lists the template 'kite.sene', and no catalogue has that text (did you mean kite.seen?)",
    ]


def test_templates_in_one_text_are_refused_once_and_not_for_each_letter(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        World(plugins=[kite(tmp_path, templates="kite.seen")])

    [fault] = refused.value.faults
    assert fault.mend == "write templates=frozenset({'kite.seen'})"


@pytest.mark.usefixtures("no_leaks")
def test_a_world_that_cannot_begin_leaves_nothing_open(tmp_path: Path) -> None:
    with pytest.raises(MissingText, match=r"kite: kite\.seen is missing in en"):  # by then every account was begun
        World(plugins=[kite(tmp_path, templates=frozenset({"kite.seen"}))], wire=True)
