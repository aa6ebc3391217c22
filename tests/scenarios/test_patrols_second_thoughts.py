"""Second thoughts while a roster is made: a better sentence, a walker who is gone, a night with an hour too many."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from icalendar import Calendar

from buurtwacht.testing import World

from .patrols import ROSTER, WALKER, arrived, asked, proposed, walkers
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


def test_who_was_not_asked_yet_hears_nothing_of_a_roster_that_was_withdrawn(world: World) -> None:
    town = walkers(world, at="2026-04-20 23:10", quiet="22:30-07:00")
    late = town.place.member("Lena", channel="telegram", roles=WALKER)
    late.says("stilte uit")
    asked(town)
    assert "1. di 5 mei 21:30" in late.last.text
    town.kees.says("rooster intrekken")
    assert "is ingetrokken. 1 loper krijgt bericht." in town.kees.last.text
    world.advance_to("2026-04-21 08:00")
    assert [arrived(one) for one in town.all] == [[], [], [], []]
    assert "Je hoeft niet meer te antwoorden." in late.last.text
    town.riet.says("2 4")
    assert "Genoteerd" not in town.riet.last.text


def test_who_has_not_read_his_shifts_yet_reads_only_that_the_roster_is_withdrawn(world: World) -> None:
    town = walkers(world, quiet="22:30-07:00")
    proposed(town)
    world.advance_to("2026-04-20 23:10")
    before = {one.name: len(arrived(one)) for one in town.all}
    town.kees.says("publiceer")
    world.advance(minutes=2)
    town.kees.says("rooster intrekken")
    assert "is ingetrokken. 4 lopers krijgen bericht." in town.kees.last.text
    world.advance_to("2026-04-21 08:00")
    for one in town.all:
        (letter,) = arrived(one)[before[one.name] :]
        assert letter.text.endswith("gaat niet door. Je hoeft niet meer te antwoorden.")
        assert not letter.attachments
