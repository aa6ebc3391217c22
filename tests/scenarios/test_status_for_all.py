"""A new 112 status reaches everybody who was shown the alert, whatever he has become since (R8)."""

from __future__ import annotations

from buurtwacht.testing import World

from .tolberg import CAR, about, both_ways, tolberg

world = both_ways

CALLED = "112: gebeld door melder"


def test_who_reported_the_same_after_he_was_shown_it_reads_the_new_status(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(CAR)
    town.fatima.taps("Nee, ik ga nu bellen")
    world.advance(seconds=20)
    assert about(town.riet, "112: nog niet bevestigd")
    town.riet.says(CAR)
    town.riet.taps("Toevoegen")
    world.advance(seconds=5)
    town.fatima.says("ja gebeld")
    world.advance(seconds=60)
    assert about(town.riet, CALLED)
    assert not about(town.fatima, "VERDACHT")


def test_who_became_co_ordinator_since_reads_the_new_status(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(CAR)
    town.fatima.taps("Nee, ik ga nu bellen")
    world.advance(seconds=20)
    town.ans.says("rol Henk coördinator")
    town.fatima.says("ja gebeld")
    world.advance(seconds=60)
    assert len(about(town.henk, CALLED)) == 1
    assert len(about(town.kees, CALLED)) == 1


def test_who_is_no_co_ordinator_any_more_reads_the_new_status(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(CAR)
    town.fatima.taps("Nee, ik ga nu bellen")
    world.advance(seconds=20)
    assert about(town.kees, "112: nog niet bevestigd")
    town.ans.says("rol Kees geen coördinator")
    town.fatima.says("ja gebeld")
    world.advance(seconds=60)
    assert len(about(town.kees, CALLED)) == 1
    assert len(about(town.ans, CALLED)) == 1


def test_who_left_reads_no_new_status(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(CAR)
    town.fatima.taps("Nee, ik ga nu bellen")
    world.advance(seconds=20)
    town.kees.says("verwijder mij")
    town.kees.taps("Alleen stoppen")
    town.fatima.says("ja gebeld")
    world.advance(seconds=60)
    assert not about(town.kees, CALLED)


def test_a_new_status_finds_who_looks_after_it_and_reported_it_too(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(CAR)
    town.fatima.taps("Nee, ik ga nu bellen")
    world.advance(seconds=20)
    town.kees.says(CAR)
    town.kees.taps("Toevoegen")
    world.advance(seconds=5)
    town.fatima.says("ja gebeld")
    world.advance(seconds=60)
    assert len(about(town.kees, CALLED)) == 1


def test_ja_gebeld_is_about_the_own_alert_though_a_neighbours_came_after_it(world: World) -> None:
    """R7: whoever said that he was going to call means that, and not that he saw the other one."""
    town = tolberg(world)
    town.fatima.says(CAR)
    town.fatima.taps("Nee, ik ga nu bellen")
    world.advance(seconds=5)
    town.henk.says("verdachte man beukenlaan loopt achterom met breekijzer")
    town.henk.taps("Ja, door mij")
    world.advance(seconds=20)
    assert about(town.fatima, "TB-0002")
    town.fatima.says("ja gebeld")
    world.advance(seconds=60)
    assert CALLED in about(town.riet, "Meidoornstraat")[0]
    assert not about(town.fatima, "Genoteerd bij TB-0002")
    assert not about(town.fatima, "Heb je 112 nu gebeld")
