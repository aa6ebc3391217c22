"""Mistakes of somebody's first plugin, and the one sentence that he reads in a test of his."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TypeAlias

import pytest

from buurtwacht import ConfigurationError
from buurtwacht.testing import World

Kites: TypeAlias = Callable[..., ModuleType]

CODE = '''"""Kites."""
from datetime import timedelta

from buurtwacht import Answer, Choice, Command, Context, Manifest, Message, PersonId, Text, answer, hookimpl, timer

manifest = Manifest(id="kites", name="Kites", version="1.0", templates=frozenset())


def ask(ctx: Context) -> None:
    """Ask whether it flies."""
    ctx.ask(ctx.person, Message(Text("ask"), choices=[Choice("yes", Text("yes"))]), "flies")


@answer("flies")
def flies(ctx: Context, given: Answer) -> None:
    """Thank."""
    ctx.reply(Text("yes"))
    ctx.later(timedelta(days=1), landed)


@timer("landed")
def landed(ctx: Context) -> None:
    """Do nothing."""


@hookimpl
def commands() -> list[Command]:
    """Return what people type."""
    return [Command("kite", ask)]


@hookimpl
def member_left(ctx: Context, person: PersonId) -> None:
    """Do nothing."""
'''
TEXTS = 'msgid "ask"\nmsgstr "Vliegt hij?"\n\nmsgid "yes"\nmsgstr "Ja"\n'


@pytest.fixture
def kites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kites:
    """Return a plugin in which one thing was written otherwise."""
    folder = tmp_path / "strays_kites"
    (folder / "locale").mkdir(parents=True)
    for language in ("nl", "en"):
        (folder / f"locale/{language}.po").write_text(TEXTS)
    monkeypatch.syspath_prepend(tmp_path)

    def written(before: str = "", after: str = "") -> ModuleType:
        assert before in CODE
        (folder / "__init__.py").write_text(CODE.replace(before, after) if before else CODE)
        importlib.invalidate_caches()
        return importlib.import_module("strays_kites")

    return written


def story(plugin: ModuleType) -> None:
    """Let somebody type the word and answer."""
    with World("2026-01-16 14:00", plugins=[plugin]) as world:
        fatima = world.neighbourhood("TB", "Tolberg").member("Fatima", channel="telegram")
        fatima.says("kite")
        if "Vliegt" in fatima.last.text:
            fatima.says("ja")


def test_without_a_mistake_it_goes_well(kites: Kites) -> None:
    story(kites())


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (
            "person: PersonId",
            "persoon: PersonId",
            "plugin kites: member_left (__init__.py:32) takes persoon, and is given ctx, person, neighbourhood "
            "(did you mean person?)",
        ),
        (
            "def member_left(ctx: Context, person: PersonId)",
            "def commands_of(kite: str)",
            "plugin kites: has a hook commands_of (__init__.py:32), which nobody declares (did you mean commands?)",
        ),
    ],
)
def test_a_hook_that_is_wrong_is_refused(kites: Kites, before: str, after: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        story(kites(before, after))
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('@timer("landed")\n', "", r"at=__init__\.py:\d+\): plugin kites: has no @timer 'landed': write @timer"),
        ("timedelta(days=1), landed", 'timedelta(days=1), "lande"', r"has no @timer 'lande': did you mean landed\?"),
        ("def flies(ctx: Context, given: Answer)", "def flies(ctx: Context)", r"flies\(\) takes 1 positional argument"),
        ("def ask(ctx: Context)", "def ask()", r"ask\(\) takes 0 positional arguments but 1 was given"),
        ("ctx.person,", "ctx.persons,", r"at=__init__\.py:\d+\): 'Context' object has no attribute 'persons'"),
    ],
)
def test_a_handler_that_fails_is_named_with_what_it_said(kites: Kites, before: str, after: str, sentence: str) -> None:
    with pytest.raises(AssertionError, match=sentence):
        story(kites(before, after))
