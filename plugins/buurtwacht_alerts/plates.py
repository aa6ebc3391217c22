"""Licence plates in free text: Dutch sidecodes and Belgian plates, told from short ids, postcodes and plain words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from buurtwacht_alerts.words import bag, flat

#: Dutch sidecodes 1 to 14 and the Belgian form (list as used with RDW data): X a letter, 9 a digit.
SIDECODES = (
    "XX-99-99", "99-99-XX", "99-XX-99", "XX-99-XX", "XX-XX-99", "99-XX-XX", "99-XXX-9", "9-XXX-99", "XX-999-X",
    "X-999-XX", "XXX-99-X", "X-99-XXX", "9-XX-999", "999-XX-9", "9-XXX-999",
)  # fmt: skip

_DIGIT, _LETTER = "9", "X"


def _pattern(group: str) -> str:
    return f"[{'0-9' if group[0] == _DIGIT else 'a-z'}]{{{len(group)}}}"


#: What people put between the groups; between two groups of one plate it is the same.
_SEPARATOR = r" ?[-./_·]{1,2} ?| {1,2}"
_FORMS = "|".join(f"(?:{_SEPARATOR})?".join(_pattern(group) for group in code.split("-")) for code in SIDECODES)
_PLATE = re.compile(rf"(?:(?<!\d)(?=\d)|(?=(?:[a-z]{{1,3}}(?:{_SEPARATOR})?){{1,2}}\d))(?<![+*])(?:{_FORMS})(?!\d)")
_DIGITS = re.compile(r"\d+")
#: A plate begins at most so many signs before its first digits, and ends at most so many behind them.
_REACH, _LONGEST = 10, 18
#: Words that people write a plate fast to, without a space.
_GLUED = (
    "kenteken",
    "kentekenplaat",
    "nummerplaat",
    "nummerbord",
    "plaat",
    "auto",
    "bus",
    "busje",
    "wagen",
    "plate",
    "nl",
)
_CALLED = (
    r"\b(?:ken ?teken(?:plaat|nummer)?|nummer ?plaat|nummer ?bord|ktkn|kent\.|(?:licen[cs]e |number ?)?plate"
    r"|registration|reg)\b"
)
_FILLERS = (
    r"(?: (?:is|was|deel|deels|gedeeltelijk|partial|partly|begint|eindigt|op|met|starts|starting|with|beginning|ends|in"
    r"|ending|number|nr|iets|als|like))*\s*[:=]?\s*"
)
_SAID = re.compile(
    rf"{_CALLED}{_FILLERS}(?P<plate>[a-z0-9?][a-z0-9?*]{{0,5}}(?:(?:{_SEPARATOR})?[a-z0-9?*]{{1,4}}){{0,3}})(?![\w])"
)
#: "Laatste drie 482 van het kenteken."
_PART_OF = re.compile(
    rf"\b(?:laatste|eerste|middelste|last|first|middle)(?: [a-z]+)? (?P<plate>[a-z0-9?*-]{{1,5}}) (?:van|of)"
    rf"(?: (?:het|de|zijn|haar|the|its))? {_CALLED}"
)
_NAMED = re.compile(rf"(?:(?:met|with|het|the) )*{_CALLED}{_FILLERS}$")
_GROUP = re.compile(r"[a-z0-9]+")
_ID = re.compile(r"[a-z]{2}[- .]?0\d{3}|[a-z]{2}[- .]\d{4}")
_VOWEL = re.compile("[aeiou]")
_POSTCODE = re.compile(r"[1-9]\d{3} ?[a-z]{2}")
_WORDS = bag(
    "en of op om in is ik je te tot van aan met min uur man bij nog dan het een als door dus era and or to at on by the"
    " for men van km cm mm kg nr tm st x e de er ze hij zij we wij die dat was per via ca no a i u m h"
    " ex all but not has"
    " had her him his our out one two six ten old new red"
)


@dataclass(frozen=True, slots=True)
class Plate:
    """A plate as found: where it stands, and its groups in capitals ("12-ABC-3"); a partial one as it was typed."""

    text: str
    start: int
    end: int
    whole: bool = True


def find_plates(text: str) -> list[Plate]:
    """Return the plates in `text`, in order. A short id (TB-0001) or a postcode (4707 AB) is none."""
    plain = flat(text)
    found: list[Plate] = []
    at = 0
    while (digits := _DIGITS.search(plain, at)) is not None:
        start = max(found[-1].end if found else 0, digits.start() - _REACH)
        at = digits.end()
        while (match := _PLATE.search(plain, start, digits.end() + _LONGEST)) is not None:
            # What is no plate may hold the beginning of one: "auto 12" before "12 GH 34".
            start = match.start() + 1
            if _is_plate(text, plain, match.start(), match.end()):
                found.append(Plate(_canonical(match.group()), match.start(), match.end()))
                at = start = match.end()
    for match in (*_PART_OF.finditer(plain), *_SAID.finditer(plain)):
        start, end = match.span("plate")
        if any(plate.start < match.end() and start < plate.end for plate in found):
            continue
        if match.re is _PART_OF:
            found.append(Plate(text[start:end].upper(), *match.span(), whole=False))
            continue
        end = _end_of_partial(text, start, end)
        if end > start:
            found.append(Plate(text[start:end].upper(), start, end, whole=False))
    return sorted(found, key=lambda plate: plate.start)


def named_from(text: str, plate: Plate) -> int:
    """Return where the words before a plate begin that only say that it is one ("met kenteken")."""
    named = _NAMED.search(flat(text), max(0, plate.start - 40), plate.start)
    return named.start() if named is not None else plate.start


def partly(plate: Plate) -> str:
    """Return a plate with all but its last group covered: "**-***-9"; a partial plate is covered whole."""
    if not plate.whole:
        return "**-**-**"
    groups = plate.text.split("-")
    return "-".join(["*" * len(group) for group in groups[:-1]] + groups[-1:])


def _is_plate(text: str, plain: str, start: int, end: int) -> bool:
    """Tell a plate from what only has its shape: an id, a postcode, "12 en 14", "50plus", "9uur30"."""
    typed, found = text[start:end], plain[start:end]
    if _ID.fullmatch(found) or (" " in found and _POSTCODE.fullmatch(found)):
        return False
    groups = _GROUP.findall(found)
    apart = [gap.strip() or " " for gap in _GROUP.split(found)[1:-1]]
    # A plate is written apart throughout or not at all; in a Belgian one only the index may stand apart.
    separated = len(apart) == 2 and len(set(apart)) == 1
    if apart and not separated and (len(groups[0]) > 1 or "-" not in apart):
        return False
    if not _stands_alone(text, plain, start, end, separated=separated and " " not in apart):
        return False
    letters = re.findall(r"[a-z]+", found)
    # Real plates have no vowels, so "12 KM 34" in capitals is one and "12 OP 14" is not.
    ordinary = [word in _WORDS and (not typed.isupper() or bool(_VOWEL.search(word))) for word in letters]
    if " " in found and any(ordinary) and (all(ordinary) or any(map(_VOWEL.search, letters))):
        return False
    for word, usual in zip(letters, ordinary, strict=True):
        if usual and not apart and len(word) > 1 and not typed.isupper():
            return False
    return not any(len(word) == 4 and not apart and _VOWEL.search(word) for word in letters) or typed.isupper()


def _stands_alone(text: str, plain: str, start: int, end: int, *, separated: bool) -> bool:
    """Say whether a plate begins and ends where words do, or is plainly told from the word it is glued to."""
    before, after = plain[max(0, start - 14) : start], plain[end : end + 2]
    if before[-1:] == "-" or (after[:1] == "-" and after[1:].isalnum()) or (after[:1] == ":" and after[1:].isdigit()):
        return False
    capitals = text[start:end].isupper()
    glued = before[-1:].isalnum() or before[-1:] == "_"
    if glued and not (separated or before.endswith(_GLUED)):
        return False
    if after[:1].isalpha():
        small = capitals and text[end].islower()
        return (plain[end - 1].isdigit() and separated) or small
    return True


def _canonical(typed: str) -> str:
    groups = re.findall(r"[a-z]+|[0-9]+", typed)
    whole = "".join(groups)
    shape = "".join(_DIGIT if sign.isdigit() else _LETTER for sign in whole)
    code = next((code for code in SIDECODES if code.replace("-", "") == shape), shape)
    at = 0
    parts = []
    for group in code.split("-"):
        parts.append(whole[at : at + len(group)])
        at += len(group)
    return "-".join(parts).upper()


def _end_of_partial(text: str, start: int, end: int) -> int:
    """Return where a partial plate ends: its groups hold a digit or are written in capitals; plain words are not it."""
    last = start
    for group in re.finditer(r"[^\s.·-]+", text[start:end]):
        word = group.group()
        if not (any(sign.isdigit() for sign in word) or "?" in word or "*" in word or word.isupper()):
            break
        if ":" in text[start + group.end() : start + group.end() + 1]:
            break
        last = start + group.end()
    return last
