"""A minute is a minute, also in the night in which the clocks change."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World

from .tolberg import CAR, both_ways, tolberg

world = both_ways


@pytest.mark.parametrize("at", ["2026-10-25 02:59:30", "2027-03-28 01:59:30", "2027-10-31 02:59:30"])
def test_a_report_without_an_answer_goes_out_after_a_minute_while_the_clocks_change(world: World, at: str) -> None:
    town = tolberg(world, at)
    town.fatima.says(CAR)
    world.advance(seconds=59)
    assert not town.henk.received
    world.advance(seconds=3)
    assert "112: onbekend" in town.henk.last.text


def test_an_addition_reaches_the_neighbours_after_a_minute_while_the_clocks_change(world: World) -> None:
    town = tolberg(world, "2026-10-25 02:58:00")
    town.fatima.says(CAR)
    town.fatima.taps("Ja, door mij")
    world.advance(seconds=90)
    town.henk.says("aanvulling TB-0001 rijdt nu richting Esdoornlaan")
    world.advance(seconds=65)
    assert "Esdoornlaan" in town.riet.last.text
