"""When something happened: "net", "10 min geleden", "vannacht", "rond 23:15", "an hour ago", in local time."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from buurtwacht_alerts.words import flat

#: What lies longer back than this is over; before it, a report is about now.
OVER_AFTER = timedelta(minutes=60)

_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "een an a one", "twee two", "drie three", "vier four", "vijf five", "zes six", "zeven seven", "acht eight",
            "negen nine", "tien ten", "elf eleven", "twaalf twelve",
        ),
        start=1,
    )
    for word in words.split()
}  # fmt: skip
_NUMBERS |= {"paar": 3, "few": 3, "couple": 2, "enkele": 3, "vijftien": 15, "fifteen": 15, "twintig": 20, "twenty": 20}
_NUMBERS |= {"dertig": 30, "thirty": 30}
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_HEDGE = r"(?:zo'?n |ongeveer |ca\.? ?|circa |about |around |some |een |a |nog geen |ruim |ongev |al )?(?:of )?"
_UNITS = {"m": timedelta(minutes=1), "u": timedelta(hours=1), "h": timedelta(hours=1), "d": timedelta(days=1)}

_AGO = re.compile(
    rf"\b{_HEDGE}{_COUNT} ?(?:of |tal )?"
    r"(?P<unit>min(?:uten|uut|uutjes|utes|ute|s)?|m|uur|uren|uurtje|hours?|hrs?|dag|dagen"
    r"|days?)\.? (?:geleden|terug|ago|back)\b"
)
_AGO_WORDS = ("geleden", "terug", "ago", "back", "earlier")
_SINCE = re.compile(
    rf"\b(?:al|sinds|for(?: the last)?) (?:ongeveer |zo'n |zeker |about |een )?{_COUNT} "
    r"(?P<unit>min(?:uten|utes|s)?|uur|uren|hours?)\b(?: lang)?"
)
_HALVES = (
    (re.compile(r"\b(?:een )?half ?uur(?:tje)? (?:geleden|terug)\b|\bhalf an hour ago\b"), 30),
    (re.compile(r"\b(?:een )?kwartier(?:tje)? (?:geleden|terug)\b|\b(?:a )?quarter of an hour ago\b"), 15),
    (re.compile(r"\banderhalf uur (?:geleden|terug)\b|\ban hour and a half ago\b"), 90),
    (re.compile(r"\b(?:een )?(?:tijdje|poosje) (?:geleden|terug)\b|\ba while ago\b|\bearlier today\b"), 60),
    (re.compile(r"\ba moment ago\b|\b(?:heel )?even (?:geleden|terug)\b|\b(?:a )?few moments ago\b"), 2),
)
_CLOCK = re.compile(
    r"\b(?:(?P<about>rond|omstreeks|om|tegen|sinds|vanaf|at|around|about|since|by|circa|ca\.?) )?(?:de klok van )?(?:"
    r"(?P<hour>[01]?\d|2[0-3])[:.u](?P<minute>[0-5]\d)(?![\d.:-])(?: ?(?:uur|u|h))?"
    r"(?: ?(?P<half1>am|pm|a\.m\.|p\.m\.))?"
    r"|(?P<oclock>[01]?\d|2[0-3]) ?(?:uur|u|h|o'clock)\b(?! (?:geleden|terug|lang|ago))"
    r"|(?P<ampm>1[0-2]|0?[1-9]) ?(?P<half2>am|pm|a\.m\.|p\.m\.)(?!\w)"
    r"|(?:(?P<halfway>half)|kwart (?P<quarter>over|voor)|(?P<equarter>half past|quarter past|quarter to)) "
    r"(?P<wordhour>1[0-2]|[1-9]|een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|one|two"
    r"|three|four|five|six"
    r"|seven|eight|nine|ten|eleven|twelve)\b(?! (?:mannen|jongens|personen|men|people))(?: uur)?)"
)
_AMOUNT = re.compile(r"\d+ ?(?:uur|u|h)|\d+\.\d+")
_NOW = re.compile(
    r"\b(?:nu net|net nu|op dit moment|op het moment|momenteel|zojuist|zonet|daarnet|just now|right now|at the moment"
    r"|currently|at this moment|as we speak|nu|net|now)\b"
)
_YESTERDAY = timedelta(days=1)
#: Clocks differ: a time this far ahead is meant as now, not as yesterday.
_AHEAD = timedelta(minutes=10)


class _Part(NamedTuple):
    """A part of a day: how many days back, the hour that stands for it, and whether its hours are after noon."""

    pattern: re.Pattern[str]
    back: timedelta
    hour: int
    after_noon: bool | None


_PARTS = tuple(
    _Part(re.compile(rf"\b(?:{words})\b"), timedelta(days=days), hour, after_noon)
    for words, days, hour, after_noon in (
        ("eergisteren|the day before yesterday", 2, 12, None),
        ("gister(?:en)?avond|yesterday evening", 1, 21, True),
        ("gister(?:en)?nacht|last night", 1, 23, None),
        ("gister(?:en)?middag|yesterday afternoon", 1, 15, True),
        ("gister(?:en)?(?:ochtend|morgen)|yesterday morning", 1, 9, False),
        ("gister(?:en)?|yesterday", 1, 12, None),
        ("afgelopen nacht|vannacht|during the night|overnight|in the night", 0, 3, None),
        ("vanochtend|vanmorgen|this morning", 0, 8, False),
        ("vanmiddag|this afternoon", 0, 14, True),
        ("vanavond|this evening|tonight", 0, 20, True),
    )
)


#: One of these is in whatever names a part of a day.
_PART_WORDS = (
    "gister", "yesterday", "nacht", "night", "avond", "evening", "middag", "afternoon", "ochtend", "morgen", "morning",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """What a text says about when. `at` is None when it says nothing; `now` when it says that it goes on."""

    at: datetime | None = None
    now: bool = False
    #: nobody said at what time: `at` is the middle of that part of the day
    vague: bool = False
    spans: tuple[tuple[int, int], ...] = ()

    def is_over(self, now: datetime) -> bool:
        """Say whether this lies so far back that it is no longer about now."""
        return self.at is not None and not self.now and now.astimezone(UTC) - self.at.astimezone(UTC) > OVER_AFTER


def find_moment(text: str, now: datetime) -> Moment:
    """Return when `text` says that it happened, in the time zone of `now` (aware, local); never after `now`."""
    plain = flat(text)
    readers = (_ago, _since, _wall) if any(word in plain for word in _AGO_WORDS) else (_since, _wall)
    for read in readers:
        moment = read(plain, now)
        if moment is not None:
            return moment
    match = _NOW.search(plain)
    return Moment(now, True, spans=(match.span(),)) if match is not None else Moment()


def _back(now: datetime, by: timedelta) -> datetime:
    """Go back in real time, so that the hour of the clock change counts as it passed."""
    return (now.astimezone(UTC) - by).astimezone(now.tzinfo)


def _amount(match: re.Match[str]) -> timedelta:
    said = match["count"]
    return (int(said) if said.isdigit() else _NUMBERS[said]) * _UNITS[match["unit"][0]]


def _ago(plain: str, now: datetime) -> Moment | None:
    for pattern, minutes in _HALVES:
        match = pattern.search(plain)
        if match is not None:
            return Moment(_back(now, timedelta(minutes=minutes)), spans=(match.span(),))
    match = _AGO.search(plain)
    return Moment(_back(now, _amount(match)), spans=(match.span(),)) if match is not None else None


def _since(plain: str, now: datetime) -> Moment | None:
    match = _SINCE.search(plain)
    return Moment(_back(now, _amount(match)), True, spans=(match.span(),)) if match is not None else None


def _wall(plain: str, now: datetime) -> Moment | None:
    """Read a part of the day, a time on the clock, or both together."""
    parts = _PARTS if any(word in plain for word in _PART_WORDS) else ()
    part, said = next(((part, said) for part in parts if (said := part.pattern.search(plain))), (None, None))
    clock = _CLOCK.search(plain)
    if clock is not None and part is None and clock["about"] is None and _AMOUNT.fullmatch(clock.group()):
        clock = None  # "2 uur" alone is as often a length of time, "1.50" a height
    spans = tuple(found.span() for found in (said, clock) if found is not None)
    if clock is not None:
        return Moment(_on_the_clock(clock, now, part), spans=spans)
    if part is None:
        return None
    at = _on(now, part.back, time(part.hour))
    during_the_night = part.hour == 3 and now.hour < 6
    if during_the_night or _instant(at) > _instant(now):
        return Moment(now, spans=spans)
    return Moment(at, vague=True, spans=spans)


def _on(now: datetime, back: timedelta, wall: time) -> datetime:
    return datetime.combine(now.date() - back, wall, tzinfo=now.tzinfo)


def _on_the_clock(clock: re.Match[str], now: datetime, part: _Part | None) -> datetime:
    hour, minute, either = _hour(clock)
    hours = [hour]
    if either and hour <= 12:
        hours = [hour % 12, hour % 12 + 12]
        if part is not None and part.after_noon is not None:
            hours = [hour % 12 + 12 * part.after_noon]
    days = [timedelta(), _YESTERDAY] if part is None else [part.back]
    if part is not None and part.hour in (3, 23):
        days = [timedelta(), _YESTERDAY]  # a night belongs to two dates
    moments = [_on(now, day, time(wall, minute)) for day in days for wall in hours]
    soon = _instant(now) + _AHEAD
    past = [at for at in moments if _instant(at) <= soon]
    return min(max(past, key=_instant), now, key=_instant) if past else now


def _instant(at: datetime) -> datetime:
    return at.astimezone(UTC)


def _hour(clock: re.Match[str]) -> tuple[int, int, bool]:
    """Return hour, minute, and whether it can be either half of the day."""
    readers: tuple[tuple[str, Callable[[re.Match[str]], tuple[int, int, bool]]], ...] = (
        ("hour", _digital),
        ("oclock", lambda match: (int(match["oclock"]), 0, True)),
        ("ampm", lambda match: (_halved(int(match["ampm"]), match["half2"]), 0, False)),
        ("wordhour", _spoken),
    )
    return next(read(clock) for group, read in readers if clock[group] is not None)


def _digital(clock: re.Match[str]) -> tuple[int, int, bool]:
    hour = int(clock["hour"])
    if clock["half1"] is not None and hour <= 12:
        hour = _halved(hour, clock["half1"])
    return hour, int(clock["minute"]), False


def _halved(hour: int, half: str) -> int:
    return hour % 12 + (12 if half.startswith("p") else 0)


def _spoken(clock: re.Match[str]) -> tuple[int, int, bool]:
    said = clock["wordhour"]
    hour = (int(said) if said.isdigit() else _NUMBERS[said]) % 12
    if clock["halfway"] is not None or clock["quarter"] == "voor" or clock["equarter"] == "quarter to":
        hour = (hour - 1) % 12
    if clock["equarter"] == "half past":
        return hour, 30, True
    minute = 30 if clock["halfway"] is not None else 45 if clock["quarter"] == "voor" else 15
    return hour, 45 if clock["equarter"] == "quarter to" else minute, True
