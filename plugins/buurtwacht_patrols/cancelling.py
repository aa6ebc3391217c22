"""Cancelling: a walker who cannot come. He is taken off, others are told, and a stand-in is looked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from buurtwacht import Answer, Choice, Context, Lines, Message, PersonId, Refusal, Text, answer
from buurtwacht_patrols import company, deciding, rosters, stand_ins
from buurtwacht_patrols.excuses import Excuse, read_excuse
from buurtwacht_patrols.records import Assignment, AssignmentState, Shift, ShiftState
from buurtwacht_patrols.wording import local, names, planned_line, shift_line

#: So many shifts are offered at once, the first to come first.
_OFFERED = 8
#: Who is ill means what is near.
_ILL = timedelta(hours=36)
#: What is further away than this is told after a night's rest.
_NEAR = timedelta(hours=12)

Own = Sequence[tuple[Shift, list[Assignment]]]


# --- what is meant ---------------------------------------------------------------------------------------------------


def coming(ctx: Context, who: PersonId) -> list[tuple[Shift, list[Assignment]]]:
    """Return the shifts that somebody walks and that have not begun, the first to come first."""
    return [one for one in rosters.own_shifts(ctx, who) if one[0].starts > ctx.now and who in company.walkers(one[1])]


def meant_by(ctx: Context, mine: Own, excuse: Excuse) -> list[tuple[Shift, list[Assignment]]]:
    """Return the shifts of somebody that an excuse is about; a weekday means the next one."""
    fitting = [one for one in mine if excuse.fits(one[0].local_day, one[0].local_time)]
    if excuse.ill and not excuse.is_dated:
        return [one for one in fitting if one[0].starts - ctx.now < _ILL]
    if excuse.weekdays:
        return fitting[:1]
    return fitting


def cannot(ctx: Context, text: str) -> None:
    """Take him off the shift that he means, or ask which."""
    excuse = read_excuse(text, ctx.now.date())
    mine = coming(ctx, ctx.person.id)
    meant = meant_by(ctx, mine, excuse) if excuse is not None else []
    if excuse is not None and not excuse.is_dated:
        asked = [one for one in meant if company.is_asked(one[1], ctx.person.id)]
        meant = asked if len(asked) == 1 else meant
    if excuse is not None and excuse.days and len(meant) > 1:
        _all_of(ctx, meant)
        return
    one_of(ctx, meant)


def sign_off(ctx: Context, when: str = "") -> None:
    """Take him off a shift: "afmelden dienst 12 mei"; without a day it asks which."""
    mine = coming(ctx, ctx.person.id)
    excuse = read_excuse(f"ik kan niet {when}", ctx.now.date()) if when else Excuse()
    if not mine:
        raise Refusal(Text("cannot.none"))
    meant = meant_by(ctx, mine, excuse) if excuse is not None else []
    if when and not meant:
        raise Refusal(Text("cannot.no_shift_then"))
    one_of(ctx, meant, sure=bool(when))


def one_of(ctx: Context, mine: Own, *, sure: bool = True) -> None:
    """Take him off if only one shift can be meant, else ask which. Raises `Refusal` when it is none."""
    if not mine:
        raise Refusal(Text("cannot.not_there"))
    if len(mine) == 1 and sure:
        shift, group = mine[0]
        _take_off(rosters.home(ctx, shift.neighbourhood), shift, group)
        return
    choices = [Choice(str(shift.id), shift_line(ctx, shift)) for shift, _ in mine[:_OFFERED]]
    choices.append(Choice("none", Text("cannot.none_of_these")))
    ctx.ask(ctx.person, Message(Text("cannot.which"), choices=choices), "cannot")


@answer("cannot")
def chosen(ctx: Context, said: Answer) -> None:
    """He says which shift he cannot walk."""
    if said.value == "none":
        ctx.reply(Text("cannot.kept"))
        return
    mine = [one for one in coming(ctx, ctx.person.id) if str(one[0].id) == said.value]
    one_of(ctx, mine)


# --- taken off -------------------------------------------------------------------------------------------------------


def _take_off(ctx: Context, shift: Shift, group: list[Assignment]) -> None:
    who = ctx.person.id
    release(ctx, shift, group, who)
    lacks = company.missing(shift, group)
    ctx.reply(Text("cannot.done" if lacks else "cannot.done.enough", at=local(ctx, shift.starts)), thread=shift)


def _all_of(ctx: Context, mine: Own) -> None:
    """He named several days at once: off all of them."""
    for shift, group in mine:
        release(rosters.home(ctx, shift.neighbourhood), shift, group, ctx.person.id)
    lines = [shift_line(ctx, shift) for shift, _ in mine]
    ctx.reply(Text("cannot.done.several", lines=Lines(*lines)))


def away(ctx: Context, spans: Sequence[tuple[date, date]]) -> list[Shift]:
    """Take him off the shifts in days on which he is away: nobody walks inside his absence. Returns them."""
    mine = [
        one
        for one in coming(ctx, ctx.person.id)
        if one[0].state is ShiftState.PLANNED and any(first <= one[0].local_day <= last for first, last in spans)
    ]
    for shift, group in mine:
        release(rosters.home(ctx, shift.neighbourhood), shift, group, ctx.person.id)
    return [shift for shift, _ in mine]


def release(ctx: Context, shift: Shift, group: list[Assignment], who: PersonId) -> None:
    """Take somebody off a shift that he was told of: his partners and who plans are told, a stand-in is looked for.

    `ctx` is of the shift's neighbourhood. What he is told himself is for whoever calls this.
    """
    if shift.state is not ShiftState.PLANNED:
        raise Refusal(Text("cannot.not_there"))
    for one in group:
        if one.person == who:
            one.state, one.told, one.locked, one.answered_at = AssignmentState.DECLINED, False, False, ctx.now
    shift.sequence, shift.changed_at = shift.sequence + 1, ctx.now
    ctx.close_questions(thread=shift, who=who)
    lacks = company.missing(shift, group)
    near = shift.starts - ctx.now < _NEAR
    partner = "cannot.partner" if lacks else "cannot.partner.enough"
    planners = company.planners(ctx, who)
    told = [one for one in company.walkers(group) if one not in planners]
    at = local(ctx, shift.starts)
    company.tell(ctx, told, Text(partner, who=ctx.name_of(who), at=at), shift, held=not near)
    asks = stand_ins.begin(ctx, shift, group) if lacks else []
    row = Text("cannot.planner.asks", who=names(asks)) if asks else Text("cannot.planner.nobody") if lacks else None
    lines = Lines(planned_line(ctx, shift, company.walkers(group)), row)
    letter = Text("cannot.planner", who=ctx.name_of(who), lines=lines)
    company.tell(ctx, planners, letter, shift, held=not near)
    if lacks and deciding.is_time(ctx, shift):
        deciding.begin(ctx, shift, group)
