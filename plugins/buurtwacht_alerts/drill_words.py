"""What a text says about being a drill: that it is one, or that it is none. Nothing may turn into the other (R26)."""

from __future__ import annotations

import re

from buurtwacht_alerts.words import flat

_DRILL = r"(?:oefening|oefeningetje|oefenmelding|oefenalarm|exercise|drill)"
#: "Exercise bike stolen", "drill taken from the shed": a thing, and no exercise.
_THING = r"(?! (?:bikes?|class|mats?|machines?|bits?|stolen|taken|missing|gestolen|meegenomen)\b)"
_IS_ONE = rf"(?:(?:dit|het) is (?:maar |slechts |alleen |weer )?een|this is (?:only |just )?an?) {_DRILL}\b"
_FIRST = (
    r"\W*(?:(?:let op|attentie|attention|nieuwe|melding|meld|report|alarm|alert)\b\W*)*(?:een |an? )?"
    rf"(?P<mark>{_DRILL})\b"
)
_BEGINS = re.compile(_FIRST + _THING)
_OPENS = re.compile(_FIRST)
_MARKED = re.compile(
    rf"{_IS_ONE}"
    # set apart: "brand in de Beukenlaan (oefening)"
    rf"|(?:^|[,.;:!(\n]|\s[-–])\s*{_DRILL}\s*(?:[,.;:!)\n]|$)"
    rf"|\b(?:bij wijze van|als|ter) {_DRILL}\b|\b(?:as|by way of) an {_DRILL}\b|\bfor the {_DRILL}:"
)
#: Said outright: it is no drill, or no longer.
_NONE = re.compile(
    rf"\bgeen (?:\w+ )?{_DRILL}\b|\b(?:niet|nooit) (?:(?:meer|bij|van|voor|deel|onderdeel|een|de) ){{0,3}}{_DRILL}\b"
    rf"|\b(?:no|not|isn't|never) (?:(?:part|of|a|an|the|longer|for|any) ){{0,4}}{_DRILL}\b"
    r"|\b(?:dit|dat|het) is (?:nu |wel |nou |hier )?echt\b"
    r"(?! (?:een |heel |\w*(?:leuk|goed|nodig|nuttig|handig|zinvol|gezellig|fijn|mooi|knap|spannend|slim|lang)))"
    r"|\b(?:nu|nee|wel|is er|ligt er|staat er|zijn er)[ ,]+(?:nu |hier )?echt\b"
    r"|\becht (?:waar|gebeurd|gevaar|iemand|brand|inbraak|een (?:ongeluk|ongeval|inbraak|brand|gewonde))\b"
    r"|\bechte (?:brand|inbraak|inbrekers?|noodgeval|melding|nood|gewonden?|ongeluk|ongeval|gaslucht)\b"
    r"|\b(?:this|it|that)(?: is|'s) (?:now )?(?:for )?real\b|\bfor real\b|\bactual (?:fire|burglary|emergency)\b"
    r"|\breal (?:fire|burglary|burglars?|emergency|accident|victim|injur\w+|alarm|report)\b"
    r"|\b(?:really|actually) (?:is |are |has |have |been )?(?:a |an )?(?:fire|burning|collapsed|fallen|injured|hurt)\b"
)
_STRESSED = re.compile(r"\b(?:echt|echte|werkelijk|daadwerkelijk|serieus|real|really|actually|seriously)\b")


def is_marked(text: str) -> bool:
    """Say whether a text says of itself that it is a drill, whatever else it says."""
    plain = flat(text)
    return _BEGINS.match(plain) is not None or _MARKED.search(plain) is not None


def is_denied(text: str) -> bool:
    """Say whether a text says outright that what it tells is real: "geen oefening", "nu echt", "for real"."""
    return _NONE.search(flat(text)) is not None


def is_stressed(text: str) -> bool:
    """Say whether a text has a word that may mean the same: "echt", "really"."""
    return _STRESSED.search(flat(text)) is not None


def announces(text: str) -> bool:
    """Say whether a text is meant as a drill: it says so, and does not say the contrary."""
    return is_marked(text) and not is_denied(text)


def without_mark(text: str) -> str:
    """Return a text without the word with which drills begin, if it begins so; the rest is as it was typed."""
    begun = _OPENS.match(flat(text))
    return text if begun is None else text[begun.end("mark") :].lstrip(" ,.:;!?-–\n")


def names_a_thing(rest: str) -> bool:
    """Say whether what follows the word makes a thing of it: "exercise" and then "bike stolen"."""
    return re.match(_THING.replace("(?! ", "(?:", 1), flat(rest).lstrip()) is not None
