"""An inquiry about one alert and one member, as people type it: "TB-0001 Henk", "kreeg Henk TB-0001 niet"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from buurtwacht import Context, Person, Refusal, Text, fold
from buurtwacht_alerts.alert import Alert, Status, named

_ID = re.compile(r"(?<!\w)[A-Za-z]{1,6}\s?-\s?\d{1,6}(?!\w)")
_NUMBER = re.compile(r"(?<!\w)\d{1,6}(?!\w)")
#: What stands around a name in a question, in both languages.
_AROUND = frozenset(
    word
    for words in (
        "niet geen nooit kreeg krijgt kregen heeft had is was werd deze dit die het de een melding alarm bericht",
        "gekregen ontvangen gehad bereikt gezien gelezen verstuurd gestuurd naar aan voor over van bij wel niets of",
        "not no never did didn't didnt does doesn't has hasn't have was wasn't is isn't the this that it an a alert",
        "report message get got gotten receive received reached seen read sent to for about of by nothing then",
    )
    for word in words.split()
)
#: Words that can be the beginning of a name as well.
_MAY_BE_A_NAME = frozenset({"de", "het", "van", "voor", "over", "an", "of"})


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is asked: the alert, None when none is meant, the name as typed, and the members, of now or before."""

    alert: Alert | None
    name: str
    people: Sequence[Person]


def read(ctx: Context, text: str) -> Inquiry:
    """Read an inquiry, in either order; about a member without an id it is about the newest alert. Raises `Refusal`."""
    whole = _ID.search(text)
    found = whole or _NUMBER.search(text)
    words = text if found is None else f"{text[: found.start()]} {text[found.end() :]}"
    name, people = _who(words.split(), ctx.members(former=True))
    if found is not None and (whole is not None or people):
        alert, _ = named(ctx, found.group(), tuple(Status))
        return Inquiry(alert, name, people)
    return Inquiry(_newest(ctx) if people else None, name, people)


def _who(words: list[str], members: Sequence[Person]) -> tuple[str, Sequence[Person]]:
    """Return the name among the words of a question, and those who have it: as many words of it as belong to one."""
    for around in (_AROUND - _MAY_BE_A_NAME, _AROUND):
        left = _stripped(words, around)
        for end in range(len(left), 0, -1):
            name = " ".join(left[:end])
            if fitting := matching(name, members):
                return name, fitting
    return " ".join(_stripped(words, _AROUND))[:60], ()


def matching(typed: str, people: Sequence[Person]) -> list[Person]:
    """Return the people of a name: those whose name it is wholly, else those whose name begins with it."""
    wanted = fold(typed)
    whole = [one for one in people if fold(one.name) == wanted]
    return whole or [one for one in people if f"{fold(one.name)} ".startswith(f"{wanted} ")]


def _stripped(words: list[str], around: frozenset[str]) -> list[str]:
    while words and fold(words[0]) in around | {""}:
        words = words[1:]
    while words and fold(words[-1]) in around | {""}:
        words = words[:-1]
    return [word.strip('?!.,:;"') for word in words]


def _newest(ctx: Context) -> Alert:
    table = Alert.__table__.c
    found = ctx.records.first(
        Alert, table.sent_at.is_not(None), neighbourhood=ctx.here.id, order=[table.sent_at.desc(), table.id.desc()]
    )
    if found is None:
        raise Refusal(Text("refused.none_open"))
    return found
