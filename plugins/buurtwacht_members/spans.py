"""Until when: "2 uur", "tot 18:00", "tot vrijdagavond", "a week", as people type it, in local time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from buurtwacht import fold

#: A day that is named without a time begins with this.
_MORNING = time(7)
#: Who says "until tomorrow" before this hour has not slept yet.
_STILL_NIGHT = 5
_LONGEST = timedelta(days=366)

_COUNTS = {
    word: count
    for count, words in enumerate(
        (
            "een a an one", "twee two", "drie three", "vier four", "vijf five", "zes six", "zeven seven",
            "acht eight", "negen nine", "tien ten", "elf eleven", "twaalf twelve",
        ),
        start=1,
    )
    for word in words.split()
}  # fmt: skip
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(_COUNTS)})"
_LASTING = re.compile(
    rf"(?:(?:voor|gedurende|de komende|komende|for|the next|nog) )?{_COUNT} ?"
    r"(?P<unit>minuut|minuten|minutes?|min|uurtje|uur|uren|u|hours?|hrs?|h|dagen|dag|days?|weken|week|weeks"
    r"|maanden|maand|months?)"
)
_HALVES = {
    "kwartier": 15, "een kwartier": 15, "quarter of an hour": 15, "a quarter of an hour": 15, "half uur": 30,
    "een half uur": 30, "halfuur": 30, "half an hour": 30, "an hour and a half": 90, "anderhalf uur": 90,
}  # fmt: skip
_UNITS = {
    "m": timedelta(minutes=1),
    "u": timedelta(hours=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_MONTH = timedelta(days=30)

_UNTIL = re.compile(r"(?:tot en met|tot|t m|until|till|til) (?P<rest>.+)")
_WEEKDAYS = (
    "maandag ma monday mon", "dinsdag di tuesday tue tues", "woensdag wo wednesday wed",
    "donderdag do thursday thu thurs", "vrijdag vr friday fri", "zaterdag za saturday sat", "zondag zo sunday sun",
)  # fmt: skip
_DAY_NUMBERS = {word: number for number, words in enumerate(_WEEKDAYS) for word in words.split()}
_MONTHS = (
    "januari jan january", "februari feb february", "maart mrt march mar", "april apr", "mei may", "juni jun june",
    "juli jul july", "augustus aug august", "september sep sept", "oktober okt october oct", "november nov",
    "december dec",
)  # fmt: skip
_MONTH_NUMBERS = {word: number for number, words in enumerate(_MONTHS, start=1) for word in words.split()}
_PARTS = {
    "ochtend": time(7), "morgen": time(7), "morning": time(7), "middag": time(12), "afternoon": time(12),
    "avond": time(18), "evening": time(18), "night": time(22), "nacht": time(22),
}  # fmt: skip
_PART = re.compile(rf"(?P<day>.*?) ?(?P<part>{'|'.join(_PARTS)})")
_CLOCK = re.compile(
    r"(?:(?P<day>.*?) )??(?:om |at )?(?:"
    r"(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?: ?(?:uur|u|h))?"
    r"|(?P<bare>[01]?\d|2[0-3])(?: ?(?:uur|u|h|o'clock))?"
    r"|(?P<half>1[0-2]|0?[1-9])(?::(?P<past>[0-5]\d))? ?(?P<noon>am|pm)"
    rf"|half (?P<halfway>1[0-2]|[1-9]|{'|'.join(_COUNTS)})"
    r")"
)
_DATE = re.compile(
    r"(?P<day>[12]\d|3[01]|0?[1-9])(?: (?P<month>[a-z]+)|[-/ .](?P<number>1[0-2]|0?[1-9]))"
    r"|(?P<first>[a-z]+) (?P<second>[12]\d|3[01]|0?[1-9])"
)


def read_until(text: str, now: datetime) -> datetime | None:
    """Return when something that lasts as `text` says is over; None when it says nothing.

    `now` is local. Raises `ValueError` for what is not understood, is past, or lies over a year ahead.
    """
    said = fold(text)
    if not said:
        return None
    found = _lasting(said, now) or _whole(said, now)
    if found is None and (until := _UNTIL.fullmatch(said)):
        found = _until(until["rest"], now)
    if found is None or not _later(now, timedelta()) < found.astimezone(UTC) <= _later(now, _LONGEST):
        raise ValueError(f"not a moment to come: {len(said)} signs")
    return found


def _later(now: datetime, by: timedelta) -> datetime:
    """Go on in real time, so that the hour of the clock change counts as it passes."""
    return now.astimezone(UTC) + by


def _lasting(said: str, now: datetime) -> datetime | None:
    minutes = _HALVES.get(said.removeprefix("for ").removeprefix("voor "))
    if minutes is not None:
        return _later(now, timedelta(minutes=minutes)).astimezone(now.tzinfo)
    match = _LASTING.fullmatch(said)
    if match is None:
        return None
    count = int(match["count"]) if match["count"].isdigit() else _COUNTS[match["count"]]
    unit = match["unit"]
    span = count * (_MONTH if unit.startswith(("ma", "mo")) else _UNITS[unit[0]])
    # Days and longer end at the same time on the clock, whatever the clock did in between.
    return now + span if span >= timedelta(days=1) else _later(now, span).astimezone(now.tzinfo)


def _whole(said: str, now: datetime) -> datetime | None:
    """Read what names a stretch of time by itself: "vandaag", "vannacht", "dit weekend"."""
    today = now.date()
    tomorrow = today + timedelta(days=1)
    if said in ("vandaag", "today", "de rest van de dag", "vanavond", "this evening"):
        return _at(tomorrow, time(), now)
    if said in ("vannacht", "tonight", "this night"):
        return _at(_next_morning(now), _MORNING, now)
    if said in ("dit weekend", "het weekend", "this weekend", "the weekend"):
        return _at(_weekday(today, 0), _MORNING, now)
    if said in ("deze week", "this week"):
        return _at(_weekday(today, 0), _MORNING, now)
    return None


def _until(rest: str, now: datetime) -> datetime | None:
    if day := _day(rest, now):
        return _at(day, _MORNING, now)
    part = _PART.fullmatch(rest)
    if part is not None and (day := _day(part["day"] or "vandaag", now)):
        return _at(day, _PARTS[part["part"]], now)
    clock = _CLOCK.fullmatch(rest)
    return _on_the_clock(clock, now) if clock is not None else None


def _day(words: str, now: datetime) -> date | None:
    today = now.date()
    if words in ("morgen", "tomorrow"):
        return _next_morning(now)
    near = {"vandaag": 0, "van": 0, "this": 0, "today": 0, "overmorgen": 2, "the day after tomorrow": 2}
    if words in near:
        return today + timedelta(days=near[words])
    if words in ("volgende week", "next week", "na het weekend", "after the weekend"):
        return _weekday(today, 0)
    named = _DAY_NUMBERS.get(words.removeprefix("next ").removeprefix("aanstaande ").removeprefix("komende "))
    if named is not None:
        return _weekday(today, named)
    dated = _DATE.fullmatch(words)
    return _date(dated, today) if dated is not None else None


def _date(match: re.Match[str], today: date) -> date | None:
    word = match["month"] or match["first"]
    month = _MONTH_NUMBERS.get(word) if word else int(match["number"])
    if month is None:
        return None
    for year in (today.year, today.year + 1):
        try:
            found = date(year, month, int(match["day"] or match["second"]))
        except ValueError:
            continue
        if found > today:
            return found
    return None


def _next_morning(now: datetime) -> date:
    return now.date() + timedelta(days=0 if now.hour < _STILL_NIGHT else 1)


def _weekday(today: date, number: int) -> date:
    return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)


def _on_the_clock(clock: re.Match[str], now: datetime) -> datetime | None:
    times, later_half = _times(clock)
    words = clock["day"] or ""
    part = _PART.fullmatch(words)
    if part is not None and words not in ("morgen", "tomorrow"):
        words = part["day"] or "vandaag"
        times = [one for one in times if (one.hour >= 12) == (_PARTS[part["part"]].hour >= 12)] or times
        later_half = True
    if words:
        day = _day(words, now)
        return _at(day, times[0], now) if day is not None else None
    times = times if later_half else times[:1]
    coming = [_at(now.date() + timedelta(days=ahead), one, now) for ahead in (0, 1) for one in times]
    return min((one for one in coming if one.astimezone(UTC) > now.astimezone(UTC)), default=None)


def _times(clock: re.Match[str]) -> tuple[list[time], bool]:
    """Return the times that are meant, and whether the second may be as well as the first."""
    if clock["hour"] is not None:
        return [time(int(clock["hour"]), int(clock["minute"]))], False
    if clock["noon"] is not None:
        hour = int(clock["half"]) % 12 + (12 if clock["noon"] == "pm" else 0)
        return [time(hour, int(clock["past"] or 0))], False
    if clock["halfway"] is not None:
        said = clock["halfway"]
        hour = (int(said) if said.isdigit() else _COUNTS[said]) - 1
        return [time(hour % 12, 30), time(hour % 12 + 12, 30)], True
    hour = int(clock["bare"])
    return ([time(hour), time((hour + 12) % 24)], True) if 1 <= hour <= 12 else ([time(hour)], False)


def _at(day: date, wall: time, now: datetime) -> datetime:
    return datetime.combine(day, wall, tzinfo=now.tzinfo)
