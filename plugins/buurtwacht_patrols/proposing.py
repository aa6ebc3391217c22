"""The proposal: who walks what, made fairly from what walkers answered, and shown to who plans (R36)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from buurtwacht import Choice, Context, Lines, Message, PersonId, Refusal, Role, Text
from buurtwacht_patrols import rosters
from buurtwacht_patrols.records import (
    WALKING,
    Absence,
    Assignment,
    Availability,
    Preference,
    Roster,
    RosterState,
    Shift,
    ShiftState,
)
from buurtwacht_patrols.settings import Settings
from buurtwacht_patrols.solver import Duty, Problem, Walker, solve
from buurtwacht_patrols.wording import heading, names, planned_line

#: Shifts outside the plan that lie further away than this stand in nobody's way.
_AROUND = timedelta(days=32)


def proposal(ctx: Context, again: str = "") -> None:
    """Show the proposal; make it now if all answered; with "opnieuw" make it again, leaving who is locked."""
    roster = rosters.planned(ctx)
    if roster.state is RosterState.PROPOSED:
        if again.strip().casefold() in ("opnieuw", "nieuw", "again", "anew"):
            propose(ctx, roster)
        else:
            show(ctx, roster)
        return
    silent = ctx.records.find(Availability, roster=roster.id, answered_at=None)
    if not silent:
        propose(ctx, roster)
        return
    question = Text(
        "propose.early", count=len(silent), who=names([one.person for one in silent]), deadline=roster.deadline
    )
    choices = (Choice("now", Text("propose.now")), Choice("wait", Text("propose.wait")))
    ctx.ask(ctx.person, Message(question, choices=choices), "propose.now", payload={"roster": roster.id}, thread=roster)


def propose(ctx: Context, roster: Roster) -> None:
    """Make the proposal, in the place of an earlier one, and send it to who plans."""
    shifts = [one for one in rosters.shifts_of(ctx, [roster]) if one.starts > ctx.now]
    before = rosters.assignments_of(ctx, shifts)
    groups = solve(_problem(ctx, roster, shifts, before))
    people: dict[int, list[PersonId]] = {}
    for shift, group in zip(shifts, groups, strict=True):
        locked = _locked(before[shift.id])
        people[shift.id] = [*locked, *sorted(PersonId(one) for one in group if one not in locked)]
        for own in before[shift.id]:
            if own.person not in people[shift.id]:
                ctx.records.remove(own)
        there = {own.person for own in before[shift.id]}
        for one in people[shift.id]:
            if one not in there:
                ctx.records.add(Assignment(neighbourhood=ctx.here.id, shift=shift.id, person=one))
    if roster.state is RosterState.ASKING:
        roster.state = RosterState.PROPOSED
        ctx.cancel(f"close:{roster.id}")
        ctx.cancel(f"remind:{roster.id}")
        ctx.close_questions(thread=roster)
    text = _text(ctx, roster, shifts, people, {one.id: _locked(before[one.id]) for one in shifts})
    to = rosters.planners(ctx, roster.owner)
    if ctx.has_person and ctx.person.id in to:
        ctx.reply(text, thread=roster)
        to.remove(ctx.person.id)
    ctx.send_each(dict.fromkeys(to, text), thread=roster)


def show(ctx: Context, roster: Roster) -> None:
    """Show who plans what the proposal is now."""
    shifts = rosters.shifts_of(ctx, [roster])
    groups = rosters.assignments_of(ctx, shifts)
    people = {shift: rosters.walkers_of(group) for shift, group in groups.items()}
    ctx.reply(_text(ctx, roster, shifts, people, {key: _locked(group) for key, group in groups.items()}), thread=roster)


def _locked(group: Sequence[Assignment]) -> list[PersonId]:
    return [one.person for one in group if one.locked]


def _text(
    ctx: Context,
    roster: Roster,
    shifts: Sequence[Shift],
    people: Mapping[int, Sequence[PersonId]],
    locked: Mapping[int, Sequence[PersonId]],
) -> Text:
    missing = sum(max(0, one.fewest - len(people[one.id])) for one in shifts)
    lines = [planned_line(ctx, one, people[one.id], locked[one.id]) for one in shifts]
    if missing:
        lines.append(Text("proposal.open", count=missing))
    counts = Counter(one for group in people.values() for one in group)
    return Text(
        "proposal",
        roster=heading(roster),
        lines=Lines(*lines),
        counts=Lines(*(Text("proposal.count", who=names([one]), count=counts[one]) for one in sorted(counts))),
    )


# --- the plan to make ------------------------------------------------------------------------------------------------


def _problem(
    ctx: Context, roster: Roster, shifts: Sequence[Shift], before: Mapping[int, Sequence[Assignment]]
) -> Problem:
    """Return the plan to make, in numbers. Who left since he answered is not asked to walk."""
    if not shifts:
        raise Refusal(Text("sentence.no_shifts"))
    answers = {one.person: one for one in ctx.records.find(Availability, roster=roster.id)}
    absences = ctx.records.find(
        Absence, Absence.__table__.c.last >= shifts[0].day, Absence.__table__.c.person.in_(list(answers))
    )
    wishes = {one.person: one for one in ctx.records.find(Preference, neighbourhood=ctx.here.id)}
    around = _around(ctx, roster, shifts)
    walkers: list[Walker] = []
    for person in ctx.members(Role.PATROLLER):
        own = answers.get(person.id)
        wish = wishes.get(person.id)
        if own is None:
            continue
        away = [one for one in absences if one.person == person.id]
        able = frozenset(
            place
            for place, shift in enumerate(shifts)
            if shift.id in own.able and not any(one.covers(shift.local_day) for one in away)
        )
        walkers.append(
            Walker(
                person.id,
                able,
                most_a_month=wish.most_a_month if wish is not None else None,
                busy=tuple(around.busy.get(person.id, ())),
                apart_from=frozenset(wish.not_with) if wish is not None else frozenset(),
                rather_with=frozenset(wish.rather_with) if wish is not None else frozenset(),
            )
        )
    duties = tuple(
        Duty(one.starts, one.ends, one.day[:7], one.fewest, frozenset(_locked(before[one.id]))) for one in shifts
    )
    return Problem(duties, tuple(walkers), ctx.settings(Settings).rest, roster.seed, around.before)


class _Around:
    """What walkers walk outside the plan, and who walked the last two shifts before it."""

    def __init__(self) -> None:
        self.busy: dict[int, list[tuple[datetime, datetime]]] = {}
        self.before: tuple[frozenset[int], ...] = ()


def _around(ctx: Context, roster: Roster, shifts: Sequence[Shift]) -> _Around:
    columns = Shift.__table__.c
    near = ctx.records.find(
        Shift,
        columns.roster != roster.id,
        columns.state != ShiftState.CANCELLED,
        columns.starts >= shifts[0].starts - _AROUND,
        columns.starts <= shifts[-1].starts + _AROUND,
        neighbourhood=ctx.here.id,
        order=[columns.starts],
    )
    groups = rosters.assignments_of(ctx, near)
    found = _Around()
    for shift in near:
        for one in groups[shift.id]:
            if one.told and one.state in WALKING:
                found.busy.setdefault(one.person, []).append((shift.starts, shift.ends))
    earlier = [frozenset(rosters.walkers_of(groups[one.id])) for one in near if one.starts < shifts[0].starts]
    found.before = tuple(earlier[-2:])
    return found
