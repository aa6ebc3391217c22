"""Neighbourhoods that share an account: nobody waits because another one is large."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from buurtwacht.testing import World

CAR = "inbraak gaande in de {street}, twee mannen over de schutting"


@pytest.fixture(params=[False, True], ids=["memory", "wire"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    made = World(wire=request.param, rate=10)
    try:
        yield made
    finally:
        made.close(check=False)


def test_a_hamlet_is_warned_while_a_town_is(world: World) -> None:
    world.at("2026-01-16 01:42")
    town = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)
    hamlet = world.neighbourhood("LD", "Langdonk", streets=["Bulkenaar"], quiet_hours=None)
    townspeople = [town.member(f"Buur{number}", channel="telegram") for number in range(150)]
    villagers = [hamlet.member(f"Boer{number}", channel="telegram") for number in range(30)]
    townspeople[0].says(CAR.format(street="Meidoornstraat"))
    world.advance(seconds=2)
    villagers[0].says(CAR.format(street="Bulkenaar"))
    world.advance(seconds=9)
    warned = [one for one in villagers[1:] if any("Bulkenaar" in each.text and each.arrived for each in one.received)]
    assert len(warned) == 29, "the 30 take half of the account's ten a second, whatever waits for the 150"
    world.advance(seconds=20)
    reached = [one for one in townspeople[1:] if any("Meidoornstraat" in each.text for each in one.received)]
    assert len(reached) == 149
