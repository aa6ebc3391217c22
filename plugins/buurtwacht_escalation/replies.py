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


#: Whoever says "bel de politie als hij terugkomt" passes nothing on: that has to be all he says.
_PASSED_ON = re.compile(
    r"(?:(?:graag|beter|liever|please) )?(?:vraag|bel|probeer|neem contact op met|ask|call|try)"
    r" (?:(?:de|het|een|liever|maar|the|a) )*(?:boa|handhaving|gemeente|politie|meldkamer|wijkagent|collega"
    r"|milieudienst"
    r"|enforcement|municipality|police|control room|council|colleague)\w*(?: (?:maar|even|hiervoor|instead|please))*"
)
_DECLINED = re.compile(
    r"\b(?:niet (?:voor|van|aan) (?:mij|ons|de politie)\b|is niet (?:mijn|onze)\b"
    r"|niet (?:mijn|onze)(?: \w+)? (?:wijk|buurt|taak|zaak|werk)\b|geen taak (?:voor|van) (?:mij|ons|de politie)\b"
    r"|(?:ik|wij|we) (?:kan|kunnen) (?:nu |er |het |hier |helaas )*(?:niet|niks|niets)\b|lukt (?:mij|me"
    r"|ons) (?:nu )?niet"
    r"|(?:ik heb|heb|wij hebben|we hebben) (?:nu |vandaag )?geen dienst|(?:ik ben|ben) (?:nu |vandaag )?(?:vrij"
    r"|buiten dienst)"
    r"|verkeerde (?:persoon|nummer|afdeling)|not for (?:me|us)\b|not (?:my|our) (?:area|job|task|department)"
    r"|(?:i|we) (?:can't|cannot|can not)\b|(?:i'm|i am|we're|we are) (?:unable|off duty|not on duty|not able)"
    r"|wrong (?:person|number|department))|^(?:kan|lukt) (?:nu |er |het |hier |helaas )*(?:niet|niks)\b|^geen dienst"
    r"|^(?:off|not on) duty|^(?:can't|cannot|unable)\b"
)
_TAKEN = re.compile(
    r"\b(?:(?:ik|wij|we) (?:\w+ ){0,2}?(?:pak|pakken|neem|nemen) (?:het|dit|hem|deze|de melding)?(?: \w+)? ?(?:op"
    r"|over|aan)"
    r"|(?:pak|pakken|neem|nemen) (?:ik|wij|we) (?:op|over)|(?:ik|wij|we) (?:ga|gaan|kom|komen|rijd|rij|rijden|loop"
    r"|lopen"
    r"|fiets|regel|regelen|doe|doen|kijk|kijken|bel|bellen|handel)\b|(?:ga|kom|rijd|rij) ik\b"
    r"|(?:ik |wij |we |i'm |i am |we're |we are )(?:ben |zijn )?(?:er )?(?:al |nu |already )?(?:onderweg|over \d+"
    r"|on it)"
    r"|(?:ben|zijn) (?:er )?(?:al |nu )?(?:onderweg|over \d+ min\w*)"
    r"|i(?:'ll| will|'m| am| can) (?:on my way|take|go|going|come|coming|handle|look|check|deal|call|ring)\b"
    r"|we(?:'ll| will|'re| are) (?:on our way|take|go|going|come|coming|handle|look|check|deal)\b"
    r"|on my way|i take it|i've got (?:it|this)|leave it (?:to|with) me)\b"
    r"|^(?:pak|neem) (?:het|dit) (?:op|over)\b|^onderweg\b|^(?:kom|rijd|rij) (?:er|nu|zo|even|eraan)\b|^regel (?:ik"
    r"|het)\b"
    r"|^ga (?:er |nu |zo |even )*(?:kijken|erheen|heen|langs)\b|^(?:on it|taking it)\b"
)
_NOT = re.compile(r"\b(?:niet|geen|nooit|not|never|no|niemand|nobody|\w+n't)\b")
_HEARD = re.compile(
    r"(?:(?:ok|oke|okay|ja|yes|bericht|melding|message|is|heb|het|ik|i|have|goed|prima|helder|duidelijk|gelezen|read"
    r"|clear|roger|copy|copied|noted|genoteerd|akkoord|binnen|got it|gezien|seen|ontvangen|received|begrepen|understood"
    r"|bedankt|dank|je|u|wel|dankjewel|thanks|thank|you|top|doe|zal) ?)+"
)
_ASKS = re.compile(
    r"^(?:is|zijn|moet|kan|kunnen|kun|kunt|mag|wat|wie|waar|wanneer|hoe|waarom|weet|heeft|hebben|wordt|welke?|should"
    r"|shall"
    r"|can|could|may|are|what|who|where|when|how|why|which|does|do|did|has|have)\b"
)
_NO = re.compile(r"(?:nee|neen|no|nope)(?: \w+){0,4}$")


def read_reply(text: str) -> Read:
    """Return what an official's text answers, and what of it is for the co-ordinators to read.

    Only a plain "ok", "ontvangen" or a label says nothing more. A question answers nothing, nor does "ok, maar …".
    """
    said = fold(text)
    kind = classify(text)
    if _HEARD.fullmatch(said) or (not said and kind is AnswerClass.OK):
        return Read(Reply.CONFIRMED, "")
    words = text.strip()
    if text.rstrip().endswith("?"):
        return Read(None, words)
    if _DECLINED.search(said) or _PASSED_ON.fullmatch(said) or _NO.match(said):
        return Read(Reply.DECLINED, words)
    if _ASKS.match(said) and not _TAKEN.match(said):
        return Read(None, words)
    taken = _TAKEN.search(said)
    if taken is not None and not _NOT.search(said):
        return Read(Reply.TAKEN, words)
    if kind is AnswerClass.OK and not _NOT.search(said):
        return Read(Reply.CONFIRMED, words if len(said.split()) > 1 else "")
    return Read(None, words)
