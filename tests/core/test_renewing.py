"""Newer versions of a message: who was not yet sent it is shown the newest, and hears nothing of it twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from buurtwacht import MessageId, Severity, Text
from buurtwacht.testing import Member, Neighbourhood, World

from . import fair
from .test_world import OFF


@pytest.fixture
def world() -> Iterator[World]:
    with World(now="2026-01-16 12:00", plugins=[fair]) as made:
        yield made


@pytest.fixture
def home(world: World) -> Neighbourhood:
    return world.neighbourhood("TB", "Tolberg", quiet_hours=None, plugins_off=OFF)


@pytest.fixture
def fatima(home: Neighbourhood) -> Member:
    return home.member("Fatima", channel="telegram")


@pytest.fixture
def henk(home: Neighbourhood) -> Member:
    return home.member("Henk", channel="whatsapp")


def tell(world: World, home: Neighbourhood, what: str, *included_in: MessageId) -> MessageId:
    with world.context("fair", home) as ctx:
        text = Text("news", what=what)
        return ctx.broadcast(ctx.audience.members(), text, Severity.URGENT, thread=1, included_in=included_in)


def renew(world: World, message: MessageId, what: str) -> MessageId:
    with world.context("fair") as ctx:
        return ctx.renew(message, Text("news", what=what))


def texts(member: Member) -> list[str]:
    return [one.newest.removeprefix("Nieuws van het straatfeest: ") for one in member.received if one.arrived]


def test_who_was_sent_it_hears_the_rest_and_who_was_not_reads_it_in_one(
    world: World, home: Neighbourhood, fatima: Member, henk: Member
) -> None:
    with world.outage("whatsapp"):
        first = tell(world, home, "taart")
        newer = renew(world, first, "taart en koffie")
        tell(world, home, "en koffie", newer)
        newest = renew(world, first, "taart, koffie en thee")
        tell(world, home, "en thee", newest)
    world.advance(minutes=5)
    assert texts(fatima) == ["taart.", "en koffie.", "en thee."]
    assert texts(henk) == ["taart, koffie en thee."]


def test_who_was_first_shown_an_older_version_hears_what_is_newer(
    world: World, home: Neighbourhood, fatima: Member, henk: Member
) -> None:
    with world.outage("whatsapp"):
        first = tell(world, home, "taart")
        tell(world, home, "en koffie", renew(world, first, "taart en koffie"))
    world.advance(minutes=5)
    tell(world, home, "en thee", renew(world, first, "taart, koffie en thee"))
    assert texts(henk) == ["taart en koffie.", "en thee."]
    assert texts(fatima) == ["taart.", "en koffie.", "en thee."]


def test_who_could_not_be_sent_the_first_still_hears_what_follows(
    world: World, home: Neighbourhood, fatima: Member, henk: Member
) -> None:
    world.refuse(henk, "rejected")
    first = tell(world, home, "taart")
    world.accept(henk)
    tell(world, home, "en koffie", renew(world, first, "taart en koffie"))
    assert texts(henk) == ["en koffie."]
    assert texts(fatima) == ["taart.", "en koffie."]


def test_only_a_message_of_ones_own_is_renewed(world: World, home: Neighbourhood) -> None:
    message = tell(world, home, "taart")
    with world.context("core") as ctx, pytest.raises(LookupError):
        ctx.renew(message, Text("choose", labels=""))
    with pytest.raises(LookupError):
        renew(world, MessageId(12), "taart")
