"""Until when an announcement holds, read from its words: "geldig tot vrijdag 18:00", "t/m 3 april", "valid until …"."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta

from buurtwacht import Refusal, Text

_MONTHS = (
    "januari january jan", "februari february feb", "maart march mrt mar", "april apr", "mei may", "juni june jun",
    "juli july jul", "augustus august aug", "september sept sep", "oktober october okt oct", "november nov",
    "december dec",
)  # fmt: skip
_MONTH = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_WEEKDAYS = (
    "maandag monday mon ma", "dinsdag tuesday tue di", "woensdag wednesday wed wo", "donderdag thursday thu do",
    "vrijdag friday fri vr", "zaterdag saturday sat za", "zondag sunday sun zo",
)  # fmt: skip
_WEEKDAY = {word: number for number, words in enumerate(_WEEKDAYS) for word in words.split()}
_SOON = {"vandaag": 0, "vanavond": 0, "today": 0, "tonight": 0, "morgen": 1, "tomorrow": 1, "overmorgen": 2}

_month = "|".join(sorted(_MONTH, key=len, reverse=True))
_weekday = "|".join(sorted(_WEEKDAY, key=len, reverse=True))
_DATE = (
    r"(?:(?P<iso>\d{4}-\d{1,2}-\d{1,2})"
    rf"|(?P<day>\d{{1,2}})(?:e|ste|de|th|st|nd|rd)?\.?(?: of)? ?(?P<month>{_month})\b\.?(?:,? (?P<year>\d{{4}}))?"
    rf"|(?P<month2>{_month})\b\.? (?P<day2>\d{{1,2}})(?:th|st|nd|rd)?\b(?![:.]\d)(?:,? (?P<year2>\d{{4}}))?"
    r"|(?P<day3>\d{1,2})[-/](?P<month3>\d{1,2})(?:[-/](?P<year3>\d{4}|\d{2}))?(?!\d))"
)
_TIME = (
    r"(?:(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?: ?(?:uur|u|h)\b)?(?: ?(?P<half>am|pm)\b)?"
    r"|(?P<oclock>\d{1,2}) ?(?:(?:uur|u|h|o'clock)\b(?: ?'s (?P<part>middags|avonds)\b)?|(?P<half2>am|pm)\b)"
    r"|(?P<midnight>middernacht|midnight)|(?P<noon>noon)\b)"
)
_DAY = (
    rf"(?:(?P<soon>{'|'.join(_SOON)})\b"
    rf"|(?:komende |aanstaande |a\.s\. |(?P<next>volgende week |next week ))?(?P<weekday>{_weekday})\b\.?"
    rf"(?:,? (?:de |the )?{_DATE})?|{_DATE.replace('(?P<', '(?P<d_')})"
)
_AT = r"(?:,? ?(?:om|at|tot|until|rond|around)?,? ?)"
_DAY_FIRST = re.compile(rf"(?:op |on |the |de )?{_DAY}(?:{_AT}{_TIME})?")
_TIME_FIRST = re.compile(rf"(?:om |at )?{_TIME}(?:,? (?:op |on |the )?{_DAY})?")
_VALID = re.compile(
    r"\b(?:geldig|valid)(?: is)?:? (?:tot en met|tot aan|tot|t/m|tm|until|till|til|through|up to)(?!\w):? ?"
)
#: Without the word "valid" only a day of a month is meant: "ma t/m vr" are opening hours.
_BARE = re.compile(
    rf"(?<!\w)(?:t/m|tot en met|geldt tot|through|until|up to and including) (?:(?:{_weekday})\.? )?(?={_DATE})"
)
_OPEN_END = re.compile(r"(?:nader (?:order|bericht)|further notice|we (?:het )?melden)")
_LONGEST = timedelta(days=366)
#: A day that went by longer ago than this is one of next year.
_LONG_AGO = timedelta(days=183)
_END_OF_DAY = time(23, 59)


def read_validity(text: str, now: datetime) -> datetime | None:
    """Return until when a text says that it holds, as an aware moment in the zone of `now`; None: it does not say.

    A day without a time is meant to its end. Raises `Refusal` for a day that went by, does not exist, is a year away
    or cannot be read behind "geldig tot".
    """
    plain = " ".join(text.lower().split())
    said = _VALID.search(plain)
    if said is not None:
        rest = plain[said.end() :]
        if _OPEN_END.match(rest):
            return None
        until = _moment(rest, now)
        if until is None:
            raise Refusal(Text("refused.validity", said=" ".join(rest.split()[:6])))
        if until <= now:
            raise Refusal(Text("refused.over", until=until))
        if until > now + _LONGEST:
            raise Refusal(Text("refused.far", until=until))
        return until
    moments = (_moment(plain[one.end() :], now) for one in _BARE.finditer(plain))
    return max((until for until in moments if until is not None and now < until <= now + _LONGEST), default=None)


def _moment(said: str, now: datetime) -> datetime | None:
    """Return the moment that a text begins with."""
    found = _DAY_FIRST.match(said) or _TIME_FIRST.match(said)
    if found is None:
        return None
    wall = _wall(found)
    day = _day(found, now, wall)
    return datetime.combine(day, wall or _END_OF_DAY, tzinfo=now.tzinfo)


def _wall(found: re.Match[str]) -> time | None:
    if found["midnight"]:
        return _END_OF_DAY
    if found["noon"]:
        return time(12)
    written = found["hour"] or found["oclock"]
    if written is None:
        return None
    hour, minute = int(written), int(found["minute"] or 0)
    afternoon = (found["half"] or found["half2"]) == "pm" or found["part"] is not None
    if afternoon and hour < 12:
        hour += 12
    if (hour, minute) == (24, 0):
        return _END_OF_DAY
    if hour > 23 or minute > 59:
        raise Refusal(Text("refused.validity", said=found.group().strip()))
    return time(hour, minute)


def _day(found: re.Match[str], now: datetime, wall: time | None) -> date:
    """Return the day that is meant, today where only a time is said. Raises `Refusal` for one that does not exist."""
    if found["soon"]:
        return now.date() + timedelta(days=_SOON[found["soon"]])
    named = _date(found, "", now) or _date(found, "d_", now)
    weekday = _WEEKDAY.get(found["weekday"] or "")
    if named is not None:
        if weekday is not None and named.weekday() != weekday:
            raise Refusal(Text("refused.weekday", date=named))
        return named
    if weekday is None:
        return now.date()
    ahead = (weekday - now.weekday()) % 7
    if found["next"]:
        return now.date() + timedelta(days=7 - now.weekday() + weekday)
    if ahead == 0 and wall is not None and wall <= now.time():
        ahead = 7
    return now.date() + timedelta(days=ahead)


def _date(found: re.Match[str], prefix: str, now: datetime) -> date | None:
    """Return the day of the month that was written, of next year where it went by long ago."""
    groups = found.groupdict()
    if iso := groups[f"{prefix}iso"]:
        written_year, written_month, written_day = map(int, iso.split("-"))
        return _existing(written_year, written_month, written_day, iso)
    for place in ("", "2", "3"):
        written = groups[f"{prefix}day{place}"]
        if written is None:
            continue
        word = groups[f"{prefix}month{place}"]
        month, day = _MONTH.get(word) or int(word), int(written)
        year = groups[f"{prefix}year{place}"]
        if year is not None:
            return _existing(int(year) + (2000 if len(year) == 2 else 0), month, day, found.group())
        this = _existing(now.year, month, day, found.group(), leap=True)
        return this if this >= now.date() - _LONG_AGO else _existing(now.year + 1, month, day, found.group())
    return None


def _existing(year: int, month: int, day: int, said: str, *, leap: bool = False) -> date:
    """Return the date. Raises `Refusal` when there is none; `leap`: 29 February is one of the next leap year."""
    if leap and (month, day) == (2, 29):
        year += next(years for years in range(9) if monthrange(year + years, 2)[1] == 29)
    try:
        return date(year, month, day)
    except ValueError:
        raise Refusal(Text("refused.validity", said=said.strip())) from None
