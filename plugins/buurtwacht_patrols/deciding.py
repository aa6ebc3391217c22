"""Deciding: six hours before a shift without enough walkers the co-ordinator chooses (R39); calling one off."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import CARETAKERS, Answer, Choice, Context, Message, PersonId, Refusal, Text, answer
from buurtwacht_patrols import changing, company, naming, rosters, stand_ins, steps
from buurtwacht_patrols.records import Assignment, AssignmentState, Shift, ShiftState
from buurtwacht_patrols.wording import local, planned_line

_CHOICES = (
    Choice("off", Text("decide.off")),
    Choice("self", Text("decide.self")),
    Choice("seek", Text("decide.seek")),
)
#: So long before the start the co-ordinator chooses.
_BEFORE = timedelta(hours=6)


def is_time(ctx: Context, shift: Shift) -> bool:
    """Whether the co-ordinator has to choose now, rather than at the set time."""
    return ctx.now >= shift.starts - _BEFORE


def begin(ctx: Context, shift: Shift, group: list[Assignment] | None = None) -> None:
    """Ask who plans what is to be done, if walkers are missing; the walkers hear that there are not enough.

    With `group` the walkers have just been told.
    """
    known = group if group is not None else rosters.assignments_of(ctx, [shift])[shift.id]
    if not company.missing(shift, known):
        return
    planners = company.planners(ctx)
    line = planned_line(ctx, shift, company.walkers(known))
    letter = Message(Text("decide.ask", line=line), choices=_CHOICES)
    expires = company.until(ctx, shift.starts)
    ctx.ask_each(dict.fromkeys(planners, letter), "decide", repeatable=True, expires=expires, thread=shift)
    if group is None:
        told = [one for one in company.walkers(known) if one not in planners]
        company.tell(ctx, told, Text("decide.walker", at=local(ctx, shift.starts)), shift)


@answer("decide")
def chosen(ctx: Context, said: Answer) -> None:
    """Who plans chose. Raises `Refusal` when it is too late for that."""
    shift = ctx.records.get(Shift, said.thread)
    here = rosters.home(ctx, shift.neighbourhood) if shift is not None else ctx
    if shift is None or not here.has(*CARETAKERS) or shift.state is not ShiftState.PLANNED or shift.starts <= ctx.now:
        raise Refusal(Text("decide.over"))
    group = rosters.assignments_of(here, [shift])[shift.id]
    if said.value == "off":
        call_off(here, shift, group)
    elif said.value == "self":
        _walks_himself(here, shift, group)
    else:
        stand_ins.go_on(here, shift, group)


def off(ctx: Context, when: str) -> None:
    """Call off one shift of a published roster: "12 mei"."""
    named = naming.only(ctx, naming.named_shifts(ctx, when))
    call_off(ctx, named.shift, named.group)


def call_off(ctx: Context, shift: Shift, group: list[Assignment]) -> None:
    """Call a shift off: who walks it or was asked to hears it, and who else plans."""
    if shift.state is not ShiftState.PLANNED:
        raise Refusal(Text("decide.over"))
    shift.state, shift.sequence, shift.changed_at = ShiftState.CANCELLED, shift.sequence + 1, ctx.now
    at = local(ctx, shift.starts)
    walkers = company.walkers(group)
    invited = [one.person for one in group if one.state is AssignmentState.INVITED]
    for one in group:
        if one.walks or one.state is AssignmentState.INVITED:
            one.state, one.told = AssignmentState.CANCELLED, False
    stand_ins.stop(ctx, shift)
    steps.disarm(ctx, [shift])
    ctx.close_questions(thread=shift)
    me = ctx.person.id
    letters: dict[PersonId, Text] = dict.fromkeys(invited, Text("off.invited", at=at))
    letters |= dict.fromkeys(walkers, Text("off.walker", at=at))
    others = [one for one in company.planners(ctx, me) if one not in letters]
    letters |= dict.fromkeys(others, Text("off.planner", at=at, who=ctx.name_of(me)))
    letters.pop(me, None)
    ctx.send_each(letters, thread=shift)
    ctx.note("shift_called_off", shift.short, walkers=len(walkers))
    ctx.reply(Text("off.done", at=at, count=len(walkers)), thread=shift)


def _walks_himself(ctx: Context, shift: Shift, group: list[Assignment]) -> None:
    if changing.walks(group, ctx.person.id):
        raise Refusal(Text("signup.already", at=local(ctx, shift.starts)))
    stand_ins.take_place(ctx, shift, group)
