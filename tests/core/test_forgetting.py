"""Forgetting: what a plugin said about a record is gone, with who was sent it and what was asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from buurtwacht import Choice, Message, PluginError, Severity, Text, Thread
from buurtwacht.records.schema import delivery, message, question
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
def henk(home: Neighbourhood) -> Member:
    return home.member("Henk", channel="whatsapp")


def test_what_was_said_and_asked_about_a_record_is_gone(world: World, home: Neighbourhood, henk: Member) -> None:
    question_of = Message(Text("coming", what="zuurkool"), choices=[Choice("yes", Text("yes"))])
    with world.context("fair", home) as ctx:
        stall, other = (ctx.records.add(fair.Stall(owner=0, what=what)) for what in ("zuurkool", "taart"))
        ctx.broadcast(ctx.audience.members(), Text("news", what="zuurkool"), Severity.INFO, thread=stall)
        ctx.ask(world.person_id(henk), question_of, "coming", thread=stall)
        apart = ctx.send(world.person_id(henk), Text("news", what="zuurkool met worst"))
        ctx.broadcast(ctx.audience.members(), Text("news", what="taart"), Severity.INFO, thread=other)
    with world.context("fair", home) as ctx:
        ctx.forget(stall, messages=[apart])
        stall_again = ctx.records.get(fair.Stall, stall.id)
        assert stall_again is not None
        ctx.records.remove(stall_again)
    with world.database.reading() as connection:
        counts = [len(connection.execute(table.select()).all()) for table in (message, delivery, question)]
    assert counts == [1, 1, 0]
    world.advance(hours=2)
    assert not [where for where, data in world.traces() if b"zuurkool" in data]


def test_what_waited_never_leaves(world: World, home: Neighbourhood, henk: Member) -> None:
    with world.outage("whatsapp"):
        with world.context("fair", home) as ctx:
            stall = ctx.records.add(fair.Stall(owner=0, what="taart"))
            ctx.broadcast(ctx.audience.members(), Text("news", what="taart"), Severity.INFO, thread=stall)
        with world.context("fair", home) as ctx:
            ctx.forget(stall)
    world.advance(hours=1)
    assert not [one for one in henk.received if one.arrived]


def test_another_plugins_words_are_not_its_own_to_forget(world: World, home: Neighbourhood, henk: Member) -> None:
    with world.context("fair", home) as ctx, pytest.raises(PluginError, match="may not forget what alerts said"):
        ctx.forget(Thread("alerts", 1))
    with world.context("core", home) as ctx:
        passed_on = ctx.send(world.person_id(henk), Text("voice"))
    with world.context("fair", home) as ctx:
        ctx.forget(messages=[passed_on])
    with world.database.reading() as connection:
        assert connection.execute(message.select()).one().id == passed_on
