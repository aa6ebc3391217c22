"""What members never see in a text: plates, numbers, addresses,"
" names of neighbours. What is to be held is in `tone`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Literal, TypeAlias

from buurtwacht_alerts.lexicon import PERSONS
from buurtwacht_alerts.places import Street, find_streets, house_numbers
from buurtwacht_alerts.plates import find_plates, named_from, partly
from buurtwacht_alerts.tone import Problem, ProblemKind, neutral, problems
from buurtwacht_alerts.words import Word, bag, flat, split

__all__ = ["MARKS", "Hidden", "Masked", "PlatePolicy", "Problem", "ProblemKind", "mask", "neutral", "problems"]

#: Not a language: what is hidden is marked, and put into words for each reader (`covered`).
MARKS = "marks"

PlatePolicy: TypeAlias = Literal["officials_only", "partial", "members"]


class Hidden(StrEnum):
    """What was covered in a text."""

    PLATE = "plate"
    PHONE = "phone"
    EMAIL = "email"
    IBAN = "iban"
    BSN = "bsn"
    HOUSE_NUMBER = "house_number"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Masked:
    """A text as members may read it, and the kinds of things that were covered in it."""

    text: str
    hidden: tuple[Hidden, ...] = ()


_SHOWN: dict[str, dict[Hidden, str]] = {
    "nl": {
        Hidden.PLATE: "kenteken bekend bij coördinator",
        Hidden.PHONE: "[telefoonnummer weggelaten]",
        Hidden.EMAIL: "[e-mailadres weggelaten]",
        Hidden.IBAN: "[rekeningnummer weggelaten]",
        Hidden.BSN: "[persoonsnummer weggelaten]",
        Hidden.NAME: "een buurtbewoner",
    },
    "en": {
        Hidden.PLATE: "plate known to the co-ordinator",
        Hidden.PHONE: "[phone number left out]",
        Hidden.EMAIL: "[e-mail address left out]",
        Hidden.IBAN: "[account number left out]",
        Hidden.BSN: "[personal number left out]",
        Hidden.NAME: "a neighbour",
    },
}
#: Signs for private use (Unicode): no keyboard has them.
_SHOWN[MARKS] = {kind: chr(0xE000 + at) for at, kind in enumerate(Hidden)}
_OWNER = {"nl": " z'n", "en": "'s", MARKS: chr(0xE000 + len(Hidden))}

_KEPT = (
    r"(?P<kept>(?<![a-z0-9])(?!tel|mob|gsm|fax|nr)[a-z]{2,3}-(?:r\d{1,3}|\d{4})(?![.-]?\d)"  # TB-0001, TB-R2
    r"|(?<!\d)0[89]00[ -]?\d{4}(?:\d{3})?(?!\d)"  # 0900-8844
    r"|(?<!\d)\d{1,2}-\d{1,2}-(?:19|20)\d{2}(?!\d)"  # 16-01-2026
    r"|(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d))"  # 01:42
)
_SEP = r"[ .\-/()\u00a0]{0,3}"
_NUMBERS = re.compile(
    rf"{_KEPT}"
    r"|(?P<email>(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<iban>(?<![a-z0-9])(?:nl\d{2}[ .-]?[a-z]{4}(?:[ .-]?\d){10}|be\d{2}(?:[ .-]?\d){12}"
    r"|de\d{2}(?:[ .-]?\d){18}|[a-z]{2}\d{2}[a-z0-9]{11,30})(?![a-z0-9]))"
    rf"|(?P<phone>(?<![a-z0-9+])\(?(?:(?:\+"
    rf"|00){_SEP}\d(?:{_SEP}\d){{7,14}}|0{_SEP}\d(?:{_SEP}\d){{7,10}}|31{_SEP}6(?:{_SEP}\d){{8}}|6(?:{_SEP}\d){{8}}"
    r")(?!\d))"
    r"|(?P<bsn>(?<!\d)(?:\d{9}|\d{3}[ .-]\d{3}[ .-]\d{3}|\d{4}[ .-]\d{2}[ .-]\d{3})(?!\d))"
)
_SAID_NUMBER = re.compile(r"(?:\b(?:op |at |t\.?h\.?v\.? )?(?:nr|nummer|number|no)\b\.?\s*)?\d.*", re.DOTALL)
_HONORIFIC = (
    r"(?:mevrouw|meneer|mevr\.?|mej\.?|dhr\.?|mw\.?|de heer|fam(?:ilie)?\.?|mr\.?|mrs\.?|ms\.?|miss|bij"
    r"|van|at|from|house of)"
)
_AFTER_NAME = (
    r"(?P<number>,?\s+(?:(?:op|at|on|van) )?(?:(?:nr|nummer|number|no"
    r"|huisnummer)\b\.?\s*)?\d{1,4}[a-h]?\b)(?![:.%-]?\d|-)(?!\s*(?:uur|min|m\b|meter|jaar|year|keer|x\b|januari"
    r"|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|mannen|jongens|personen|men"
    r"|people))"
)
_NEAR_NAME = re.compile(
    rf"\b(?i:{_HONORIFIC}) (?:(?:de|van|der|den|ter|ten|el|al|le|la) ){{0,3}}[A-Z][\w'-]+(?= *,?\s+(?:op|at|on"
    rf"|nr|nummer|number|no)\b)" + _AFTER_NAME
)
_AFTER = re.compile(_AFTER_NAME)
_POSTCODE = re.compile(r"\b[1-9]\d{3} ?[A-Z]{2}\b(?P<number>,?[ -]{1,3}[1-9]\d{0,3}[a-h]?\b)(?![:.]\d)")
_ADDRESSING = re.compile(
    r"(?:\b(?:buurman|buurvrouw|mevrouw|meneer|mevr|dhr|mw|mr|mrs|ms|neighbour|mijn|onze|my|our|een|a)\b\.? )+$"
)
_GENITIVE = re.compile(r"'s\b|'(?=\s)")
#: First names that are also nouns count as names only with a capital; those that may begin a sentence, only within one.
_ALSO_NOUNS = bag(
    "roos rose linde merel iris fleur bloem leen lies vos wolf beer bos king prins ster amber violet"
    " lily daisy ruby jade"
    " ivy eve hunter chase taylor joy faith grace bill sky dawn loes els cor sil art pat sue"
)
_ALSO_WORDS = bag(
    "wil will may mei april june juni door an do ad max toon star hope dag storm lot zon summer mark rob ties"
)
_LETTERS = re.compile(r"[^\W\d_]+")
_NEVER_NAMES = (
    PERSONS
    | {word for shown in _SHOWN.values() for text in shown.values() for word in _LETTERS.findall(flat(text))}
    | bag("de het der den van el al en is op in z n s straat buurman buurvrouw neighbour the a an auto politie")
)
_CAPITAL_AT = re.compile(r"(?:^|[.!?:\n\"(]\s*|[-•]\s+)$")
_PASSES = 10
_ANY_MARK = re.compile(f"[{chr(0xE000)}-{_OWNER[MARKS]}]")
_MARK = re.compile(f"([{chr(0xE000)}-{chr(ord(_OWNER[MARKS]) - 1)}])({_OWNER[MARKS]})?")


def mask(text: str, names: Sequence[str], plates: PlatePolicy, language: str, *, streets: Sequence[str] = ()) -> Masked:
    """Return `text` without what members may not see (R6, and the text policy of the alerts).

    `names` are display names of members of the neighbourhood; `plates` is its plate policy; `language` ("nl" or
    "en", or `MARKS`) that of the words put in. `streets` are its streets: a house number goes, a street called after
    somebody stays. Doing it again changes nothing.
    """
    shown = _SHOWN.get(language, _SHOWN["en"])
    owner = _OWNER.get(language, _OWNER["en"])
    members = _names(tuple(names))
    found: set[Hidden] = set()
    for _ in range(_PASSES):
        before = text
        text = _without_numbers(text, shown, found)
        text = _without_plates(text, plates, shown, found)
        text = _without_houses(text, tuple(streets), found)
        text = _without_names(text, members, tuple(streets), shown[Hidden.NAME], owner, found)
        if text == before:
            break
    else:
        # Whoever strings up numbers after a street name does not mean a report: none of them stays.
        text = re.sub(r"\d+", "", text)
    return Masked(text, tuple(kind for kind in Hidden if kind in found))


def without_numbers(text: str) -> str:
    """Return `text` with phone, account and personal numbers and mail addresses marked: nobody reads those (R5)."""
    return _without_numbers(text, _SHOWN[MARKS], set())


def marks_in(text: str) -> Iterator[tuple[int, int, Hidden, bool, bool]]:
    """Yield where a marked text hides something: start, end, what, whether a sentence begins, whether it owns."""
    for match in _MARK.finditer(text):
        start = match.start()
        begins = _CAPITAL_AT.search(text[max(0, start - 8) : start]) is not None
        yield start, match.end(), tuple(Hidden)[ord(match[1]) - 0xE000], begins, bool(match[2])


def unmarked(text: str) -> str:
    """Return what somebody typed without signs that we use for marks."""
    return _ANY_MARK.sub("", text)


def _without_numbers(text: str, shown: dict[Hidden, str], found: set[Hidden]) -> str:
    parts: list[str] = []
    end = 0
    for match in _NUMBERS.finditer(flat(text)):
        kind = match.lastgroup
        if kind in (None, "kept") or (kind == "bsn" and not _is_bsn(match.group())):
            continue
        hidden = Hidden(kind)
        found.add(hidden)
        parts += (text[end : match.start()], shown[hidden])
        end = match.end()
    return "".join(parts) + text[end:]


def _is_bsn(typed: str) -> bool:
    """Say whether nine digits pass the 11-test of the Dutch citizen service number."""
    digits = [int(sign) for sign in typed if sign.isdecimal()]
    weighed = sum(weight * digit for weight, digit in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), digits, strict=True))
    return weighed % 11 == 0 and any(digits)


def _without_plates(text: str, policy: PlatePolicy, shown: dict[Hidden, str], found: set[Hidden]) -> str:
    if policy == "members":
        return text
    for plate in reversed(find_plates(text)):
        found.add(Hidden.PLATE)
        if policy == "partial":
            text = text[: plate.start] + partly(plate) + text[plate.end :]
        else:
            text = text[: named_from(text, plate)] + shown[Hidden.PLATE] + text[plate.end :]
    return text


def _without_houses(text: str, streets: Sequence[str], found: set[Hidden]) -> str:
    named = find_streets(text, split(flat(text)), streets)
    spans = [_digits(text, street) for street in named if street.number_span is not None]
    spans += [span for span in house_numbers(text, named) if not _taken(span, named)]
    spans += [match.span("number") for pattern in (_NEAR_NAME, _POSTCODE) for match in pattern.finditer(text)]
    end = len(text) + 1
    for start, stop in sorted(spans, reverse=True):
        if stop > end:
            continue
        found.add(Hidden.HOUSE_NUMBER)
        gap = " " if text[start - 1 : start].strip() and text[stop : stop + 1].isalnum() else ""
        text, end = text[:start] + gap + text[stop:], start
    return text


def _digits(text: str, street: Street) -> tuple[int, int]:
    """Return the part of a street's number that goes: a number before the street leaves the preposition."""
    start, end = street.number_span or (street.end, street.end)
    if end > street.start:
        return start, end
    said = _SAID_NUMBER.search(flat(text), start, end)
    return (said.start() if said is not None else start), end


def _taken(span: tuple[int, int], streets: Sequence[Street]) -> bool:
    return any(street.number_span is not None and span == street.number_span for street in streets)


@lru_cache(maxsize=64)
def _names(names: tuple[str, ...]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return the names by their first word, the longest first: whole display names, and first names."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for name in names:
        whole = tuple(_LETTERS.findall(flat(name)))
        first = tuple(_LETTERS.findall(flat(name.split()[0]))) if name.split() else ()
        for form in (whole, first):
            if form and (len(form) > 1 or len(form[0]) > 1) and not (len(form) == 1 and form[0] in _NEVER_NAMES):
                found.setdefault(form[0], set()).add(form)
    return {word: tuple(sorted(forms, key=len, reverse=True)) for word, forms in found.items()}


def _without_names(
    text: str,
    members: dict[str, tuple[tuple[str, ...], ...]],
    streets: Sequence[str],
    shown: str,
    owner: str,
    found: set[Hidden],
) -> str:
    if not members:
        return text
    plain = flat(text)
    words = [Word(match.group(), match.start(), match.end()) for match in _LETTERS.finditer(plain)]
    if not any(word.plain in members or word.plain[:-1] in members for word in words):
        return text
    protected = [(street.start, street.end) for street in find_streets(text, split(plain), streets)]
    shouting = text.upper() == text
    end = len(text) + 1
    for at in range(len(words) - 1, -1, -1):
        count = _name_at(text, words, at, members, shouting)
        if not count:
            continue
        start, stop = words[at].start, words[at + count - 1].end
        if stop > end or any(first < stop and start < last for first, last in protected):
            continue
        addressed = _ADDRESSING.search(plain, max(0, start - 40), start)
        start = addressed.start() if addressed is not None else start
        genitive = _GENITIVE.match(plain, stop)
        if genitive is not None:
            stop = genitive.end()
        number = _AFTER.match(plain, stop)
        if number is not None:
            found.add(Hidden.HOUSE_NUMBER)
            stop = number.end("number")
        found.add(Hidden.NAME)
        put = shown[0].upper() + shown[1:] if _CAPITAL_AT.search(text[:start][-8:]) else shown
        text = text[:start] + put + (owner if genitive is not None else "") + text[stop:]
        end = start
    return text


def _name_at(
    text: str, words: Sequence[Word], at: int, members: dict[str, tuple[tuple[str, ...], ...]], shouting: bool
) -> int:
    """Return of how many words the member's name at word `at` is; 0 when there is none."""
    word = words[at]
    plain = word.plain
    if plain not in members and plain.endswith("s") and text[word.start].isupper():
        plain = plain[:-1]
    for form in members.get(plain, ()):
        following = [other.plain for other in words[at + 1 : at + len(form)]]
        if len(form) > 1 and following == list(form[1:]) and _close(text, words[at : at + len(form)]):
            return len(form)
        if len(form) == 1 and _is_name(text, word, plain, shouting):
            return 1
    return 0


def _close(text: str, words: Sequence[Word]) -> bool:
    gaps = (text[one.end : other.start] for one, other in pairwise(words))
    return all(len(gap) <= 2 and not gap.strip(" -'.") for gap in gaps)


def _is_name(text: str, word: Word, plain: str, shouting: bool) -> bool:
    """Tell a name from a word that is spelt the same."""
    capital = text[word.start].isupper()
    if plain in _ALSO_WORDS:
        return capital and not shouting and not _CAPITAL_AT.search(text[: word.start][-8:])
    return True if plain not in _ALSO_NOUNS and len(plain) > 2 else capital and not shouting
