"""Texts that speak for the police or another official: what is never said on a neighbour's word alone (R14)."""

from __future__ import annotations

import re

_OFFICIAL = re.compile(
    r"\b(?:politie\w*|police\w*|agent(?:en|s)?|officers?|wijkagent\w*|meldkamer|control room|aangehouden|aanhouding\w*"
    r"|gearresteerd|arrestatie\w*|arrest(?:s|ed)?|opgepakt|in hechtenis|in custody|detained|recherche|brandweer\w*"
    r"|fire brigade|firefighters?|ambulances?|gemeente|municipality|burgemeester|mayor|boa'?s?|handhav(?:ing|ers?)"
    r"|marechaussee|dienders?|hulpdiensten|emergency services)\b",
    re.IGNORECASE,
)
#: How an official is shown whom an admin knows; nobody else writes that below his own words.
_MARK = re.compile(r"[\u2611\u2705\u2713\u2714]\ufe0f?\s*(?:geverifieerd|verified)", re.IGNORECASE)
_HELPERS = (
    r"(?:politie(?:auto|wagen|busje|mensen)?(?:'?s|n)?|police(?:men)?|cops?|agent(?:en)?|officers?|wijkagent(?:en)?"
    r"|hulpdiensten|emergency services|brandweer(?:auto|wagen)?(?:'?s|n)?|fire (?:brigade|engine|truck)s?|ambulances?"
    r"|surveillance|handhav(?:ing|ers?)|boa'?s?|helikopter|helicopter|meldkamer|marechaussee)"
)
_COME = (
    r"(?:onderweg|komt|komen|kwam|rijdt|rijden|aanwezig|ter plaatse|ter plekke|gearriveerd|arriveert|is er|zijn er"
    r"|staat (?:er|voor)|staan (?:er|voor)|eraan|in aantocht|stuurt|sturen|gestuurd|doorzoekt|zoekt"
    r"|aan het (?:blussen|zoeken)|in de (?:straat|buurt|wijk)|coming|on (?:the|its|their) way|arrived?|arriving"
    r"|on scene|(?:is|are|now) here|here now|en route|will be|dispatched|said they|sent|sending)"
)
#: Whom one calls, or needs, is not coming for it.
_NOT_YET = r"(?:nodig|bellen|gebeld|bel|geen|niet|nog|needed?|call(?:ed)?|no|not|noone)"
_PROMISE = re.compile(
    r"\b(?:(?:de|the|een|an|a|er|is|zijn|there|oom|onze|\d+) )*"
    rf"(?:{_HELPERS}\b(?:(?!\b{_NOT_YET}\b)[^,.;!?\n]){{0,40}}?\b{_COME}\b"
    rf"|{_COME}:? (?:(?!{_NOT_YET}\b)\w+ ){{0,2}}{_HELPERS}\b"
    rf"|{_HELPERS}\b[^,.;!?\n]{{0,20}}\b(?:gebeld|called)\W+(?:en )?(?:die|dus|so) (?:\w+ )?"
    r"(?:komt|komen|onderweg|coming)\b"
    r"|112 (?:is |was |has been )?(?:al |net |already |just )?(?:gebeld|called)\W+(?:(?:en|dus|and|so) )?"
    r"(?:(?:ze|zij|they) )(?:komen|zijn (?:al |er |al )?(?:onderweg|er)|are (?:coming|on (?:the|their) way|here))\b"
    r"|(?:112|hulp|help) (?:is |zijn |komt )?(?:al |nu )?(?:onderweg|komt|eraan|er zo|coming|on (?:its|the) way)"
    r"|(?:ze|they|we) (?:sturen|stuurden|are sending|sent|will send) (?:een|iemand|someone|a|politie|police)\b)"
    r"(?: (?:zo|al|nu|eraan|bijna|soon|now|already))*",
    re.IGNORECASE,
)
#: A false policeman is what a doorstep scam is about.
_PRETENDED = re.compile(
    r"\b(?:zegt|zeggen|zogenaamd\w*|nep\w*|beweer\w*|doet zich|says?|claim\w*|pretend\w*|fake)\b", re.I
)
_CLAUSES = re.compile(r"\s*[,.;!\n]+\s*")
_WORD = re.compile(r"[^\W\d_]{2,}")
_GOES_ON = re.compile(r"\s*(?:naar|in|op|om|bij|voor|met|door|to|at|on|for|with|and|en)\b", re.IGNORECASE)


def speaks_for_officials(text: str) -> bool:
    """Say whether a text speaks for the police or another official, wears the mark that they are shown with, or says
    that help is coming (R14, design §9.1).
    """
    return any(one.search(text) is not None for one in (_OFFICIAL, _MARK, _PROMISE))


def without_promises(text: str) -> str:
    """Return a text without what says that help is coming or there: nobody confirmed it (design §9.1)."""
    if not _PROMISE.search(text):
        return text
    clauses = (_without_promise(clause) for clause in _CLAUSES.split(text))
    return ", ".join(clause for clause in clauses if clause)


def _without_promise(clause: str) -> str:
    """Leave out a promise; what stands before it or behind it stays where it says something by itself."""
    while not _PRETENDED.search(clause) and (found := _PROMISE.search(clause)) is not None:
        before, after = clause[: found.start()].strip(), clause[found.end() :].strip()
        if len(_WORD.findall(before)) < 2:
            before = ""
        if len(_WORD.findall(after)) < 3 or _GOES_ON.match(after):
            after = ""
        clause = f"{before} {after}".strip()
    return clause
