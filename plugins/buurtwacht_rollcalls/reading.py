"""What an answer to a roll call means, as ordinary people write it (domain §5.3). Nobody is safe who did not say so."""

from __future__ import annotations

import re
from enum import StrEnum

from buurtwacht import AnswerClass, classify, fold, is_bare_help, is_call_for_help
from buurtwacht_rollcalls.records import Value


class Other(StrEnum):
    """What is said that is no answer yet."""

    #: "help" and nothing else: the menu, or an emergency
    BARE_HELP = "bare_help"
    #: "who is this?" (R33)
    WHO = "who"
    #: yes or no, to a question where neither says whether he is safe
    WHICH = "which"
    #: "stop", or nothing that can be read
    NOTHING = "nothing"


_WHO = re.compile(
    r"(?:(?:hoi|hallo|hey|he|hi|hello|sorry|maar|en|eh) )*(?:"
    r"(?:van )?wie(?: (?:is|ben|bent|zijn|vraagt|stuurt|stuurde|zegt|wil)\b(?: .*)?)?"
    r"|(?:from )?who(?: (?:is|are|asks|asked|sent|sends|says|wants)\b(?: .*)?)?|who's .*"
    r"|waarom(?: (?:vraag|vraagt|vragen|wil|willen|moet|krijg|stuur|sturen|dit|deze|is dit)\b(?: .*)?)?"
    r"|why(?: (?:do|are|is|this|should|must|did)\b(?: .*)?)?"
    r"|waar gaat (?:dit|het) over.*|wat is (?:dit|er aan de hand|er gebeurd).*"
    r"|what(?:'s| is) (?:this|going on|happening).*|is (?:dit|this) (?:echt|real|nep|spam).*"
    r")"
)
_SAFE_WORDS = re.compile(
    r"\b(?:ok|oke|okay|okee|okey|oki|veilig|safe|goed|prima|fine|well|best|in orde|top|alright|all right|ongedeerd)\b"
)
#: Says that it was read: no sign of safety to somebody who is asked whether he needs help.
_READ = re.compile(r"(?:ok|oke|okay|okee|okey|oki|k|prima|goed|fine|top)(?: (?:dan|hoor|dank je|dank je wel|thanks))?")
_REFUSES = re.compile(r"^(?:(?:hoi|hallo|hi|hello|sorry) )*(?:nee|neen|neej|nope|no|nah|n)\b")
_CONTRAST = re.compile(r"\b(?:maar|behalve|alleen|echter|hoewel|but|except|only|though|however)\b")
#: All but somebody: nobody is safe for whom that was not said.
_BUT_ONE = re.compile(r"\bop (?:\w+ ){1,3}na\b")
_AWAY = re.compile(
    r"(?:(?:ok|oke|ja|nee|no|yes|sorry|hoi|hallo|hi|wij|we|ik|i|ben|zijn|zit|zitten|am|are|i'm|we're|nu|momenteel|even"
    r"|vandaag|deze week|nog|allemaal|allebei|currently|now|both|all) )*"
    r"(?:niet (?:in de buurt|thuis|aanwezig|daar|hier)|(?:op|met) vakantie|op (?:mijn |het |m'n )?werk|aan het werk"
    r"|in het buitenland|elders|(?:ben|zijn|zit|zitten) weg|weg|er niet"
    r"|not (?:at home|home|nearby|near|around|here|there|in the (?:area|neighbourhood))|away|on (?:holiday|vacation)"
    r"|at work|abroad|elsewhere|out of town)(?: [^ ]+){0,5}"
)
#: Words after a chosen answer that change nothing: a greeting, a name.
_SIGNED = re.compile(
    r"(?:(?:en|dank|bedankt|dankje|dankjewel|je|u|wel|hoor|thanks|thank you|please|aub|alstublieft|groet\w*|grt|gr|mvg"
    r"|met vriendelijke groet|van|liefs|regards|from|dus|allemaal|hier|here)\s*)*"
)


def read(text: str, *, name: str = "", chosen: Value | None = None, asks_trouble: bool = False) -> Value | Other:
    """Return what an answer to a safety check means.

    `chosen` is what was tapped or numbered before the text; `name` that of whoever speaks, which may stand below it;
    `asks_trouble`: a bare yes or no says nothing, because it was asked who is hurt.
    """
    said = text.strip()
    if chosen is not None:
        return _chosen(chosen, _without(said, name)) if said else chosen
    if is_bare_help(said):
        return Other.BARE_HELP
    if is_who(said):
        return Other.WHO
    folded = fold(said)
    if is_call_for_help(said):
        return Value.HELP
    if _AWAY.fullmatch(folded) and not _CONTRAST.search(folded) and classify(said) is not AnswerClass.HELP:
        return Value.AWAY
    return _by_class(classify(said), folded, asks_trouble=asks_trouble)


def needs_help(text: str) -> str:
    """Return what is answered to "is help needed?": yes, no, safe, or nothing that says it. "Ok" only says: read."""
    folded = fold(text)
    kind = classify(text)
    if is_call_for_help(text) or kind is AnswerClass.HELP:
        return "yes"
    if kind is AnswerClass.NO:
        return "no"
    if kind is AnswerClass.OK and says_safe(text):
        return "" if _READ.fullmatch(folded) else "safe"
    return "yes" if kind is AnswerClass.OK and folded else ""


def is_who(text: str) -> bool:
    """Say whether somebody asks who we are, or why (R33)."""
    folded = fold(text)
    if len(folded) > 90 or _WHO.fullmatch(folded) is None or is_call_for_help(text):
        return False
    return classify(text.rstrip("?! ")) is not AnswerClass.HELP


def says_safe(text: str) -> bool:
    """Say whether a word of safety stands in a text: more than a yes."""
    return _SAFE_WORDS.search(fold(text)) is not None


def adds_to(text: str) -> bool:
    """Say whether a text goes on from the one before it ("maar oma niet")."""
    return _CONTRAST.match(fold(text)) is not None


def _by_class(kind: AnswerClass, folded: str, *, asks_trouble: bool) -> Value | Other:
    match kind:
        case AnswerClass.HELP:
            return Value.HELP
        case AnswerClass.STOP:
            return Other.NOTHING
        case AnswerClass.OK if _BUT_ONE.search(folded):
            return Value.QUESTION
        case AnswerClass.OK:
            return Value.SAFE if not asks_trouble or _SAFE_WORDS.search(folded) else Other.WHICH
        case AnswerClass.NO:
            if asks_trouble:
                return Other.WHICH
            return Value.HELP if _REFUSES.match(folded) or not folded else Value.QUESTION
        case _:
            # Also what was said while quoting us and fits no class: it is about this, and a human reads it.
            return Value.QUESTION


def _chosen(chosen: Value, rest: str) -> Value:
    """Return what a number or label with words behind it means: what is added can only make it less sure."""
    kind = classify(rest)
    if chosen is Value.HELP or kind is AnswerClass.HELP or is_call_for_help(rest):
        return Value.HELP
    if not rest or kind is AnswerClass.OK:
        return chosen
    if chosen is Value.AWAY and kind in (AnswerClass.NONE, AnswerClass.NO) and not _CONTRAST.search(fold(rest)):
        return chosen
    return Value.QUESTION


def _without(text: str, name: str) -> str:
    """Return a text without the name and the greeting that it ends with."""
    words = [word for word in fold(text).split() if word not in fold(name).split()]
    rest = " ".join(words)
    return "" if _SIGNED.fullmatch(rest) else rest
