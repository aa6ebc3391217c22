"""Walkers who leave: their shifts are released and who plans is told. What is known of a person, for himself."""

from __future__ import annotations

from collections.abc import Mapping

from buurtwacht import Context, Lines, PersonId, Text
from buurtwacht_patrols import changing, rosters
from buurtwacht_patrols.records import (
    WALKING,
    Absence,
    Assignment,
    AssignmentState,
    Availability,
    CheckIn,
    LogEntry,
    Preference,
    Roster,
    Shift,
    SwapRequest,
)
from buurtwacht_patrols.wording import local, planned_line


def release(ctx: Context, person: PersonId, neighbourhood: int) -> None:
    """Release the shifts to come of somebody who left; partners and who plans are told (domain §4.4)."""
    here = rosters.home(ctx, neighbourhood)
    planned = rosters.in_planning(here)
    if planned is not None:  # nothing more of it is for him: no reminder, no word that it is published or withdrawn
        columns = Availability.__table__.c
        here.records.remove_all(Availability, columns.roster == planned.id, columns.person == person)
    mine = here.records.find(Assignment, Assignment.__table__.c.state.in_(WALKING), person=person)
    columns = Shift.__table__.c
    shifts = here.records.find(
        Shift,
        columns.id.in_([one.shift for one in mine]),
        columns.starts > here.now,
        neighbourhood=neighbourhood,
        order=[columns.starts],
    )
    groups = rosters.assignments_of(here, shifts)
    lines: list[Text] = []
    letters: dict[PersonId, list[Text]] = {}
    for shift in shifts:
        was_told = any(one.person == person and one.told for one in groups[shift.id])
        for one in groups[shift.id]:
            if one.person == person:
                one.told = False
        changing.remove(here, groups[shift.id], person, AssignmentState.CANCELLED)
        lines.append(planned_line(here, shift, rosters.walkers_of(groups[shift.id])))
        if was_told:
            shift.sequence, shift.changed_at = shift.sequence + 1, here.now
            for one in groups[shift.id]:
                if one.told:
                    letters.setdefault(one.person, []).append(
                        Text("line.shift", at=local(here, shift.starts), note=None)
                    )
    if not lines:
        return
    planners = [one for one in rosters.planners(here) if one != person]
    told = {one: Text("left.partner", lines=Lines(*own)) for one, own in letters.items() if one not in planners}
    here.send_each({**dict.fromkeys(planners, Text("left.planner", lines=Lines(*lines))), **told}, held=True)


def erase(ctx: Context, person: PersonId) -> None:
    """Take away what leads to somebody; what was walked stays, by "oud-lid" in the log book (R50)."""
    mine = ctx.records.find(Assignment, Assignment.__table__.c.state.in_(WALKING), person=person)
    columns = Shift.__table__.c
    ids = [one.shift for one in mine]
    coming = ctx.records.find(Shift, columns.id.in_(ids), columns.starts > ctx.now)
    for neighbourhood in {one.neighbourhood for one in coming}:
        release(ctx, person, neighbourhood)
    for kind in (Availability, Absence, Preference, SwapRequest):
        ctx.records.remove_all(kind, kind.__table__.c.person == person)
    ctx.records.remove_all(SwapRequest, SwapRequest.__table__.c.other == person)
    ctx.records.change_all(Roster, Roster.__table__.c.owner == person, owner=None)
    for wish in ctx.records.find(Preference):
        if person in wish.not_with or person in wish.rather_with:
            wish.not_with = [one for one in wish.not_with if one != person]
            wish.rather_with = [one for one in wish.rather_with if one != person]


def export(ctx: Context, person: PersonId) -> Mapping[str, object]:
    """Return his shifts, answers, absences, preferences and rounds, as JSON values."""
    assignments = ctx.records.find(Assignment, person=person)
    shifts = {
        one.id: one for one in ctx.records.find(Shift, Shift.__table__.c.id.in_([own.shift for own in assignments]))
    }
    return {
        "shifts": [
            {"id": shifts[one.shift].short, "starts": shifts[one.shift].starts.isoformat(), "state": one.state.value}
            for one in assignments
            if one.shift in shifts and (one.listed or one.told)
        ],
        "answers": [
            {"at": one.answered_at.isoformat() if one.answered_at is not None else None, "shifts": len(one.able)}
            for one in ctx.records.find(Availability, person=person)
        ],
        "away": [{"first": one.first, "last": one.last} for one in ctx.records.find(Absence, person=person)],
        "preferences": [
            {"most_a_month": one.most_a_month, "weekdays": one.weekdays}
            for one in ctx.records.find(Preference, person=person)
        ],
        "rounds": [
            {"in": one.in_at.isoformat(), "out": one.out_at.isoformat() if one.out_at is not None else None}
            for one in ctx.records.find(CheckIn, person=person)
        ],
        "log": [{"at": one.at.isoformat(), "text": one.text} for one in ctx.records.find(LogEntry, person=person)],
    }
