"""How many of some neighbourhoods were reached by what was said about one thing: each person once, in one query."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from buurtwacht import Fared, Mute, Severity, Text, Thread
from buurtwacht.testing import World

ABOUT = Thread("core", 7, "M1")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with World(database=request.param) as made:
        yield made


def test_each_member_counts_once_with_the_best_that_became_of_it(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
    langdonk = world.neighbourhood("LD", "Langdonk", quiet_hours=None)
    kroeven = world.neighbourhood("KR", "Kroeven", quiet_hours=None)
    both = tolberg.member("Els", channel="telegram")
    langdonk.join(both)
    tolberg.member("Henk", channel="telegram", refuses=["police"])
    blocked = tolberg.member("Piet", channel="telegram")
    muted = langdonk.member("Ria", channel="telegram")
    kroeven.member("Wim", channel="telegram")
    world.refuse(blocked, "unreachable")
    with world.context("core") as ctx:
        ctx.directory.change(world.person_id(muted), mutes=Mute.MOST, muted_until=ctx.now + timedelta(days=1))
    for place in (tolberg, langdonk):
        with world.context("core", place) as ctx:
            ctx.broadcast(
                ctx.audience.members_of(place.id)
                if place is tolberg
                else ctx.audience.members().without(world.person_id(both)),
                Text("voice"),
                Severity.URGENT,
                thread=ABOUT,
            )
    world.advance(minutes=1)
    with world.context("core") as ctx:
        found = ctx.fared(ABOUT, [tolberg.id, langdonk.id], refusing="police")
        mine = ctx.fared(ABOUT, [langdonk.id])
        elsewhere = ctx.fared(ABOUT, [kroeven.id])
        nowhere = ctx.fared(ABOUT, [])
    # Henk got it: this broadcast asked nobody whether he wants it.
    assert found == Fared(members=4, delivered=2, failed=1, muted=1)
    assert mine == Fared(members=2, delivered=1, muted=1)
    assert elsewhere == Fared(members=1, under_way=1)
    assert nowhere == Fared()


def test_who_refuses_the_sender_counts_as_that(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
    tolberg.member("Henk", channel="telegram", refuses=["police"])
    tolberg.member("Piet", channel="telegram", refuses=["municipality"])
    with world.context("core", tolberg) as ctx:
        assert ctx.fared(ABOUT, [tolberg.id], refusing="police") == Fared(members=2, refused=1, under_way=1)
        assert ctx.fared(ABOUT, [tolberg.id]) == Fared(members=2, under_way=2)
