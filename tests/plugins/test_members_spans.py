"""Until when something lasts, as members type it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buurtwacht_members.spans import read_until

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
#: a Friday
NOW = datetime(2026, 1, 16, 13, 42, tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        ("2 uur", "01-16 15:42"),
        ("twee uur", "01-16 15:42"),
        ("voor 2 uur", "01-16 15:42"),
        ("2u", "01-16 15:42"),
        ("een uurtje", "01-16 14:42"),
        ("30 min", "01-16 14:12"),
        ("een half uur", "01-16 14:12"),
        ("anderhalf uur", "01-16 15:12"),
        ("een kwartier", "01-16 13:57"),
        ("3 dagen", "01-19 13:42"),
        ("een week", "01-23 13:42"),
        ("de komende 2 weken", "01-30 13:42"),
        ("een maand", "02-15 13:42"),
        ("for an hour", "01-16 14:42"),
        ("half an hour", "01-16 14:12"),
        ("a week", "01-23 13:42"),
        ("3 days", "01-19 13:42"),
        ("90 minutes", "01-16 15:12"),
        ("tot 18:00", "01-16 18:00"),
        ("tot 18.00 uur", "01-16 18:00"),
        ("tot 09:00", "01-17 09:00"),
        ("tot 18 uur", "01-16 18:00"),
        ("tot 6 uur", "01-16 18:00"),
        ("tot 1 uur", "01-17 01:00"),
        ("tot half 8", "01-16 19:30"),
        ("tot half acht", "01-16 19:30"),
        ("tot middag", "01-16 12:00 past"),
        ("until 6 pm", "01-16 18:00"),
        ("till 6:30pm", "01-16 18:30"),
        ("until 7 am", "01-17 07:00"),
        ("tot vanavond", "01-16 18:00"),
        ("until this evening", "01-16 18:00"),
        ("tot morgen", "01-17 07:00"),
        ("until tomorrow", "01-17 07:00"),
        ("tot morgen 18:00", "01-17 18:00"),
        ("tot morgenochtend", "01-17 07:00"),
        ("tot morgenavond", "01-17 18:00"),
        ("tot morgenavond 8 uur", "01-17 20:00"),
        ("until tomorrow evening", "01-17 18:00"),
        ("tot overmorgen", "01-18 07:00"),
        ("tot vrijdag", "01-23 07:00"),
        ("tot zondag", "01-18 07:00"),
        ("tot zondagavond", "01-18 18:00"),
        ("tot ma 9:00", "01-19 09:00"),
        ("until monday at 9:00", "01-19 09:00"),
        ("tot na het weekend", "01-19 07:00"),
        ("dit weekend", "01-19 07:00"),
        ("tot volgende week", "01-19 07:00"),
        ("tot 28 januari", "01-28 07:00"),
        ("tot 28-1", "01-28 07:00"),
        ("until february 2", "02-02 07:00"),
        ("vandaag", "01-17 00:00"),
        ("vannacht", "01-17 07:00"),
        ("Tot 18:00!", "01-16 18:00"),
    ],
)
def test_what_people_type(typed: str, until: str) -> None:
    if until.endswith("past"):
        with pytest.raises(ValueError, match="not a moment"):
            read_until(typed, NOW)
        return
    found = read_until(typed, NOW)
    assert found is not None
    assert f"{found:%m-%d %H:%M}" == until


def test_nothing_is_without_end() -> None:
    assert read_until("  ", NOW) is None


@pytest.mark.parametrize(
    "typed", ["straks", "0 uur", "de muziek eens", "tot sint-juttemis", "999 weken", "tot 31-2", "tot"]
)
def test_what_is_not_understood_is_not_guessed(typed: str) -> None:
    with pytest.raises(ValueError, match="not a moment"):
        read_until(typed, NOW)


def test_until_tomorrow_in_the_middle_of_the_night_is_this_morning() -> None:
    night = datetime(2026, 1, 17, 1, 30, tzinfo=AMSTERDAM)
    found = read_until("tot morgen", night)
    assert found is not None
    assert f"{found:%m-%d %H:%M}" == "01-17 07:00"


def test_hours_are_hours_and_days_are_days_when_the_clock_changes() -> None:
    before = datetime(2026, 3, 28, 23, 0, tzinfo=AMSTERDAM)
    six, day = read_until("6 uur", before), read_until("een dag", before)
    assert six is not None
    assert day is not None
    assert six.astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=6)
    assert f"{day:%m-%d %H:%M}" == "03-29 23:00"


@given(st.text(max_size=40), st.integers(0, 2 * 366 * 24 * 60))
def test_whatever_is_typed_is_understood_as_to_come_or_refused(typed: str, minutes: int) -> None:
    now = (NOW.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(AMSTERDAM)
    for said in (typed, f"tot {typed}"):
        try:
            found = read_until(said, now)
        except ValueError:
            continue
        assert found is None or found.astimezone(UTC) > now.astimezone(UTC)
