"""Removals: who was removed is shown as such when he asks again, also to who has not written for days."""

from __future__ import annotations

from buurtwacht.testing import World

from .tolberg import about, both_ways, tolberg

world = both_ways


def test_a_request_reaches_who_has_not_written_for_days_and_is_decided_with_a_tap(world: World) -> None:
    town = tolberg(world, "2026-01-16 12:00")
    world.advance(days=3)
    sjaak = town.place.newcomer("Sjaak", channel="telegram")
    sjaak.says("aanmelden TB")
    sjaak.taps("Ja")
    sjaak.says("Sjaak")
    sjaak.says("Beukenlaan")
    world.advance(seconds=10)
    assert town.kees.last.template
    assert "verwijderd" not in town.kees.last.text
    town.kees.taps("Ja")
    world.advance(seconds=5)
    assert about(sjaak, "Welkom")


def test_who_was_removed_by_hand_is_shown_as_such_and_for_a_year(world: World) -> None:
    town = tolberg(world, "2026-01-16 12:00")
    town.ans.says("verwijder lid Riet")
    town.ans.taps("Ja")
    world.advance(days=3)
    town.riet.says("aanmelden TB")
    town.riet.taps("Ja")
    town.riet.says("Beukenlaan")
    world.advance(seconds=10)
    assert "op vr 16 januari verwijderd" in town.kees.last.text
    town.kees.taps("Nee")
    world.advance(days=2)
    town.riet.says("aanmelden TB")
    town.riet.taps("Ja")
    town.riet.says("Beukenlaan")
    world.advance(seconds=10)
    assert "op vr 16 januari verwijderd" in town.kees.last.text
    world.advance(days=366)
    town.riet.says("aanmelden TB")
    town.riet.taps("Ja")
    town.riet.says("Beukenlaan")
    world.advance(seconds=10)
    assert "Riet wil lid worden" in town.kees.last.text
    assert "verwijderd" not in town.kees.last.text
