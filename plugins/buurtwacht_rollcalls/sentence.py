"""One sentence that opens a roll call: what is asked, of whom, how long, and what kind it is by its words."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import time, timedelta

from buurtwacht import Role, fold, speaks_for_officials
from buurtwacht_rollcalls.durations import read_beginning, read_ending
from buurtwacht_rollcalls.records import Kind

_ASKS_SAFETY = re.compile(
    r"\b(?:ok|oke|okay|okee|oki|veilig|safe|ongedeerd|unharmed|in orde|all ?right|alles goed|goed met|gaat het"
    r"|gaat alles|maken het goed|thuis en wel)\b"
)
_ASKS_TROUBLE = re.compile(
    r"\b(?:gewond\w*|hurt|injured|hulp nodig|need(?:s)? (?:any )?help|schade|damage|last van|slachtoffers?|vermist"
    r"|missing|niet (?:oke|veilig|goed)|not (?:ok|safe))\b"
)
_ASKS_WHO_COMES = re.compile(
    r"\bwie (?:kan|kunnen|wil|komt)\b.*\b(?:komen|(?:mee)?helpen|meelopen|(?:mee)?zoeken|sjouwen|bijspringen|komt|er)\b"
    r"|\bwho (?:can|could|is able to|will)\b.*\b(?:come|help|join|search|walk)\b"
)
_ASKS_PRESENCE = re.compile(r"\b(?:aanwezig|present|presentie|wie (?:is|zijn) (?:er|hier)|who is (?:here|there))\b")
_ASKS_TO_COME = re.compile(
    r"\b(?:vergadering|bijeenkomst|overleg|meeting|kom(?:en)? (?:je|jij|jullie|u)|ben je erbij|are you coming"
    r"|will you come|can you make it)\b"
)
_NEEDED = re.compile(
    r"(?:^|(?<=[\s,.;?!(]))(?:(?:we (?:hebben|need)|minstens|minimaal|at least|er zijn)\s+)?"
    r"(?P<number>\d{1,4}|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|one|two|three|four|five|six|seven|eight"
    r"|nine|ten)\s+"
    r"(?:(?:mensen|man|personen|mens|vrijwilligers|lopers|buren|people|persons|volunteers|neighbours|helpers)\s*)?"
    r"(?:nodig|needed|required)\b[.!]?",
    re.IGNORECASE,
)
_NUMBERS = {
    word: number
    for number, words in enumerate(
        ("een één one", "twee two", "drie three", "vier four", "vijf five", "zes six", "zeven seven", "acht eight",
         "negen nine", "tien ten"),
        start=1,
    )
    for word in words.split()
}  # fmt: skip
_GROUPS: Mapping[str, Role] = {
    **dict.fromkeys(("lopers", "loper", "walkers", "patrollers"), Role.PATROLLER),
    **dict.fromkeys(("coordinatoren", "coordinators", "co-ordinators"), Role.COORDINATOR),
    **dict.fromkeys(("beheerders", "admins"), Role.ADMIN),
    **dict.fromkeys(("vertegenwoordigers", "representatives"), Role.REPRESENTATIVE),
}
_ARTICLE = re.compile(r"^(?:(?:aan|voor|in|op|bij|to|for|of|de|het|alle|all|the)\s+)+", re.IGNORECASE)
_LONGEST_NAME = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """What a sentence asks for. `unclear` names what it left open: kind, place or source; then its writer is asked."""

    kind: Kind
    question: str
    #: a code of a neighbourhood, a street's name, or a role; at most one
    code: str = ""
    street: str = ""
    role: Role | None = None
    span: timedelta | None = None
    wall: time | None = None
    needed: int | None = None
    asks_trouble: bool = False
    unclear: frozenset[str] = frozenset()

    @property
    def says_nothing(self) -> bool:
        """Whether nothing is asked."""
        return sum(sign.isalpha() for sign in self.question) < 2


def read(text: str, codes: Mapping[str, str], streets: Collection[str], kind: Kind | None = None) -> Wish:
    """Read a sentence. `codes` are names and codes of neighbourhoods to their codes; `kind` when the word said it."""
    ending = read_ending(" ".join(text.split()))
    rest, needed = _needed(ending.rest)
    if needed is not None and ending.span is None and ending.wall is None:
        ending = read_ending(rest)
        rest = ending.rest
    code, street, role, question = _place(rest, codes, streets)
    if ending.span is None and ending.wall is None:
        ending = read_beginning(question)
        question = ending.rest
    folded = fold(question)
    asks_trouble = _ASKS_TROUBLE.search(folded) is not None
    read_kind, is_clear = _kind(question, folded, needed, asks_trouble=asks_trouble)
    if kind is not None:
        read_kind, is_clear = kind, True
    inside = not street and any(f" {fold(one)} " in f" {folded} " for one in streets)
    unclear = {"kind": not is_clear, "place": inside, "source": speaks_for_officials(question)}
    return Wish(
        kind=read_kind,
        question=_sentence(question),
        code=code,
        street=street,
        role=role,
        span=ending.span,
        wall=ending.wall,
        needed=needed if read_kind is Kind.READINESS else None,
        asks_trouble=asks_trouble,
        unclear=frozenset(name for name, holds in unclear.items() if holds),
    )


def _kind(question: str, folded: str, needed: int | None, *, asks_trouble: bool) -> tuple[Kind, bool]:
    """Return the kind by its words, and whether they leave no doubt."""
    if needed is not None or _ASKS_WHO_COMES.search(folded):
        return Kind.READINESS, True
    if _ASKS_SAFETY.search(folded) or asks_trouble:
        return Kind.SAFETY, True
    if _ASKS_PRESENCE.search(folded):
        return Kind.ATTENDANCE, True
    if _ASKS_TO_COME.search(folded) or "?" in question:
        return Kind.MEETING, True
    return Kind.SAFETY, False


def _needed(text: str) -> tuple[str, int | None]:
    found = _NEEDED.search(text)
    if found is None:
        return text, None
    written = found["number"].lower()
    number = int(written) if written.isdigit() else _NUMBERS[written]
    before, after = text[: found.start()].rstrip(" ,;"), text[found.end() :].lstrip(" ,;.")
    return f"{before} {after}".strip(), number


def _place(text: str, codes: Mapping[str, str], streets: Collection[str]) -> tuple[str, str, Role | None, str]:
    """Return code, street and role that a sentence begins with, one of them at most, and what follows."""
    known = {fold(name): name for name in streets}
    article = _ARTICLE.match(text)
    starts = dict.fromkeys((0, article.end() if article is not None else 0))
    for start in starts:
        words = text[start:].split()
        for count in range(min(_LONGEST_NAME, len(words)), 0, -1):
            named = fold(" ".join(words[:count]))
            rest = " ".join(words[count:]).lstrip(" ,:;-")
            if named in codes:
                return codes[named], "", None, rest
            street = known.get(named) or known.get(re.sub(r"str$", "straat", named))
            if street is not None:
                return "", street, None, rest
            if count == 1 and named in _GROUPS:
                return "", "", _GROUPS[named], rest
    return "", "", None, text


def _sentence(text: str) -> str:
    trimmed = text.strip(" ,;:-")
    return trimmed[:1].upper() + trimmed[1:]
