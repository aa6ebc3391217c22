"""Signing up: a walker takes an open place of a published roster himself. First come, first served."""

from __future__ import annotations

from buurtwacht import Answer, Choice, Context, Message, Refusal, Text, answer
from buurtwacht_patrols import agenda, asking, changing, company, naming, rosters, stand_ins
from buurtwacht_patrols.records import Assignment, Shift
from buurtwacht_patrols.wording import local, own_line, planned_line, shift_line

#: So many open places are offered at once, the first to come first.
_OFFERED = 8


def sign_up(ctx: Context, when: str = "") -> None:
    """Take an open place on the day that is named; without one, the open places are offered."""
    shifts = [one for one in rosters.shifts_of(ctx, rosters.published(ctx)) if one.starts > ctx.now]
    groups = rosters.assignments_of(ctx, shifts)
    free = [
        one for one in shifts if has_room(one, groups[one.id]) and not changing.walks(groups[one.id], ctx.person.id)
    ]
    moment = naming.read_moment(when, ctx.now.date()) if when else None
    if moment is None:
        _offer(ctx, free)
        return
    fitting = [one for one in free if one.local_day == moment.day and moment.wall in (None, one.local_time)]
    if len(fitting) == 1:
        _join(ctx, fitting[0], groups[fitting[0].id])
    elif fitting:
        _offer(ctx, fitting)
    else:
        raise Refusal(Text("signup.no_place", day=moment.day))


def has_room(shift: Shift, group: list[Assignment]) -> bool:
    """Whether a walker is missing."""
    return len(rosters.walkers_of(group)) < shift.fewest


def _offer(ctx: Context, free: list[Shift]) -> None:
    if not free:
        waiting = asking.waiting_for(ctx, ctx.person.id)
        raise Refusal(Text("signup.answer" if waiting is not None else "signup.none"))
    choices = [Choice(str(one.id), shift_line(ctx, one)) for one in free[:_OFFERED]]
    ctx.ask(ctx.person, Message(Text("signup.which"), choices=choices), "signup")


@answer("signup")
def picked(ctx: Context, said: Answer) -> None:
    """He chose an open place."""
    shift = ctx.records.get(Shift, int(said.value))
    if shift is None or shift.starts <= ctx.now:
        raise Refusal(Text("signup.none"))
    here = rosters.home(ctx, shift.neighbourhood)
    _join(here, shift, rosters.assignments_of(here, [shift])[shift.id])


def _join(ctx: Context, shift: Shift, group: list[Assignment]) -> None:
    """Put him on the shift, and tell him, who walks with him and who plans. Of two at once the later is refused."""
    if changing.walks(group, ctx.person.id):
        raise Refusal(Text("signup.already", at=local(ctx, shift.starts)))
    if not has_room(shift, group):
        raise Refusal(Text("signup.filled", at=local(ctx, shift.starts)))
    if company.is_away(ctx, shift, ctx.person.id):
        raise Refusal(Text("stand_in.away"))
    mine = changing.put_on(ctx, shift, group, ctx.person.id)
    mine.told = mine.listed = True
    shift.sequence, shift.changed_at = shift.sequence + 1, ctx.now
    partners = [one.person for one in group if one.told and one.person != ctx.person.id]
    people = ctx.people([*partners, ctx.person.id])
    entries = agenda.own_entries(ctx, ctx.person, [(shift, group)], people)
    line = own_line(ctx, shift, group, ctx.person.id)
    ctx.reply(Message(Text("signup.done", line=line), attachments=(agenda.file_of(ctx, ctx.person, entries),)))
    name = ctx.name_of(ctx.person)
    letters = {one: Text("signup.partner", who=name, at=local(ctx, shift.starts)) for one in partners}
    told = Text("signup.planner", who=name, line=planned_line(ctx, shift, rosters.walkers_of(group)))
    planners = [one for one in rosters.planners(ctx) if one != ctx.person.id and one not in letters]
    ctx.send_each({**letters, **dict.fromkeys(planners, told)})
    stand_ins.joined(ctx, shift, group, mine)
