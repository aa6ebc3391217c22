"""The round itself: walkers check in and out, each for himself or for both, and a round that is over is closed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from buurtwacht import Answer, Context, PersonId, Refusal, Text, fold
from buurtwacht_patrols import company, logbook, rosters, steps, summing_up
from buurtwacht_patrols.records import Assignment, AssignmentState, CheckIn, LogEntry, Shift, ShiftState
from buurtwacht_patrols.wording import local, names

#: So early somebody can check in, and so long after the end check out.
_EARLY = timedelta(hours=1)
_AFTER = timedelta(hours=12)
#: The event of the log book: he was there, and nobody walked with him.
_ALONE = "there_alone"
_TOGETHER = frozenset(("samen", "beiden", "allebei", "both", "together", "tezamen"))


def current(ctx: Context, who: PersonId) -> tuple[Shift, list[Assignment]] | None:
    """Return the round that somebody walks, is about to walk, or walked last; who was missed counts as well."""
    mine = ctx.records.find(Assignment, person=who, told=True)
    columns = Shift.__table__.c
    shifts = ctx.records.find(
        Shift,
        columns.id.in_([one.shift for one in mine if one.walks or one.state is AssignmentState.NO_SHOW]),
        columns.starts <= ctx.now + _EARLY,
        columns.ends > ctx.now - _AFTER,
        columns.state != ShiftState.CANCELLED,
        order=[columns.starts],
    )
    if not shifts:
        return None
    underway = [one for one in shifts if one.state is ShiftState.UNDERWAY]
    coming = [one for one in shifts if one.ends > ctx.now and one.state is ShiftState.PLANNED]
    shift = (underway or coming or shifts[::-1])[0]
    return shift, rosters.assignments_of(ctx, [shift])[shift.id]


def check_ins(ctx: Context, shift: Shift) -> dict[PersonId, CheckIn]:
    """Return who set out, in that order."""
    columns = CheckIn.__table__.c
    return {one.person: one for one in ctx.records.find(CheckIn, shift=shift.id, order=[columns.in_at])}


# --- in --------------------------------------------------------------------------------------------------------------


def start(ctx: Context, how: str = "") -> None:
    """Check in, for himself; with "samen" for those who walk with him too (R40)."""
    found = current(ctx, ctx.person.id)
    if found is None or found[0].ends <= ctx.now:
        raise Refusal(Text("round.none"))
    shift, group = found
    here = rosters.home(ctx, shift.neighbourhood)
    others = companions(group, ctx.person.id)
    if not others:
        there_alone(here, shift, group)
        return
    arrived = check_ins(here, shift)
    together = _is_together(how)
    if ctx.person.id in arrived and (not together or all(one in arrived for one in others)):
        at = local(here, arrived[ctx.person.id].in_at)
        here.reply(Text("start.already", since=at), thread=shift)
        return
    setting_out = [ctx.person.id, *(others if together else [])]
    set_out(here, shift, group, setting_out, arrived, by=ctx.person.id)
    waiting = [] if together else [one for one in others if one not in arrived]
    here.reply(
        Text(
            "start.done",
            now=here.now,
            who=with_whom([one for one in others if one not in waiting]),
            wait=Text("start.wait", who=names(waiting, first=True)) if waiting else None,
        ),
        thread=shift,
    )
    if together:
        carried = [one for one in others if one not in arrived]
        company.tell(here, carried, Text("start.by_partner", who=ctx.name_of(ctx.person)), shift)


def there_alone(ctx: Context, shift: Shift, group: Sequence[Assignment]) -> None:
    """He is there and nobody walks with him: he does not set out, and it is kept that he came."""
    who = ctx.person.id
    own = company.own(group, who)
    if own is not None and own.state is AssignmentState.NO_SHOW:
        own.state = AssignmentState.CONFIRMED
    if who not in came_alone(ctx, shift, group):
        logbook.note(ctx, shift, _ALONE, person=who)
    ctx.close_questions(thread=shift, who=who)
    ctx.reply(Text("start.alone", at=local(ctx, shift.starts)), thread=shift)


def came_alone(ctx: Context, shift: Shift, group: Sequence[Assignment]) -> set[PersonId]:
    """Return who said that he was there while nobody walked with him; once somebody does, he is expected again."""
    found = ctx.records.find(LogEntry, shift=shift.id, event=_ALONE)
    return {one.person for one in found if one.person is not None and not companions(group, one.person)}


def companions(group: Sequence[Assignment], who: PersonId) -> list[PersonId]:
    """Return with whom somebody was to walk, those who were missed included: they may still come."""
    expected = [one for one in group if one.told and (one.walks or one.state is AssignmentState.NO_SHOW)]
    return [one.person for one in expected if one.person != who]


def with_whom(people: Sequence[PersonId]) -> Text | None:
    """Return with whom somebody sets out, if anybody is there."""
    return Text("start.with", who=names(people, first=True)) if people else None


def set_out(
    ctx: Context,
    shift: Shift,
    group: Sequence[Assignment],
    people: Collection[PersonId],
    arrived: Collection[PersonId],
    *,
    by: PersonId,
    source: str | PersonId = "",
) -> None:
    """Write down that people set out; who plans, and who waits there, hear of those who were taken for missed."""
    came: list[PersonId] = []
    for one in people:
        if one in arrived:
            continue
        ctx.records.add(CheckIn(shift=shift.id, person=one, by=by, in_at=ctx.now))
        logbook.note(ctx, shift, "checked_in", person=one, by=by, source=source)
        own = company.own(group, one)
        if own is not None and own.state is AssignmentState.NO_SHOW:
            came.append(one)
        if own is not None:
            own.state = AssignmentState.CONFIRMED
        ctx.close_questions(thread=shift, who=one)
    shift.state = ShiftState.UNDERWAY
    if came:
        letter = Text("start.came", who=names(came), at=local(ctx, shift.starts))
        planners = company.planners(ctx, *came)
        company.tell(ctx, planners, letter, shift)
        waiting = [one for one in arrived if one not in people and one not in planners]
        partner = Text("start.came.partner", who=names(came, first=True), at=local(ctx, shift.starts))
        company.tell(ctx, waiting, partner, shift)


def _is_together(how: str) -> bool:
    words = fold(how).split()
    return bool(_TOGETHER.intersection(words)) or words[:1] in (["met"], ["with"])


# --- out -------------------------------------------------------------------------------------------------------------


def end(ctx: Context, how: str = "") -> None:
    """Check out, for himself; with "samen" for all who set out (R41)."""
    found = current(ctx, ctx.person.id)
    if found is None or found[0].starts > ctx.now + _EARLY:
        raise Refusal(Text("round.none"))
    shift, group = found
    here = rosters.home(ctx, shift.neighbourhood)
    arrived = check_ins(here, shift)
    mine = arrived.get(ctx.person.id)
    if mine is None and shift.starts > ctx.now:
        raise Refusal(Text("end.not_begun", at=local(here, shift.starts)))
    if mine is not None and mine.out_at is not None and not _is_together(how):
        here.reply(Text("end.already", since=local(here, mine.out_at)), thread=shift)
        return
    if mine is None and (shift.state is ShiftState.MISSED or not companions(group, ctx.person.id)):
        raise Refusal(Text("end.not_walked", at=local(here, shift.starts)))
    if mine is None:
        mine = _set_out_unsaid(here, shift, group)
        arrived[mine.person] = mine
    back = [one for one in arrived.values() if one.out_at is None and (one is mine or _is_together(how))]
    come_back(here, shift, back, by=ctx.person.id)
    out = [one.person for one in arrived.values() if one.out_at is None]
    here.reply(
        Text(
            "end.done",
            now=here.now,
            count=_walked(here, shift),
            still=Text("end.still", who=names(out, first=True)) if out else None,
        ),
        thread=shift,
    )
    if out:
        company.tell(here, out, Text("end.partner", who=ctx.name_of(ctx.person)), shift)
        if here.records.first(LogEntry, shift=shift.id, event="overdue") is not None:
            planners = company.planners(here, ctx.person.id)
            company.tell(here, planners, Text("end.planner", who=ctx.name_of(ctx.person), out=names(out)), shift)
    others = [one.person for one in back if one is not mine]
    company.tell(here, others, Text("end.by_partner", who=ctx.name_of(ctx.person)), shift)
    close_if_all_back(here, shift, group, arrived)


def _set_out_unsaid(ctx: Context, shift: Shift, group: Sequence[Assignment]) -> CheckIn:
    """He walked without saying that he set out: that counts from the planned start."""
    who = ctx.person.id
    made = ctx.records.add(CheckIn(shift=shift.id, person=who, by=who, in_at=shift.starts))
    own = company.own(group, who)
    if own is not None:
        own.state = AssignmentState.CONFIRMED
    shift.state = ShiftState.UNDERWAY
    return made


def come_back(
    ctx: Context, shift: Shift, people: Collection[CheckIn], *, by: PersonId, source: str | PersonId = ""
) -> None:
    """Write down that people are back, as somebody says it."""
    for one in people:
        one.out_at, one.out_by = ctx.now, by
        logbook.note(ctx, shift, "checked_out", person=one.person, by=by, source=source)
        ctx.close_questions(thread=shift, who=one.person)


def close_if_all_back(
    ctx: Context, shift: Shift, group: Sequence[Assignment], arrived: dict[PersonId, CheckIn]
) -> bool:
    """Close the round once everybody who set out is back: who plans gets what it brought."""
    if not arrived or any(one.out_at is None for one in arrived.values()):
        return False
    if shift.state is ShiftState.UNDERWAY:
        shift.state = ShiftState.WALKED
        for one in group:
            if one.person in arrived:
                one.state = AssignmentState.DONE
            elif one.walks:
                one.state = AssignmentState.NO_SHOW
        steps.disarm(ctx, [shift])
        summing_up.send(ctx, shift, group, arrived)
    return True


def _walked(ctx: Context, shift: Shift) -> int:
    """Return how many rounds he walked this year, this one among them."""
    columns = CheckIn.__table__.c
    first = datetime(ctx.now.year, 1, 1, tzinfo=ctx.here.zone)
    mine = ctx.records.find(CheckIn, columns.in_at >= first, person=ctx.person.id)
    return len({one.shift for one in mine} | {shift.id})


def answered_about(ctx: Context, said: Answer) -> tuple[Shift, Context, list[Assignment]]:
    """Return the shift that an answer is about, its neighbourhood's context, and how everybody stands to it."""
    shift = ctx.records.get(Shift, said.thread)
    if shift is None:
        raise Refusal(Text("round.none"))
    here = rosters.home(ctx, shift.neighbourhood)
    return shift, here, rosters.assignments_of(here, [shift])[shift.id]
