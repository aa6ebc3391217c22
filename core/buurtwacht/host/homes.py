"""Homes: which neighbourhood somebody means who looks after several, by a code or name that he typed with a command."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from buurtwacht.host.context import Context
from buurtwacht.records.neighbourhoods import Neighbourhood
from buurtwacht.vocabulary.answers import fold
from buurtwacht.vocabulary.errors import Refusal
from buurtwacht.vocabulary.messages import Choice, Message, Text
from buurtwacht.vocabulary.roles import CARETAKERS

#: The handler of the answer to "which neighbourhood".
PLACE_CHOSEN = "place_chosen"
#: What may stand before the name of a neighbourhood.
_BEFORE = frozenset({"in", "voor", "van", "bij", "for", "at", "of"})
#: How long we wait to hear which neighbourhood is meant.
_OPEN = timedelta(hours=1)


def meant(ctx: Context, command: str, typed: str, *, keeps_names: bool = False) -> tuple[Context, str] | None:
    """Return this context in the neighbourhood a caretaker's command is about, and what else was typed.

    None where he is asked which. `keeps_names`: at the end only a code in capitals is a neighbourhood, for a name may
    be what he wants to have kept. Raises `Refusal` for who looks after none, or not after the one he names.
    """
    mine = [place for place in _homes(ctx) if looks_after(ctx, place)]
    place, rest = _named(ctx, typed, keeps_names=keeps_names)
    if not mine or (place is not None and place not in mine):
        raise not_allowed(command)
    if place is None and len(mine) > 1:
        _ask(ctx, mine, command, rest)
        return None
    return ctx.within(place or mine[0]), rest


def looks_after(ctx: Context, place: Neighbourhood) -> bool:
    """Return whether who set this off is a co-ordinator or an admin of a neighbourhood."""
    membership = ctx.person.membership(place.id)
    return membership is not None and membership.state == "active" and membership.has(*CARETAKERS)


def not_allowed(command: str) -> Refusal:
    """Return the usual refusal of a command of the core."""
    return Refusal(Text("not_allowed", domain="core", word=Text(f"command.{command}.example", domain="core")))


def _homes(ctx: Context) -> list[Neighbourhood]:
    return [ctx.neighbourhood_of(one.neighbourhood_id) for one in ctx.person.active]


def _named(ctx: Context, typed: str, *, keeps_names: bool) -> tuple[Neighbourhood | None, str]:
    """Return the neighbourhood that is named first or last in a text, and the text without it."""
    words = typed.split()
    homes = _homes(ctx)
    for home in homes:
        for called in (home.code, home.name):
            count = len(called.split())
            if fold(" ".join(words[:count])) == fold(called):
                return home, typed.split(None, count)[count] if len(words) > count else ""
            if not keeps_names and fold(" ".join(words[-count:])) == fold(called):
                return home, _without_last(typed, count)
    if not keeps_names and (elsewhere := _after_a_preposition(ctx, words)) is not None:
        return elsewhere
    # "de" is a word before it is a code.
    last = words[-1] if words else ""
    if not last.isupper() or (keeps_names and not _ends_a_value(words)):
        return None, typed
    named = ctx.neighbourhood_by(last)
    return (None, typed) if named is None else (named, _without_last(typed, 1))


def _after_a_preposition(ctx: Context, words: Sequence[str]) -> tuple[Neighbourhood, str] | None:
    """Return the neighbourhood, whosever it is, that "in …" at the end names, and the text before that.

    He who names one that he does not look after is to be refused, and not answered about his own.
    """
    by_name = {fold(called): one for one in ctx._core.neighbourhoods.all() for called in (one.name, one.code)}
    for place, word in enumerate(words):
        if fold(word) in _BEFORE and (found := by_name.get(fold(" ".join(words[place + 1 :])))) is not None:
            return found, " ".join(words[:place])
    return None


def _ends_a_value(words: Sequence[str]) -> bool:
    """Whether a value stands before the last word: behind what is set, and not as a list that goes on."""
    return len(words) > 3 and not words[-2].endswith((",", ";", "="))


def _without_last(typed: str, count: int) -> str:
    left = typed.rsplit(None, count)[0] if len(typed.split()) > count else ""
    words = left.split()
    return _without_last(left, 1) if words and fold(words[-1]) in _BEFORE else left


def _ask(ctx: Context, places: Sequence[Neighbourhood], command: str, typed: str) -> None:
    choices = [Choice(one.code, Text("place.one", name=one.name)) for one in places]
    payload = ctx._core.sealed({"command": command, "typed": typed})
    ctx.ask(ctx.person, Message(Text("place.which"), choices=choices), PLACE_CHOSEN, payload=payload, expires=_OPEN)
