"""Second thoughts while a roster is made: a better sentence, a walker who is gone, a night with an hour too many."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from icalendar import Calendar

from buurtwacht.testing import World

from .patrols import ROSTER, arrived, asked, proposed, walkers
from .tolberg import both_ways

world = both_ways


def test_r34_a_corrected_sentence_takes_the_place_of_the_first(world: World) -> None:
    town = walkers(world)
    town.kees.says(ROSTER.replace("21:30", "20:30"))
    world.advance(minutes=1)
    first = town.kees.last
    town.kees.says(ROSTER)
    world.advance(minutes=1)
    town.kees.says("ja")
    world.advance(minutes=1)
    assert [len(arrived(one)) for one in town.all] == [1, 1, 1, 1]
    assert "di 5 mei 21:30" in town.riet.last.text
    before = len(arrived(town.kees))
    town.kees.taps("Ja", on=first)
    world.advance(minutes=1)
    assert len(arrived(town.kees)) == before + 1
    assert [len(arrived(one)) for one in town.all] == [1, 1, 1, 1]


def test_r34_no_minutes_are_not_an_hour(world: World) -> None:
    town = walkers(world)
    town.kees.says(ROSTER.replace("60 min", "0 min"))
    assert town.kees.last.text == "Een dienst duurt 15 tot 480 minuten."
    assert not town.kees.last.buttons


@pytest.mark.parametrize("word", ["publiceer", "rooster intrekken"])
def test_r50_who_was_removed_hears_nothing_more_of_the_roster(world: World, word: str) -> None:
    town = walkers(world)
    proposed(town)
    town.kees.says("verwijder lid Riet")
    world.advance(minutes=1)
    town.kees.taps("Ja")
    world.advance(minutes=1)
    before = len(arrived(town.riet))
    town.kees.says(word)
    world.advance(minutes=1)
    assert len(arrived(town.riet)) == before
    assert "rooster" in town.henk.last.text.lower() or "rondes" in town.henk.last.text.lower()


def test_r35_who_was_removed_is_not_reminded(world: World) -> None:
    town = walkers(world)
    asked(town)
    town.kees.says("verwijder lid Riet")
    world.advance(minutes=1)
    town.kees.taps("Ja")
    world.advance(minutes=1)
    before = len(arrived(town.riet))
    world.advance(days=2, hours=1)
    assert len(arrived(town.riet)) == before
    assert len(arrived(town.piet)) == 2


@pytest.mark.parametrize(
    ("at", "span"),
    [("2026-10-01 10:00", "24 oktober t/m 26 oktober"), ("2027-10-01 10:00", "30 oktober t/m 1 november")],
)
def test_an_hour_of_walking_is_an_hour_in_the_night_with_one_too_many(world: World, at: str, span: str) -> None:
    town = walkers(world, at)
    proposed(town, f"rooster {span}, zo 02:30, 60 min, 4 lopers, startpunt De Wal")
    town.kees.says("publiceer")
    world.advance(minutes=1)
    (event,) = Calendar.from_ical(town.riet.last.attachments[0].data).walk("VEVENT")
    start, end = (event.decoded(name).astimezone(UTC) for name in ("dtstart", "dtend"))
    assert f"{start:%H:%M}" == "00:30"
    assert end - start == timedelta(hours=1)
