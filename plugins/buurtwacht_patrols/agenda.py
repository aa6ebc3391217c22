"""Agendas: what stands in a walker's calendar and in a team's, in the reader's words, and as a file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from buurtwacht import Attachment, Context, Person, PersonId, Text
from buurtwacht_patrols import rosters
from buurtwacht_patrols.calendar import MIME, Entry, document
from buurtwacht_patrols.records import Assignment, Shift, ShiftState

#: How long a file waits to be sent: longer than any night, shorter than the day in which who is erased is gone (R50).
_KEPT = timedelta(hours=20)
#: So far back a calendar shows what was walked.
PAST = timedelta(days=60)


def own_entries(
    ctx: Context,
    reader: Person,
    shifts: Sequence[tuple[Shift, Sequence[Assignment]]],
    people: Mapping[int, Person],
) -> list[Entry]:
    """Return somebody's shifts as they stand in his calendar: those he walks, and those he was told of once.

    Partners by their first names; nobody's number or address stands in a calendar (design §9.3).
    """
    found: list[Entry] = []
    for shift, group in shifts:
        mine = next((one for one in group if one.person == reader.id and one.listed), None)
        if mine is None:
            continue
        partners = [one.person for one in group if one.told and one.person != reader.id]
        words = _row([people[one] for one in partners if one in people])
        what = Text("calendar.with", who=words) if words else Text("calendar.alone")
        found.append(_entry(ctx, shift, reader.language, not mine.told, what))
    return found


def team_entries(ctx: Context, language: str, shifts: Sequence[tuple[Shift, Sequence[Assignment]]]) -> list[Entry]:
    """Return the shifts of a team: when and where, and how many walk; without names."""
    return [
        _entry(
            ctx,
            shift,
            language,
            False,
            Text("calendar.count", count=sum(one.told for one in group), fewest=shift.fewest),
        )
        for shift, group in shifts
    ]


def _entry(ctx: Context, shift: Shift, language: str, cancelled: bool, what: Text) -> Entry:
    route = f" · {shift.route_name}" if shift.route_name else ""
    return Entry(
        shift=shift.id,
        starts=shift.starts,
        ends=shift.ends,
        zone=shift.zone,
        sequence=shift.sequence,
        changed_at=shift.changed_at,
        cancelled=cancelled or shift.state is ShiftState.CANCELLED,
        summary=ctx.in_words(Text("calendar.summary", name=ctx.here.name), language) + route,
        place=shift.start_point,
        description=ctx.in_words(what, language),
    )


def _row(people: Sequence[Person]) -> str:
    return ", ".join(one.name.split()[0] if one.name.split() else one.name for one in people)


def file_of(ctx: Context, reader: Person, entries: Collection[Entry]) -> Attachment:
    """Keep somebody's shifts as a file that goes with a message."""
    name = ctx.in_words(Text("calendar.name", name=ctx.here.name), reader.language)
    content = document(name, reader.language, list(entries))
    return ctx.keep(
        content, f"rondes-{ctx.here.code.lower()}.ics", MIME, until=ctx.now + _KEPT, about=PersonId(reader.id)
    )


def recent(ctx: Context, person: PersonId | None = None) -> list[tuple[Shift, list[Assignment]]]:
    """Return the published shifts here that a calendar shows; with `person` those he was ever told of."""
    columns = Shift.__table__.c
    conditions = [columns.starts >= ctx.now - PAST]
    if person is not None:
        mine = ctx.records.find(Assignment, neighbourhood=ctx.here.id, person=person, listed=True)
        conditions.append(columns.id.in_([one.shift for one in mine]))
    shifts = ctx.records.find(Shift, *conditions, neighbourhood=ctx.here.id, order=[columns.starts])
    groups = rosters.assignments_of(ctx, shifts)
    return [(one, groups[one.id]) for one in shifts if person is not None or any(own.listed for own in groups[one.id])]
