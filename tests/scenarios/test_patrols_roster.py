"""A roster in one sentence and its preview (R34), in memory and on the wire."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World

from .patrols import ROSTER, arrived, asked, published, walkers
from .tolberg import both_ways

world = both_ways


def test_preview_names_every_shift_by_weekday_and_date_and_flags_holidays(world: World) -> None:
    town = walkers(world)
    town.kees.says(ROSTER)
    shown = town.kees.last.text
    assert "8 diensten, elk 60 minuten, 2 lopers" in shown
    assert "Startpunt: parkeerplaats De Wal." in shown
    assert [line for line in shown.splitlines() if line[:1].isdigit()] == [
        "1. di 5 mei 21:30 (feestdag: Bevrijdingsdag)",
        "2. vr 8 mei 22:00",
        "3. di 12 mei 21:30",
        "4. vr 15 mei 22:00 (weekend bij Hemelvaartsdag)",
        "5. di 19 mei 21:30",
        "6. vr 22 mei 22:00 (weekend bij Eerste pinksterdag)",
        "7. di 26 mei 21:30",
        "8. vr 29 mei 22:00",
    ]
    assert town.kees.last.buttons == ("Ja", "Nee")


@pytest.mark.parametrize(
    ("at", "sentence", "shown"),
    [
        # Liberation Day on a Monday has a weekend beside it, on a Tuesday or Wednesday it has none.
        (
            "2025-04-28 10:00",
            "2 mei t/m 5 mei, elke dag 21:30",
            [
                "1. vr 2 mei 21:30 (weekend bij Bevrijdingsdag)",
                "2. za 3 mei 21:30 (weekend bij Bevrijdingsdag)",
                "3. zo 4 mei 21:30 (weekend bij Bevrijdingsdag)",
                "4. ma 5 mei 21:30 (feestdag: Bevrijdingsdag)",
            ],
        ),
        (
            "2026-04-20 10:00",
            "2 mei t/m 5 mei, elke dag 21:30",
            [
                "1. za 2 mei 21:30",
                "2. zo 3 mei 21:30",
                "3. ma 4 mei 21:30",
                "4. di 5 mei 21:30 (feestdag: Bevrijdingsdag)",
            ],
        ),
        (
            "2027-04-28 10:00",
            "5 mei t/m 8 mei, elke dag 21:30",
            [
                "1. wo 5 mei 21:30 (feestdag: Bevrijdingsdag)",
                "2. do 6 mei 21:30 (feestdag: Hemelvaartsdag)",
                "3. vr 7 mei 21:30 (weekend bij Hemelvaartsdag)",
                "4. za 8 mei 21:30 (weekend bij Hemelvaartsdag)",
            ],
        ),
        # Of two days beside one weekend, the one in it is named; on one day the public holiday.
        (
            "2028-04-20 10:00",
            "5 mei t/m 7 mei, elke dag 21:30",
            [
                "1. vr 5 mei 21:30 (feestdag: Bevrijdingsdag)",
                "2. za 6 mei 21:30 (weekend bij Bevrijdingsdag)",
                "3. zo 7 mei 21:30 (weekend bij Bevrijdingsdag)",
            ],
        ),
        (
            "2016-04-20 10:00",
            "4 mei t/m 5 mei, elke dag 21:30",
            ["1. wo 4 mei 21:30", "2. do 5 mei 21:30 (feestdag: Hemelvaartsdag)"],
        ),
    ],
)
def test_r34_days_that_not_everybody_has_off_are_flagged_too(at: str, sentence: str, shown: list[str]) -> None:
    with World() as world:
        town = walkers(world, at)
        town.kees.says(f"rooster {sentence}, startpunt De Wal")
        assert [line for line in town.kees.last.text.splitlines() if line[:1].isdigit()][: len(shown)] == shown


def test_nothing_is_asked_of_anybody_before_yes(world: World) -> None:
    town = walkers(world)
    town.kees.says(ROSTER)
    world.advance(hours=20)
    assert not any(one.received for one in town.all)
    town.kees.taps("Ja")
    world.advance(seconds=5)
    assert all("Wanneer kun je lopen?" in one.last.text for one in town.all)
    assert not town.ans.received


def test_no_keeps_nothing_and_the_next_sentence_begins_anew(world: World) -> None:
    town = walkers(world)
    town.kees.says(ROSTER)
    town.kees.taps("Nee")
    assert town.kees.last.text == "Goed, er is niets gevraagd en niets bewaard."
    town.kees.says("rooster")
    assert "Er is nu geen rooster" in town.kees.last.text
    asked(town)
    assert "Gevraagd aan 4 lopers" in town.kees.last.text


def test_yes_to_a_preview_that_was_followed_by_another_is_refused(world: World) -> None:
    town = walkers(world)
    town.kees.says(ROSTER)
    first = town.kees.last
    town.kees.says("rooster 4 mei t/m 31 mei, wo 20:00, startpunt De Wal")
    town.kees.taps("Ja", on=first)
    assert town.kees.last.text == "Deze vraag is gesloten. Er is niets veranderd."
    assert not town.henk.received


def test_a_holiday_is_named_in_the_language_of_its_reader(world: World) -> None:
    world.at("2026-04-20 10:00")
    place = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
    kate = place.member("Kate", channel="telegram", language="en", roles=["member", "coordinator"])
    place.member("Henk", channel="whatsapp", roles=["member", "patroller"])
    kate.says("roster 4 May to 31 May, Thu 21:30, 45 minutes, 2 walkers, start point De Wal")
    shown = kate.last.text
    assert "4 shifts, 45 minutes each, 2 walkers" in shown
    assert "2. Thu 14 May 21:30 (public holiday: Ascension Day)" in shown
    assert kate.last.buttons == ("Yes", "No")


def test_only_a_co_ordinator_plans_and_only_walkers_and_co_ordinators_look(world: World) -> None:
    town = walkers(world)
    town.henk.says(ROSTER)
    assert town.henk.last.text == "Alleen een coördinator kan dat."
    for said in ("publiceer", "voorstel", "zet vast 12 mei Riet", "rooster intrekken"):
        town.henk.says(said)
        assert "is alleen voor wie die taak heeft in je buurt" in town.henk.last.text, said
    town.henk.says("ruil 12 mei Henk Riet")
    assert town.henk.last.text == "Alleen een coördinator kan dat."
    town.ans.says("rooster")
    assert "is alleen voor wie die taak heeft in je buurt" in town.ans.last.text
    town.henk.says("rooster")
    assert town.henk.last.text == "Er is nu geen rooster."


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("rooster blabla", "Hierin lees ik geen rooster"),
        ("rooster 31 februari t/m 4 maart, di 21:30, startpunt De Wal", "De dag 31-2 bestaat niet"),
        ("rooster 31 mei t/m 4 mei, di 21:30, startpunt De Wal", "ligt voor het begin"),
        ("rooster 1 mei t/m 31 augustus, elke dag 20:00, 21:00, 22:00 en 23:00", "hoogstens 100"),
        ("rooster 4 mei t/m 31 mei, di 21:30, 1 loper, startpunt De Wal", "Niemand loopt alleen"),
        ("rooster 4 mei t/m 31 mei, di 21:30, 2 lopers", "Waar begint de ronde?"),
        ("rooster 4 mei t/m 31 mei, di 21:30, routes roulerend, startpunt De Wal", "Er zijn nog geen routes"),
        ("rooster 4 mei t/m 10 mei, startpunt De Wal", "Op welke dagen en hoe laat?"),
    ],
)
def test_what_cannot_be_is_one_friendly_sentence_and_nothing_half_done(said: str, answer: str) -> None:
    with World() as world:
        town = walkers(world)
        town.kees.says(said)
        assert answer in town.kees.last.text
        assert "\n" not in town.kees.last.text
        assert not town.kees.last.buttons
        town.kees.says("rooster")
        assert "Er is nu geen rooster" in town.kees.last.text


def test_five_hundred_shifts_are_refused_with_the_limit() -> None:
    with World() as world:
        town = walkers(world)
        town.kees.says("rooster 1 mei t/m 2 september, elke dag 20:00, 21:00, 22:00 en 23:00, startpunt De Wal")
        assert (
            town.kees.last.text
            == "Dat zijn 500 diensten. Een rooster heeft er hoogstens 100; kies een kortere periode."
        )


def test_without_walkers_there_is_nobody_to_ask() -> None:
    with World() as world:
        world.at("2026-04-20 10:00")
        place = world.neighbourhood("TB", "Tolberg")
        kees = place.member("Kees", channel="whatsapp", roles=["member", "coordinator"])
        kees.says(ROSTER)
        assert kees.last.text == "Er zijn hier nog geen lopers. Geef eerst iemand de rol loper."


def test_one_roster_at_a_time_is_being_planned(world: World) -> None:
    town = walkers(world)
    asked(town)
    town.kees.says("rooster 1 juni t/m 30 juni, di 21:30, startpunt De Wal")
    assert "is nog niet gepubliceerd" in town.kees.last.text
    town.kees.says("rooster intrekken")
    assert "is ingetrokken. 4 lopers krijgen bericht" in town.kees.last.text
    world.advance(seconds=5)
    assert "Je hoeft niet meer te antwoorden" in town.henk.last.text
    town.kees.says("rooster 1 juni t/m 30 juni, di 21:30, startpunt De Wal")
    assert "1. di 2 juni 21:30" in town.kees.last.text


@pytest.mark.parametrize(
    ("at", "sentence", "shown"),
    [
        ("2026-03-16 10:00", "28 maart t/m 30 maart, zo 02:30", "1. zo 29 maart 03:00 (de klok gaat vooruit: 02:30"),
        ("2027-03-15 10:00", "27 maart t/m 29 maart, zo 02:00", "paasdag) (de klok gaat vooruit: 02:00 bestaat"),
        ("2026-10-12 10:00", "24 oktober t/m 26 oktober, zo 02:30", "1. zo 25 oktober 02:30 (de klok gaat terug"),
        ("2027-10-18 10:00", "30 oktober t/m 1 november, zo 02:30", "1. zo 31 oktober 02:30 (de klok gaat terug"),
        ("2026-03-16 10:00", "28 maart t/m 30 maart, zo 02:30 en 03:00", "1 dienst van 60 minuten, 2 lopers"),
    ],
)
def test_when_clocks_change_a_shift_moves_to_the_next_hour_that_exists_and_counts_once(
    at: str, sentence: str, shown: str
) -> None:
    with World() as world:
        town = walkers(world, at)
        town.kees.says(f"rooster {sentence}, 2 lopers, startpunt De Wal")
        assert shown in town.kees.last.text
        assert "2. " not in town.kees.last.text


def test_walkers_read_that_the_clock_change_moved_a_shift() -> None:
    with World() as world:
        town = walkers(world, "2026-03-16 10:00")
        asked(town, "rooster 28 maart t/m 30 maart, zo 02:30, 2 lopers, startpunt De Wal")
        assert "1. zo 29 maart 03:00 (verschoven door de zomertijd)" in town.riet.last.text
        town.riet.says("altijd")
        assert "zo 29 maart 03:00" in town.riet.last.text


@pytest.mark.parametrize(
    ("at", "first", "last"),
    [
        ("2026-03-02 10:00", "23 maart", "5 april"),
        ("2026-10-05 10:00", "19 oktober", "1 november"),
        ("2027-03-01 10:00", "22 maart", "4 april"),
        ("2027-10-11 10:00", "25 oktober", "7 november"),
    ],
)
def test_half_past_nine_stays_half_past_nine_over_a_clock_change(at: str, first: str, last: str) -> None:
    with World() as world:
        town = walkers(world, at)
        published(town, f"rooster {first} t/m {last}, di 21:30, 2 lopers, startpunt De Wal")
        text = "\n".join(one.last.text for one in town.all)
        assert text.count(" 21:30-22:30 ") == 4
        calendar = next(one for one in arrived(town.riet) if one.attachments).attachments[0].data.decode()
        assert all(";TZID=Europe/Amsterdam:" in line for line in calendar.splitlines() if line.startswith("DTSTART;"))


def test_routes_take_turns_and_bring_their_start_point(world: World) -> None:
    town = walkers(world)
    town.kees.says("route Noord, startpunt De Wal")
    town.kees.says("route Zuid, startpunt Dorpsplein")
    town.kees.says("routes")
    assert town.kees.last.text == "Routes:\nNoord, startpunt De Wal\nZuid, startpunt Dorpsplein"
    town.kees.says("rooster 4 mei t/m 17 mei, di 21:30 en vr 22:00, routes roulerend")
    shown = [line.split(", route ")[1] for line in town.kees.last.text.splitlines() if ", route " in line]
    assert shown == ["Noord", "Zuid", "Noord", "Zuid"]
    town.kees.taps("Nee")
    town.kees.says("route weg Zuid")
    town.kees.says("rooster 4 mei t/m 10 mei, di 21:30 en vr 22:00, willekeurige route")
    assert town.kees.last.text.count("route Noord") == 2


def test_a_random_start_lies_within_a_quarter_of_an_hour_and_is_the_same_for_all(world: World) -> None:
    town = walkers(world)
    town.kees.says("rooster 4 mei t/m 31 mei, di en vr 22:00, startpunt De Wal, willekeurige start")
    times = [line.split()[-1] for line in town.kees.last.text.splitlines() if line.startswith(tuple("12345678"))]
    times = [one for one in times if one[2:3] == ":"]
    minutes = [int(one[:2]) * 60 + int(one[3:]) for one in times]
    assert all(abs(one - 22 * 60) <= 15 for one in minutes)
    assert len(set(minutes)) > 2
    town.kees.taps("Ja")
    world.advance(seconds=5)
    assert all(f" {one}" in town.henk.last.text for one in times)


def test_what_was_not_read_is_shown_in_the_preview(world: World) -> None:
    town = walkers(world)
    town.kees.says("rooster 4 mei t/m 31 mei, di 21:30, startpunt De Wal, honden welkom")
    assert "Dit heb ik niet gebruikt: honden, welkom." in town.kees.last.text
