"""Surnames behind a first name: "van Dijk" in "Henk van Dijk", whose display name is only Henk."""

from __future__ import annotations

from collections.abc import Sequence

from buurtwacht_alerts.lexicon import BURGLARY, CHAT, NEGATIONS, PERSONS, QUESTION_WORDS, SUSPICIOUS, WORDS
from buurtwacht_alerts.things import COLOURS, KINDS
from buurtwacht_alerts.words import Word, bag

_BETWEEN = bag("van der den de het ten ter te t von el al bin ibn la le du da dos")
#: What a report is about is no name, however it is written.
_NO_NAMES = (
    PERSONS
    | KINDS
    | CHAT
    | NEGATIONS
    | QUESTION_WORDS
    | {word for phrases in (SUSPICIOUS, BURGLARY, *WORDS.values()) for phrase in phrases for word in phrase.split()}
    | bag(
        "ik wij we hij zij jij u er en of maar want dus toen nu net is was heeft had belt belde ziet zag zegt zei hoort"
        " hoorde woont meldt meldde vertelt vertelde gaat ging kwam zit staat loopt i you he she it we they and or but"
        " now just has had says said saw heard called lives told tells police politie ambulance brandweer"
    )
)
#: Two surnames, each with what stands before it, are the most that somebody is called by.
_MOST = 2


def surname_end(text: str, words: Sequence[Word], at: int, apart: Sequence[tuple[int, int]]) -> int:
    """Return where a surname ends that begins at word `at`, right behind a first name; where that ends if none does.

    It has a capital in a text that is not all capitals. `apart` are the places in the text where streets are named.
    """
    end = words[at - 1].end
    for _ in range(_MOST):
        last = at
        while last < len(words) and words[last].plain in _BETWEEN and _touches(text, words, last):
            last += 1
        if last == len(words) or not _touches(text, words, last) or not is_surname(text, words[last], led=last > at):
            break
        start, stop = words[at].start, words[last].end
        if any(first < stop and start < over for first, over in apart):
            break
        end, at = stop, last + 1
    return end


def _touches(text: str, words: Sequence[Word], at: int) -> bool:
    """Whether nothing but a space, a dash or an apostrophe stands before a word."""
    gap = text[words[at - 1].end : words[at].start]
    return len(gap) <= 2 and not gap.strip(" -'\u2019")


def is_surname(text: str, word: Word, *, led: bool) -> bool:
    """Say whether a word can be a surname; a colour only when it is `led` by something, as in "de Wit"."""
    no_names = _NO_NAMES if led else _NO_NAMES | COLOURS
    return len(word.plain) > 1 and text[word.start].isupper() and word.plain not in no_names
