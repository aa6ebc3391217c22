"""Until when somebody is on leave, read from what he types: a date, a weekday, a time, in either language."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from buurtwacht import fold

_MONTHS = {
    name: index
    for index, names in enumerate(
        (
            "januari january jan",
            "februari february feb",
            "maart march mrt mar",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "augustus august aug",
            "september sept sep",
            "oktober october okt oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
_WEEKDAYS = {
    name: index
    for index, names in enumerate(
        (
            "maandag monday ma",
            "dinsdag tuesday di",
            "woensdag wednesday wo",
            "donderdag thursday do",
            "vrijdag friday vr",
            "zaterdag saturday za",
            "zondag sunday zo",
        )
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WEEKDAY = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
_TIME = re.compile(r"(?:\b(?:om|at|tot|until)\s+)?\b(\d{1,2})(?:[:.](\d{2})\b|\s*(?:uur|u|h)\b)(?:\s*uur)?")
_INCLUDED = re.compile(r"^(?:t/m|tm|tot en met|through|up to and including)\b")
_LEADING = re.compile(r"^(?:t/m|tm|tot en met|through|up to and including|tot|until|till|op|on|de|the)\b\s*")
_DATES = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"),
    re.compile(r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})(?:[-/.](?P<year>\d{4}))?"),
    re.compile(rf"(?P<day>\d{{1,2}})(?:e|th|st|nd|rd)?\s+(?:of\s+)?(?P<month>{_MONTH})\b\.?(?:\s+(?P<year>\d{{4}}))?"),
    re.compile(rf"(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?:th|st|nd|rd)?(?:,?\s+(?P<year>\d{{4}}))?"),
)
_SPAN = re.compile(r"(?P<count>\d{1,3}|een|a|one)\s+(?P<unit>dag(?:en)?|days?|we(?:ek|ken|eks?))")
_NEXT = {"vandaag": 0, "today": 0, "morgen": 1, "tomorrow": 1, "overmorgen": 2, "the day after tomorrow": 2}
#: Nobody is away longer than this and still an official here.
LONGEST = timedelta(days=366)


def read_leave(text: str, now: datetime, wall_time: Callable[[datetime, str], datetime]) -> datetime:
    """Return the moment at which somebody is back; `now` is aware and local, `wall_time` as a context's.

    A day without a time is its beginning, "t/m" its end; "2 weken" begin now. Raises `ValueError` for what is no
    moment to come.
    """
    said = " ".join("".join(fold(sign) or sign if sign.isalpha() else sign for sign in text.casefold()).split())
    included = _INCLUDED.match(said) is not None
    said = _LEADING.sub("", said).strip(" .,;!")
    if (span := _SPAN.fullmatch(said)) is not None:
        days = int(span["count"]) if span["count"].isdigit() else 1
        said = f"{now.date() + timedelta(days=days * (7 if span['unit'].startswith('we') else 1)):%Y-%m-%d}"
    day, rest = _day(said, now)
    timed = _TIME.fullmatch(rest.strip(" ,")) if rest.strip(" ,") else None
    if rest.strip(" ,") and timed is None:
        raise ValueError(f"{text!r} holds no day")
    if timed is not None and (int(timed[1]) > 23 or int(timed[2] or 0) > 59):
        raise ValueError(f"{timed[0]!r} is no time")
    if day is None and timed is None:
        raise ValueError(f"{text!r} holds no day")
    found = day or now.date()
    if included and timed is None:
        found += timedelta(days=1)
    # Noon: of every day there is one.
    noon = datetime(found.year, found.month, found.day, 12, tzinfo=now.tzinfo)
    clock = f"{int(timed[1]):02d}:{timed[2] or '00'}" if timed is not None else "00:00"
    back = wall_time(noon, clock)
    if day is None and back <= now:
        back = wall_time(noon + timedelta(days=1), clock)
    if not now < back <= now + LONGEST:
        raise ValueError(f"{text!r} is not within a year from now")
    return back


def _day(said: str, now: datetime) -> tuple[date | None, str]:
    """Return the day that a text begins with, and the rest; a day without a year is the next one."""
    for word, days in _NEXT.items():
        if re.match(rf"{word}\b", said):
            return now.date() + timedelta(days=days), said[len(word) :]
    if (weekday := re.match(rf"(?:{_WEEKDAY})\b", said)) is not None:
        behind = said[weekday.end() :].strip(" ,")
        if any(one.match(behind) for one in _DATES):
            return _day(behind, now)  # "vrijdag 5 juni" is 5 June
        ahead = (_WEEKDAYS[weekday[0]] - now.weekday() - 1) % 7 + 1
        return now.date() + timedelta(days=ahead), said[weekday.end() :]
    for pattern in _DATES:
        found = pattern.match(said)
        if found is None or (_TIME.match(said) and pattern is _DATES[1] and not found["year"] and "." in found[0]):
            continue
        month = _MONTHS[found["month"]] if found["month"] in _MONTHS else int(found["month"])
        year = int(found["year"]) if found["year"] else now.year
        day = date(year, month, int(found["day"]))
        if not found["year"] and day < now.date():
            day = date(year + 1, month, int(found["day"]))
        return day, said[found.end() :]
    return None, said
