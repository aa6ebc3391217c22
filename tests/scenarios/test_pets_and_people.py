"""Whose pet is missing, and who is: one is asked whether to look for it, the other wakes the neighbours."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World

from .tolberg import about, both_ways, tolberg

world = both_ways


@pytest.mark.parametrize("said", ["De kat van mijn oma is weg", "heeft iemand mijn kat gezien?"])
def test_a_pet_is_no_missing_person_whoever_owns_it(world: World, said: str) -> None:
    town = tolberg(world)
    town.fatima.says(said)
    world.advance(minutes=2)
    assert said in town.fatima.last.text
    assert town.fatima.last.buttons == ("Ja", "Nee")
    assert not town.riet.received
    assert not town.kees.received


@pytest.mark.parametrize("said", ["het kind met de hond is weg", "heeft iemand mijn zoontje gezien?"])
def test_a_child_is_missing_whatever_is_with_it(world: World, said: str) -> None:
    town = tolberg(world)
    town.fatima.says(said)
    world.advance(minutes=2)
    (read,) = about(town.riet, "TB-0001")
    assert read.startswith("🔴 KRITIEK · KIND VERMIST")
