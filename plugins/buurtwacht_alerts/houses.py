"""Which house a text points at: numbers beside streets, beside names of people, after a postcode or said alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from buurtwacht_alerts.places import Span, Street, find_streets, house_numbers
from buurtwacht_alerts.words import flat, split

_NAME = r"(?:(?:[A-Z]\. ?){1,4} ?)?(?:(?:de|van|der|den|ter|ten|el|al|le|la) ){0,3}[A-Z][\w'-]+"
_TITLE = (
    r"(?i:mevrouw|meneer|mevr\.?|mej\.?|dhr\.?|mw\.?|de heer|fam(?:ilie)?\.?|buurman|buurvrouw|mr\.?|mrs\.?|ms\.?|miss)"
)
_AT = r"(?:bij|van|at|from|house of)"
_LIVES = r"(?:woont|wonen|woonde|lives?|living)"
#: What a number counts or measures points at no house; nor does a date, a time or a part of another number.
_NO_HOUSE = (
    r"(?![:.%-]?\d|-)(?!\s*(?:uur|min|m\b|meter|jaar|year|keer|x\b|km|euro|januari|februari|maart|april|mei|juni|juli"
    r"|augustus|september|oktober|november|december|mannen|jongens|personen|men|people|man\b|auto|fietsen|cars))"
)
_DIGITS = rf"\d{{1,4}}[a-h]?\b{_NO_HOUSE}"
_SAID = r"(?:nr|nummer|number|no|huisnummer)\b\.?\s*"
#: Directly behind a name: "op 12", "nr. 12", ", 12", " (12)", "12".
_BEHIND = rf"(?P<number>,?\s+\(?(?:(?:op|at|on|van) )?(?:{_SAID})?{_DIGITS}\)?)"
_COUNTED = (
    "een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien"
    " negentien twintig one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
).replace(" ", "|")
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_TITLE} {_NAME}(?: {_LIVES})?{_BEHIND}",
        rf"\b{_AT} {_NAME}(?=,? (?:(?:op|at|on|nr|nummer|number|no)\b|\()|, \d){_BEHIND}",
        rf"\b{_NAME}(?P<number> \({_DIGITS}\))",
        rf"\b{_LIVES}(?: \w+){{0,2}}?(?P<number> (?:op |at )?(?:{_SAID})?{_DIGITS})",
        r"\b[1-9]\d{3} ?[A-Z]{2}(?P<number>,?[ -]{0,3}[1-9]\d{0,3}[a-h]?\b)(?![:.]\d)",
        rf"\b(?P<number>(?:op|at) \d{{1,3}}[a-h]\b{_NO_HOUSE})",
        rf"(?i:\b(?P<number>(?:huis ?)?(?:nummer|number) (?:{_COUNTED})))(?!\w)(?! (?:mannen|jongens|keer))",
    )
)
_BEHIND_NAME = re.compile(_BEHIND)
_SAID_NUMBER = re.compile(r"(?:\b(?:op |at |t\.?h\.?v\.? )?(?:nr|nummer|number|no)\b\.?\s*)?\d.*", re.DOTALL)


def find_houses(text: str, streets: Sequence[str]) -> list[Span]:
    """Return the parts of `text` that say which house is meant, the last one first; none overlaps another."""
    named = find_streets(text, split(flat(text)), streets)
    spans = [_digits(text, street) for street in named if street.number_span is not None]
    spans += [span for span in house_numbers(text, named) if not _taken(span, named)]
    spans += [match.span("number") for pattern in _PATTERNS for match in pattern.finditer(text)]
    found: list[Span] = []
    end = len(text) + 1
    for start, stop in sorted(spans, reverse=True):
        if stop <= end:
            found.append((start, stop))
            end = start
    return found


def behind(plain: str, at: int) -> int:
    """Return where the house number ends that stands right behind a name which ends at `at`, or `at`."""
    number = _BEHIND_NAME.match(plain, at)
    return number.end("number") if number is not None else at


def _digits(text: str, street: Street) -> Span:
    """Return the part of a street's number that goes: a number before the street leaves the preposition."""
    start, end = street.number_span or (street.end, street.end)
    if end > street.start:
        return start, end
    said = _SAID_NUMBER.search(flat(text), start, end)
    return (said.start() if said is not None else start), end


def _taken(span: Span, streets: Sequence[Street]) -> bool:
    return any(street.number_span is not None and span == street.number_span for street in streets)
