"""Rosters and their shifts, found again: what is being planned here, what is published, who walks what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from buurtwacht import Choice, Context, PersonId, Refusal, Role, Text
from buurtwacht_patrols.records import WALKING, Assignment, Roster, RosterState, Shift, ShiftState

YES_NO = (Choice("yes", Text("yes")), Choice("no", Text("no")))

#: Who plans, and is told what only planners are.
PLANNERS = (Role.COORDINATOR, Role.DEPUTY_COORDINATOR)

_BEING_PLANNED = (RosterState.ASKING, RosterState.PROPOSED)


def in_planning(ctx: Context) -> Roster | None:
    """Return the roster here that is being planned; there is one at most."""
    state = Roster.__table__.c.state
    return ctx.records.first(Roster, state.in_(_BEING_PLANNED), neighbourhood=ctx.here.id)


def published(ctx: Context) -> list[Roster]:
    """Return the published rosters here that have not ended, the earliest first."""
    columns = Roster.__table__.c
    return ctx.records.find(
        Roster,
        columns.last >= ctx.now.date().isoformat(),
        neighbourhood=ctx.here.id,
        state=RosterState.PUBLISHED,
        order=[columns.first],
    )


def planned(ctx: Context) -> Roster:
    """Return the roster that is being planned. Raises `Refusal` when there is none."""
    roster = in_planning(ctx)
    if roster is None:
        raise Refusal(Text("refused.nothing_planned"))
    return roster


def home(ctx: Context, neighbourhood: int) -> Context:
    """Return the context as it is in the neighbourhood of a roster or shift."""
    if ctx.neighbourhood is not None and ctx.neighbourhood.id == neighbourhood:
        return ctx
    return ctx.within(ctx.neighbourhood_of(neighbourhood))


def shifts_of(ctx: Context, rosters: Iterable[Roster]) -> list[Shift]:
    """Return the shifts of these rosters that are not cancelled, the earliest first."""
    columns = Shift.__table__.c
    ids = [one.id for one in rosters]
    return ctx.records.find(
        Shift, columns.roster.in_(ids), columns.state != ShiftState.CANCELLED, order=[columns.starts]
    )


def assignments_of(ctx: Context, shifts: Collection[Shift]) -> dict[int, list[Assignment]]:
    """Return how everybody stands to these shifts, by shift."""
    found: dict[int, list[Assignment]] = {one.id: [] for one in shifts}
    for one in ctx.records.find(Assignment, Assignment.__table__.c.shift.in_(list(found))):
        found[one.shift].append(one)
    return found


def walkers_of(assignments: Iterable[Assignment]) -> list[PersonId]:
    """Return who is expected to walk, in the order in which they were put there."""
    return [one.person for one in assignments if one.state in WALKING]


def own_shifts(ctx: Context, person: PersonId, *, told: bool = True) -> list[tuple[Shift, list[Assignment]]]:
    """Return somebody's shifts that have not ended, as he was told, each with how everybody stands to it."""
    mine = ctx.records.find(Assignment, person=person, told=told)
    columns = Shift.__table__.c
    shifts = ctx.records.find(
        Shift,
        columns.id.in_([one.shift for one in mine]),
        columns.ends > ctx.now,
        columns.state != ShiftState.CANCELLED,
        order=[columns.starts],
    )
    everybody = assignments_of(ctx, shifts)
    return [(one, everybody[one.id]) for one in shifts]


def planners(ctx: Context, *owners: PersonId | None) -> list[PersonId]:
    """Return who plans here, and those named besides who still look after the neighbourhood."""
    here = [one.id for one in ctx.members(*PLANNERS)]
    known = ctx.people([one for one in owners if one is not None])
    more = [one.id for one in known.values() if (own := one.membership(ctx.here.id)) and own.state == "active"]
    return list(dict.fromkeys((*here, *more)))


def walking(ctx: Context, shifts: Sequence[Shift]) -> dict[int, list[PersonId]]:
    """Return who is planned to walk, by shift."""
    return {shift: walkers_of(group) for shift, group in assignments_of(ctx, shifts).items()}
