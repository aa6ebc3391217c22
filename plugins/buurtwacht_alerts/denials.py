"""Words with which people take something back, or say that it is over: "vergist", "de brand is uit", "he is found"."""

from __future__ import annotations

import re

from buurtwacht_alerts.words import flat

_MISTAKEN = re.compile(
    r"\b(?:ik|we|wij|mij|me|ons|sorry|oeps|excuus|pardon)\b[^.!?]{0,24}\b(?:vergist|vergiste|vergissing|verkeken)\b"
    r"|^\W*(?:vergist|vergissing|foutje|oeps)\b|\b(?:was|is) (?:een |mijn )?(?:vergissing|foutje)\b"
    r"|\bmy (?:mistake|bad|error)\b|\bi (?:was|am|'m)\s?(?:mistaken|wrong)\b|\bi made a mistake\b"
    r"|\b(?:verkeerde|foute|onjuiste|wrong) (?:melding|report|alert)\b"
    r"|\bper ongeluk (?:\w+ ){0,4}(?:melding|gemeld|gestuurd|verstuurd|gedrukt|gegeven)\b"
    r"|\b(?:reported|sent|pressed) (?:it |this |that )?(?:by (?:mistake|accident)|accidentally)\b"
    r"|(?<!geen )(?<!not a )(?<!no )\b(?:loos|vals|false) alarm\b"
    r"|\b(?:niks|niets) (?:meer )?(?:aan de hand|ernstigs)\b"
    r"|\bnothing(?: is|'s)? (?:wrong|going on|the matter)\b"
)
#: Without one of these nothing is taken back.
_HINTS = (
    "vergis", "verkeken", "foutje", "oeps", "mistak", "wrong", "my bad", "error", "verkeerde", "foute", "onjuiste",
    "ongeluk", "accident", "alarm", "aan de hand", "ernstigs", "nothing",
)  # fmt: skip
_ALREADY = r"(?:(?:weer|al|nu|gelukkig|inmiddels|helemaal|ook|now|already|thankfully|luckily|all|safely|just) )*"
_END = r"(?=\s*(?:$|[.,;:!)]|(?:en|hoor|gelukkig|nu|dus|al|weer|and|now|again|already|thankfully)\b))"
_OVER = {
    "fire": re.compile(
        rf"\b(?:brand|brandje|vuur|vuurtje|vlammen|fire|flames)(?: \w+){{0,3}}? (?:is|was|zijn|are|werd) {_ALREADY}"
        rf"(?:uit|geblust|gedoofd|voorbij|meester|out|extinguished|over|put out){_END}"
        rf"|\b(?:brand|brandje|vuur) (?:geblust|gedoofd|meester|voorbij){_END}|\bfire'?s? (?:is )?out{_END}"
    ),
    "missing": re.compile(
        rf"\b(?:is|zijn|was|are|been|ben|'s)(?: (?!(?:niet|nog|nooit|not|never|yet|weg|kwijt)\b)\w+){{0,4}}? "
        rf"(?:terecht|weer thuis|veilig thuis|terug thuis|thuisgekomen|teruggevonden|gevonden|back home"
        rf"|home again|found|weer terug){_END}"
        r"|^\W*(?:weer )?(?:terecht|gevonden|found)\b"
    ),
}
#: What follows one of these is said against it: "de brand is uit, maar nu brandt de schuur".
_CONTRAST = re.compile(r"\b(?:maar|but|echter|however|opnieuw|nu brandt|nu wel|another|nog een)\b")


def takes_back(text: str) -> bool:
    """Say whether somebody says that he was mistaken, or that nothing is the matter."""
    return _is_mistaken(flat(text))


def is_over(plain: str, family: str) -> bool:
    """Say whether a flat text denies what its words would report, or says that it has ended."""
    ended = _OVER.get(family)
    return _is_mistaken(plain) or (ended is not None and _holds(ended, plain))


def _is_mistaken(plain: str) -> bool:
    return any(hint in plain for hint in _HINTS) and _holds(_MISTAKEN, plain)


def _holds(pattern: re.Pattern[str], plain: str) -> bool:
    found = pattern.search(plain)
    return found is not None and _CONTRAST.search(plain, found.end()) is None
