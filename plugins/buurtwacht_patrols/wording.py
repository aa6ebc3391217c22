"""Lines that several texts of patrols are made of: a shift, who walks it, a row of names."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from buurtwacht import Context, Lines, PersonId, PersonName, Text
from buurtwacht_patrols.records import Assignment, Roster, Shift


def local(ctx: Context, moment: datetime) -> datetime:
    """Return a moment as clocks show it here."""
    return moment.astimezone(ctx.here.zone)


def heading(roster: Roster) -> Text:
    """Return from when to when a roster runs."""
    return Text("roster.heading", first=roster.first_day, last=roster.last_day, year=str(roster.last_day.year))


def names(people: Sequence[PersonId], *, first: bool = False, locked: Collection[PersonId] = ()) -> Text | None:
    """Return a row of names with commas; first names alone for the walkers of one shift (design §9.3)."""
    row: Text | None = None
    for one in reversed(people):
        key = "names.first" if first else "names.locked" if one in locked else "names.whole"
        row = (
            Text(f"{key}.one", who=PersonName(one))
            if row is None
            else Text(f"{key}.more", who=PersonName(one), rest=row)
        )
    return row


def planned_line(ctx: Context, shift: Shift, people: Sequence[PersonId], locked: Collection[PersonId] = ()) -> Text:
    """Return a shift as who plans sees it: "di 5 mei 21:30: Henk, Riet", with OPEN for every walker who is missing."""
    missing = max(0, shift.fewest - len(people))
    row = names(people, locked=locked)
    if missing:
        free = Text("open", count=missing)
        row = free if row is None else Text("comma", one=row, rest=free)
    return Text("line.planned", at=local(ctx, shift.starts), who=row)


def own_line(ctx: Context, shift: Shift, group: Sequence[Assignment], reader: PersonId) -> Text:
    """Return a shift as one who walks it sees it: with whom, where, and whether there are enough walkers."""
    partners = [one.person for one in group if one.told and one.person != reader]
    with_whom = Text("own.with", who=names(partners, first=True)) if partners else Text("own.alone")
    return Text(
        "line.own",
        at=local(ctx, shift.starts),
        end=local(ctx, shift.ends),
        partners=with_whom,
        few=Text("own.too_few") if partners and len(partners) + 1 < shift.fewest else None,
        where=Text("own.where", place=shift.start_point) if shift.start_point else None,
        route=Text("own.route", name=shift.route_name) if shift.route_name else None,
    )


def own_lines(ctx: Context, shifts: Sequence[tuple[Shift, Sequence[Assignment]]], reader: PersonId) -> Lines:
    """Return somebody's shifts, one below the other."""
    return Lines(*(own_line(ctx, shift, group, reader) for shift, group in shifts))


def shift_line(ctx: Context, shift: Shift, *, numbered: bool = False, note: Text | None = None) -> Text:
    """Return a shift by its day and time, with its number in the roster where walkers answer with it."""
    note = note or (Text("note.clock") if shift.moved else None)
    key = "line.numbered" if numbered else "line.shift"
    return Text(key, number=shift.place, at=local(ctx, shift.starts), note=note)
