"""What a key holder reports: that he goes, that all is well, that nobody opens, that help is needed, that he cannot."""

from __future__ import annotations

import re
from enum import StrEnum

from buurtwacht import AnswerClass, classify, fold, is_call_for_help


class Word(StrEnum):
    """The five things he can answer."""

    GOING = "going"
    WELL = "well"
    NO_ANSWER = "no_answer"
    HELP = "help"
    CANNOT = "cannot"


_NO_ANSWER = re.compile(
    r"\b(?:geen gehoor|geen reactie|geen antwoord|geen teken|doet niet open|doet (?:er )?niemand open|niemand thuis"
    r"|neemt niet op|reageert niet|no answer|no reply|does(?:n't| not) (?:open|answer|respond)|nobody (?:home|there))\b"
)
_GOING = re.compile(
    r"\b(?:ik ga|ga ik|ik kijk|ik loop|ben onderweg|onderweg|ik bel|kijk ik|i go|i'll go|i will go|i'm going|going"
    r"|on my way|i'll (?:look|call|check))\b"
)
_CANNOT = re.compile(
    r"\b(?:kan niet|kan nu niet|lukt niet|niet in de buurt|ben (?:niet thuis|weg|op vakantie)|can't|cannot|not able"
    r"|unable|i'm away|not home)\b"
)
_WELL = re.compile(
    r"\b(?:goed|prima|in orde|alles oke?|is oke?|veilig|slaapt|sliep|niets aan de hand|fine|well|safe|all ?right)\b"
)
_TURNED = re.compile(r"\b(?:maar|alleen|behalve|echter|niet|geen|but|except|however|not)\b")


def read_word(text: str) -> Word | None:
    """Return what a key holder means; None when it is not clear. A bare yes is that he goes, never that all is well."""
    folded = fold(text)
    kind = classify(text)
    if is_call_for_help(text) or kind is AnswerClass.HELP:
        return Word.HELP
    if _NO_ANSWER.search(folded):
        return Word.NO_ANSWER
    if _CANNOT.search(folded) or kind is AnswerClass.NO:
        return Word.CANNOT
    if _TURNED.search(folded) or text.rstrip().endswith("?"):
        return None
    if _GOING.search(folded):
        return Word.GOING
    if _WELL.search(folded) and kind in (AnswerClass.OK, AnswerClass.UNCLEAR):
        return Word.WELL
    return Word.GOING if kind is AnswerClass.OK else None
