"""What an answer is about: the record of this plugin that its message had as a thread, and nothing of another's."""

from __future__ import annotations

from types import ModuleType

import pytest

from buurtwacht import Answer, Choice, Command, Context, Manifest, Message, Record, Text, Thread, answer, hookimpl
from buurtwacht.testing import World

THERE, GONE = (Text("message.map", domain="core", link=link) for link in ("there", "gone"))
CHOICES = [Choice("sing", Text("yes", domain="core"))]


class Thrush(Record, plugin="thrushes"):
    """A bird that sings."""

    song: str


def ask(ctx: Context, what: str) -> None:
    """Ask about a bird, or about nothing."""
    bird = ctx.records.add(Thrush(song="tjilp"))
    ctx.ask(ctx.person, Message(THERE, choices=CHOICES), "sing", thread=bird if what == "vogel" else None)


def scare(ctx: Context) -> None:
    """Let every bird fly away."""
    ctx.records.remove_all(Thrush)


@answer("sing")
def sing(ctx: Context, given: Answer) -> None:
    """Say whether the bird is found."""
    ctx.reply(THERE if ctx.records.get(Thrush, given.thread) is not None else GONE)


def thrushes() -> ModuleType:
    """Make the plugin."""
    module = ModuleType("thrushes")
    module.manifest = Manifest(id="thrushes", name="Lijsters", version="1", permissions=frozenset({"store"}))  # type: ignore[attr-defined]
    module.sing = sing  # type: ignore[attr-defined]
    module.commands = hookimpl(lambda: [Command("vraag", ask), Command("weg", scare)])  # type: ignore[attr-defined]
    return module


@pytest.mark.parametrize(
    ("asked", "meanwhile", "answered"), [("vogel", "", "there"), ("vogel", "weg", "gone"), ("niets", "", "gone")]
)
def test_a_record_is_found_by_the_thread_of_an_answer(asked: str, meanwhile: str, answered: str) -> None:
    with World("2026-01-16 14:00", plugins=[thrushes()]) as world:
        fatima = world.neighbourhood("TB", "Tolberg", quiet_hours=None).member("Fatima", channel="telegram")
        fatima.says(f"vraag {asked}")
        if meanwhile:
            fatima.says(meanwhile)
        fatima.taps("Ja")
        assert answered in fatima.last.text


def test_a_thread_about_another_plugins_record_leads_to_none_of_ours() -> None:
    with World("2026-01-16 14:00", plugins=[thrushes()]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg")
        with world.context("thrushes", tolberg) as ctx:
            bird = ctx.records.add(Thrush(song="tjilp"))
        with world.context("thrushes", tolberg) as ctx:
            assert ctx.records.get(Thrush, Thread("thrushes", bird.id)) is not None
            assert ctx.records.get(Thrush, Thread("members", bird.id)) is None
