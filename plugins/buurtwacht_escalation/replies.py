"""What an official means by what he types below an escalation: received, I take it, not for me, or more than that."""

from __future__ import annotations

import re
from typing import NamedTuple

from buurtwacht import AnswerClass, classify, fold
from buurtwacht_escalation.records import Reply


class Read(NamedTuple):
    """What a text answers, if anything; `words` is what goes to the co-ordinators literally (R45), empty if nothing."""

    reply: Reply | None
    words: str


_DECLINED = re.compile(
    r"\b(?:niet (?:voor|van|aan) (?:mij|ons|de politie)|is niet (?:mijn|onze)"
    r"|niet (?:mijn|onze)(?: \w+)? (?:wijk|buurt|taak|zaak|werk)|geen taak (?:voor|van)"
    r"|(?:ik )?kan (?:nu |er |het |hier )*(?:niet|niks|niets)|lukt (?:mij |me )?niet|geen dienst|ben vrij|buiten dienst"
    r"|verkeerde (?:persoon|nummer|afdeling)|(?:vraag|bel|probeer|neem contact op met) (?:de |een |liever |maar )*"
    r"(?:boa|handhaving|gemeente|politie|meldkamer|wijkagent|collega|milieudienst|\d)\w*"
    r"|not for (?:me|us)|not (?:my|our) (?:area|job|task|department)|(?:i )?(?:can't|cannot|can not)|unable to"
    r"|off duty|not on duty|wrong (?:person|number|department)|try (?:the )?\w+ instead"
    r"|(?:ask|call) (?:the )?(?:boa|enforcement|municipality|police|control room|council))\b"
)
_TAKEN = re.compile(
    r"\b(?:(?:ik|wij|we)\b(?: \w+){0,2}? (?:pak|pakken|neem|nemen) (?:het|dit|hem|deze|de melding)?"
    r"(?: \w+)? ?(?:op|over|aan)|(?:pak|pakken|neem|nemen) (?:ik|wij|we) (?:op|over)|pak (?:het|dit) op"
    r"|neem (?:het|dit) (?:op|over)|(?:ik|wij|we) (?:ga|gaan|kom|komen|rijd|rij|rijden|loop|lopen|fiets)\b"
    r"|(?:ga|kom|rijd|rij) (?:ik|nu|zo|er|even|eraan)\b|(?:ben|zijn) (?:er )?(?:al )?(?:onderweg|over \d+)|onderweg"
    r"|regel (?:ik|het)|ik (?:regel|doe|kijk|bel|handel)\b"
    r"|i(?:'ll| will|'m| am| can) (?:on (?:it|my way)|take|go|going|come|coming|handle|look|check|deal|call|ring)\b"
    r"|we(?:'ll| will|'re| are) (?:on (?:it|our way)|take|go|going|come|coming|handle|look|check|deal)\b"
    r"|on (?:it|my way)\b|taking it|i take it|i've got (?:it|this)|leave it (?:to|with) me)\b"
)
_NOT = re.compile(r"\b(?:niet|geen|nooit|not|never|no|niemand|nobody|\w+n't)\b")
_HEARD = re.compile(
    r"(?:(?:ok|oke|okay|ja|yes|bericht|melding|message|is|heb|het|ik|i|have|goed|prima|helder|duidelijk|gelezen|read"
    r"|clear|roger|copy|copied|noted|genoteerd|akkoord|binnen|got it|gezien|seen|ontvangen|received|begrepen|understood"
    r"|bedankt|dank|je|u|wel|dankjewel|thanks|thank|you|top|doe|zal) ?)+"
)
_ASKS = re.compile(
    r"^(?:is|zijn|moet|kan|kunnen|kun|kunt|mag|wat|wie|waar|wanneer|hoe|waarom|weet|heeft|hebben|wordt|welke?|should|shall"
    r"|can|could|may|are|what|who|where|when|how|why|which|does|do|did|has|have)\b"
)
#: Longer than any plain answer: there is more in it than "ik pak het op".
_PLAIN_WORDS = 5


def read_reply(text: str) -> Read:
    """Return what an official's text answers, and what of it is for the co-ordinators to read.

    Only a plain "ok", "ontvangen" or a label says nothing more. A question answers nothing, nor does "ok, maar …".
    """
    said = fold(text)
    kind = classify(text)
    if _HEARD.fullmatch(said) or (not said and kind is AnswerClass.OK):
        return Read(Reply.CONFIRMED, "")
    words = " ".join(text.split())
    if text.rstrip().endswith("?") or (_ASKS.match(said) and not _TAKEN.match(said)):
        return Read(None, words)
    if _DECLINED.search(said) or (kind is AnswerClass.NO and len(said.split()) <= _PLAIN_WORDS):
        return Read(Reply.DECLINED, words)
    taken = _TAKEN.search(said)
    if taken is not None and not _NOT.search(said):
        return Read(Reply.TAKEN, words)
    if kind is AnswerClass.OK and not _NOT.search(said):
        return Read(Reply.CONFIRMED, words if len(said.split()) > 1 else "")
    return Read(None, words)
