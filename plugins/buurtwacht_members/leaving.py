"""Leaving: a membership that ends, and a person who is erased (R50)."""

from __future__ import annotations

from buurtwacht import (
    Answer,
    Choice,
    Context,
    Guess,
    Hearing,
    Message,
    Neighbourhood,
    PersonId,
    Text,
    answer,
)
from buurtwacht_members import appointments, approval, caretaking, ending, my_data, removals, retiring
from buurtwacht_members.records import Link
from buurtwacht_members.words import is_stop

_YES_NO = (Choice("yes", Text("yes")), Choice("no", Text("no")))


def leave(ctx: Context, where: str = "") -> None:
    """Ask whether he really wants to leave, and which neighbourhood; nothing is guessed."""
    places = _places(ctx)
    if not places:
        ctx.reply(Text("leave.official" if ctx.offices else "leave.nowhere"))
        return
    named = [one for one in places if one.code.casefold() == where.strip().casefold()]
    if len(named or places) == 1:
        _confirm(ctx.within((named or places)[0]))
        return
    choices = [Choice(one.code, Text("place", name=one.name)) for one in places]
    ctx.ask(ctx.person, Message(Text("leave.which"), choices=choices), "leaving.which")


def recognise(hearing: Hearing) -> Guess | None:
    """A bare "stop" or "uitschrijven" is somebody who wants to leave: he is asked, and never ignored."""
    return Guess(_stopped, 0.9) if is_stop(hearing.text) else None


def recognise_official(text: str) -> Guess | None:
    """An official who says "stop" reads how he stops being one."""
    return Guess(_stopped, 0.9) if is_stop(text) else None


def _stopped(ctx: Context, text: str) -> None:
    leave(ctx)


def _places(ctx: Context) -> list[Neighbourhood]:
    """Return where he is a member, or asked to be."""
    if not ctx.has_person:
        return []
    mine = [one for one in ctx.person.memberships if one.state in ("active", "requested")]
    return [ctx.neighbourhood_of(one.neighbourhood_id) for one in mine]


@answer("leaving.which")
def which(ctx: Context, said: Answer) -> None:
    """He named the neighbourhood to leave."""
    place = ctx.neighbourhood_by(said.value)
    if place is not None:
        _confirm(ctx.within(place))


def _confirm(here: Context) -> None:
    text = Text("leave.ask", neighbourhood=here.here.name)
    here.ask(here.person, Message(text, choices=_YES_NO), "leaving.confirm")


@answer("leaving.confirm")
def confirmed(ctx: Context, said: Answer) -> None:
    """He is sure, or stays."""
    if said.value != "yes":
        ctx.reply(Text("leave.stays"))
        return
    ending.end(ctx, ctx.person.id)
    ctx.reply(Text("leave.done", neighbourhood=ctx.here.name))


# --- erasure -------------------------------------------------------------------------------------------------------


def erase(ctx: Context) -> None:
    """Ask what he wants: only stop, or everything erased; his data first, if he likes."""
    if not ctx.has_person:
        ctx.reply(Text("erase.unknown"))
        return
    choices = (
        Choice("stop", Text("erase.stop")),
        Choice("erase", Text("erase.all")),
        Choice("data", Text("erase.data")),
    )
    ctx.ask(ctx.person, Message(Text("erase.ask"), choices=choices), "leaving.erase")


@answer("leaving.erase")
def chosen(ctx: Context, said: Answer) -> None:
    """What he chose holds at once."""
    if said.value == "data":
        my_data.show(ctx)
        erase(ctx)
        return
    places = _places(ctx)
    for place in places:
        ending.end(ctx.within(place), ctx.person.id)
    retiring.resign(ctx)
    if said.value == "stop":
        ctx.reply(Text("erase.stopped"))
        return
    who = ctx.person.id
    for key in ("applicant", "proof", "former"):
        ctx.cancel(f"{key}:{who}")
    last_word = ctx.reply(Text("erase.done"))
    ctx.directory.erase(who, last_word)
    ctx.tell("erase_person", person=who)


def forget(ctx: Context, who: PersonId) -> None:
    """Take away what this plugin keeps of somebody."""
    approval.withdraw(ctx, who)
    appointments.forget(ctx, who)
    removals.forget(ctx, who)
    for link in ctx.records.find(Link, person=who):
        ctx.records.remove(link)
    caretaking.forget_look_ups(ctx, who)
