"""An escalation climbs its ladder: who is asked when, reminded, passed over, and what stops it (R43, R44)."""

from __future__ import annotations

from buurtwacht.testing import World

from .ladders import alarmed, asked, ladders, said
from .tolberg import both_ways

world = both_ways


def test_a_coordinators_own_request_goes_at_once(world: World) -> None:
    """R43: named to an official it skips the lower levels."""
    town = ladders(world)
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent hij rijdt hier voor de derde nacht")
    world.advance(seconds=2)
    assert len(asked(town.piet)) == 1
    assert "Meidoornstraat" in asked(town.piet)[0]
    assert "derde nacht" in asked(town.piet)[0]
    assert "Nu gevraagd: Piet" in town.kees.last.text
    assert not asked(town.dirk)
    for one in (town.gerda, town.bram):
        assert not one.received
