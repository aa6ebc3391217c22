"""The pace of an account, of one person and of a group, over the wire and over a crash: nobody complains."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from buurtwacht import Audience, Severity, Text, Thread
from buurtwacht.testing import World
from buurtwacht.testing.town import Neighbourhood

from . import fair

both_ways = pytest.mark.parametrize("wire", [False, True], ids=["memory", "wire"])
crashing = pytest.mark.parametrize("crashes", [False, True], ids=["straight", "crash"])


def town(wire: bool, rate: float | None = None) -> tuple[World, Neighbourhood]:
    world = World(now="2026-01-16 12:00", plugins=[fair], wire=wire, rate=rate)
    return world, world.neighbourhood("TB", "Tolberg", quiet_hours=None)


def tell(world: World, place: Neighbourhood, count: int, *, groups: bool = False) -> None:
    """Say so many things to every member, each about a thing of its own."""
    with world.context("fair", place) as ctx:
        everybody: Audience = ctx.audience.members()
        for number in range(count):
            what = Text("news", what=f"nummer {number}")
            audience = everybody.and_groups() if groups else everybody
            ctx.broadcast(audience, what, Severity.NOTICE, thread=Thread("fair", number + 1))


def go_on(world: World, crashes: bool, after: float, seconds: float) -> None:
    world.advance(seconds=after)
    if crashes:
        world.crash()
    world.advance(seconds=seconds - after)


def moments(world: World, account: str) -> list[datetime]:
    return [one.at for one in world.messengers[account].provider.seen]


def most_within(at: Sequence[datetime], seconds: float) -> int:
    span = timedelta(seconds=seconds)
    return max(sum(first <= other < first + span for other in at) for first in at)


@both_ways
@crashing
def test_an_account_keeps_its_rate_in_every_second(wire: bool, crashes: bool) -> None:
    world, place = town(wire, rate=10)
    with world:
        for number in range(45):
            place.member(f"Buur{number}", channel="telegram")
        tell(world, place, 1)
        go_on(world, crashes, 1.5, 10)
        assert len(moments(world, "telegram")) == 45
        assert most_within(moments(world, "telegram"), 1) == 10


@both_ways
@crashing
def test_one_chat_has_one_a_second_with_a_burst_of_three(wire: bool, crashes: bool) -> None:
    world, place = town(wire)
    with world:
        place.member("Henk", channel="telegram")
        tell(world, place, 9)
        go_on(world, crashes, 0, 9)
        at = moments(world, "telegram")
        assert len(at) == 9
        assert [most_within(at, seconds) for seconds in (0.9, 1.9, 4.9)] == [3, 4, 7]


@both_ways
@crashing
def test_a_group_has_twenty_a_minute(wire: bool, crashes: bool) -> None:
    world, place = town(wire)
    with world:
        group = place.group("telegram")
        tell(world, place, 30, groups=True)
        go_on(world, crashes, 7, 150)
        at = [one.at for one in group.received]
        assert len(at) == 30
        assert 19 <= most_within(at, 60) <= 20


@both_ways
@crashing
def test_one_number_has_its_burst_once_and_then_one_in_six_seconds(wire: bool, crashes: bool) -> None:
    world, place = town(wire)
    with world:
        place.member("Riet", channel="whatsapp")
        tell(world, place, 50)
        go_on(world, crashes, 1, 60)
        at = moments(world, "whatsapp")
        assert len(at) == 50
        assert [most_within(at, seconds) for seconds in (5.9, 11.9, 29.9)] == [45, 46, 49]
