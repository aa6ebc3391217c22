"""When something is to happen: "morgen 19:00", "za half negen", "28 november 20:00", "in 10 minutes", in local time.

Moments that lie behind us are read in `moments`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple

from buurtwacht_alerts.words import flat

_COUNTS = {
    word: number
    for number, words in enumerate(
        (
            "een an a one", "twee two", "drie three", "vier four", "vijf five", "zes six", "zeven seven", "acht eight",
            "negen nine", "tien ten", "elf eleven", "twaalf twelve",
        ),
        start=1,
    )
    for word in words.split()
} | {"vijftien": 15, "fifteen": 15, "twintig": 20, "twenty": 20, "dertig": 30, "thirty": 30}  # fmt: skip
_COUNT = rf"\d{{1,3}}|{'|'.join(sorted(_COUNTS, key=len, reverse=True))}"
_SPAN = re.compile(
    rf"\b(?:over|in|within) (?:ongeveer |about )?(?:(?P<half>een half ?uur(?:tje)?|half an hour|a half hour)"
    r"|(?P<quarter>een kwartier(?:tje)?|a quarter of an hour)|(?P<more>anderhalf uur|an hour and a half)"
    rf"|(?P<count>{_COUNT}) (?P<unit>min(?:uten|uut|utes|ute|s)?|uur|uren|uurtje|hours?|hrs?|dag(?:en)?|days?"
    r"|week|weken|weeks))\b"
)
_UNITS = {"m": timedelta(minutes=1), "u": timedelta(hours=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_UNITS["w"] = timedelta(weeks=1)

_MONTHS = (
    "januari january jan", "februari february feb", "maart march mrt mar", "april apr", "mei may", "juni june jun",
    "juli july jul", "augustus august aug", "september sept sep", "oktober october okt oct", "november nov",
    "december dec",
)  # fmt: skip
_MONTH = {word: number for number, words in enumerate(_MONTHS, start=1) for word in words.split()}
_WEEKDAYS = (
    "maandag monday ma mon", "dinsdag tuesday di tue", "woensdag wednesday wo wed", "donderdag thursday do thu",
    "vrijdag friday vr fri", "zaterdag saturday za sat", "zondag sunday zo sun",
)  # fmt: skip
_WEEKDAY = {word: number for number, words in enumerate(_WEEKDAYS) for word in words.split()}
_MONTH_WORDS = "|".join(sorted(_MONTH, key=len, reverse=True))
_WHOLE_DAYS = "|".join(word for word in sorted(_WEEKDAY, key=len, reverse=True) if len(word) > 3)
_SHORT_DAYS = "|".join(word for word in _WEEKDAY if len(word) <= 3)

_PART = r"(?P<{0}>avond|middag|ochtend|nacht|evening|afternoon|morning|night)"
_LEAD = r"(?:op |on |a\.s\. |aanstaande |komende |coming |this |deze )?"
_DATE = re.compile(
    rf"\b{_LEAD}(?:(?:{_WHOLE_DAYS}|{_SHORT_DAYS})\.?,? )?(?:the )?(?:"
    rf"(?P<day>\d{{1,2}})(?:e|ste|de|st|nd|rd|th)? (?:of )?(?P<month>{_MONTH_WORDS})\b\.?,?(?: (?P<year>20\d\d)\b)?"
    rf"|(?P<emonth>{_MONTH_WORDS})\.? (?P<eday>\d{{1,2}})(?:st|nd|rd|th)?\b(?![:.u]\d),?(?: (?P<eyear>20\d\d)\b)?"
    r"|(?P<iso>20\d\d-\d\d?-\d\d?)\b"
    r"|(?P<nday>\d{1,2})[-/](?P<nmonth>\d{1,2})(?:[-/](?P<nyear>20\d\d))?"
    r"(?=,? (?:om |at )?\d{1,2}(?:[:.u]\d\d| uur| ?[ap]m)))"
)
_NEAR = re.compile(
    rf"\b(?:(?P<after>overmorgen|the day after tomorrow)|(?P<next>morgen|tomorrow)(?: ?{_PART.format('part')})?"
    r"|(?P<today>vandaag|today|tonight|vanavond|this evening|vanmiddag|this afternoon|vanochtend|vanmorgen"
    r"|this morning|vannacht)"
    rf"|(?P<farther>volgende week |next week(?: on)? ){_LEAD}(?P<nextday>{_WHOLE_DAYS}|{_SHORT_DAYS})"
    rf"|{_LEAD}(?:volgende |next )?(?P<weekday>{_WHOLE_DAYS})(?: ?{_PART.format('dpart')})?(?P<week> next week)?"
    rf"|{_LEAD}(?P<short>{_SHORT_DAYS})\.?(?=,? (?:om |at )?(?:\d|half|kwart)))\b"
)
_HOURS = "|".join(word for word, number in _COUNTS.items() if number <= 12 and len(word) > 2)
_CLOCK = re.compile(
    r"(?<![\d.,:/-])(?:(?P<about>om|at|rond|around|vanaf|from) )?(?:"
    r"(?P<hour>[01]?\d|2[0-3])(?P<sign>[:.u])(?P<minute>[0-5]\d)(?![\d-]|[.:]\d)(?P<suffix> ?(?:uur|u|h)\b)?"
    r"(?: ?(?P<half1>[ap])\.?m\b\.?)?"
    r"|(?P<oclock>[01]?\d|2[0-3]) ?(?:uur|u|h|o'clock)\b(?! lang)"
    r"|(?P<ampm>1[0-2]|0?[1-9]) ?(?P<half2>[ap])\.?m\b\.?"
    r"|(?P<rough>half|kwart over|kwart voor|half past|quarter past|quarter to) "
    rf"(?P<word>1[0-2]|[1-9]|{_HOURS})\b(?: uur)?"
    rf"|(?<=om |at )(?P<bare>2[0-3]|1\d|[1-9])(?![\d.,:-])\b)"
    r"(?: (?:'s |in the )(?P<part>avonds|middags|ochtends|morgens|nachts|evening|afternoon|morning|night)\b)?"
)
_AT_ONCE = re.compile(
    r"^\W*(?:nu|direct|meteen|now|right now|immediately)\b[\s,:;.-]*"
    r"|[\s,;.-]*\b(?:nu meteen|nu direct|nu|right now|now|meteen|immediately)\W*$"
)
_TODAYS_PART = {"tonight": "avond", "vannacht": "nacht", "vanmorgen": "ochtend"}


class Hitch(StrEnum):
    """Why a moment is not simply the one that was said."""

    #: a day was named, and no time
    NO_TIME = "no_time"
    PAST = "past"
    #: 31 November
    NO_SUCH_DAY = "no_such_day"
    #: the clocks skip it: it moves to after the change
    MOVED = "moved"
    #: it comes twice that night: the first counts
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Appointment:
    """What a text says about when something is to be. `at` is aware, local; None when it says nothing, or at once."""

    at: datetime | None = None
    at_once: bool = False
    hitch: Hitch | None = None
    spans: tuple[tuple[int, int], ...] = ()

    def rest(self, text: str) -> str:
        """Return the text without what says when."""
        shown = list(text)
        for start, end in self.spans:
            shown[start:end] = "\0" * (end - start)
        pieces = (piece.strip(" ,;:.-\n") for piece in "".join(shown).split("\0"))
        return " ".join(piece for piece in pieces if piece)


class _Day(NamedTuple):
    """A day that was named; None: no day of the calendar. `part` is a part of it, `loose` that today may be meant."""

    day: date | None
    part: str
    loose: bool
    span: tuple[int, int]


def find_appointment(text: str, now: datetime) -> Appointment:
    """Return when `text` wants something to happen, in the time zone of `now` (aware, local)."""
    plain = flat(text)
    ahead = _SPAN.search(plain)
    if ahead is not None and not _is_days(ahead):
        at = (now.astimezone(UTC) + _length(ahead)).astimezone(now.tzinfo)
        return Appointment(at, spans=(ahead.span(),))
    named = _day(plain, now) if ahead is None else _Day((now + _length(ahead)).date(), "", False, ahead.span())
    clock = _clock(plain, named)
    if clock is None:
        if named is not None:
            return Appointment(hitch=Hitch.NO_TIME if named.day else Hitch.NO_SUCH_DAY, spans=(named.span,))
        once = _AT_ONCE.search(plain)
        return Appointment(at_once=once is not None, spans=(once.span(),) if once is not None else ())
    wall = _wall(clock, named.part if named is not None else "")
    spans = tuple(sorted([clock.span(), *([named.span] if named is not None else [])]))
    if named is None:
        today = _at(now.date(), wall, now.tzinfo)
        at, hitch = today if _is_ahead(today[0], now) else _at(now.date() + timedelta(days=1), wall, now.tzinfo)
        return Appointment(at, hitch=hitch, spans=spans)
    if named.day is None:
        return Appointment(hitch=Hitch.NO_SUCH_DAY, spans=spans)
    at, hitch = _at(named.day, wall, now.tzinfo)
    if named.loose and not _is_ahead(at, now):
        at, hitch = _at(named.day + timedelta(weeks=1), wall, now.tzinfo)
    return Appointment(at, hitch=hitch if _is_ahead(at, now) else Hitch.PAST, spans=spans)


def _is_ahead(at: datetime, now: datetime) -> bool:
    """Compare moments, not what clocks show: in one zone aware times are compared by their digits."""
    return at.astimezone(UTC) > now.astimezone(UTC)


def _is_days(match: re.Match[str]) -> bool:
    return (match["unit"] or "")[:1] in ("d", "w")


def _length(match: re.Match[str]) -> timedelta:
    for name, minutes in (("half", 30), ("quarter", 15), ("more", 90)):
        if match[name] is not None:
            return timedelta(minutes=minutes)
    said = match["count"]
    return (int(said) if said.isdigit() else _COUNTS[said]) * _UNITS[match["unit"][0]]


# --- the day ---------------------------------------------------------------------------------------------------------


def _day(plain: str, now: datetime) -> _Day | None:
    dated = _DATE.search(plain)
    if dated is not None:
        return _Day(_dated(dated, now.date()), "", False, dated.span())
    near = _NEAR.search(plain)
    return _near(near, now.date()) if near is not None else None


def _dated(match: re.Match[str], today: date) -> date | None:
    """Return the date, without a year the next one of that name; None when there is no such day."""
    if match["iso"] is not None:
        year, month, day = map(int, match["iso"].split("-"))
        return _calendar(year, month, day)
    for day_of, month_of, year_of in (
        ("day", "month", "year"),
        ("eday", "emonth", "eyear"),
        ("nday", "nmonth", "nyear"),
    ):
        if match[day_of] is None:
            continue
        said = match[month_of]
        month = int(said) if said.isdigit() else _MONTH[said]
        if match[year_of] is not None:
            return _calendar(int(match[year_of]), month, int(match[day_of]))
        years = (_calendar(today.year + ahead, month, int(match[day_of])) for ahead in range(5))
        return next((one for one in years if one is not None and one >= today), None)
    return None


def _calendar(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _near(match: re.Match[str], today: date) -> _Day:
    if match["after"] is not None:
        return _Day(today + timedelta(days=2), "", False, match.span())
    if match["next"] is not None:
        return _Day(today + timedelta(days=1), match["part"] or "", False, match.span())
    if match["today"] is not None:
        said = match["today"]
        return _Day(today, _TODAYS_PART.get(said, said.removeprefix("van").split()[-1]), False, match.span())
    if match["farther"] is not None or match["week"] is not None:
        monday = today + timedelta(days=7 - today.weekday())
        day = monday + timedelta(days=_WEEKDAY[match["nextday"] or match["weekday"]])
        return _Day(day, match["dpart"] or "", False, match.span())
    wanted = _WEEKDAY[match["weekday"] or match["short"]]
    return _Day(today + timedelta(days=(wanted - today.weekday()) % 7), match["dpart"] or "", True, match.span())


# --- the time --------------------------------------------------------------------------------------------------------


def _clock(plain: str, named: _Day | None) -> re.Match[str] | None:
    """Return the time on the clock; "1.50" alone is a height, and what names the day is no time."""
    for match in _CLOCK.finditer(plain):
        if named is not None and named.span[0] <= match.start() < named.span[1]:
            continue
        if match["sign"] == "." and named is None and not (match["about"] or match["suffix"]):
            continue
        return match
    return None


def _wall(match: re.Match[str], part: str) -> time:
    """Return the time that is meant. A spoken hour before eight is in the afternoon, unless something else is said."""
    hour, minute, spoken = _read(match)
    part = (match["part"] or part).removesuffix("s")
    late = part in ("avond", "evening") or (part in ("middag", "afternoon") and hour < 7)
    night = part in ("night",) and 6 <= hour < 12
    guessed = spoken and not part and 1 <= hour < 8
    return time((hour + 12) % 24 if hour < 12 and (late or night or guessed) else hour, minute)


def _read(match: re.Match[str]) -> tuple[int, int, bool]:
    """Return hour, minute, and whether it can be either half of the day."""
    if match["hour"] is not None:
        if match["half1"] is not None and int(match["hour"]) <= 12:
            return int(match["hour"]) % 12 + 12 * (match["half1"] == "p"), int(match["minute"]), False
        return int(match["hour"]), int(match["minute"]), False
    if match["ampm"] is not None:
        return int(match["ampm"]) % 12 + 12 * (match["half2"] == "p"), 0, False
    whole = match["oclock"] or match["bare"]
    if whole is not None:
        return int(whole), 0, not whole.startswith("0")
    said, rough = match["word"], match["rough"]
    hour = int(said) if said.isdigit() else _COUNTS[said]
    if rough in ("half", "kwart voor", "quarter to"):
        hour -= 1
    minute = {"half": 30, "half past": 30, "kwart voor": 45, "quarter to": 45}.get(rough, 15)
    return hour, minute, True


def _at(day: date, wall: time, zone: tzinfo | None) -> tuple[datetime, Hitch | None]:
    """Return a wall time of a day: what the spring change skips moves, of an hour that comes twice it is the first."""
    said = datetime.combine(day, wall, tzinfo=zone)
    real = said.astimezone(UTC).astimezone(zone)
    if (real.hour, real.minute) != (wall.hour, wall.minute):
        return real, Hitch.MOVED
    twice = said.utcoffset() != said.replace(fold=1).utcoffset()
    return real, Hitch.TWICE if twice else None
