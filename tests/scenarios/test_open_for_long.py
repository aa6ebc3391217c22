"""An alert that nobody closed for weeks: who was shown it still reads how it ended (R15)."""

from __future__ import annotations

from buurtwacht.testing import World
from buurtwacht_alerts.alert import Alert

from .tolberg import Tolberg, alarmed, both_ways, tolberg

world = both_ways


def on_record(town: Tolberg) -> int:
    """Return of how many people it is on record that they were shown the alert."""
    with town.world.context("alerts", town.place) as ctx:
        return sum(len(ctx.reached(one)) for one in ctx.records.find(Alert))


def test_its_end_reaches_who_was_shown_it_after_forty_days_and_then_it_is_forgotten(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    world.advance(days=40)
    town.kees.says("einde TB-0001 het was een bezorger")
    world.advance(minutes=1)
    for one in (town.henk, town.riet, town.ans):
        assert "het was een bezorger" in one.received[-1].text
    world.advance(days=31)
    assert not on_record(town)
