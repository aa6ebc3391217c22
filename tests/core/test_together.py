"""Timers that go off at once, for a handler that takes them together: one run for all, and none pays for another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from types import ModuleType

import pytest
from sqlalchemy import select

from buurtwacht import Answer, Choice, Context, Manifest, Message, PersonId, Record, Ripe, Text, answer, timer
from buurtwacht.records.schema import question
from buurtwacht.testing import World
from buurtwacht.testing.people import Member

PERMISSIONS = frozenset({"store", "timers", "send:members"})
EVERYBODY = range(4)


class Bell(Record, plugin="bells"):
    """What rang, and for whom."""

    number: int


@dataclass
class Bells:
    """A plugin whose timers ring together: it asks whom a bell is for, and notes that it rang."""

    #: the numbers of each run, as it was begun
    runs: list[list[int]] = field(default_factory=list)
    #: the bell that cannot be rung
    broken: int = -1

    def module(self) -> ModuleType:
        @timer("ring", together=True)
        def ring(ctx: Context, ripe: Sequence[Ripe]) -> None:
            self.runs.append([one.payload["number"] for one in ripe])
            for one in ripe:
                if one.payload["number"] == self.broken:
                    raise ZeroDivisionError
                one.ctx.records.add(Bell(number=one.payload["number"]))
                text = Text("message.map", domain="core", link=f"{one.ctx.here.code} {one.ctx.due:%H:%M}")
                choices = (Choice("yes", Text("message.map", domain="core", link="ja")),)
                one.ctx.ask(PersonId(one.payload["who"]), Message(text, choices=choices), "rung")

        @answer("rung")
        def rung(ctx: Context, given: Answer) -> None:
            ctx.reply(Text("message.map", domain="core", link="dank"))

        module = ModuleType("bells")
        module.manifest = Manifest(id="bells", name="Bells", version="1", permissions=PERMISSIONS)  # type: ignore[attr-defined]
        module.ring, module.rung, self.ring = ring, rung, ring  # type: ignore[attr-defined]
        return module


def neighbours(world: World, whom: Sequence[int] = EVERYBODY) -> list[Member]:
    """Set a bell for each of `whom` of four neighbours, of two neighbourhoods by turns, all within a quarter."""
    places = [world.neighbourhood(code, code, quiet_hours=None) for code in ("TB", "KR")]
    people = [places[one % 2].member(name, channel="telegram") for one, name in enumerate(["An", "Bo", "Cas", "Dirk"])]
    for number, one in enumerate(whom):
        with world.context("bells", places[number % 2]) as ctx:
            span = timedelta(minutes=10 + number)
            ctx.later(span, "ring", number=number, who=world.person_id(people[one]), key=f"bell{number}")
    with world.down():
        world.advance(hours=1)
    return people


def rang(world: World) -> list[int]:
    with world.context("bells") as ctx:
        return sorted(one.number for one in ctx.records.find(Bell))


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_what_went_off_while_we_were_down_is_handled_in_one_run_each_in_its_own_place(database: str) -> None:
    bells = Bells()
    with World(now="2026-01-16 12:00", plugins=[bells.module()], database=database) as world:
        people = neighbours(world)
        world.advance(seconds=5)
        assert bells.runs == [[0, 1, 2, 3]]
        assert rang(world) == [0, 1, 2, 3]
        assert [one.last.text.split(": ")[1].split("\n")[0] for one in people] == [
            "TB 12:10", "KR 12:11", "TB 12:12", "KR 12:13"
        ]  # fmt: skip


def test_who_is_asked_twice_in_one_run_reads_no_number_twice() -> None:
    bells = Bells()
    with World(plugins=[bells.module()]) as world:
        an, *_ = neighbours(world, [0, 0])
        world.advance(seconds=5)
        assert bells.runs == [[0, 1]]
        with world.context("bells") as ctx:
            first = sorted(ctx._unit.read(select(question.c.first_number)).scalars())
        assert first == [1, 2]
        assert len(an.received) == 2


def test_one_that_fails_keeps_no_other_from_ringing() -> None:
    bells = Bells(broken=2)
    with World(plugins=[bells.module()]) as world, world.expects_error("bells"):
        people = neighbours(world)
        world.advance(seconds=5)
        assert bells.runs == [[0, 1, 2, 3], [0], [1], [2], [3]]
        assert rang(world) == [0, 1, 3]
        assert [len(one.received) for one in people] == [1, 1, 0, 1]


def test_after_a_crash_each_rings_once() -> None:
    bells = Bells()
    with World(plugins=[bells.module()]) as world:
        people = neighbours(world)
        world.crash(during="handler")
        world.advance(seconds=5)
        assert rang(world) == [0, 1, 2, 3]
        assert [len(one.received) for one in people] == [1] * 4


def test_while_handlers_hang_each_goes_by_itself() -> None:
    bells = Bells()
    with World(plugins=[bells.module()]) as world, world.hang("bells", seconds=1):
        neighbours(world)
        world.advance(minutes=1)
        assert bells.runs == [[0], [1], [2], [3]]
        assert rang(world) == [0, 1, 2, 3]


def test_values_are_given_by_name_to_a_handler_that_takes_many() -> None:
    bells = Bells()
    with World(plugins=[bells.module()]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg")
        with world.context("bells", tolberg) as ctx, pytest.raises(TypeError, match="takes 0 arguments"):
            ctx.later(timedelta(minutes=1), "ring", 1)
