"""No-shows: who did not check in is asked; then who waits for him and who plans are told (domain §2.8)."""

from __future__ import annotations

from collections.abc import Sequence

from buurtwacht import Answer, Choice, Context, Message, PersonId, Refusal, Role, Text, answer
from buurtwacht_patrols import company, logbook, naming, rosters, rounds, stand_ins
from buurtwacht_patrols.records import Assignment, AssignmentState, Shift, ShiftState
from buurtwacht_patrols.wording import local, names

_HERE = (Choice("here", Text("absent.here")), Choice("cannot", Text("absent.cannot")))
#: So many reserves are offered.
_OFFERED = 8
#: So many shifts to come are looked through for one that lacks a walker.
_LOOKED_AT = 50


def absent(ctx: Context, shift: Shift) -> bool:
    """Ten minutes after the start: ask who has not checked in."""
    group = rosters.assignments_of(ctx, [shift])[shift.id]
    wanted = _absent(ctx, shift, group)
    place = shift.start_point or Text("round.no_place")
    letter = Message(Text("absent.ask", at=local(ctx, shift.starts), place=place), choices=_HERE)
    ctx.ask_each(
        dict.fromkeys(wanted, letter),
        "absent",
        repeatable=True,
        expires=company.until(ctx, shift.ends),
        thread=shift,
    )
    return True


def alone(ctx: Context, shift: Shift) -> bool:
    """Fifteen minutes after the start: tell who waits for them, and who plans, with reserves to ask."""
    group = rosters.assignments_of(ctx, [shift])[shift.id]
    missed = _absent(ctx, shift, group)
    if not missed:
        return True
    for one in group:
        if one.person in missed:
            one.state = AssignmentState.NO_SHOW
    for who in missed:
        logbook.note(ctx, shift, "missed", person=who)
    _tell(ctx, shift, group, missed)
    return True


def _tell(ctx: Context, shift: Shift, group: Sequence[Assignment], missed: Sequence[PersonId]) -> None:
    """Tell who waits for those who do not come, and who plans, with reserves to ask."""
    arrived = rounds.check_ins(ctx, shift)
    there = [one for one in company.walkers(group) if one in arrived]
    planners = company.planners(ctx, *missed)
    if company.missing(shift, group):
        waiting = [one for one in there if one not in planners]
        letter = Text("alone.partner", who=names(missed, first=True), at=local(ctx, shift.starts))
        company.tell(ctx, waiting, letter, shift)
    found = stand_ins.reserves(ctx, shift, group)[:_OFFERED]
    told = Text(
        "alone.planner" if found else "alone.planner.nobody",
        at=local(ctx, shift.starts),
        missed=names(missed),
        there=Text("alone.there", who=names(there)) if there else Text("alone.nobody_there"),
        reserves=names(found),
    )
    choices = [Choice(str(one), Text("names.whole.one", who=ctx.name_of(one))) for one in found]
    if choices:
        expires = company.until(ctx, shift.ends)
        content = Message(told, choices=choices)
        ctx.ask_each(dict.fromkeys(planners, content), "reserve", repeatable=True, expires=expires, thread=shift)
    else:
        company.tell(ctx, planners, told, shift)


def _absent(ctx: Context, shift: Shift, group: Sequence[Assignment]) -> list[PersonId]:
    """Return who did not check in and sent no message either (domain §2.8)."""
    heard = rounds.check_ins(ctx, shift).keys() | rounds.came_alone(ctx, shift, group)
    return [one for one in company.walkers(group) if one not in heard]


@answer("absent")
def said_where(ctx: Context, said: Answer) -> None:
    """He answers that he is there, which counts as checking in (R40), or that he cannot come."""
    shift, here, group = rounds.answered_about(ctx, said)
    own = company.own(group, ctx.person.id)
    if own is None or not own.told or shift.ends <= ctx.now:
        raise Refusal(Text("cannot.not_there"))
    if said.value == "cannot":
        own.state, own.told, own.answered_at = AssignmentState.DECLINED, False, ctx.now
        shift.sequence, shift.changed_at = shift.sequence + 1, ctx.now
        here.reply(Text("absent.noted"), thread=shift)
        _tell(here, shift, group, [ctx.person.id])
    else:
        arrives(here, shift, group)


def arrives(ctx: Context, shift: Shift, group: list[Assignment]) -> None:
    """Check in by an answer."""
    arrived = rounds.check_ins(ctx, shift)
    if ctx.person.id in arrived:
        ctx.reply(Text("start.already", since=local(ctx, arrived[ctx.person.id].in_at)), thread=shift)
        return
    others = rounds.companions(group, ctx.person.id)
    if not others:
        rounds.there_alone(ctx, shift, group)
        return
    rounds.set_out(ctx, shift, group, [ctx.person.id], arrived, by=ctx.person.id)
    waiting = [one for one in others if one not in arrived]
    wait = Text("start.wait", who=names(waiting, first=True)) if waiting else None
    there = [one for one in others if one in arrived]
    ctx.reply(Text("start.done", now=ctx.now, who=rounds.with_whom(there), wait=wait), thread=shift)


@answer("reserve")
def reserve(ctx: Context, said: Answer) -> None:
    """Who plans has a reserve asked at once."""
    shift, here, group = rounds.answered_about(ctx, said)
    who = PersonId(int(said.value))
    if shift.ends <= ctx.now or shift.state is ShiftState.CANCELLED:
        raise Refusal(Text("decide.over"))
    if not company.missing(shift, group):
        raise Refusal(Text("stand_in.filled", at=local(here, shift.starts)))
    _invite(here, shift, group, who)


def _invite(ctx: Context, shift: Shift, group: list[Assignment], who: PersonId) -> None:
    if company.own(group, who) is None:
        stand_ins.invite(ctx, shift, group, who)
    ctx.reply(Text("reserve.asked", who=ctx.name_of(who)), thread=shift)


def ask_reserve(ctx: Context, name: str) -> None:
    """Have a walker asked at once to stand in, for the shift that is on or comes first and lacks one: "Piet"."""
    columns = Shift.__table__.c
    shifts = ctx.records.find(
        Shift,
        columns.ends > ctx.now,
        columns.state.in_((ShiftState.PLANNED, ShiftState.UNDERWAY)),
        neighbourhood=ctx.here.id,
        order=[columns.starts],
        limit=_LOOKED_AT,
    )
    groups = rosters.assignments_of(ctx, shifts)
    lacking = [
        one for one in shifts if any(own.told for own in groups[one.id]) and company.missing(one, groups[one.id])
    ]
    who = naming.one_of(ctx.members(Role.PATROLLER), name)
    if not lacking:
        raise Refusal(Text("reserve.no_shift"))
    if who.id in company.walkers(groups[lacking[0].id]):
        raise Refusal(Text("change.there_already", who=ctx.name_of(who)))
    _invite(ctx, lacking[0], groups[lacking[0].id], who.id)
