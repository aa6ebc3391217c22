"""What must hold when things go wrong, or when somebody means harm: stories of the core alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from buurtwacht import Handle, Inbound, Tapped, Text
from buurtwacht.records.schema import inbox, message
from buurtwacht.testing import World
from buurtwacht.testing.people import Member
from buurtwacht.testing.town import Neighbourhood


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with World(now="2026-01-16 01:42", database=request.param) as world:
        yield world


@pytest.fixture
def tolberg(world: World) -> Neighbourhood:
    return world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)


def test_what_only_an_erased_person_was_told_is_blanked(world: World, tolberg: Neighbourhood) -> None:
    carla = tolberg.member("Carla", channel="telegram")
    with world.context("core", tolberg) as ctx:
        ctx.send(world.person_id(carla), Text("usage", help="Carla, Esdoornlaan 12", example="0612345678"))
    with world.context("core", tolberg) as ctx:
        ctx.directory.erase(world.person_id(carla))
    with world.database.reading() as connection:
        kept = [str(one) for one in connection.scalars(select(message.c.content))]
    assert kept
    assert not any("Esdoornlaan" in one or "0612345678" in one for one in kept)


def test_a_tap_on_a_message_that_cannot_be_is_refused_like_any_other(world: World, tolberg: Neighbourhood) -> None:
    henk = tolberg.member("Henk", channel="telegram")
    sender = tuple(henk.handles["telegram"])
    for number, choice in enumerate(("ffffffffffffffff.0", "7fffffffffffffff.999", "1.0")):
        event = Inbound(f"tap {number}", Tapped(message="1:1", choice=choice), world.now, sender)
        world._core.inbox.accept("telegram", [event])
        world.advance(seconds=2)
    with world.database.reading() as connection:
        states = list(connection.scalars(select(inbox.c.state)))
    assert states == ["done"] * 3
    assert "werkt" not in henk.last.text


def test_co_ordinators_hear_over_another_messenger_that_one_is_out_of_order(
    world: World, tolberg: Neighbourhood
) -> None:
    neighbours = [tolberg.member(name, channel="telegram") for name in ("Fatima", "Henk", "Carla", "Joke", "Piet")]
    gerda = tolberg.member("Gerda", channel="whatsapp", roles=["member", "coordinator"])
    with world.outage("telegram"):
        with world.context("core", tolberg) as ctx:
            for one in neighbours:
                ctx.send(world.person_id(one), Text("waiting"))
        world.advance(minutes=2)
        assert "telegram" in gerda.last.text
        told = len(gerda.received)
        world.advance(minutes=5)
        assert len(gerda.received) == told
    world.advance(minutes=10)
    assert "telegram" in gerda.last.text
    assert len(gerda.received) == told + 1
