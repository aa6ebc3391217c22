"""The calendar as a document (RFC 5545): zones, identities, versions, and what was cancelled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from buurtwacht_patrols.calendar import Entry, document

CHANGED = datetime(2026, 4, 20, 8, tzinfo=UTC)


def entry(starts: str, **other: Any) -> Entry:
    moment = datetime.fromisoformat(starts)
    values: dict[str, Any] = {
        "shift": 4711,
        "starts": moment,
        "ends": moment + timedelta(hours=1),
        "zone": "Europe/Amsterdam",
        "sequence": 0,
        "changed_at": CHANGED,
        "cancelled": False,
        "summary": "Ronde Tolberg",
    }
    return Entry(**(values | other))


def written(*entries: Entry) -> Calendar:
    calendar = Calendar.from_ical(document("Rondes Tolberg", "nl", entries))
    assert isinstance(calendar, Calendar)
    return calendar


def test_times_are_local_with_their_zone_and_the_zone_comes_along() -> None:
    text = document("Rondes Tolberg", "nl", [entry("2026-05-05T19:30+00:00")]).decode()
    assert "DTSTART;TZID=Europe/Amsterdam:20260505T213000\r\n" in text
    assert "DTEND;TZID=Europe/Amsterdam:20260505T223000\r\n" in text
    assert "TZID:Europe/Amsterdam\r\n" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


@pytest.mark.parametrize(
    ("starts", "local"),
    [
        ("2026-03-29T01:00+00:00", "20260329T030000"),
        ("2026-10-25T00:30+00:00", "20261025T023000"),
        ("2027-03-28T01:00+00:00", "20270328T030000"),
        ("2027-10-31T00:30+00:00", "20271031T023000"),
    ],
)
def test_when_clocks_change_the_moment_survives_the_file(starts: str, local: str) -> None:
    text = document("Rondes", "nl", [entry(starts)]).decode()
    assert f"DTSTART;TZID=Europe/Amsterdam:{local}" in text
    event = Calendar.from_ical(text).walk("VEVENT")[0]
    assert event.decoded("dtstart").astimezone(UTC) == datetime.fromisoformat(starts)


def test_a_shift_keeps_its_identity_while_its_version_rises() -> None:
    first = written(entry("2026-05-05T19:30+00:00")).walk("VEVENT")[0]
    later = written(entry("2026-05-05T19:30+00:00", sequence=2, cancelled=True)).walk("VEVENT")[0]
    assert first["uid"] == later["uid"]
    assert (int(first["sequence"]), int(later["sequence"])) == (0, 2)
    assert (first["status"], later["status"]) == ("CONFIRMED", "CANCELLED")


def test_the_same_shifts_are_the_same_file() -> None:
    one, other = entry("2026-05-05T19:30+00:00"), entry("2026-05-08T20:00+00:00", shift=4712)
    assert document("Rondes", "nl", [one, other]) == document("Rondes", "nl", [other, one])


def test_words_of_people_cannot_break_out_of_the_file() -> None:
    place = "De Wal;\nBEGIN:VEVENT, hoek \\ Dorpsplein"
    calendar = written(entry("2026-05-05T19:30+00:00", place=place))
    assert len(calendar.walk("VEVENT")) == 1
    assert calendar.walk("VEVENT")[0]["location"] == place


def test_a_calendar_without_shifts_is_a_calendar() -> None:
    calendar = written()
    assert calendar["version"] == "2.0"
    assert str(calendar["x-wr-calname"]) == "Rondes Tolberg"
    assert calendar.walk("VEVENT") == []
