"""What a representative types instead of tapping: "doorzetten", "niet voor ons, wij hebben geen hond"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from buurtwacht import fold

#: What may stand behind "doorzetten" and says nothing.
COURTESIES = ("graag", "maar", "aub", "alsjeblieft", "alstublieft", "please")
#: What may stand behind "doorzetten" where an announcement is meant: its id, a courtesy, both or neither.
BEHIND = rf"(?:(?:[a-z0-9]{{1,6}}[ -])?m ?\d{{1,6}})?(?: ?(?:{'|'.join(COURTESIES)}))?"
_FORWARD = re.compile(
    r"(?:ja )?(?:graag )?(?:doorzetten|zet (?:maar |het )?door|doorsturen|forward|pass it on)(?: graag| please)?"
)
_DECLINE = (
    "niet voor ons",
    "niet doorzetten",
    "niet doorsturen",
    "not for us",
    "do not forward",
    "don't forward",
)
_LINE = (
    "met eigen regel",
    "met een eigen regel",
    "met regel",
    "with a line of ours",
    "with our own line",
    "with a line",
)
_SPACE = " \t\n,.;:-–"


@dataclass(frozen=True, slots=True)
class Wish:
    """What he wants done with it: `value` is forward, line or decline, `text` the line or the reason, as typed."""

    value: str
    text: str = ""


def read_wish(text: str) -> Wish | None:
    """Return what a representative wants, when the text begins with it; None for anything else."""
    if _FORWARD.fullmatch(fold(text)):
        return Wish("forward")
    for value, heads in (("decline", _DECLINE), ("line", _LINE)):
        for head in heads:
            rest = _behind(text, head)
            if rest is not None:
                return Wish(value, rest)
    return None


def _behind(text: str, head: str) -> str | None:
    """Return what follows these words, as it was typed, or None when the text does not begin with them."""
    words = head.split()
    typed = text.split(None, len(words))
    if len(typed) < len(words) or fold(" ".join(typed[: len(words)])) != fold(head):
        return None
    return typed[-1].lstrip(_SPACE).rstrip() if len(typed) > len(words) else ""
