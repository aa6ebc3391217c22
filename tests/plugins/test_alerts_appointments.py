"""When something is to happen, as people type it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buurtwacht_alerts.appointments import Appointment, Hitch, find_appointment

ZONE = ZoneInfo("Europe/Amsterdam")
#: a Friday
NOW = datetime(2026, 1, 16, 14, 0, tzinfo=ZONE)


def read(text: str, now: datetime = NOW) -> Appointment:
    return find_appointment(text, now)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("morgen 19:00 verdachte auto Meidoornstraat", "2026-01-17 19:00"),
        ("morgen om 19.00 verdachte auto", "2026-01-17 19:00"),
        ("morgen 19u30 verdachte auto", "2026-01-17 19:30"),
        ("morgen 19 uur verdachte auto", "2026-01-17 19:00"),
        ("morgen 7 uur 's avonds verdachte auto", "2026-01-17 19:00"),
        ("morgen 7 uur verdachte auto", "2026-01-17 19:00"),
        ("morgen 07:00 verdachte auto", "2026-01-17 07:00"),
        ("morgen om 9 uur verdachte auto", "2026-01-17 09:00"),
        ("morgenavond half acht brand", "2026-01-17 19:30"),
        ("morgen avond om 8 brand", "2026-01-17 20:00"),
        ("morgenochtend kwart over zeven brand", "2026-01-17 07:15"),
        ("morgenmiddag 3 uur brand", "2026-01-17 15:00"),
        ("overmorgen 20:00 brand", "2026-01-18 20:00"),
        ("vanavond half negen brand", "2026-01-16 20:30"),
        ("vanavond 8 uur brand", "2026-01-16 20:00"),
        ("vandaag 16:00 brand", "2026-01-16 16:00"),
        ("za 20:30 brand", "2026-01-17 20:30"),
        ("zaterdag 20:30 brand", "2026-01-17 20:30"),
        ("zaterdagavond 8 uur brand", "2026-01-17 20:00"),
        ("aanstaande zondag om 14:00 brand", "2026-01-18 14:00"),
        ("vrijdag 20:00 brand", "2026-01-16 20:00"),
        ("vrijdag 10:00 brand", "2026-01-23 10:00"),
        ("volgende week zaterdag 20:00 brand", "2026-01-24 20:00"),
        ("28 november 19:00 brand", "2026-11-28 19:00"),
        ("op 28 nov. om 19 uur brand", "2026-11-28 19:00"),
        ("zaterdag 28 november 2026 om 19:00 brand", "2026-11-28 19:00"),
        ("10 januari 19:00 brand", "2027-01-10 19:00"),
        ("29 februari 19:00 brand", "2028-02-29 19:00"),
        ("28-11 19:00 brand", "2026-11-28 19:00"),
        ("28/11/2027 om 19:00 brand", "2027-11-28 19:00"),
        ("2026-11-28 19:00 brand", "2026-11-28 19:00"),
        ("om 19:00 brand", "2026-01-16 19:00"),
        ("om 12:00 brand", "2026-01-17 12:00"),
        ("over 10 minuten brand", "2026-01-16 14:10"),
        ("over tien minuten brand", "2026-01-16 14:10"),
        ("over een half uur brand", "2026-01-16 14:30"),
        ("over een kwartier brand", "2026-01-16 14:15"),
        ("over anderhalf uur brand", "2026-01-16 15:30"),
        ("over 2 uur brand", "2026-01-16 16:00"),
        ("over 3 dagen om 20:00 brand", "2026-01-19 20:00"),
        ("over een week 20:00 brand", "2026-01-23 20:00"),
        ("brand in de Meidoornstraat, morgen om 19:00", "2026-01-17 19:00"),
        ("tomorrow at 7 pm fire", "2026-01-17 19:00"),
        ("tomorrow at 7 fire", "2026-01-17 19:00"),
        ("tomorrow evening at 8 fire", "2026-01-17 20:00"),
        ("tonight 8:30pm fire", "2026-01-16 20:30"),
        ("saturday 20:30 fire", "2026-01-17 20:30"),
        ("next saturday at half past eight fire", "2026-01-17 08:30"),
        ("saturday next week at 20:00 fire", "2026-01-24 20:00"),
        ("on the 28th of November at 19:00 fire", "2026-11-28 19:00"),
        ("November 28 at 7pm fire", "2026-11-28 19:00"),
        ("the day after tomorrow 20:00 fire", "2026-01-18 20:00"),
        ("in 10 minutes fire", "2026-01-16 14:10"),
        ("in half an hour fire", "2026-01-16 14:30"),
    ],
)
def test_a_moment_that_is_to_come_is_read(text: str, at: str) -> None:
    found = read(text)
    assert found.at == datetime.fromisoformat(at).replace(tzinfo=ZONE)
    assert found.hitch is None


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("morgen 19:00 verdachte auto Meidoornstraat", "verdachte auto Meidoornstraat"),
        ("zaterdag 28 november 2026 om 19:00: verdachte auto", "verdachte auto"),
        ("verdachte auto Meidoornstraat, morgenavond half acht", "verdachte auto Meidoornstraat"),
        ("nu verdachte auto", "verdachte auto"),
        ("verdachte auto, nu meteen", "verdachte auto"),
        ("over 10 minuten – brand Beukenlaan", "– brand Beukenlaan"),
    ],
)
def test_what_is_left_is_what_it_is_about(text: str, rest: str) -> None:
    assert read(text).rest(text) == rest


@pytest.mark.parametrize(
    "text",
    [
        "verdachte auto Meidoornstraat 10-12",
        "man van 1.80 m, zwarte jas",
        "man van 1.50 m, zwarte jas",
        "twee mannen bij nummer 12",
        "auto met kenteken 12-AB-34",
        "het is zo donker daar",
        "inbraak nu bezig in de Meidoornstraat",
        "",
    ],
)
def test_what_is_no_moment_is_none(text: str) -> None:
    found = read(text)
    assert (found.at, found.at_once, found.hitch) == (None, False, None)
    assert found.rest(text) == text


@pytest.mark.parametrize("text", ["nu verdachte auto", "meteen verdachte auto", "now a suspicious car", "brand, nu"])
def test_at_once_is_said(text: str) -> None:
    assert read(text).at_once


@pytest.mark.parametrize(
    ("text", "hitch"),
    [
        ("morgen verdachte auto", Hitch.NO_TIME),
        ("28 november verdachte auto", Hitch.NO_TIME),
        ("31 november 19:00 verdachte auto", Hitch.NO_SUCH_DAY),
        ("2026-02-30 19:00 verdachte auto", Hitch.NO_SUCH_DAY),
        ("vandaag 10:00 verdachte auto", Hitch.PAST),
        ("15 januari 2026 10:00 verdachte auto", Hitch.PAST),
    ],
)
def test_what_cannot_be_is_said(text: str, hitch: Hitch) -> None:
    assert read(text).hitch is hitch


def test_an_hour_that_the_clocks_skip_moves_and_one_that_comes_twice_is_the_first() -> None:
    skipped = read("29 maart 02:30 verdachte auto")
    assert skipped.hitch is Hitch.MOVED
    assert skipped.at is not None
    assert f"{skipped.at:%H:%M %z}" == "03:30 +0200"
    doubled = read("25 oktober 02:30 verdachte auto")
    assert doubled.hitch is Hitch.TWICE
    assert doubled.at is not None
    assert f"{doubled.at:%H:%M %z}" == "02:30 +0200"


def test_the_second_time_round_the_first_is_past() -> None:
    again = datetime(2026, 10, 25, 2, 15, tzinfo=ZONE, fold=1)
    assert read("vandaag 02:30 brand", again).hitch is Hitch.PAST


def test_minutes_pass_through_the_change_of_the_clocks() -> None:
    before = datetime(2026, 3, 29, 1, 55, tzinfo=ZONE)
    found = read("over 10 minuten brand", before)
    assert found.at is not None
    assert f"{found.at:%H:%M %z}" == "03:05 +0200"


MOMENTS = st.integers(1_700_000_000, 1_900_000_000).map(lambda second: datetime.fromtimestamp(second, ZONE))


@given(st.text(max_size=80), MOMENTS)
def test_whatever_is_typed_is_in_the_future_or_nothing(text: str, now: datetime) -> None:
    found = read(text, now)
    assert found.at is None or found.hitch is Hitch.PAST or found.at.timestamp() > now.timestamp()


TYPED = (
    "morgen overmorgen za zaterdag om over in 10 minuten uur 19:00 7 pm half acht november 28 31 vandaag nu"
    " volgende week vanavond 's avonds brand at tomorrow 2026-02-30 02:30 25 oktober 29 maart"
)
WORDS = st.sampled_from(TYPED.split())


@given(st.lists(WORDS, max_size=8).map(" ".join), MOMENTS)
def test_whatever_words_come_together_are_in_the_future_or_nothing(text: str, now: datetime) -> None:
    found = read(text, now)
    assert found.at is None or found.hitch is Hitch.PAST or found.at.timestamp() > now.timestamp()
