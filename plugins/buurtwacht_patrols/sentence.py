"""A roster in one sentence: "4 mei t/m 31 mei, di 21:30 en vr 22:00, 60 min, 2 lopers, startpunt De Wal"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from dateutil.rrule import WEEKLY, rrule

from buurtwacht import Refusal, Text, fold
from buurtwacht_patrols.days import Clock, Item, NoSuchDay, Number, Span, Weekdays, Word, WrongWeekday, normal, read
from buurtwacht_patrols.records import RouteChoice
from buurtwacht_patrols.spoken_times import in_figures

#: More shifts than this are several rosters: nobody oversees them, and nobody answers for them in one message.
MOST_SHIFTS = 100
MOST_WALKERS = 8
#: Days of the longest roster.
MOST_DAYS = 366
#: Minutes of the shortest and of the longest shift.
MINUTES = (15, 480)
#: Signs of the longest start point, or name of a route.
LONGEST_PLACE = 120

_NUMBERS = {
    word: number
    for number, words in enumerate(
        ("een one", "twee two", "drie three", "vier four", "vijf five", "zes six", "zeven seven", "acht eight"), start=1
    )
    for word in words.split()
}
_COUNT = rf"(?:\d{{1,3}}|{'|'.join(_NUMBERS)})"
_PEOPLE = r"(?:lopers?|walkers?|mensen|personen|vrijwilligers?|people|persons|patrollers?|volunteers?|man)\b"

_FREE = r"[ :]+(?P<said>[^,;\n]+)"
_START = re.compile(
    r"\b(?:startpunt|start ?point|verzamelpunt|verzamelplaats|verzamelen (?:bij|op|aan)|meeting point|assembly point"
    r"|meet(?:ing)? at|start(?=:)|start(?:en|ing)? (?:is |at|bij|from|op de|op het))" + _FREE,
    re.IGNORECASE,
)
_ANY_START = re.compile(
    r"\b(?:willekeurige start(?:tijd)?|wisselende starttijd|random start(?: time)?|start random)\b.*?(?=[,;]|$)"
)
_ROTATING = re.compile(r"\b(?:routes? )?(?:roulerende?|wisselende|afwisselende|rotating|rotate) ?(?:routes?)?\b")
_RANDOM = re.compile(r"\b(?:routes? )?(?:willekeurige?|random) ?(?:routes?)?\b")
_ROUTE = re.compile(r"\b(?:vaste route|route|fixed route)" + _FREE, re.IGNORECASE)
_FORTNIGHT = re.compile(
    r"\b(?:om de week|om de andere week|(?:elke|iedere|om de) (?:twee|2) weken|om de 14 dagen|tweewekelijks"
    r"|every (?:other|second) week|every (?:two|2) weeks|fortnightly)\b"
)
_DAILY = re.compile(
    r"\b(?:(?:elke|iedere) (?:dag|avond|nacht)|dagelijks|every (?:day|night|evening)|daily|nightly|alle dagen)\b"
)
_WEEKS = re.compile(rf"\b(?:voor |for |gedurende )?(?P<count>{_COUNT}) (?:weken|weeks?)\b(?: lang)?")
_WALKERS = (
    re.compile(
        rf"\b(?:met |minimaal |minstens |at least |with )*(?P<fewest>{_COUNT})"
        rf"(?: ?(?:-|a|of|tot|to|or) ?(?P<most>{_COUNT}))? {_PEOPLE}"
    ),
    re.compile(rf"\b(?:lopers|walkers) ?:? ?(?P<fewest>{_COUNT})(?: ?- ?(?P<most>{_COUNT}))?(?= ?(?:[,;.]|$))"),
)
_PAIRS = re.compile(r"\b(?:in tweetallen|in duo'?s|met z'n tweeen|met zijn tweeen|in pairs)\b")
_LENGTHS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], float]], ...] = (
    (re.compile(r"\b(?:van |of )?(\d{1,4}) ?(?:min(?:uten|utes|uut|s)?\b\.?|')"), lambda said: int(said[1])),
    (
        re.compile(
            r"\b(?:anderhalf uur|1[.,]5 ?(?:uur|hours?|u|h)\b|(?:an|one) hour and a half|one and a half hours?)"
        ),
        lambda _: 90,
    ),
    (re.compile(r"\b(?:drie kwartier|three quarters of an hour)\b"), lambda _: 45),
    (re.compile(r"\b(?:een )?half ?uur\b|\bhalf an hour\b"), lambda _: 30),
    (re.compile(r"\b(?:een uur(?:tje)?|an hour|one hour|1 hour|uurtje)\b(?: lang)?"), lambda _: 60),
    (re.compile(rf"\b({_COUNT}) (?:hours|uur lang|uur lopen)\b"), lambda said: 60 * _number(said[1])),
    (re.compile(rf"\b(?:duur|gedurende|duration)[ :]+({_COUNT}) (?:uur|hours?)\b"), lambda said: 60 * _number(said[1])),
    (re.compile(rf"(?:^|[,;]) ?({_COUNT}) ?(?:uur|u|h)(?= ?(?:[,;.]|$))"), lambda said: 60 * _number(said[1])),
)
#: What may stand in such a sentence without saying more.
_FILLERS = frozenset(
    word
    for words in (
        ", ; . : - & + ( ) ! van vanaf de het een met voor om op en and from at on the of for to until till starting",
        "elke iedere alle every each all wekelijks weekly telkens steeds ook dan graag is we wij lopen ronde rondes",
        "round rounds diensten dienst shifts shift rooster roster maak make plan s 's avonds evening evenings in tot",
        "tm through periode period aub please hele maand",
        "tussen between whole month",
    )
    for word in words.split()
)


@dataclass(frozen=True, slots=True)
class Slot:
    """When a roster's shifts start: on these days of the week, or on one day, at a time on the clock."""

    wall: time
    weekdays: frozenset[int] = frozenset()
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a sentence says. `every` is in weeks; `unread` are words that mean nothing here."""

    first: date
    last: date
    slots: tuple[Slot, ...]
    minutes: int
    fewest: int
    most: int
    start_point: str
    route_choice: RouteChoice = RouteChoice.NONE
    route: str = ""
    random_start: bool = False
    every: int = 1
    unread: tuple[str, ...] = ()

    def times(self) -> list[datetime]:
        """Return when its shifts start, as wall times without a zone, the earliest first."""
        found: set[datetime] = set()
        end = datetime.combine(self.last, time.max)
        for slot in self.slots:
            if slot.day is not None:
                found.add(datetime.combine(slot.day, slot.wall))
                continue
            start = datetime.combine(self.first, slot.wall)
            found.update(rrule(WEEKLY, dtstart=start, until=end, interval=self.every, byweekday=sorted(slot.weekdays)))
        return sorted(found)


@dataclass(slots=True)
class _Sheet:
    """A sentence being read: what was found is cut out, so that nothing is read twice."""

    text: str
    cut: list[str] = field(default_factory=list)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Return the first match and cut it out."""
        match = pattern.search(self.text)
        if match is not None:
            self.text = f"{self.text[: match.start()]} , {self.text[match.end() :]}"
        return match


def read_plan(text: str, today: date, *, walkers: int = 2, minutes: int = 60) -> Plan:
    """Return what a roster's sentence says, with what it leaves open from `walkers` and `minutes`.

    Raises `Refusal` with one sentence for what is missing or cannot be. The start point may be empty.
    """
    written = _Sheet(text)
    start = written.take(_START)
    route = None if _ROTATING.search(normal(text)) else written.take(_ROUTE)
    sheet = _Sheet(in_figures(normal(written.text)))
    random_start = sheet.take(_ANY_START) is not None
    rotating = sheet.take(_ROTATING) is not None
    drawn = not rotating and sheet.take(_RANDOM) is not None
    fewest, most = _walkers(sheet, walkers)
    length = _minutes(sheet)
    every = 2 if sheet.take(_FORTNIGHT) else 1
    daily = sheet.take(_DAILY) is not None
    weeks = sheet.take(_WEEKS)
    items = _items(sheet.text, today)
    slots, spoken = _slots(items, daily)
    first, last = _period(items, slots, _number(weeks["count"]) if weeks is not None else None, today)
    if not slots:
        raise Refusal(Text("sentence.missing.days" if not _has_clock(items) else "sentence.missing.weekdays"))
    return Plan(
        first=first,
        last=last,
        slots=slots,
        minutes=_checked(next((one for one in (length, spoken) if one is not None), minutes)),
        fewest=fewest,
        most=most,
        start_point=_tidy(start["said"]) if start is not None else "",
        route_choice=_choice(rotating, drawn, route),
        route=_tidy(route["said"]) if route is not None else "",
        random_start=random_start,
        every=every,
        unread=_unread(items),
    )


def _items(text: str, today: date) -> list[Item]:
    try:
        return read(text, today)
    except NoSuchDay as error:
        raise Refusal(Text("sentence.no_such_day", day=str(error))) from error
    except WrongWeekday as error:
        raise Refusal(Text("sentence.wrong_weekday", day=error.day)) from error


def _number(said: str) -> int:
    return int(said) if said.isdigit() else _NUMBERS[said]


def _tidy(said: str) -> str:
    """Return a place as it is shown. Raises `Refusal` for one that is too long: nothing of it is cut off in silence."""
    place = " ".join(said.split()).strip(" .!")
    if len(place) > LONGEST_PLACE:
        raise Refusal(Text("sentence.long_place", most=LONGEST_PLACE))
    return place


def _choice(rotating: bool, drawn: bool, route: re.Match[str] | None) -> RouteChoice:
    if rotating:
        return RouteChoice.ROTATING
    if drawn:
        return RouteChoice.RANDOM
    return RouteChoice.FIXED if route is not None else RouteChoice.NONE


def _walkers(sheet: _Sheet, usual: int) -> tuple[int, int]:
    """Return the fewest and the most walkers. Raises `Refusal`: nobody walks alone (domain §2.8)."""
    if sheet.take(_PAIRS):
        return 2, 2
    for pattern in _WALKERS:
        match = sheet.take(pattern)
        if match is not None:
            fewest = _number(match["fewest"])
            most = _number(match["most"]) if match["most"] else fewest
            if fewest < 2:
                raise Refusal(Text("sentence.alone"))
            if not fewest <= most <= MOST_WALKERS:
                raise Refusal(Text("sentence.walkers", most=MOST_WALKERS))
            return fewest, most
    return usual, usual


def _minutes(sheet: _Sheet) -> int | None:
    for pattern, length in _LENGTHS:
        match = sheet.take(pattern)
        if match is not None:
            return round(length(match))
    return None


def _checked(minutes: int) -> int:
    if not MINUTES[0] <= minutes <= MINUTES[1]:
        raise Refusal(Text("sentence.minutes", least=MINUTES[0], most=MINUTES[1]))
    return minutes


# --- days and times --------------------------------------------------------------------------------------------------


def _has_clock(items: Sequence[Item]) -> bool:
    return any(isinstance(one, Clock) for one in items)


def _slots(items: Sequence[Item], daily: bool) -> tuple[tuple[Slot, ...], int | None]:
    """Return when shifts start, and the minutes between "21:30-22:30". Raises `Refusal` for days without a time."""
    periods = any(isinstance(one, Span) and one.named for one in items) or any(_is_days(one) for one in items) or daily
    row = [one for one in items if _is_days(one) or isinstance(one, Clock) or (not periods and isinstance(one, Span))]
    row = [Weekdays(frozenset(range(7))), *row] if daily and not any(_is_days(one) for one in row) else row
    minutes = _between(items)
    if minutes is not None:
        ends = {place + 2 for place, one in enumerate(items) if _ends_at(items, place)}
        closing = {id(items[place]) for place in ends}
        row = [one for one in row if id(one) not in closing]
    if row and isinstance(row[0], Clock):
        row = row[::-1]  # "om 21:30 op dinsdag": the other way round
    slots: list[Slot] = []
    days: list[Item] = []
    timed = False
    for one in row:
        if isinstance(one, Clock):
            slots += [_slot(day, one.wall) for day in days]
            timed = bool(days)
            continue
        if timed:
            days, timed = [], False
        days.append(one)
    if days and not timed:
        raise Refusal(Text("sentence.missing.times"))
    return tuple(dict.fromkeys(slots)), minutes


def _is_days(one: Item) -> bool:
    return isinstance(one, Weekdays)


def _slot(day: Item, wall: time) -> Slot:
    if isinstance(day, Span):
        return Slot(wall, day=day.first)
    assert isinstance(day, Weekdays)
    return Slot(wall, weekdays=day.days)


def _ends_at(items: Sequence[Item], place: int) -> bool:
    """Whether "21:30-22:30" begins here."""
    if place + 2 >= len(items) or not isinstance(items[place], Clock) or not isinstance(items[place + 2], Clock):
        return False
    between = items[place + 1]
    return isinstance(between, Word) and between.text in ("-", "tm", "tot", "to", "till", "until")


def _between(items: Sequence[Item]) -> int | None:
    for place, one in enumerate(items):
        if _ends_at(items, place):
            end = items[place + 2]
            assert isinstance(one, Clock)
            assert isinstance(end, Clock)
            minutes = (end.wall.hour - one.wall.hour) * 60 + end.wall.minute - one.wall.minute
            return minutes % (24 * 60)
    return None


def _period(items: Sequence[Item], slots: Sequence[Slot], weeks: int | None, today: date) -> tuple[date, date]:
    """Return the first and last day. Raises `Refusal` when they are missing, past, or the wrong way round."""
    spans = [one for one in items if isinstance(one, Span)]
    named = [one for one in spans if one.named]
    if len(named) > 1 or (named and len(spans) > 1):
        raise Refusal(Text("sentence.two_periods"))
    days = [slot.day for slot in slots if slot.day is not None]
    if days:
        first, last = min(days), max(days)
    elif named:
        first, last = named[0].first, named[0].last
    elif spans and weeks is not None:
        first = spans[0].first
        last = first + timedelta(weeks=weeks, days=-1)
    elif len(spans) == 2:
        first, last = spans[0].first, spans[1].first
    elif spans:
        raise Refusal(Text("sentence.missing.end"))
    elif weeks is not None:
        first, last = today, today + timedelta(weeks=weeks, days=-1)
    else:
        raise Refusal(Text("sentence.missing.period" if slots else "sentence.nothing"))
    if last < first:
        raise Refusal(Text("sentence.end_before_start", first=first, last=last))
    if last < today:
        raise Refusal(Text("sentence.past", day=last))
    if (last - first).days >= MOST_DAYS:
        raise Refusal(Text("sentence.too_long"))
    return first, last


def _unread(items: Sequence[Item]) -> tuple[str, ...]:
    """Return the words and numbers that say nothing here: days and times are read, bare numbers never are."""
    said = [str(one.value) if isinstance(one, Number) else one.text for one in items if isinstance(one, Number | Word)]
    return tuple(
        dict.fromkeys(word for word in said if word.strip() and word not in _FILLERS and fold(word) not in _FILLERS)
    )
