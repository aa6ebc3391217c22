"""How long: the span or the time that ends a sentence, in Dutch and English ("90 min", "een half uur", "tot 18:00")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time, timedelta

_WORDS = {
    "een half": 0.5,
    "half": 0.5,
    "half an": 0.5,
    "half a": 0.5,
    "anderhalf": 1.5,
    "anderhalve": 1.5,
    **dict.fromkeys(("een", "één", "a", "an", "one"), 1.0),
    **dict.fromkeys(("twee", "two"), 2.0),
    **dict.fromkeys(("drie", "three"), 3.0),
    **dict.fromkeys(("vier", "four"), 4.0),
    **dict.fromkeys(("vijf", "five"), 5.0),
    **dict.fromkeys(("zes", "six"), 6.0),
    **dict.fromkeys(("acht", "eight"), 8.0),
    **dict.fromkeys(("tien", "ten"), 10.0),
    **dict.fromkeys(("twaalf", "twelve"), 12.0),
    **dict.fromkeys(("vijftien", "fifteen"), 15.0),
    **dict.fromkeys(("twintig", "twenty"), 20.0),
    **dict.fromkeys(("dertig", "thirty"), 30.0),
}
#: A sign is read, so that "-5 min" is refused and does not stand in the question.
_AMOUNT = r"-?\d+(?:[.,]\d+)?|" + "|".join(sorted(_WORDS, key=len, reverse=True))
_MINUTES = r"minuten|minuut|minutes|minute|mins|min"
_HOURS = r"uren|uur|hours|hour|hrs|hr|u|h"
_DAYS = r"dagen|dag|days|day"
_SPAN = (
    rf"(?:(?P<amount>{_AMOUNT})\s*(?P<unit>{_MINUTES}|{_HOURS}|{_DAYS})"
    rf"(?:\s*(?:en|and)?\s*(?P<more>\d{{1,2}})\s*(?:{_MINUTES})?(?![\w:.]))?"
    r"|(?P<quarter>(?:een |a )?(?:kwartier|quarter of an hour|quarter)))"
)
_LEAD = r"(?P<lead>binnen|within|gedurende|open|sluit over|closes in|duur|duration|venster|window|tijd|time)?\s*:?\s*"
_TAIL = r"(?:\s+(?:open|de tijd|tijd|time|graag|please|aub|svp))*[\s.!?)]*$"
_END_SPAN = re.compile(rf"(?:(?<=[\s,;.?!(])|^){_LEAD}(?<![\w]){_SPAN}(?!\w){_TAIL}", re.IGNORECASE)
#: In front it is a window only when the question follows: "30 min is iedereen veilig?", "30 min: …".
_FIRST = re.compile(
    rf"{_LEAD}{_SPAN}(?:\s*[:,;]\s*|\s+-\s+|\s+(?=(?:is|zijn|ben|bent|gaat|iedereen|wie|alles|are|everyone|everybody|who|all)"
    r"\b))(?=\S)",
    re.IGNORECASE,
)
_END_TIME = re.compile(
    r"(?:(?<=[\s,;.?!(])|^)(?P<lead>tot|until|till|uiterlijk|voor|before|by)\s+"
    rf"(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d))?(?P<unit>\s*(?:uur|u|h))?{_TAIL}",
    re.IGNORECASE,
)
#: A span behind one of these tells when or since when, not how long we wait.
_TELLS_WHEN = re.compile(
    r"\b(?:al|sinds|na|over|om|pas|ongeveer|zeker|since|after|about|ago|in|for|already)\s*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Ending:
    """What a sentence said about its end: a span, or a wall time. `rest` is the sentence without it."""

    rest: str
    span: timedelta | None = None
    wall: time | None = None


def read_ending(text: str) -> Ending:
    """Take the span or the time off the end of a sentence; a sentence without one comes back whole."""
    found = _END_TIME.search(text)
    if found is not None and (found["minute"] or found["unit"]):
        return Ending(_before(text, found.start()), wall=time(int(found["hour"]), int(found["minute"] or 0)))
    found = _END_SPAN.search(text)
    if found is None:
        return Ending(text.strip())
    before = text[: found.start()].rstrip()
    if not found["lead"] and before and before[-1] not in ",;.?!(" and _TELLS_WHEN.search(before):
        return Ending(text.strip())
    return Ending(_before(text, found.start()) + _asks(text, found), span=_span(found))


def read_beginning(text: str) -> Ending:
    """Take the span off the beginning of a sentence; a sentence that does not begin with one comes back whole."""
    found = _FIRST.match(text)
    return Ending(text) if found is None else Ending(text[found.end() :].strip(), span=_span(found))


def _span(found: re.Match[str]) -> timedelta:
    if found["quarter"]:
        return timedelta(minutes=15)
    written, unit = found["amount"].lower(), found["unit"].lower()
    amount = _WORDS[written] if written in _WORDS else float(written.replace(",", "."))
    more = timedelta(minutes=int(found["more"] or 0))
    # A number that no clock knows, or below nothing, is refused by whoever asked, not by the arithmetic.
    amount = min(max(amount, 0.0), 100_000.0)
    if re.fullmatch(_MINUTES, unit):
        return timedelta(minutes=amount) + more
    if re.fullmatch(_HOURS, unit):
        return timedelta(hours=amount) + more
    return timedelta(days=amount) + more


def _before(text: str, start: int) -> str:
    return text[:start].strip().rstrip(",;(").rstrip()


def _asks(text: str, found: re.Match[str]) -> str:
    """Keep the question mark of "can you come within 15 min?"."""
    return "?" if "?" in found.group() and not _before(text, found.start()).endswith("?") else ""
