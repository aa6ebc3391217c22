"""Times as they are spoken, with the part of the day they fall in ("half tien 's avonds"), turned into figures (21:30).

Without its part of the day "half tien" stays: morning or evening is not guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_HOURS = {
    word: number
    for number, words in enumerate(
        (
            "een one", "twee two", "drie three", "vier four", "vijf five", "zes six", "zeven seven", "acht eight",
            "negen nine", "tien ten", "elf eleven", "twaalf twelve",
        ),
        start=1,
    )
    for word in words.split()
}  # fmt: skip
#: Minutes from the hour that is named: "half tien" is before ten, "half past nine" after nine.
_BESIDE = {
    "half": -30,
    "kwart voor": -15,
    "quarter to": -15,
    "kwart over": 15,
    "quarter past": 15,
    "half past": 30,
}


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the day: twelve hours are added to what lies `after` and `before` these hours of a clock of twelve."""

    after: int
    before: int


_EVENING, _AFTERNOON, _NIGHT, _MORNING = _Part(4, 12), _Part(0, 6), _Part(9, 12), _Part(0, 0)
_PARTS = {
    "avond": _EVENING,
    "avonds": _EVENING,
    "evening": _EVENING,
    "middag": _AFTERNOON,
    "middags": _AFTERNOON,
    "afternoon": _AFTERNOON,
    "nacht": _NIGHT,
    "nachts": _NIGHT,
    "night": _NIGHT,
    "ochtend": _MORNING,
    "ochtends": _MORNING,
    "morgens": _MORNING,
    "morning": _MORNING,
}
_BEFORE = "|".join(sorted(_BESIDE, key=len, reverse=True))
_HOUR = rf"(?P<hour>\d{{1,2}}|{'|'.join(_HOURS)})(?:[:.u](?P<minute>\d\d))?"
_O_CLOCK = r"(?P<clock> ?(?:uur|u|h|o'clock)\b)?"
_AFTER = re.compile(
    rf"(?<![\d:.])\b(?:(?P<beside>{_BEFORE}) )?{_HOUR}{_O_CLOCK},? (?:'s |s |in the |at )"
    r"(?P<part>avonds|middags|nachts|ochtends|morgens|evening|afternoon|morning|night)\b"
)
_AHEAD = re.compile(
    r"(?P<lead>\b\w*?(?P<part>avond|middag|nacht|ochtend)s?,?(?: (?:om|van|vanaf))? )"
    rf"(?:(?P<beside>{_BEFORE}) )?{_HOUR}{_O_CLOCK}(?![\w:/-])"
)


def in_figures(text: str) -> str:
    """Return a text, in small letters without accents, with its spoken times as on a clock of 24 hours."""
    return _AHEAD.sub(_figures, _AFTER.sub(_figures, text))


def _figures(found: re.Match[str]) -> str:
    said = found.groupdict()
    lead = said.get("lead") or ""
    if lead and not (said["beside"] or said["minute"] or said["clock"]):
        return found[0]  # "elke avond 10 mei"
    hour = _HOURS.get(said["hour"]) or int(said["hour"])
    typed = hour * 60 + int(said["minute"] or 0)
    minutes = (typed + _BESIDE.get(said["beside"] or "", 0)) % (12 * 60)
    part = _PARTS[said["part"]]
    if part.after * 60 <= minutes < part.before * 60:
        minutes += 12 * 60
    if hour > 12 or (lead and minutes == typed):
        return found[0]  # "elke avond 2 uur" may be how long
    return f"{lead}{minutes // 60:02}:{minutes % 60:02}"
