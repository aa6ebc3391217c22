"""What the parts of a walker's answer name: shifts, words that say whether he can, and what stands between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import Enum, StrEnum, auto
from typing import TypeAlias

from buurtwacht_patrols.days import Clock, Item, Number, Span, Weekdays, Word


@dataclass(frozen=True, slots=True)
class Offer:
    """A shift as it was offered: its printed number, its local day and its time."""

    place: int
    day: date
    wall: time


class Why(StrEnum):
    """Why an answer is not clear."""

    #: it says nothing about days at all
    NOTHING = "nothing"
    #: it says something that is left open: "misschien", "of", a number of times
    OPEN = "open"
    NO_SUCH_SHIFT = "no_such_shift"
    NO_SHIFT_THEN = "no_shift_then"
    NO_SUCH_DAY = "no_such_day"
    WRONG_WEEKDAY = "wrong_weekday"
    #: two things that cannot both be, or that can be read in two ways
    TWO_WAYS = "two_ways"


@dataclass(frozen=True, slots=True)
class Unclear:
    """Why an answer was not understood; `said` is what it is about."""

    why: Why
    said: str = ""


class Mark(Enum):
    """A word that says whether somebody can."""

    NOT = auto()
    EXCEPT = auto()
    ONLY = auto()
    CAN = auto()
    #: "nee": an answer to a question that was not asked
    NO = auto()


@dataclass(frozen=True, slots=True)
class Named:
    """Shifts that a part of the answer names. `whole`: "altijd"; `rest`: "de rest"."""

    places: frozenset[int] = frozenset()
    whole: bool = False
    rest: bool = False
    said: str = ""
    is_day: bool = False

    @property
    def is_general(self) -> bool:
        """Whether it names no shift in particular."""
        return self.whole or self.rest


class Break(Enum):
    """What stands between two parts."""

    AND = auto()
    COMMA = auto()
    #: ".", ";", a new line, "maar"
    END = auto()


Token: TypeAlias = "Mark | Named | Break"


class Stop(Exception):
    """Reading ends here: the answer is not clear."""

    def __init__(self, why: Why, said: str = "") -> None:
        super().__init__(why)
        self.unclear = Unclear(why, said)


def _set(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


_MARKS = {
    Mark.NOT: _set(
        "niet geen nooit not never cannot can't cant don't none verhinderd weg vakantie afwezig bezet away unavailable",
        "busy unable holiday vacation nergens",
    ),
    Mark.EXCEPT: _set("behalve uitgezonderd except excluding uitgezonder behalven"),
    Mark.ONLY: _set("alleen enkel uitsluitend slechts only just"),
    Mark.CAN: _set("wel beschikbaar available"),
    Mark.NO: _set("nee neen nope no"),
}
_MARK_OF = {word: mark for mark, words in _MARKS.items() for word in words}
_WHOLE = _set("altijd alles allemaal always anytime everything allen")
_EVERY = _set("alle elke iedere ieder elk every each all any")
_REST = _set("rest overige overigen andere anderen verder anders other others otherwise remaining")
_OPEN = _set(
    "misschien waarschijnlijk denk eventueel voorbehoud maybe perhaps probably mogelijk liefst liever of or als if",
    "tenzij unless ongeveer meestal soms usually sometimes might hoop hope onzeker twijfel zo'n max maximaal hooguit",
)
_ENDS = _set("maar but ; . ! ) (") | {"\n"}
_FIRST = _set("eerste first")
_LAST = _set("laatste last")
_ORDINALS = {
    word: number
    for number, words in enumerate(
        (
            "tweede second",
            "derde third",
            "vierde fourth",
            "vijfde fifth",
            "zesde sixth",
            "zevende seventh",
            "achtste eighth",
        ),
        start=2,
    )
    for word in words.split()
}
_NUMBERS = {
    word: number
    for number, words in enumerate(
        ("twee two", "drie three", "vier four", "vijf five", "zes six", "zeven seven", "acht eight"), start=2
    )
    for word in words.split()
}
#: Behind a number these make it a count: "twee keer", "2 diensten".
_TIMES = _set("keer maal x times dienst diensten shift shifts ronde rondes rounds weken weeks dagen days per avonden")
_SINCE = _set("vanaf from since")
_AFTER = _set("na after")
_UNTIL = _set("tm tot until till")
_BEFORE = _set("voor before")
_AMID = _set("tussen between")
_FILLERS = _set(
    "ik kan kun ben zal wil mij me je u we wij het is dat die dan deze dit de een op om in van voor met bij te er ook",
    "nog nu al graag hoor helaas sorry gewoon lopen loop komen kom meelopen mee doen doe dienst diensten nummer nr",
    "nummers ronde rondes dag dagen keer beste hallo hoi dag goed prima oke ok okay ja yes yep hier mijn antwoord zijn",
    "beschikbaarheid enkele zetten zet maar alstublieft alsjeblieft aub svp dank bedankt dankjewel wel jullie heel",
    "i can could will would am i'm i'll be me my the a an on at in of for with walk walking shift shifts number",
    "numbers please thanks thank you do it's it is that's those these this come join unfortunately sorry fine good",
    "works work evening evenings avond avonden 's s days day ill im to t tijdens during and en both allebei beide",
    "toch eigenlijk lukt lukken gaat past schikt komt uit meer still actually works out fits suits",
    "beiden samen kunnen heb have got sta staan put down noteer schrijf , : - & + helemaal",
)


class Tokens:
    """Turns what was typed into the shifts it names, the words that say whether, and what stands between."""

    def __init__(self, offers: Sequence[Offer], items: Sequence[Item]) -> None:
        self._offers = offers
        self._items = items
        self._place = 0

    def all(self) -> list[Token]:
        """Return the tokens. Raises `Stop` for what is left open or unknown."""
        found: list[Token] = []
        while self._place < len(self._items):
            one = self._items[self._place]
            self._place += 1
            token = self._word(one.text) if isinstance(one, Word) else self._named(one, found)
            if token is not None:
                found.append(token)
        return found

    def _next(self) -> Item | None:
        return self._items[self._place] if self._place < len(self._items) else None

    def _next_word(self) -> str:
        one = self._next()
        return one.text if isinstance(one, Word) else ""

    # --- words -------------------------------------------------------------------------------------------------------

    def _word(self, text: str) -> Token | None:
        if text in _OPEN:
            raise Stop(Why.OPEN, text)
        if text in _MARK_OF:
            return _MARK_OF[text]
        if text in _WHOLE:
            return Named(self._every(), whole=True)
        if text in _REST:
            return Named(rest=True)
        if text in _EVERY:
            return self._each()
        if text in _FIRST | _LAST or text in _ORDINALS:
            return self._counted(text)
        if text in _AMID and _is_row(self._next()):
            return None  # "niet tussen 18 en 22 mei": the days between were read as one row
        if text in _SINCE | _AFTER | _UNTIL | _BEFORE and isinstance(self._next(), Span):
            return self._half_open(text)
        if text in _NUMBERS:
            return self._number(Number(_NUMBERS[text]))
        return _between(text)

    def _every(self) -> frozenset[int]:
        return frozenset(one.place for one in self._offers)

    def _each(self) -> Token | None:
        """ "Alle dinsdagen" are Tuesdays; "alle", "alle diensten" and "elke dag" are all of them."""
        if isinstance(self._next(), Weekdays | Span | Number):
            return None
        while self._next_word() in (
            "de",
            "diensten",
            "dienst",
            "dagen",
            "dag",
            "keer",
            "shifts",
            "days",
            "day",
            "time",
            "of",
        ):
            self._place += 1
        return Named(self._every(), whole=True)

    def _counted(self, text: str) -> Token:
        """ "De eerste", "de laatste twee", "the second"."""
        ordered = [one.place for one in self._offers]
        count, after = 1, self._next()
        if isinstance(after, Number) or (isinstance(after, Word) and after.text in _NUMBERS):
            count = after.value if isinstance(after, Number) else _NUMBERS[after.text]
            self._place += 1
        if self._next_word() in ("dienst", "diensten", "shift", "shifts", "keer", "one", "ones", "ronde", "rondes"):
            self._place += 1
        if text in _ORDINALS:
            picked = ordered[_ORDINALS[text] - 1 : _ORDINALS[text]]
        else:
            picked = ordered[:count] if text in _FIRST else ordered[-count:]
        if len(picked) < count:
            raise Stop(Why.NO_SUCH_SHIFT, str(_ORDINALS.get(text, count)))
        return Named(frozenset(picked), said=text)

    def _half_open(self, text: str) -> Token:
        span = self._next()
        assert isinstance(span, Span)
        self._place += 1
        if text in _SINCE | _AFTER:
            start = span.first if text in _SINCE else span.last + timedelta(days=1)
            return Named(self._where(lambda day: day >= start), said=text, is_day=True)
        end = span.last if text in _UNTIL else span.first - timedelta(days=1)
        return Named(self._where(lambda day: day <= end), said=text, is_day=True)

    # --- shifts ------------------------------------------------------------------------------------------------------

    def _where(self, fits: Callable[[date], bool]) -> frozenset[int]:
        return frozenset(one.place for one in self._offers if fits(one.day))

    def _named(self, one: Span | Weekdays | Clock | Number, found: list[Token]) -> Token | None:
        match one:
            case Span(first, last):
                said = first.isoformat() if first == last else ""
                return Named(self._where(lambda day: first <= day <= last), said=said, is_day=True)
            case Weekdays(days):
                return Named(self._where(lambda day: day.weekday() in days), said="weekday", is_day=True)
            case Clock(wall):
                return self._at(wall, found)
        return self._number(one)

    def _at(self, wall: time, found: list[Token]) -> Token:
        """A time narrows the day before it, or names every shift at that time."""
        there = frozenset(one.place for one in self._offers if one.wall == wall)
        if found and isinstance(found[-1], Named) and found[-1].is_day:
            before = found.pop()
            assert isinstance(before, Named)
            there &= before.places
        return Named(there, said=f"{wall:%H:%M}")

    def _number(self, one: Number) -> Token:
        if self._next_word() in _TIMES:
            raise Stop(Why.OPEN, str(one.value))
        if one.ordinal:
            return self._day_of_month(one.value)
        end = self._items[self._place + 1] if self._place + 1 < len(self._items) else None
        if self._next_word() in ("-", "tm", "tot", "to", "through") and isinstance(end, Number):
            joined = self._next_word()
            self._place += 2
            return self._range(one.value, end.value, written=joined == "-")
        return self._numbered(range(one.value, one.value + 1))

    def _numbered(self, numbers: range) -> Named:
        known = self._every()
        missing = [number for number in numbers if number not in known]
        if missing or not numbers:
            raise Stop(Why.NO_SUCH_SHIFT, str(missing[0] if missing else numbers.start))
        return Named(frozenset(numbers), said=str(numbers.start))

    def _range(self, first: int, last: int, *, written: bool) -> Named:
        """ "1-3" are three shifts, "12-5" is the twelfth of May; what can be both is asked."""
        that_day = self._where(lambda day: (day.day, day.month) == (first, last)) if written else frozenset()
        numbers = range(first, last + 1)
        fits = bool(numbers) and self._every().issuperset(numbers)
        if that_day and fits:
            raise Stop(Why.TWO_WAYS, f"{first}-{last}")
        return Named(that_day, said=f"{first}-{last}", is_day=True) if that_day else self._numbered(numbers)

    def _day_of_month(self, number: int) -> Named:
        days = {one.day for one in self._offers if one.day.day == number}
        if len(days) > 1:
            raise Stop(Why.TWO_WAYS, str(number))
        return Named(self._where(days.__contains__), said=str(number), is_day=True)


def _is_row(one: Item | None) -> bool:
    """Whether these are days from one that was named to another."""
    return isinstance(one, Span) and one.named


def _between(text: str) -> Token | None:
    if text in ("en", "and", "&", "+"):
        return Break.AND
    if text == ",":
        return Break.COMMA
    if text in _ENDS:
        return Break.END
    if text in _FILLERS:
        return None
    raise Stop(Why.NOTHING, text)
