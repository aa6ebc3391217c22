"""Who a text says is missing: a child, a grown-up, a pet or a thing. In doubt it is a person."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from buurtwacht_alerts.lexicon import ADULTS, CHILDREN, PERSONS, PETS
from buurtwacht_alerts.pets import LOST_PET
from buurtwacht_alerts.words import Word, bag

#: Who asks after somebody, or something, of his own says so as surely as "is weg" does.
SOUGHT = 0.6

_AGE = re.compile(r"\b(\d{1,2})[- ]?(?:jarige?|jaar|years?|yr|yo)\b")
_OWN = bag("mijn m'n mn onze ons my our")
_DETERMINERS = _OWN | bag(
    "de het een the a an die dat deze this that zijn z'n zn haar d'r hun his her their jouw je uw your"
)
_POSSESSIVES = bag("zijn z'n zn haar d'r hun his her their")
_BELONGS, _AT = bag("van vd of"), bag("bij uit at from")
_WITH, _AND = bag("met with zonder without"), bag("en and plus")
#: "Mijn dochter is haar hond kwijt": who lost it is not the one who is missing.
_LOSES, _LOST = bag("is ben zijn was raakte raakt are"), bag("kwijt kwijtgeraakt")
_LOST_BEFORE = bag("lost zoekt zoeken")
#: "Mijn man heeft de hond laten ontsnappen": what he did is done to the pet.
_DOES = bag("heeft hebben had liet laat has have let lets left")
#: Who walks the dog is out with it.
_WALKED, _WALKING = bag("uitlaten uitgelaten uitliet laten wandelen"), bag("walk walks walking walked")
#: Where another thing is begun with. "And" is no such place where nobody is named behind it.
_BREAKS = bag("dat want omdat terwijl toen maar dus ook because that while but so too")
_PEOPLE = PERSONS | ADULTS | CHILDREN
#: So many words lie between a word and the noun that it goes with ("van mijn lieve oude oma"), at most.
_NEAR = 4

_SEEN = re.compile(
    r"\b(?:(?:heeft|hebben)(?: er)? (?:iemand|jullie)|heb je|heeft u|wie (?:heeft|zag)|iemand(?! heeft)"
    r"|(?:has|have|did)(?: any of)? (?:anyone|anybody|someone|somebody|you)|who(?:'s| has| saw)|anyone|anybody)\b"
    r"[^.!?]{0,80}?\b(?:gezien|gespot|zien lopen|seen|see|saw|spotted|spot)\b[^.!?]{0,60}"
    r"|\bzag(?: er)? iemand\b[^.!?]{0,60}"
)
#: Of people it is said more strictly: "did you see my daughter on stage?" looks for nobody.
_SEEN_BY_ANYBODY = re.compile(
    r"\b(?:(?:heeft|hebben)(?: er)? iemand|wie heeft|iemand(?! heeft)|(?:has|have) (?:anyone|anybody|someone|somebody)"
    r"|anyone|anybody)\b[^.!?]{0,80}?\b(?:gezien|seen)\b[^.!?]{0,60}"
)
_LOOKED_FOR = re.compile(
    r"\b(?:op zoek naar|looking for|searching for|(?:ik|wij|we) zoek(?:en)?(?: naar)?) (?=mijn|m'n|onze|ons|my|our)"
    r"[^.!?]{0,60}"
)


def who(plain: str, words: Sequence[Word], missing_at: int) -> str:
    """Return the category of who is missing, where the word that says so is `missing_at`; "" when nobody is named."""
    found = _nouns(words)
    nearest = min(found, key=lambda at: (abs(at - missing_at), at), default=None)
    if nearest is not None and found[nearest] == LOST_PET:
        before = [at for at in found if at < nearest and found[at] != LOST_PET]
        if before and not _parted(plain, words, before[-1], nearest):
            nearest = before[-1]
    kind = found[nearest] if nearest is not None else ""
    age = _AGE.search(plain)
    if age is not None and kind != LOST_PET:
        return "missing_child" if int(age.group(1)) < 18 else "missing_person"
    return kind


def sought(plain: str, words: Sequence[Word]) -> int | None:
    """Return at which word a text asks after a pet, or after one of the asker's own people; None when it does not.

    "Heeft iemand mijn kat gezien?" reports; "heeft iemand die man gezien?" asks after somebody whom all know of.
    """
    for search, of_people in ((_LOOKED_FOR, True), (_SEEN_BY_ANYBODY, True), (_SEEN, False)):
        if (asked := search.search(plain)) is None:
            continue
        for at, kind in _nouns(words).items():
            inside = asked.start() <= words[at].start < asked.end()
            if inside and (kind == LOST_PET or (of_people and _is_his_own(words, at))):
                return at
    return None


def owners(words: Sequence[Word]) -> set[int]:
    """Return which words name a person only to say whose a pet is, or where it was: "de kat van mijn oma"."""
    pets = [at for at, word in enumerate(words) if word.plain in PETS]
    if not pets:
        return set()
    return {
        at
        for at, word in enumerate(words)
        if word.plain.removesuffix("'s") in _PEOPLE
        and (_of_whom(words, at, pets) or _whose(words, at, pets) or _loses(words, at, pets))
    }


def _nouns(words: Sequence[Word]) -> dict[int, str]:
    """Return what the text could be about, by place: no owners, and beside a person no pet that is with him."""
    kinds = {
        at: kind
        for at, word in enumerate(words)
        if (
            kind := LOST_PET if word.plain in PETS
            else "missing_child" if word.plain in CHILDREN
            else "missing_person" if word.plain in ADULTS
            else ""
        )
    }  # fmt: skip
    pets = [at for at, kind in kinds.items() if kind == LOST_PET]
    if not pets or len(pets) == len(kinds):
        return kinds
    owning = owners(words)
    left = {at: kind for at, kind in kinds.items() if at not in owning}
    people = {at for at, kind in left.items() if kind != LOST_PET}
    if not people:
        return left
    return {at: kind for at, kind in left.items() if kind != LOST_PET or not _is_beside(words, at, people)}


def _of_whom(words: Sequence[Word], at: int, pets: Collection[int]) -> bool:
    """Say whether "van mijn oma" stands behind a pet; "bij mijn oma" too, of one's own people."""
    own = False
    for before in range(at - 1, max(at - _NEAR - 1, -1), -1):
        plain = words[before].plain
        if plain in _BELONGS or (plain in _AT and (own or before == at - 1)):
            return any(0 < before - pet <= _NEAR + 2 for pet in pets)
        own = own or plain in _OWN
        if before in pets or plain in _WITH | _AND:
            return False
    return False


def _whose(words: Sequence[Word], at: int, pets: Collection[int]) -> bool:
    """Say whether "oma haar kat" or "grandma's old cat" stands there. "De kinderen zijn met de hond weg" is no such."""
    whose = at if words[at].plain.endswith("'s") else at + 1
    if whose > at and (whose == len(words) or words[whose].plain not in _POSSESSIVES):
        return False
    behind = words[whose + 1 : whose + 3]
    if not behind or behind[0].plain in _DETERMINERS | _WITH | _AND:
        return False
    return whose + 1 in pets or whose + 2 in pets


def _loses(words: Sequence[Word], at: int, pets: Collection[int]) -> bool:
    """Say whether he lost a pet, or let it go: "mijn dochter is haar hond kwijt", "my son lost his dog"."""
    for verb in range(at + 1, min(at + 4, len(words))):
        plain = words[verb].plain
        pet = next((one for one in pets if 0 < one - verb <= _NEAR), None)
        if pet is None or any(word.plain in _WITH for word in words[verb:pet]):
            continue
        if plain in _LOST_BEFORE:
            return True
        behind = {word.plain for word in words[pet + 1 : pet + 1 + _NEAR]}
        if plain in _LOSES and behind & _LOST:
            return True
        if plain in _DOES and not behind & _WALKED:
            return True
    return False


def _is_beside(words: Sequence[Word], pet: int, people: Collection[int]) -> bool:
    """Say whether a pet is with a person: "het kind met de hond", "oma en haar hond", "de hond uitlaten"."""
    if any(word.plain in _WALKED for word in words[pet + 1 : pet + _NEAR]):
        return True
    at = pet - 1
    while at > 0 and pet - at < _NEAR and at not in people and words[at].plain not in _WITH | _AND | _WALKING:
        at -= 1
    if at >= 0 and (words[at].plain in _WITH | _WALKING or (words[at].plain in _AND and at - 1 in people)):
        return True
    if pet + 1 == len(words) or words[pet + 1].plain not in _AND:
        return False
    behind = next((at for at in range(pet + 2, len(words)) if words[at].plain not in _DETERMINERS), None)
    return behind in people


def _is_his_own(words: Sequence[Word], at: int) -> bool:
    """Say whether somebody is the speaker's own, and not the owner of what is spoken of ("mijn zoon zijn fiets")."""
    if at + 1 < len(words) and words[at + 1].plain in _POSSESSIVES:
        return False
    before = [word.plain for word in words[max(0, at - _NEAR + 1) : at]]
    return not _OWN.isdisjoint(before) and _BELONGS.isdisjoint(before)


def _parted(plain: str, words: Sequence[Word], person: int, pet: int) -> bool:
    """Say whether another thing is begun with between a person and a pet: "mijn dochter huilt, haar hond is weg"."""
    between = words[person + 1 : pet]
    if any(word.plain in _BREAKS | _AND for word in between):
        return True
    return any(not sign.isalnum() and sign not in " '-()" for sign in plain[words[person].end : words[pet].start])
