"""A plugin is paused: it stands still, and goes on where it stood once it is resumed (R51)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from types import ModuleType

import pytest

from buurtwacht import Command, Context, Manifest, PersonId, Severity, Text, hookimpl, timer
from buurtwacht.records import selfaudit
from buurtwacht.testing import Member, World


def _line(words: str) -> Text:
    return Text("message.map", domain="core", link=words)


def echo() -> ModuleType:
    """Make a plugin that says again and again what it was told, to who asked for it."""

    @timer("again")
    def again(ctx: Context) -> None:
        ctx.broadcast(ctx.audience.opted_in(), _line("tick"), Severity.INFO)
        ctx.later(timedelta(minutes=5), again)

    def begin(ctx: Context) -> None:
        ctx.later(timedelta(minutes=5), again)

    def stumble(ctx: Context) -> None:
        raise ArithmeticError

    @hookimpl
    def message_edited(ctx: Context, person: PersonId, message: str, text: str) -> None:
        ctx.broadcast(ctx.audience.opted_in(), _line(text), Severity.INFO)

    @hookimpl
    def erase_person(ctx: Context, person: PersonId) -> None:
        ctx.broadcast(ctx.audience.opted_in(), _line("erased"), Severity.INFO)

    module = ModuleType("echo")
    asks = frozenset({"store", "timers", "send:opted_in"})
    module.manifest = Manifest(id="echo", name="Echo", version="1", opt_in=True, permissions=asks)  # type: ignore[attr-defined]
    module.again, module.message_edited, module.erase_person = again, message_edited, erase_person  # type: ignore[attr-defined]
    made = [Command("begin", begin), Command("struikel", stumble)]
    module.commands = hookimpl(lambda: made)  # type: ignore[attr-defined]
    return module


@pytest.fixture(params=[False, True], ids=["memory", "wire"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with World(plugins=[echo()], wire=request.param) as made:
        yield made


class Town:
    """Henk hears what the plugin says; it is paused by Kees, who makes it fail."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        self.kees = self.tolberg.member("Kees", channel="telegram", roles=["member", "admin"])
        self.henk = self.tolberg.member("Henk", channel="whatsapp")
        world.opts_in(self.henk, "echo")

    def pause(self) -> None:
        with self.world.expects_error("echo"):
            for _ in range(5):
                self.kees.says("struikel")
                self.world.advance(seconds=5)
        assert any("echo" in one.text for one in self.kees.received)

    def tell(self, words: str, about: Member | None = None) -> None:
        with self.world.context("members", self.tolberg) as ctx:
            ctx.tell("message_edited", person=self.world.person_id(about or self.kees), message="m1", text=words)
        self.world.advance(seconds=5)

    def resume(self) -> None:
        self.world._core.health.resume("echo")
        self.world.advance(seconds=10)

    @property
    def heard(self) -> list[str]:
        """Every word that reached Henk, in order."""
        return [one.text.split()[-1] for one in self.henk.received]


def test_nothing_of_it_runs_and_all_of_it_is_handled_in_order_once_it_is_resumed(world: World) -> None:
    town = Town(world)
    town.kees.says("begin")
    town.pause()
    for words in ("one", "two", "three"):
        town.tell(words)
    town.tell("other", about=town.henk)
    with world.context("members", town.tolberg) as ctx:
        ctx.tell("erase_person", person=PersonId(1))
    world.advance(hours=3)
    assert town.heard == []
    world.crash()
    world.advance(hours=3)
    assert town.heard == [], "neither does a start set it going"
    town.resume()
    assert sorted(town.heard) == sorted(["one", "two", "three", "other", "erased", "tick"]), "a timer goes off once"
    assert [one for one in town.heard if one in ("one", "two", "three")] == ["one", "two", "three"]
    world.advance(minutes=6)
    assert town.heard[-1] == "tick"


def test_what_is_told_in_the_moment_of_resuming_comes_after_what_waited(world: World) -> None:
    town = Town(world)
    town.pause()
    town.tell("one")
    world._core.health.resume("echo")
    town.tell("two")
    world.advance(seconds=10)
    assert town.heard == ["one", "two"]


def test_what_waits_is_nobody_elses_to_worry_about(world: World) -> None:
    town = Town(world)
    town.pause()
    town.tell("one")
    before = len(town.kees.received)
    world.advance(minutes=30)
    assert len(town.kees.received) == before
    assert selfaudit.late(world.database, world.now) == {}, "it waits as it should"
