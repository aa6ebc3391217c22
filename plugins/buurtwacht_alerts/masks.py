"""What members never see in a text: plates, numbers, addresses, names of neighbours. What is held is in `tone`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple, TypeAlias

from buurtwacht_alerts.contacts import Contact, find_contacts
from buurtwacht_alerts.houses import behind, find_houses
from buurtwacht_alerts.lexicon import PERSONS
from buurtwacht_alerts.places import find_streets
from buurtwacht_alerts.plates import find_plates, named_from, partly
from buurtwacht_alerts.surnames import surname_end
from buurtwacht_alerts.titles import find_titled, may_name
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
    LINK = "link"
    POINT = "point"


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
        Hidden.LINK: "[link weggelaten]",
        Hidden.POINT: "[plek bekend bij coördinator]",
    },
    "en": {
        Hidden.PLATE: "plate known to the co-ordinator",
        Hidden.PHONE: "[phone number left out]",
        Hidden.EMAIL: "[e-mail address left out]",
        Hidden.IBAN: "[account number left out]",
        Hidden.BSN: "[personal number left out]",
        Hidden.NAME: "a neighbour",
        Hidden.LINK: "[link left out]",
        Hidden.POINT: "[spot known to the co-ordinator]",
    },
}
_CONTACTS = frozenset(Contact)
#: What nobody reads, co-ordinators neither (R5): they may follow a link and go to a place.
_NUMBERS = _CONTACTS - {Contact.LINK, Contact.POINT}
#: Signs for private use (Unicode): no keyboard has them.
_SHOWN[MARKS] = {kind: chr(0xE000 + at) for at, kind in enumerate(Hidden)}
_OWNER = {"nl": " z'n", "en": "'s", MARKS: chr(0xE000 + len(Hidden))}

_ADDRESSING = re.compile(
    r"(?:\b(?:buurman|buurvrouw|mevrouw|meneer|mevr|mej|dhr|mw|de heer|familie|fam|mr|mrs|ms|neighbour|mijn|onze|my|our"
    r"|een|a)\b\.? )+$"
)
_TITLED = re.compile(
    r"\b(?:buurman|buurvrouw|mevrouw|meneer|mevr|mej|dhr|mw|heer|familie|fam|mr|mrs|ms|miss|neighbour)\b\.? $"
)
_GENITIVE = re.compile(r"'s\b|'(?=\s)")
#: First names that are also nouns count as names only with a capital; those that may begin a sentence, only within one
#: or before what people do.
_ALSO_NOUNS = bag(
    "roos rose linde merel fleur bloem leen lies vos wolf beer bos king prins ster violet lily daisy ruby ivy eve"
    " hunter chase grace bill sky dawn art pat sue mark"
)
_ALSO_WORDS = bag("wil will may mei april june juni door an do ad max toon star hope dag storm lot zon summer")
_DOES = bag(
    "belt belde ziet zag zegt zei hoort hoorde woont meldt meldde vertelde vertelt gaat ging kwam zit says said saw"
    " heard called lives told tells"
)
_LETTERS = re.compile(r"[^\W\d_]+")
_NEVER_NAMES = (
    PERSONS
    | {word for shown in _SHOWN.values() for text in shown.values() for word in _LETTERS.findall(flat(text))}
    | bag("de het der den van el al en is op in z n s straat buurman buurvrouw neighbour the a an auto politie")
)
_CAPITAL_AT = re.compile(r"(?:^|[.!?:\n\"(]\s*|[-•]\s+)$")
_EMPTY_BRACKETS = re.compile(r" ?\(\s*\)")
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
        text = _without_contacts(text, shown, found, _CONTACTS)
        text = _without_plates(text, plates, shown, found)
        text = _without_titled(text, tuple(streets), shown[Hidden.NAME], owner, found)
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
    return _without_contacts(text, _SHOWN[MARKS], set(), _NUMBERS)


def marks_in(text: str) -> Iterator[tuple[int, int, Hidden, bool, bool]]:
    """Yield where a marked text hides something: start, end, what, whether a sentence begins, whether it owns."""
    for match in _MARK.finditer(text):
        start = match.start()
        begins = _CAPITAL_AT.search(text[max(0, start - 8) : start]) is not None
        yield start, match.end(), tuple(Hidden)[ord(match[1]) - 0xE000], begins, bool(match[2])


def unmarked(text: str) -> str:
    """Return what somebody typed without signs that we use for marks."""
    return _ANY_MARK.sub("", text)


def _without_contacts(text: str, shown: dict[Hidden, str], found: set[Hidden], also: frozenset[Contact]) -> str:
    parts: list[str] = []
    end = 0
    for contact in find_contacts(text):
        if contact.kind not in also:
            continue
        hidden = Hidden(contact.kind)
        found.add(hidden)
        parts += (text[end : contact.start], contact.rounded or shown[hidden])
        end = contact.end
    return "".join(parts) + text[end:]


def _without_plates(text: str, policy: PlatePolicy, shown: dict[Hidden, str], found: set[Hidden]) -> str:
    if policy == "members":
        return text
    for plate in reversed(find_plates(text)):
        found.add(Hidden.PLATE)
        start = plate.start if policy == "partial" else named_from(text, plate)
        put = partly(plate) if policy == "partial" else shown[Hidden.PLATE]
        before = " " if text[start - 1 : start].isalnum() and start else ""
        after = " " if text[plate.end : plate.end + 1].isalnum() else ""
        text = text[:start] + before + put + after + text[plate.end :]
    return text


def _without_houses(text: str, streets: Sequence[str], found: set[Hidden]) -> str:
    for start, stop in find_houses(text, streets):
        found.add(Hidden.HOUSE_NUMBER)
        gap = " " if text[start - 1 : start].strip() and text[stop : stop + 1].isalnum() else ""
        text = text[:start] + gap + text[stop:]
    return _EMPTY_BRACKETS.sub("", text) if Hidden.HOUSE_NUMBER in found else text


def _without_titled(text: str, streets: Sequence[str], shown: str, owner: str, found: set[Hidden]) -> str:
    plain = flat(text)
    if not may_name(plain):
        return text
    words = [Word(match.group(), match.start(), match.end()) for match in _LETTERS.finditer(plain)]
    apart = [(street.start, street.end) for street in find_streets(text, split(plain), streets)]
    for span in find_titled(text, words, apart):
        text = _without_name(text, plain, span, shown, owner, found)
    return text


class _Form(NamedTuple):
    """One way in which somebody is named: his whole name, his first name, or only his family's."""

    words: tuple[str, ...]
    family: bool = False


_Names: TypeAlias = dict[str, tuple[_Form, ...]]


@lru_cache(maxsize=64)
def _names(names: tuple[str, ...]) -> _Names:
    """Return how members are named, by the first word, the longest first."""
    found: dict[str, set[_Form]] = {}
    for name in names:
        whole = tuple(_LETTERS.findall(flat(name)))
        first = tuple(_LETTERS.findall(flat(name.split()[0]))) if name.split() else ()
        for form in (_Form(whole), _Form(first), _Form(whole[len(first) :], family=True)):
            one = len(form.words) == 1
            if form.words and not (one and (len(form.words[0]) < 2 or form.words[0] in _NEVER_NAMES)):
                found.setdefault(form.words[0], set()).add(form)
    return {word: tuple(sorted(forms, key=lambda form: -len(form.words))) for word, forms in found.items()}


def _without_names(
    text: str,
    members: _Names,
    streets: Sequence[str],
    shown: str,
    owner: str,
    found: set[Hidden],
) -> str:
    if not members:
        return text
    typed, plain = text, flat(text)
    words = [Word(match.group(), match.start(), match.end()) for match in _LETTERS.finditer(plain)]
    if not any(word.plain in members or word.plain[:-1] in members for word in words):
        return text
    protected = [(street.start, street.end) for street in find_streets(text, split(plain), streets)]
    shouting = text.upper() == text
    end = len(text) + 1
    for at, count in reversed(list(_named(text, words, members, shouting))):
        start, stop = words[at].start, words[at + count - 1].end
        if stop > end or any(first < stop and start < last for first, last in protected):
            continue
        with_surname = stop if shouting else surname_end(typed, words, at + count, protected)
        stop = with_surname if with_surname <= end else stop
        addressed = _ADDRESSING.search(plain, max(0, start - 40), start)
        start = addressed.start() if addressed is not None else start
        text = _without_name(text, plain, (start, stop), shown, owner, found)
        end = start
    return text


def _without_name(text: str, plain: str, span: tuple[int, int], shown: str, owner: str, found: set[Hidden]) -> str:
    """Return `text` with a neighbour instead of a name, and without the house number right behind it."""
    start, stop = span
    genitive = _GENITIVE.match(plain, stop)
    if genitive is not None:
        stop = genitive.end()
    last = behind(plain, stop)
    if last > stop:
        found.add(Hidden.HOUSE_NUMBER)
        stop = last
    found.add(Hidden.NAME)
    put = shown[0].upper() + shown[1:] if _CAPITAL_AT.search(text[:start][-8:]) else shown
    return text[:start] + put + (owner if genitive is not None else "") + text[stop:]


def _named(text: str, words: Sequence[Word], members: _Names, shouting: bool) -> Iterator[tuple[int, int]]:
    """Yield at which words members are named, and of how many words each name is."""
    at = 0
    while at < len(words):
        count = _name_at(text, words, at, members, shouting)
        if count:
            yield at, count
        at += max(count, 1)


def _name_at(text: str, words: Sequence[Word], at: int, members: _Names, shouting: bool) -> int:
    """Return of how many words the member's name at word `at` is; 0 when there is none."""
    word = words[at]
    plain = word.plain
    if plain not in members and plain.endswith("s") and text[word.start].isupper():
        plain = plain[:-1]
    for form in members.get(plain, ()):
        count = len(form.words)
        named = words[at : at + count]
        if count > 1 and ([one.plain for one in named] != list(form.words) or not _close(text, named)):
            continue
        if form.family and not _is_family(text, named, shouting):
            continue
        if count > 1 or form.family or _is_name(text, word, plain, shouting):
            return count
    return 0


def _is_family(text: str, named: Sequence[Word], shouting: bool) -> bool:
    """Tell the name of a family from what it means: "de Boer" of several words, "mevrouw Bakker" of one."""
    capital = text[named[-1].start].isupper() and not shouting
    return capital and (
        len(named) > 1 or _TITLED.search(flat(text[max(0, named[0].start - 14) : named[0].start])) is not None
    )


def _close(text: str, words: Sequence[Word]) -> bool:
    gaps = (text[one.end : other.start] for one, other in pairwise(words))
    return all(len(gap) <= 2 and not gap.strip(" -'.") for gap in gaps)


def _is_name(text: str, word: Word, plain: str, shouting: bool) -> bool:
    """Tell a name from a word that is spelt the same."""
    capital = text[word.start].isupper()
    if plain in _ALSO_WORDS:
        within = not _CAPITAL_AT.search(text[: word.start][-8:])
        following = _LETTERS.search(flat(text[word.end : word.end + 20]))
        return capital and not shouting and (within or (following is not None and following.group() in _DOES))
    return True if plain not in _ALSO_NOUNS and len(plain) > 2 else capital and not shouting
