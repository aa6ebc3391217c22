"""Confirming: what walkers answer to a reminder, by a tap or in words of their own."""

from __future__ import annotations

from buurtwacht import Answer, Context, Lines, Refusal, Text, answer
from buurtwacht_patrols import cancelling, company, reminding, rosters
from buurtwacht_patrols.excuses import read_excuse
from buurtwacht_patrols.records import AssignmentState, Shift, ShiftState
from buurtwacht_patrols.reminding import Day
from buurtwacht_patrols.wording import local


@answer("reminder")
def answered(ctx: Context, said: Answer) -> None:
    """He says whether he comes, to every shift of that day; "vrijdag kan ik niet" is about Friday's."""
    shift = ctx.records.get(Shift, said.thread)
    if shift is None:
        raise Refusal(Text("cannot.not_there"))
    here = rosters.home(ctx, shift.neighbourhood)
    if said.value == "come":
        comes(here, _day(here, shift))
        return
    excuse = read_excuse(said.words, ctx.now.date()) if said.words else None
    if excuse is not None and excuse.is_dated:
        cancelling.cannot(here, said.words)
    else:
        cancelling.one_of(here, _day(here, shift))


def agreed(ctx: Context, text: str) -> None:
    """He comes to the shift of which he was reminded first, and to others that day."""
    mine = [one for one in cancelling.coming(ctx, ctx.person.id) if company.is_asked(one[1], ctx.person.id)]
    here = rosters.home(ctx, mine[0][0].neighbourhood)
    comes(here, [one for one in mine if one[0].day == mine[0][0].day])


def comes(ctx: Context, mine: Day) -> None:
    """Write down that he comes. Raises `Refusal` when he is on none of these shifts any more."""
    if not mine:
        raise Refusal(Text("cannot.not_there"))
    for _, group in mine:
        own = company.own(group, ctx.person.id)
        if own is not None:
            own.state, own.answered_at = AssignmentState.CONFIRMED, ctx.now
    lines = Lines(*(Text("at", at=local(ctx, shift.starts)) for shift, _ in mine))
    ctx.reply(Text("remind.noted", lines=lines), thread=mine[0][0])


def _day(ctx: Context, shift: Shift) -> Day:
    """Return the shifts of that day that he walks, if it has not begun."""
    if shift.state is not ShiftState.PLANNED or shift.starts <= ctx.now:
        return []
    day = reminding.days_of(ctx, [shift])[shift.id]
    return [(one, group) for one, group in day if ctx.person.id in company.walkers(group)]
