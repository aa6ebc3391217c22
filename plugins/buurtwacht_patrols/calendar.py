"""The calendar: somebody's shifts, or a team's, as an iCalendar document (RFC 5545); not who may read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from icalendar import Event

#: Says where an event comes from; the rest of its UID is the id of the shift, which never changes.
_DOMAIN = "buurtwacht"
MIME = "text/calendar"


@dataclass(frozen=True, slots=True)
class Entry:
    """One shift in a calendar, in words. `sequence` rises with every change (RFC 5545 §3.8.7.4); moments are aware."""

    shift: int
    starts: datetime
    ends: datetime
    zone: str
    sequence: int
    changed_at: datetime
    cancelled: bool
    summary: str
    place: str = ""
    description: str = ""


def document(name: str, language: str, entries: Sequence[Entry]) -> bytes:
    """Return the calendar as a file. Shifts keep their UID in every document; cancelled ones are marked, not left out.

    Times are local with their zone (TZID), so that a calendar shows 21:30 as 21:30 also where clocks have changed.
    """
    from icalendar import Calendar  # a tenth of a second, paid by who publishes first

    calendar = Calendar()
    calendar.add("prodid", f"-//Buurtwacht//patrols//{language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for one in sorted(entries, key=lambda one: (one.starts, one.shift)):
        calendar.add_component(_event(one))
    if entries:
        years = [one.starts.year for one in entries]
        calendar.add_missing_timezones(date(min(years), 1, 1), date(max(years) + 2, 1, 1))
    written: bytes = calendar.to_ical()
    return written


def _event(one: Entry) -> Event:
    from icalendar import Event

    zone = ZoneInfo(one.zone)
    event = Event()
    event.add("uid", f"shift-{one.shift:x}@{_DOMAIN}")
    event.add("sequence", one.sequence)
    event.add("dtstamp", one.changed_at.astimezone(ZoneInfo("UTC")))
    event.add("last-modified", one.changed_at.astimezone(ZoneInfo("UTC")))
    event.add("dtstart", one.starts.astimezone(zone))
    ends = one.ends.astimezone(zone)
    # An hour that comes twice means its first time (RFC 5545 §3.3.5); the second can only be written in UTC.
    event.add("dtend", one.ends.astimezone(UTC) if ends.fold else ends)
    event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    event.add("summary", one.summary)
    if one.place:
        event.add("location", one.place)
    if one.description:
        event.add("description", one.description)
    return event
