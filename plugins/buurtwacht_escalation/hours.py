"""Hours of duty as people write them, in local wall time: "ma-vr 8.00-17.00, za 10-14", over midnight too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from buurtwacht import fold

_DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_DUTCH = ("ma", "di", "wo", "do", "vr", "za", "zo")
_ENGLISH = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NAMES: dict[str, tuple[int, ...]] = {
    **{day: (index,) for index, day in enumerate(_DAYS)},
    **{
        name: (index,)
        for index, names in enumerate(
            (
                "ma maandag maandags monday mondays mon",
                "di dinsdag dinsdags tuesday tuesdays tue tues",
                "wo woe woensdag woensdags wednesday wednesdays wed",
                "do don donderdag donderdags thursday thursdays thu thur thurs",
                "vr vrij vrijdag vrijdags friday fridays fri",
                "za zat zaterdag zaterdags saturday saturdays sat",
                "zo zon zondag zondags sunday sundays sun",
            )
        )
        for name in names.split()
    },
    **dict.fromkeys(
        ("werkdagen", "werkdag", "weekdays", "weekdag", "weekdagen", "workdays", "doordeweeks"), tuple(range(5))
    ),
    **dict.fromkeys(("weekend", "weekends", "weekeinde", "weekenden"), (5, 6)),
    **dict.fromkeys(("dagelijks", "iedere dag", "elke dag", "alle dagen", "daily", "every day"), tuple(range(7))),
}
_ALWAYS = frozenset({"altijd", "always", "24/7", "24-7", "dag en nacht", "day and night"})

_NAME = "|".join(sorted((re.escape(name) for name in _NAMES), key=len, reverse=True))
_TO = r"\s*(?:-|–|t/m|tm|tot en met|tot|through|until|till|to)\s*"
_DAY = re.compile(rf"(?P<first>{_NAME})\b(?:{_TO}(?P<last>{_NAME})\b)?")
_CLOCK = r"(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm|uur|u|h)?"
_SPAN = re.compile(rf"(?:van|from|tussen|between)?\s*{_CLOCK}{_TO}{_CLOCK}")
_FILLING = re.compile(r"[\s,;&+]+|en\b|and\b|op\b|on\b|in\b|het\b|the\b|ook\b|also\b|om\b")
_DAY_LONG = 24 * 60
#: How far ahead a start is looked for.
_WEEK = timedelta(days=8)


class WallTimes(Protocol):
    """Who knows when a wall time is, summer time and all; a handler's context does."""

    def wall_time(self, day: datetime, text: str) -> datetime:
        """Return "HH:MM" on a local day as an aware moment."""
        ...


@dataclass(frozen=True, slots=True)
class Span:
    """From minute to minute on some weekdays (0 is Monday); an end that is not after the start is the next day's."""

    days: tuple[int, ...]
    start: int
    end: int

    @property
    def runs_over(self) -> bool:
        """Whether it ends on the day after."""
        return self.end <= self.start

    def holds(self, weekday: int, minute: int) -> bool:
        """Whether a minute of a weekday lies in it."""
        if not self.runs_over:
            return weekday in self.days and self.start <= minute < self.end
        return (weekday in self.days and minute >= self.start) or ((weekday - 1) % 7 in self.days and minute < self.end)

    def __str__(self) -> str:
        return f"{_runs(self.days)} {_clock(self.start)}-{_clock(self.end)}"


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of duty; without a span somebody is always on duty."""

    spans: tuple[Span, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Hours:
        """Read hours in Dutch or English; "altijd" and nothing are always. Raises `ValueError` for anything else."""
        said = fold_hours(text)
        if not said or said in _ALWAYS:
            return cls()
        spans = tuple(_spans(said))
        if not spans:
            raise ValueError(f"{text!r} holds no hours")
        return cls(spans)

    def __str__(self) -> str:
        return ", ".join(str(span) for span in self.spans)

    def shown(self, language: str) -> str:
        """Return them as people read them: weekdays as a language abbreviates them, and when they end a day later."""
        names, later = (_DUTCH, " (volgende dag)") if language == "nl" else (_ENGLISH, " (next day)")
        spans = ", ".join(f"{span}{later if span.runs_over else ''}" for span in self.spans)
        return re.sub(rf"\b(?:{'|'.join(_DAYS)})\b", lambda day: names[_DAYS.index(day[0])], spans)

    def cover(self, now: datetime) -> bool:
        """Whether a moment, aware and local, lies within them."""
        minute = now.hour * 60 + now.minute
        return not self.spans or any(span.holds(now.weekday(), minute) for span in self.spans)

    def next_start(self, clocks: WallTimes, now: datetime) -> datetime | None:
        """Return the first moment from `now` (aware, local) at which somebody is on duty.

        A start in an hour that the spring change skips is the first moment after it. None: there is none.
        """
        if self.cover(now):
            return now
        found: list[datetime] = []
        for offset in range(_WEEK.days):
            day = now + timedelta(days=offset)
            for span in self.spans:
                if day.weekday() in span.days and (moment := clocks.wall_time(day, _clock(span.start))) > now:
                    found.append(moment)
            if found:
                return min(found)
        return None


def fold_hours(text: str) -> str:
    """Return a text in lower case without accents, as hours are read; signs stay, which `fold` would take away."""
    said = " ".join(text.casefold().replace("’", "'").split()).strip(" .,;!")
    return "".join(fold(sign) or sign if sign.isalpha() else sign for sign in said)


def _spans(said: str) -> Iterator[Span]:
    """Read days and the times behind them, one after the other. Raises `ValueError` for what is neither."""
    days: tuple[int, ...] = ()
    timed = True
    place = 0
    while place < len(said):
        if found := _DAY.match(said, place):
            days = (*(() if timed else days), *_range(found["first"], found["last"]))
            timed = False
        elif (found := _SPAN.match(said, place)) and found.group():
            start, end = _minute(*found.group(1, 2, 3)), _minute(*found.group(4, 5, 6))
            if start == _DAY_LONG or (start == end and start != 0):
                raise ValueError(f"{found.group()!r} is no time of a day")
            timed = True
            yield Span(tuple(sorted(set(days))) or tuple(range(7)), start, end or _DAY_LONG)
        elif not (found := _FILLING.match(said, place)):
            raise ValueError(f"{said[place:]!r} is neither a day nor a time")
        place = found.end()
    if not timed:
        yield Span(tuple(sorted(set(days))), 0, _DAY_LONG)


def _range(first: str, last: str | None) -> tuple[int, ...]:
    """Return the weekdays from one to another, over Sunday too; of "werkdagen" all of them."""
    if last is None:
        return _NAMES[first]
    begin, end = _NAMES[first], _NAMES[last]
    if len(begin) > 1 or len(end) > 1:
        raise ValueError(f"{first}-{last} is no range of days")
    return tuple((begin[0] + step) % 7 for step in range((end[0] - begin[0]) % 7 + 1))


def _minute(hour: str, minute: str | None, half: str | None) -> int:
    """Return the minute of the day, 0 to 1440. Raises `ValueError` for no time of a day."""
    found = int(hour) * 60 + int(minute or 0)
    if half in ("am", "pm"):
        if not 1 <= int(hour) <= 12:
            raise ValueError(f"{hour} {half} is no time of a day")
        found = found % (12 * 60) + (12 * 60 if half == "pm" else 0)
    if found > _DAY_LONG or int(minute or 0) > 59:
        raise ValueError(f"{hour}:{minute or '00'} is no time of a day")
    return found


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _runs(days: tuple[int, ...]) -> str:
    """Return weekdays as ranges: "mo-fr", "sa", "mo we fr"."""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return " ".join(_DAYS[run[0]] if len(run) == 1 else f"{_DAYS[run[0]]}-{_DAYS[run[-1]]}" for run in runs)
