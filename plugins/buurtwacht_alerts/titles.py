"""People who are no members but are named in a report: by a title ("mevrouw De Vries"), or with their house number."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from buurtwacht_alerts.houses import behind
from buurtwacht_alerts.places import Span
from buurtwacht_alerts.surnames import is_surname, surname_end
from buurtwacht_alerts.words import Word, bag, flat

_TITLE = (
    r"(?i:mevrouw|mevr|meneer|mej|dhr|mw|de heer|de heren|het echtpaar|familie|fam|mister|mr|mrs|ms|miss|family"
    r"|buurman|buurvrouw|neighbour|neighbor)\b\.?"
)
_BETWEEN = r"(?:(?:[Dd]e|[Vv]an|[Dd]er|[Dd]en|[Tt]er|[Tt]en|[Tt]e|[Ee]l|[Aa]l|[Ll]e|[Ll]a|'t) ){0,3}"
_NAME = rf"(?:(?:[A-Z]\. ?){{1,4}} ?)?{_BETWEEN}[A-Z]\w+(?:['-][A-Z]\w+|-{_BETWEEN}[A-Z]\w+)*"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:(?:de|the|onze|our|mijn|my) )?{_TITLE} (?P<name>{_NAME})",
        rf"\b[Tt]he (?P<name>{_NAME}) family\b",
        rf"\b(?:[Bb]ij|[Vv]an|[Aa]t|[Ff]rom|[Hh]ouse of) (?P<alone>(?P<name>{_NAME}))"
        r"(?=,? (?:(?:op|at|on|nr|nummer|number|no)\b|\()|, \d)",
        rf"\b(?P<alone>(?P<name>{_NAME}))"
        r"(?= (?:woont|wonen|woonde|lives?) (?:\w+ )?(?:op|at) (?:(?:nr|nummer|number)\b\.? ?)?\d)",
    )
)
_LIVES = re.compile(r" (?:woont|wonen|woonde|lives?)\b")
#: Without a capital only names that mean little else, and only behind a title.
_COMMON = (
    "jansen janssen de jong|de vries|van dijk|van den berg|van der berg|de boer|de bruijn|de bruin|de graaf|de groot"
    "|de haan|de jonge|de lange|de leeuw|de ruiter|van dam|van vliet|van leeuwen|van der meer|van der linden"
    "|van der heijden|van der veen|van der wal|van beek|van loon|hendriks|hermans|jacobs|dijkstra|hoekstra|kuipers"
    "|peters|peeters|pietersen|smits|smeets|verhoeven|vermeulen|willems|wouters|martens|claessens|yilmaz|el amrani"
).replace("jansen janssen", "jansen|janssen|")
_LOWER = re.compile(
    r"\b(?:(?:de|the|onze|our|mijn|my) )?(?:mevrouw|mevr|meneer|mej|dhr|mw|de heer|familie|fam|mr|mrs|ms|miss"
    rf"|buurman|buurvrouw)\b\.? (?:{_COMMON})\b"
)
_STREET = re.compile(
    r"(?:(?:[Vv]an|[Dd]e|[Dd]er|[Dd]en|[Tt]er|[Tt]en|[A-Z][\w.'-]*) ){0,4}(?P<last>[\w'-]*"
    r"(?:straat|laan|weg|plein|hof|dreef|singel|plantsoen|gracht|kade|steeg|dijk|pad|markt|park|brink|street|road))\b"
)
_HINT = re.compile(
    r"\b(?:mevrouw|mevr|meneer|mej|dhr|mw|heer|heren|echtpaar|familie|fam|mister|mr|mrs|ms|miss|family|buurman|buurvrouw"
    r"|neighbou?r)\b|\b(?:bij|van|at|from|house of) [^.;!?]{0,60}?\d|\b(?:woont|wonen|woonde|lives?) [^.;!?]{0,60}?\d"
)
#: Signs over a door, and what lies in a street, are no neighbours.
_SHOP = re.compile(
    r"\b(?:cafe|restaurant|eetcafe|bistro|lunchroom|bakkerij|bakker|slagerij|slager|winkel|kapper|kapsalon|salon|bar"
    r"|hotel|bloemist|shop|store|garage|autobedrijf|apotheek|praktijk|snackbar|cafetaria|fietsenmaker|school) $"
)
_NO_PEOPLE = bag(
    "jumbo lidl aldi ah albert heijn hema kruidvat etos action plus coop spar gamma praxis hornbach karwei blokker"
    " primera school kerk station flat huis markt plein park bushalte halte parkeerplaats garage speeltuin church house"
    " bus perron spoor lijn afrit"
)


def may_name(plain: str) -> bool:
    """Say whether a flat text has anything by which somebody could be named so; cheap."""
    return _HINT.search(plain) is not None


def find_titled(text: str, words: Sequence[Word], streets: Sequence[Span]) -> list[Span]:
    """Return where somebody is named, with his title, the last one first; none overlaps another or a street."""
    if text.upper() == text:
        return []
    plain = flat(text)
    spans = {*_with_capital(text, plain, words, streets), *(one.span() for one in _LOWER.finditer(plain))}
    found: list[Span] = []
    for start, stop in sorted(spans, key=lambda span: (span[0], -span[1])):
        apart = not any(first < stop and start < last for first, last in streets)
        apart = apart and not _SHOP.search(plain, max(0, start - 20), start)
        if apart and (not found or start >= found[-1][1]):
            found.append((start, stop))
    return found[::-1]


def _with_capital(text: str, plain: str, words: Sequence[Word], streets: Sequence[Span]) -> Iterator[Span]:
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            first = bisect_left(words, match.start("name"), key=_start)
            behind_it = bisect_left(words, match.end("name"), key=_start)
            if not any(is_surname(text, word, led=True) for word in words[first:behind_it]):
                continue
            if _is_street(text, match.start("name"), streets):
                continue
            alone = "alone" in pattern.groupindex
            start = match.start("name") if alone else match.start()
            stop = max(match.end(), surname_end(text, words, behind_it, streets))
            if alone and not (_NO_PEOPLE.isdisjoint(plain[start:stop].split()) and _numbered(plain, stop)):
                continue
            yield start, stop


def _start(word: Word) -> int:
    return word.start


def _numbered(plain: str, at: int) -> bool:
    return _LIVES.match(plain, at) is not None or behind(plain, at) > at


def _is_street(text: str, at: int, streets: Sequence[Span]) -> bool:
    """Whether what looks like a surname is the beginning of a street: "Mr. van Coothstraat"."""
    street = _STREET.match(text, at)
    return street is not None and not any(first <= street.start("last") < last for first, last in streets)
