"""Days and times as people type them, in Dutch and English: "di 5 mei", "18-22 mei", "12 and 19 May", "di t/m do 22u".

A text becomes a row of items in the order they were typed; what they mean together is for who asked.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import TypeAlias

from buurtwacht import fold
from buurtwacht_patrols.spelling import mender


class NoSuchDay(ValueError):
    """A day that no calendar has, such as 31 February; carries it as it was typed."""


class WrongWeekday(ValueError):
    """A date with the name of another day of the week; carries the date."""

    def __init__(self, day: date) -> None:
        super().__init__(day.isoformat())
        self.day = day


@dataclass(frozen=True, slots=True)
class Span:
    """Days from the first to the last. `named` when two ends were named, or a week or month."""

    first: date
    last: date
    named: bool = False


@dataclass(frozen=True, slots=True)
class Weekdays:
    """Days of the week, 0 for Monday."""

    days: frozenset[int]


@dataclass(frozen=True, slots=True)
class Clock:
    """A time on the clock. `bare`: only an hour was typed, which may be a length of time as well ("1 uur")."""

    wall: time
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A number; an ordinal when it was typed as "12e" or "4th"."""

    value: int
    ordinal: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """Any other word, folded; a mark such as "," or "-" too."""

    text: str


Item: TypeAlias = Span | Weekdays | Clock | Number | Word


@dataclass(frozen=True, slots=True)
class _Day:
    """A day as typed; its year is found by what stands around it."""

    day: int
    month: int
    year: int | None = None
    #: "May 18", after which "-22" is a day too
    month_first: bool = False


_Raw: TypeAlias = _Day | Item

_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "januari january jan", "februari february febr feb", "maart march mrt mar", "april apr", "mei may",
            "juni june jun", "juli july jul", "augustus august aug", "september sept sep", "oktober october okt oct",
            "november nov", "december dec",
        ),
        start=1,
    )
    for word in words.split()
}  # fmt: skip
_WEEKDAYS = {
    word: frozenset({number})
    for number, words in enumerate(
        (
            "maandag monday mon ma", "dinsdag tuesday tues tue di", "woensdag wednesday wed wo",
            "donderdag thursday thurs thur thu do", "vrijdag friday fri vr vrij", "zaterdag saturday sat za",
            "zondag sunday sun zo",
        )
    )
    for word in words.split()
}  # fmt: skip
_WEEKDAYS |= dict.fromkeys(("weekend", "weekends", "weekenden"), frozenset({5, 6}))
_WEEKDAYS |= dict.fromkeys(
    ("werkdag", "werkdagen", "doordeweeks", "doordeweekse", "weekdays", "weekday"), frozenset(range(5))
)
_mended = mender({*_MONTHS, *_WEEKDAYS} - {"thurs"})
_LATER = {"vandaag": 0, "vanavond": 0, "today": 0, "tonight": 0, "morgen": 1, "morgenavond": 1, "tomorrow": 1}
_LATER |= {"overmorgen": 2}
_THROUGH = frozenset(("-", "tm", "tot", "to", "through", "thru", "until", "till"))
_JOINS = frozenset((",", "en", "and", "&", "+"))

_ORDINAL = r"(?:ste|de|e|st|nd|rd|th)"
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY_NAME = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
_LEXEMES = re.compile(
    r"(?P<iso>\d{4}-\d{1,2}-\d{1,2})(?!\d)"
    r"|(?P<dmy>\d{1,2}(?P<mark>[-/.])\d{1,2}(?P=mark)(?:\d{4}|\d{2}))(?!\d)"
    rf"|(?P<day>\d{{1,2}}){_ORDINAL}?(?: of)? ?(?P<month>{_MONTH})\b\.?(?: '?(?P<year>\d{{4}}|(?<=')\d\d))?(?![:\d])"
    rf"|(?P<first>{_MONTH})\.? (?P<then>\d{{1,2}}){_ORDINAL}?\b(?![:.u]\d)(?!,? ?{_MONTH}\b)(?:,? (?P<year2>\d{{4}}))?"
    r"|(?P<hour>\d{1,2})[:.uh](?P<minute>\d{2})(?!\d)(?: ?(?:uur|u|h)\b)?(?: ?(?P<half>am|pm|a\.m\.|p\.m\.))?"
    r"|(?P<ampm>\d{1,2}) ?(?P<half2>am|pm|a\.m\.|p\.m\.)(?!\w)"
    r"|(?P<oclock>\d{1,2}) ?(?:uur|u|h|o'clock)\b"
    r"|(?P<slash>\d{1,2}/\d{1,2})(?![\d/])"
    rf"|(?P<ordinal>\d{{1,2}}){_ORDINAL}\b"
    r"|(?P<number>\d+)"
    r"|week (?P<week>\d{1,2})\b"
    r"|(?P<thisweek>(?:deze|this) week\b)|(?P<nextweek>(?:volgende|aankomende|komende|next) week\b)"
    rf"|(?P<weekday>{_DAY_NAME})(?:en|s|avonden|avond|nachten|nacht|middag| evenings?| nights?|'s)?\b\.?"
    rf"|(?P<whole>{_MONTH})\b"
    r"|(?P<word>[^\W\d_][\w']*)"
    r"|(?P<sign>[-,;&+/!?:()]|\.(?=\s|$)|\n)"
)
_TYPED = ((r"\bt\s?/\s?m\b|\btot en met\b|\btem\b|\bup to and including\b", "tm"), (r"[–—−]", "-"), (r"[’`´]", "'"))


def normal(text: str) -> str:
    """Return a text in small letters without accents, with "t/m" and dashes spelt one way; lines stay lines."""
    lines = [" ".join(line.split()) for line in text.lower().splitlines()]
    plain = "\n".join(line for line in lines if line)
    for pattern, spelt in _TYPED:
        plain = re.sub(pattern, spelt, plain)
    if plain.isascii():
        return plain
    return "".join(sign if sign.isascii() else fold(sign) or " " for sign in plain)


def read(text: str, today: date, window: tuple[date, date] | None = None) -> list[Item]:
    """Return what stands in a text, in order. A day without a year is the one within `window`, else the next one.

    A letter amiss in a name of five letters or more is forgiven (domain §5.3).
    Raises `NoSuchDay` and `WrongWeekday`.
    """
    raw = [_raw(match, today) for match in _LEXEMES.finditer(_mended(normal(text)))]
    return _with_weekdays(_resolved(_with_months(raw), _Years(today, window)))


# --- one by one ------------------------------------------------------------------------------------------------------


def _raw(match: re.Match[str], today: date) -> _Raw:
    if match["iso"] or match["dmy"] or match["slash"]:
        return _written(match[0])
    if match["month"]:
        return _Day(int(match["day"]), _MONTHS[match["month"]], _year(match["year"]))
    if match["first"]:
        return _Day(int(match["then"]), _MONTHS[match["first"]], _year(match["year2"]), month_first=True)
    if match["hour"] or match["ampm"] or match["oclock"]:
        return _clock(match)
    if match["ordinal"] or match["number"]:
        return Number(int(match["ordinal"] or match["number"]), ordinal=match["ordinal"] is not None)
    if match["weekday"]:
        return Weekdays(_WEEKDAYS[match["weekday"]])
    return _period(match, today) or Word(match[0])


def _written(text: str) -> _Day:
    parts = [int(part) for part in re.split(r"[-/.]", text)]
    if text[:4].isdigit():
        return _Day(parts[2], parts[1], parts[0])
    year = _year(str(parts[2])) if len(parts) == 3 else None
    return _Day(parts[0], parts[1], year)


def _year(text: str | None) -> int | None:
    return None if text is None else int(text) + 2000 * (int(text) < 100)


def _clock(match: re.Match[str]) -> Clock | Word:
    hour = int(match["hour"] or match["ampm"] or match["oclock"])
    minute = int(match["minute"] or 0)
    half = match["half"] or match["half2"]
    if half is not None:
        hour = hour % 12 + 12 * half.startswith("p") if hour <= 12 else 24
    hour = 0 if hour == 24 and not minute and half is None else hour
    if hour > 23 or minute > 59:
        return Word(match[0])
    return Clock(time(hour, minute), bare=match["oclock"] is not None)


def _period(match: re.Match[str], today: date) -> Span | None:
    monday = today - timedelta(days=today.weekday())
    if match["thisweek"] or match["nextweek"]:
        first = monday + timedelta(days=7 * (match["nextweek"] is not None))
        return Span(first, first + timedelta(days=6), named=True)
    if match["week"]:
        return _week(int(match["week"]), today)
    if match["whole"] and match["whole"] not in ("may", "mar", "march", "do"):
        month = _MONTHS[match["whole"]]
        year = today.year + (month < today.month)
        return Span(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]), named=True)
    if match[0] in _LATER:
        day = today + timedelta(days=_LATER[match[0]])
        return Span(day, day)
    return None


def _week(number: int, today: date) -> Span:
    """Return an ISO week, of this year unless it lies more than half a year back."""
    for year in (today.year, today.year + 1):
        try:
            first = date.fromisocalendar(year, number, 1)
        except ValueError:
            raise NoSuchDay(f"week {number}") from None
        if today - first < timedelta(days=183):
            break
    return Span(first, first + timedelta(days=6), named=True)


# --- months, years, ranges -------------------------------------------------------------------------------------------


def _with_months(raw: list[_Raw]) -> list[_Raw]:
    """Give numbers before a date its month ("12, 19 en 26 mei", "18-22 mei"), and "22" in "May 18-22"."""
    found = list(raw)
    for place in range(len(found) - 1, -1, -1):
        one = found[place]
        if not isinstance(one, _Day):
            continue
        if one.month_first and place + 2 < len(found) and _is(found[place + 1], _THROUGH):
            end = found[place + 2]
            if isinstance(end, Number) and one.day < end.value <= 31:
                found[place + 2] = replace(one, day=end.value)
        if one.month_first:
            continue
        back = place - isinstance(found[place - 1], Weekdays) if place else 0
        step = back - 1
        while step > 0 and _is(found[step], _JOINS | _THROUGH):
            step -= 1
        number = found[step] if 0 <= step < back - 1 else None
        if isinstance(number, Number) and number.value <= 31:
            found[step] = replace(one, day=number.value)
    return found


def _is(one: _Raw, words: frozenset[str]) -> bool:
    return isinstance(one, Word) and one.text in words


@dataclass(frozen=True, slots=True)
class _Years:
    """Finds the year of a day."""

    today: date
    window: tuple[date, date] | None

    def of(self, one: _Day, after: date | None = None) -> date:
        """Return the day; of those without a year the one in the window, else the next one from today or `after`."""
        if one.year is not None:
            return _date(one, one.year)
        if self.window is not None:
            for year in range(self.window[0].year, self.window[1].year + 1):
                if _exists(one, year) and self.window[0] <= _date(one, year) <= self.window[1]:
                    return _date(one, year)
        start = after or self.today
        year = start.year
        if after is None and _exists(one, year) and _date(one, year) < start:
            year += 1
        if after is not None and (one.month, one.day) < (after.month, after.day) and after.month - one.month >= 6:
            year += 1
        return _date(one, year)

    def between(self, one: _Day, other: _Day) -> Span:
        """Return the days from one to the other; what began and still goes on is meant, rather than next year's."""
        first = self.of(one)
        if one.year is None and first.year > self.today.year and _exists(one, self.today.year):
            begun = _date(one, self.today.year)
            last = self.of(other, after=begun)
            if last >= self.today:
                return Span(begun, last, named=True)
        return Span(first, self.of(other, after=first), named=True)


def _exists(one: _Day, year: int) -> bool:
    return 1 < year < 9999 and 1 <= one.month <= 12 and 1 <= one.day <= calendar.monthrange(year, one.month)[1]


def _date(one: _Day, year: int) -> date:
    if not _exists(one, year):
        raise NoSuchDay(f"{one.day}-{one.month}" + (f"-{one.year}" if one.year is not None else ""))
    return date(year, one.month, one.day)


def _resolved(raw: list[_Raw], years: _Years) -> list[Item]:
    found: list[Item] = []
    place = 0
    while place < len(raw):
        one = raw[place]
        place += 1
        if not isinstance(one, _Day):
            found.append(one)
            continue
        first = years.of(one)
        between = bool(found) and _is(_before_weekday(found), frozenset(("tussen", "between")))
        end = place + 1
        if end < len(raw) and isinstance(raw[end], Weekdays):
            end += 1  # "di 5 mei t/m vr 29 mei"
        last = raw[end] if end < len(raw) else None
        joins = _THROUGH | ({"en", "and"} if between else set())
        if isinstance(last, _Day) and place < len(raw) and _is(raw[place], joins):
            if found and isinstance(found[-1], Weekdays):
                found.pop()
            found.append(years.between(one, last))
            place = end + 1
        else:
            found.append(Span(first, first))
    return found


def _before_weekday(found: list[Item]) -> Item:
    return found[-2] if len(found) > 1 and isinstance(found[-1], Weekdays) else found[-1]


def _with_weekdays(items: list[Item]) -> list[Item]:
    """Join "di t/m do" to the days between, and "di 5 mei" to the date. Raises `WrongWeekday`."""
    found: list[Item] = []
    for one in items:
        before = found[-1] if found else None
        if isinstance(one, Span) and not one.named and isinstance(before, Weekdays) and len(before.days) == 1:
            if one.first.weekday() not in before.days:
                raise WrongWeekday(one.first)
            found[-1] = one
        elif isinstance(one, Weekdays) and len(found) > 1 and _is(found[-1], _THROUGH) and _single(found[-2], one):
            first, last = min(found[-2].days), min(one.days)  # type: ignore[union-attr] # _single saw that it is one
            found[-2:] = [Weekdays(frozenset((first + step) % 7 for step in range((last - first) % 7 + 1)))]
        else:
            found.append(one)
    return found


def _single(one: Item, other: Weekdays) -> bool:
    return isinstance(one, Weekdays) and len(one.days) == len(other.days) == 1
