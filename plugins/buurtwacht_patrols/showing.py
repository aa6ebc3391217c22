"""Showing: the roster to who plans, the roster without names to walkers, and somebody's own shifts."""

from __future__ import annotations

from buurtwacht import CARETAKERS, Context, Lines, Message, Text
from buurtwacht_patrols import agenda, rosters
from buurtwacht_patrols.records import Assignment, Availability, Roster, RosterState, Shift
from buurtwacht_patrols.wording import heading, local, names, own_lines, planned_line


def roster(ctx: Context) -> None:
    """Show the rosters here: to who plans with names and answers, to a walker with his own partners alone."""
    if ctx.has(*CARETAKERS):
        _to_planner(ctx)
        return
    found = rosters.published(ctx)
    shifts = [one for one in rosters.shifts_of(ctx, found) if one.ends > ctx.now]
    if not shifts:
        ctx.reply(Text("roster.none"))
        return
    groups = rosters.assignments_of(ctx, shifts)
    lines = [_line_for_walker(ctx, one, groups[one.id]) for one in shifts]
    ctx.reply(Text("roster.shown", neighbourhood=ctx.here.name, lines=Lines(*lines)))


def _line_for_walker(ctx: Context, shift: Shift, group: list[Assignment]) -> Text:
    told = [one.person for one in group if one.told]
    partners = [one for one in told if one != ctx.person.id]
    missing = max(0, shift.fewest - len(told))
    if ctx.person.id in told:
        who = names(partners, first=True)
        state = Text("roster.you_with", who=who) if who is not None else Text("roster.you")
    else:
        state = Text("roster.open", count=missing) if missing else Text("roster.full")
    return Text("line.state", at=local(ctx, shift.starts), state=state)


def _to_planner(ctx: Context) -> None:
    planned = rosters.in_planning(ctx)
    found = [*rosters.published(ctx), *([planned] if planned is not None else [])]
    if not found:
        ctx.reply(Text("roster.none_planner"))
        return
    shifts = [one for one in rosters.shifts_of(ctx, found) if one.ends > ctx.now]
    groups = rosters.assignments_of(ctx, shifts)
    parts = [_part(ctx, one, [shift for shift in shifts if shift.roster == one.id], groups) for one in found]
    ctx.reply(Text("roster.planner", parts=Lines(*parts)))


def _part(ctx: Context, roster: Roster, shifts: list[Shift], groups: dict[int, list[Assignment]]) -> Text:
    if roster.state is RosterState.ASKING:
        answers = ctx.records.find(Availability, roster=roster.id)
        silent = [one.person for one in answers if one.answered_at is None]
        return Text(
            "roster.asking",
            roster=heading(roster),
            answered=len(answers) - len(silent),
            asked=len(answers),
            deadline=roster.deadline,
            silent=Text("roster.silent", who=names(silent)) if silent else None,
        )
    lines = [
        planned_line(
            ctx,
            one,
            rosters.walkers_of(groups[one.id]),
            [own.person for own in groups[one.id] if own.locked],
        )
        for one in shifts
    ]
    unsent = any(own.told != own.walks for one in shifts for own in groups[one.id])
    key = "roster.proposed" if roster.state is RosterState.PROPOSED else "roster.published"
    return Text(
        key,
        roster=heading(roster),
        lines=Lines(*lines),
        unsent=Text("roster.unsent") if unsent and roster.state is RosterState.PUBLISHED else None,
    )


def own(ctx: Context) -> None:
    """Show somebody his own shifts, with the file for his calendar."""
    mine = rosters.own_shifts(ctx, ctx.person.id)
    if not mine:
        ctx.reply(Text("own.none"))
        return
    people = ctx.people({one.person for _, group in mine for one in group})
    file = agenda.file_of(ctx, ctx.person, agenda.own_entries(ctx, ctx.person, mine, people))
    text = Text("own.shown", count=len(mine), lines=own_lines(ctx, mine, ctx.person.id))
    ctx.reply(Message(text, attachments=(file,)))
