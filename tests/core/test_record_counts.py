"""Many records at once: counted in one query by the values of some columns, kept in one statement."""

from __future__ import annotations

import pytest

from buurtwacht import PersonId, PluginError
from buurtwacht.testing import World
from buurtwacht_announcements.records import Passing, PassingState, Vote
from buurtwacht_rollcalls.records import RollCall


def test_votes_are_counted_by_what_was_chosen(world: World) -> None:
    with world.context("announcements") as ctx:
        for person, option in enumerate((0, 1, 1, 1, 0)):
            ctx.records.add(
                Vote(announcement=1, person=PersonId(person), neighbourhood=person % 2, option=option, at=ctx.now)
            )
    mine = (Vote.__table__.c.announcement == 1,)
    with world.context("announcements") as ctx:
        assert ctx.records.count(Vote, "option", where=mine) == {(0,): 2, (1,): 3}
        assert ctx.records.count(Vote, "option", "neighbourhood", where=mine)[1, 1] == 2
        assert ctx.records.count(Vote) == {(): 5}
        assert ctx.records.count(Vote, where=(Vote.__table__.c.announcement == 2,)) == {}


def test_nobody_counts_what_another_plugin_keeps(world: World) -> None:
    with world.context("announcements") as ctx, pytest.raises(PluginError, match="another plugin's"):
        ctx.records.count(RollCall)


def test_many_records_are_kept_at_once_with_the_defaults_of_their_kind(world: World) -> None:
    with world.context("announcements") as ctx:
        asked = {"representative": None, "state": PassingState.ABSENT, "asked_at": ctx.now}
        ctx.records.add_all(Passing, [{"announcement": 1, "neighbourhood": place, **asked} for place in (3, 4)])
        ctx.records.add_all(Passing, [])
    with world.context("announcements") as ctx:
        first, second = ctx.records.find(Passing, announcement=1, order=Passing.__table__.c.neighbourhood)
        assert (first.neighbourhood, first.line, first.deputy, first.created) == (3, "", None, ctx.now)
        second.line = "wij ook"
    with world.context("announcements") as ctx:
        assert ctx.records.first(Passing, line="wij ook") is not None


def test_nobody_fills_what_another_plugin_keeps(world: World) -> None:
    with world.context("announcements") as ctx, pytest.raises(PluginError, match="another plugin's"):
        ctx.records.add_all(RollCall, [{}])
