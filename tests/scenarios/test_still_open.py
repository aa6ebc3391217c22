"""An alert that presses does not end by itself: its owner is asked for the outcome, and not twice in a row (R13)."""

from __future__ import annotations

from buurtwacht.testing import World
from buurtwacht.testing.people import Member

from .tolberg import about, alarmed, both_ways, tolberg

world = both_ways

ASKED = "staat nog open. Is het voorbij?"


def asked(member: Member) -> int:
    """Return how often somebody was asked for the outcome."""
    return len(about(member, ASKED))


def test_what_is_urgent_is_asked_about_when_it_expires_and_after_an_hour(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    world.advance(minutes=29)
    assert asked(town.kees) == 0
    world.advance(minutes=2)
    assert asked(town.kees) == 1
    world.advance(minutes=28)
    assert asked(town.kees) == 1
    world.advance(minutes=2)
    assert asked(town.kees) == 2
    assert asked(town.ans) == 2
    assert not about(town.riet, "staat nog open")
    town.kees.says("einde TB-0001 hij is weg")
    world.advance(hours=3)
    assert asked(town.kees) == 2


def test_who_just_left_it_open_is_not_asked_again_at_the_hour(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    world.advance(minutes=52)
    town.kees.taps("Nog open laten")
    world.advance(minutes=20)
    assert asked(town.kees) == 1
    world.advance(minutes=12)
    assert asked(town.kees) == 2


def test_an_expiry_right_after_the_reminder_asks_nothing_more(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    world.advance(minutes=34)
    town.kees.taps("Nog open laten")
    world.advance(minutes=40)
    assert asked(town.kees) == 2


def test_what_is_critical_is_asked_about_after_half_an_hour(world: World) -> None:
    town = tolberg(world)
    town.fatima.says("brand! schuur staat in de fik esdoornlaan")
    town.fatima.taps("Ja, door mij")
    world.advance(minutes=29)
    assert asked(town.kees) == 0
    world.advance(minutes=2)
    assert asked(town.kees) == 1
