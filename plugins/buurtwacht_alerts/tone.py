"""What is held for one question before neighbours read it: descent without features, insults, calls to do something."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from buurtwacht_alerts.tone_words import (
    ADJECTIVES,
    CALLS,
    CHASES,
    CURSED,
    CURSES,
    INSULTS,
    NOUNS,
    ORDERS,
    PERSON,
    PLURALS,
    SKIN,
    SWEARING,
    THINGS,
)
from buurtwacht_alerts.words import bag, flat, split

#: So many neutral features make a description; descent alone is none.
FEATURES_NEEDED = 2


class ProblemKind(StrEnum):
    """Why a text is held."""

    DESCENT = "descent"
    INSULT = "insult"
    VIOLENCE = "violence"


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason to hold a text, and the words in it that are meant."""

    kind: ProblemKind
    words: tuple[str, ...]


_FEATURES = bag(
    "jas jack jasje regenjas bodywarmer broek spijkerbroek joggingbroek jeans rok jurk pet petje muts hoed capuchon"
    " hoodie trui vest shirt overhemd schoenen sneakers laarzen sportschoenen tas rugzak koffer handschoenen bril"
    " zonnebril baard snor sjaal helm trainingspak joggingpak hesje werkkleding uniform tattoo tatoeage litteken"
    " kaal paardenstaart staartje krullen krukken manktmank mank masker bivakmuts ketting oorbel piercing paraplu"
    " fiets scooter bolderkar hond jacket coat trousers pants shorts skirt dress cap beanie hat hood sweater jumper"
    " shoes trainers boots bag backpack gloves glasses sunglasses beard moustache scarf helmet tracksuit vest"
    " uniform tattoo scar bald ponytail curls limp crutches mask necklace earring umbrella"
)
_HEIGHT = re.compile(
    r"\b1[.,][4-9]\d\b|\b1 ?m(?:eter)? ?\d{2}\b|\b1\d{2} ?cm\b|\b(?:erg|heel|very) (?:lang|klein|groot|tall|short)\b"
)

_DESCENT = re.compile(
    rf"\b(?:(?P<skin>{SKIN})|(?P<colour>zwarte?|donkere?|blanke?|bruine|black|white|brown)(?= (?:\w+ )?{PERSON}\b)"
    rf"|(?P<plural>{PLURALS})|(?P<noun>{NOUNS})|(?P<adjective>{ADJECTIVES}))(?![\w-])"
)
#: Descent only with a capital; otherwise a pond, poles, and what one does to shoes.
_CAPITALS = re.compile(
    r"\b(?:(?P<noun>Pool)|(?P<plural>Polen|Poles)|(?P<adjective>Polish|Pools))\b(?! (?:table|party))"
)
_ABOUT_A_THING = re.compile(rf"[ -]{THINGS}\b")
_SPOKEN = re.compile(
    r"\b(?:spreekt|spreken|spraken|sprak|praat|praten|taal|accent|speaks?|speaking|spoke|language"
    r"|gesproken)(?: \w+){0,2} ?$"
)

_INSULT = re.compile(
    rf"\b(?:(?P<swearing>(?:{SWEARING})(?= ?(?:{INSULTS}|{PERSON}|{NOUNS}|{PLURALS}|{ADJECTIVES}|{CURSED})\b)|{CURSES})"
    rf"|(?P<slur>{INSULTS})|(?P<fused>(?:kut|kanker|tering|tyfus)(?:{PERSON}|{NOUNS}|{PLURALS}))|(?P<bare>fuck\w*))(?!\w)"
)
_SEVERAL = re.compile(r"\w*[^aeiou]en|\w+[^s]s|tuig|gajes|schorem|gespuis|uitschot|scum")
_ENGLISH = bag("the is are on at and with of a an he she they in by from this that there was")
_DUTCH = bag("de het een is op en met van er hij zij ze bij in door uit die dat was zijn staat loopt rijdt")

_VIOLENCE = re.compile(rf"\b{CALLS}|{ORDERS}|{CHASES}")
_CHANGE = bag("aanpassen wijzigen veranderen anders change edit rewrite")
_CLAUSES = re.compile(r"([,.!?;:\n]+\s*)")
_DOUBLE = re.compile(r"[ \t]{2,}")
_LOOSE = re.compile(r"\s+([,.!?;:])")
_AN = re.compile(r"\b([Aa])n (?=[bcdfgjklmnpqrstvwxyz])")


def problems(text: str) -> tuple[Problem, ...]:
    """Return why `text` should be held before members see it (§2.6 of the rules on texts); empty when it is fine."""
    plain = flat(text)
    found: list[Problem] = []
    descent = _descent(text, plain)
    if descent and _count_features(plain) < FEATURES_NEEDED:
        found.append(Problem(ProblemKind.DESCENT, _words(text, [match.span() for match in descent])))
    for kind, pattern in ((ProblemKind.INSULT, _INSULT), (ProblemKind.VIOLENCE, _VIOLENCE)):
        spans = [match.span() for match in pattern.finditer(plain)]
        if spans:
            found.append(Problem(kind, _words(text, spans)))
    return tuple(found)


def asks_to_change(text: str) -> bool:
    """Say whether somebody wants to type other words himself, and did not yet: "aanpassen", "change"."""
    return flat(text).strip(" .!/") in _CHANGE


def neutral(text: str) -> str:
    """Return a proposal that says the same without what `problems` found; "" when nothing would be left."""
    for _ in range(3):
        kinds = {problem.kind for problem in problems(text)}
        if ProblemKind.VIOLENCE in kinds:
            text = _without(text, _VIOLENCE)
        if ProblemKind.INSULT in kinds:
            text = _rewritten(text, list(_INSULT.finditer(flat(text))))
        if ProblemKind.DESCENT in kinds:
            text = _rewritten(text, _descent(text, flat(text)))
    return text if not problems(text) else ""


def _descent(text: str, plain: str) -> list[re.Match[str]]:
    """Return the terms of descent or religion that are said of people; a language heard or a number plate is not."""
    matches = [*_DESCENT.finditer(plain), *_CAPITALS.finditer(text)]
    said = [match for match in matches if not _of_a_thing(plain, match)]
    return sorted(said, key=lambda match: match.start())


def _of_a_thing(plain: str, match: re.Match[str]) -> bool:
    before = max(0, match.start() - 40)
    return bool(_ABOUT_A_THING.match(plain, match.end()) or _SPOKEN.search(plain, before, match.start()))


def _count_features(plain: str) -> int:
    words = {word.plain for word in split(plain)}
    return len(_FEATURES & words) + bool(_HEIGHT.search(plain))


def _words(text: str, spans: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text[start:end].strip() for start, end in spans))


def _rewritten(text: str, matches: Sequence[re.Match[str]]) -> str:
    english = len(_ENGLISH & _plain_words(text)) > len(_DUTCH & _plain_words(text))
    parts: list[str] = []
    end = 0
    for match in matches:
        if match.start() >= end:
            parts += (text[end : match.start()], _otherwise(match, english))
            end = match.end()
    return _tidied("".join(parts) + text[end:], text)


def _otherwise(match: re.Match[str], english: bool) -> str:
    """Return a plain word for a noun; an adjective is left out."""
    groups = match.groupdict()
    slur = groups.get("slur")
    if groups.get("plural") or (slur and _SEVERAL.fullmatch(slur)):
        return "people" if english else "personen"
    if groups.get("noun") or groups.get("fused") or slur:
        return "person" if english else "persoon"
    return ""


def _without(text: str, pattern: re.Pattern[str]) -> str:
    """Leave out the clauses in which `pattern` is found."""
    parts = _CLAUSES.split(text)
    kept = [
        parts[at] + (parts[at + 1] if at + 1 < len(parts) else "")
        for at in range(0, len(parts), 2)
        if not pattern.search(flat(parts[at] + (parts[at + 1][:1] if at + 1 < len(parts) else "")))
    ]
    return _tidied("".join(kept).rstrip(" ,;:"), text)


def _tidied(text: str, before: str) -> str:
    text = _LOOSE.sub(r"\1", _DOUBLE.sub(" ", text)).strip(" ,;:")
    text = _AN.sub(r"\1 ", text)
    if text and before.lstrip()[:1].isupper():
        text = text[0].upper() + text[1:]
    return text if any(map(str.isalnum, text)) else ""


def _plain_words(text: str) -> set[str]:
    return {word.plain for word in split(flat(text))}
