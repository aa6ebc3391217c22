"""Distress: a walker who calls for help on his round. 112 is shown to him, humans hear it at once (domain §2.8)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from buurtwacht import CARETAKERS, Context, Message, Severity, Text
from buurtwacht_patrols import company, logbook, rosters, rounds
from buurtwacht_patrols.records import Assignment, LogEntry, Shift
from buurtwacht_patrols.wording import names

_NUMBER = re.compile(r"(?<!\w)\+?\d[\d\s().-]{7,}\d(?!\w)")


def cried(ctx: Context, text: str) -> None:
    """A walker who is on his round calls for help."""
    found = rounds.current(ctx, ctx.person.id)
    assert found is not None
    called(rosters.home(ctx, found[0].neighbourhood), *found, text)


def called(ctx: Context, shift: Shift, group: Sequence[Assignment], text: str) -> None:
    """Tell who looks after the neighbourhood and those who walk with him; show him the emergency number."""
    who = ctx.person.id
    humans = [one.id for one in ctx.members(*CARETAKERS) if one.id != who]
    others = company.partners(group, who)
    said = Text(
        "distress.caretaker",
        who=ctx.name_of(who),
        where=company.where(shift),
        partners=names(others) or Text("round.nobody"),
        text=without_numbers(text),
    )
    if humans:
        letter = Message(said, location=ctx.location)
        # Of one round they read one first word; what is called after it comes as critical as that.
        first = ctx.records.first(LogEntry, shift=shift.id, event=logbook.DISTRESS) is None
        ctx.send(humans, letter, severity=Severity.CRITICAL, thread=shift, first_word=first)
    told = [one for one in others if one not in humans]
    if told:
        ctx.send(told, Text("distress.partner", who=ctx.name_of(who)), severity=Severity.CRITICAL, thread=shift)
    logbook.note(ctx, shift, logbook.DISTRESS, person=who)
    ctx.note("called_for_help_on_a_round", shift.short, told=len(humans))
    ctx.reply(Text("distress" if humans else "distress.nobody"), severity=Severity.CRITICAL, thread=shift)


def located(ctx: Context, text: str) -> None:
    """The place of a walker who called for help goes to those who heard of it."""
    found = rounds.current(ctx, ctx.person.id)
    assert found is not None
    assert ctx.location is not None
    here = rosters.home(ctx, found[0].neighbourhood)
    point = f"{ctx.location.latitude:.5f}, {ctx.location.longitude:.5f}"
    humans = [one.id for one in here.members(*CARETAKERS) if one.id != ctx.person.id]
    letter = Message(Text("distress.place", who=ctx.name_of(ctx.person), point=point), location=ctx.location)
    here.send(humans, letter, severity=Severity.CRITICAL, thread=found[0])
    here.reply(Text("distress.place_told"), severity=Severity.CRITICAL, thread=found[0])


def without_numbers(text: str) -> str:
    """Return what somebody typed as a human reads it: without numbers by which people are reached, and not endless."""
    return _NUMBER.sub("…", " ".join(text.split()))[:500]
