"""How a walker says that he cannot come: "ik kan niet op 12 mei", "vanavond lukt niet", "I'm ill", and on which day.

Only what says nothing else is read as that: "ik kan niet slapen, er loopt iemand" is not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time

from buurtwacht_patrols.days import Clock, Item, NoSuchDay, Span, Weekdays, Word, WrongWeekday, normal, read


@dataclass(frozen=True, slots=True)
class Excuse:
    """On which day he cannot, and from when on the clock; nothing of it where he did not say."""

    days: tuple[Span, ...] = ()
    weekdays: frozenset[int] = frozenset()
    wall: time | None = None
    #: he is ill: that is about today, not about a shift in three weeks
    ill: bool = False

    @property
    def is_dated(self) -> bool:
        """Whether it names a day."""
        return bool(self.days or self.weekdays)

    def fits(self, day: date, wall: time) -> bool:
        """Whether a shift can be meant."""
        if self.wall is not None and wall != self.wall:
            return False
        if self.days:
            return any(one.first <= day <= one.last for one in self.days)
        return not self.weekdays or day.weekday() in self.weekdays


_GAP = r"(?P<gap>(?: [\w.:/-]+){0,6}?)"
_CORES = (
    rf"\b(?:ik|we|wij) (?:kan|kunnen){_GAP} niet\b(?: meer)?(?: komen| lopen| meelopen| mee)?",
    rf"^(?:kan|kunnen){_GAP} niet\b(?: meer)?(?: komen| lopen| meelopen)?",
    r"\bkan ik(?: helaas| toch| echt)* niet\b(?: komen| lopen| meelopen)?",
    rf"\bik kom{_GAP} niet\b(?: lopen)?",
    rf"\bik loop{_GAP} niet(?: mee)?\b",
    r"\bik (?:red|haal) (?:het|t)(?: helaas| toch)* niet\b",
    rf"\b(?:het )?lukt(?: me| mij)?{_GAP} niet\b(?: om te (?:komen|lopen))?",
    r"\b(?:ik )?(?:ben|was) (?:helaas |erg |flink )?(?:ziek|verhinderd|grieperig)\b",
    r"^(?:verhinderd|ziek|afzeggen|afmelden)\b",
    r"\bik (?:moet|wil)(?: helaas)?(?: me| mij)?(?: voor)? (?:afzeggen|afmelden|aan afzeggen)\b",
    r"\b(?:zeg|meld)(?: me| mij| mijn (?:dienst|ronde))?\b(?=.* af\b)",
    r"\bi (?:can't|cant|cannot|can not)\b(?: make it| make| come| walk| do it| do)?",
    r"^(?:can't|cant|cannot)(?: make it| come| walk)\b",
    r"\bi (?:won't|wont|will not) (?:be able to (?:come|walk|make it)|make it|come|walk)\b",
    r"\bi (?:am|'m) (?:not able to|unable to) (?:come|walk|make it)\b",
    r"\b(?:i am|i'm|im) (?:ill|sick|unwell|not coming)\b",
    r"^(?:ill|sick|unable)\b",
    r"\b(?:please )?cancel my (?:shift|round|patrol)\b",
)
_CORE = re.compile("|".join(re.sub(r"\?P<gap>", f"?P<gap{place}>", one) for place, one in enumerate(_CORES)))
_GREETING = re.compile(r"^(?:hoi|hallo|hey|hee|dag|beste|goede\w+|hi|hello|dear)(?: [a-z']+)?(?: [a-z']+)? ?[,!.] ?")
_ILL = re.compile(r"\b(?:ziek|grieperig|ill|sick|unwell)\b")
_REASON = re.compile(
    r"[,.]? ?\b(?:want|omdat|doordat|wegens|vanwege|i\.?v\.?m\.?|door een|because|since|due to|as i)\b.*$"
)
_WORDS = (
    "op om de het dienst ronde diensten van voor sorry helaas toch dan die dit deze avond nacht echt ook af me mij mijn"
    " allemaal iedereen nee no on at the my shift round for of to this sadly afraid unfortunately gr groet groeten"
    " groetjes mvg bedankt dank dankjewel thanks dus en ik meer lopen komen come walk it make aub alsjeblieft"
    " alstublieft excuses excuus ben but i'm"
)
_SMALL = frozenset(_WORDS.split())
_SIGNS = frozenset(",.!-:;()")


def read_excuse(text: str, today: date) -> Excuse | None:
    """Return what a text excuses him from, or None when it says something else, or names no day that exists."""
    try:
        return _read(text, today)
    except (NoSuchDay, WrongWeekday):
        return None


def is_for_no_day(text: str, today: date) -> bool:
    """Whether a text excuses him from a day that does not exist: "ik kan niet op 31 februari"."""
    try:
        _read(text, today)
    except (NoSuchDay, WrongWeekday):
        return True
    return False


def _read(text: str, today: date) -> Excuse | None:
    said = _GREETING.sub("", normal(text).replace("\n", " ")).removeprefix("/")
    plain = _REASON.sub("", said)
    if "?" in plain:
        return None
    found = _CORE.search(plain)
    if found is None:
        return None
    gap = next((one for one in found.groups() if one), "")
    rest = f"{plain[: found.start()]} {gap} {plain[found.end() :]}"
    again = _CORE.search(rest)
    if again is not None and not any(again.groups()):
        rest = f"{rest[: again.start()]} {rest[again.end() :]}"
    return _meant(read(rest, today), ill=_ILL.search(plain) is not None)


def _meant(items: list[Item], *, ill: bool) -> Excuse | None:
    days = tuple(one for one in items if isinstance(one, Span))
    weekdays = frozenset[int]().union(*(one.days for one in items if isinstance(one, Weekdays)))
    times = [one.wall for one in items if isinstance(one, Clock)]
    words = [one.text for one in items if isinstance(one, Word)]
    known = all(one in _SMALL or one in _SIGNS for one in words)
    if not known or len(times) > 1 or len(days) + len(weekdays) + len(times) + len(words) < len(items):
        return None
    return Excuse(days, frozenset() if days else weekdays, times[0] if times else None, ill)
