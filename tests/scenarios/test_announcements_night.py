"""Nobody is woken by what can wait: a cold announcement and its correction keep each reader's quiet hours (R53)."""

from __future__ import annotations

from buurtwacht.testing import Member, World

from .kroeven import both_ways
from .roosendaal import WATER, about, roosendaal, send

world = both_ways
RIGHT = "Geen water morgen\nVan 10 tot 13 uur is het water dicht. Geldig tot vrijdag 18:00."
STRAIGHT = {"announcements": {"direct": ["municipality"]}}


def read_at(member: Member, words: str) -> str:
    """Return the hour and minute at which somebody read these words, once."""
    [found] = [one for one in member.received if words in one.text]
    return found.at.strftime("%H:%M")


def test_a_cold_one_straight_to_members_waits_for_the_morning_of_each(world: World) -> None:
    town = roosendaal(world, "2026-03-03 23:30")
    late = world.neighbourhood(
        "WE", "Westrand", municipality="Roosendaal", quiet_hours="23:00-08:00", settings=STRAIGHT
    )
    ria = late.member("Ria", channel="telegram")
    send(town.mieke, WATER)
    world.advance_to("2026-03-04 07:30")
    # Those of Tolberg, whose night is over, are not asked on behalf of those of Westrand, whose night is not.
    assert not about(ria, WATER)
    world.advance_to("2026-03-04 08:05")
    assert read_at(ria, WATER) == "08:00"


def test_a_cold_correction_waits_for_the_morning_of_each(world: World) -> None:
    town = roosendaal(world, direct=["municipality"])
    late = world.neighbourhood(
        "WE", "Westrand", municipality="Roosendaal", quiet_hours="23:00-08:00", settings=STRAIGHT
    )
    awake = world.neighbourhood("KA", "Kalsdonk", municipality="Roosendaal", quiet_hours=None, settings=STRAIGHT)
    ria, dirk = late.member("Ria", channel="whatsapp"), awake.member("Dirk", channel="telegram")
    send(town.mieke, WATER)
    world.advance(seconds=30)
    town.vera.taps("Doorzetten")
    world.advance(minutes=2)
    assert all(about(one, WATER) for one in (town.anna, town.lot, ria, dirk))
    world.advance_to("2026-03-03 23:30")
    town.mieke.says(f"correctie: {RIGHT}")
    world.advance(seconds=5)
    town.mieke.taps("Ja")
    world.advance(minutes=5)
    assert read_at(dirk, RIGHT) == "23:30"
    for sleeper in (town.anna, town.vera, town.lot, ria):
        assert not about(sleeper, RIGHT)
    world.advance_to("2026-03-04 08:05")
    assert {read_at(one, RIGHT) for one in (town.anna, town.vera, town.lot)} == {"07:00"}
    assert read_at(ria, RIGHT) == "08:00"
