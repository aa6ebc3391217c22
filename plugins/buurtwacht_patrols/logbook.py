"""The log book: what happened on a shift, line by line; shown to who plans, and without words after twelve months."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from buurtwacht import Context, Lines, PersonId, Refusal, Text, timer
from buurtwacht_patrols.days import NoSuchDay, Span, WrongWeekday, normal, read
from buurtwacht_patrols.records import LogEntry, Roster, Shift, ShiftState
from buurtwacht_patrols.wording import local

#: Domain §4.4.6: so long the words of the log are kept.
_KEPT = timedelta(days=365)
_SHORT = re.compile(r"\b[a-z0-9]{1,6}-d\d{1,6}\b", re.IGNORECASE)
#: What the log book calls a call for help.
DISTRESS = "distress"
#: So many shifts of a month are shown in one message.
_SHOWN = 40


# --- written ---------------------------------------------------------------------------------------------------------


def note(
    ctx: Context,
    shift: Shift,
    event: str,
    *,
    person: PersonId | None = None,
    by: PersonId | None = None,
    source: str | PersonId = "",
) -> None:
    """Write down what happened on a shift. `by` wrote it down of `person`, if that was not himself.

    `source` told him: a member by his id, so that his name goes when he does, or somebody by the name he was given.
    """
    ctx.records.add(
        LogEntry(
            neighbourhood=shift.neighbourhood,
            shift=shift.id,
            person=person,
            at=ctx.now,
            event=event,
            by=by if by != person else None,
            told_by=source if isinstance(source, int) else None,
            via=source if isinstance(source, str) else "",
        )
    )


def forget_later(ctx: Context, shift: Shift) -> None:
    """Count from now: after twelve months the words go."""
    ctx.later(_KEPT, forgets, shift.id, key=f"forget:{shift.id}")


@timer("forget")
def forgets(ctx: Context, shift: int) -> None:
    """Take the words and the people out of a shift's log; what happened stays, without them."""
    table = LogEntry.__table__.c
    ctx.records.change_all(
        LogEntry,
        table.shift == shift,
        text="",
        via="",
        point="",
        message="",
        media=None,
        person=None,
        by=None,
        told_by=None,
    )


# --- shown -----------------------------------------------------------------------------------------------------------


def show(ctx: Context, which: str = "") -> None:
    """Show what happened on a shift ("TB-D101") or in a month ("mei"); without either, this month."""
    short = _SHORT.search(which)
    if short is not None:
        shift = ctx.records.first(Shift, neighbourhood=ctx.here.id, short=short[0].upper())
        if shift is None:
            raise Refusal(Text("logbook.unknown", short=short[0].upper()))
        shifts: Sequence[Shift] = [shift]
        heading = Text("logbook.shift", short=shift.short, at=local(ctx, shift.starts))
    else:
        first = month_in(which, ctx.now.date()) if which else ctx.now.date().replace(day=1)
        shifts = shifts_in(ctx, first)
        heading = Text("logbook.month", month=Text(f"month.{first.month}"), year=str(first.year))
    entries = entries_of(ctx, shifts)
    shown = [one for one in shifts if entries[one.id] or one.state is not ShiftState.PLANNED][-_SHOWN:]
    lines = [_part(ctx, one, entries[one.id]) for one in shown]
    ctx.reply(Text("logbook", heading=heading, lines=Lines(*lines) if lines else Text("logbook.empty")))


def shifts_in(ctx: Context, first: date) -> list[Shift]:
    """Return the shifts of a month here, the earliest first, those called off as well; not those of a preview."""
    last = first.replace(day=monthrange(first.year, first.month)[1])
    columns = Shift.__table__.c
    shifts = ctx.records.find(
        Shift,
        columns.day >= first.isoformat(),
        columns.day <= last.isoformat(),
        neighbourhood=ctx.here.id,
        order=[columns.starts],
    )
    table = Roster.__table__.c
    planned = {one.roster for one in shifts}
    published = ctx.records.find(Roster, table.id.in_(planned), table.published_at.is_not(None))
    known = {one.id for one in published}
    return [one for one in shifts if one.roster in known]


def entries_of(ctx: Context, shifts: Collection[Shift]) -> dict[int, list[LogEntry]]:
    """Return the lines of these shifts, the earliest first."""
    columns = LogEntry.__table__.c
    found: dict[int, list[LogEntry]] = {one.id: [] for one in shifts}
    for one in ctx.records.find(LogEntry, columns.shift.in_(list(found)), order=[columns.at]):
        if one.shift is not None:
            found[one.shift].append(one)
    return found


def month_in(text: str, today: date) -> date:
    """Return the first day of the month that is named, this year's or the last one that was. Raises `Refusal`."""
    if (steps_back := _RELATIVE.get(normal(text))) is not None:
        day = today.replace(day=1)
        return day if not steps_back else (day - timedelta(days=1)).replace(day=1)
    try:
        spans = [one for one in read(text, today) if isinstance(one, Span)]
    except (NoSuchDay, WrongWeekday) as error:
        raise Refusal(Text("logbook.which")) from error
    if not spans:
        return _named(text, today)
    first = spans[0].first.replace(day=1)
    return first if first <= today else first.replace(year=first.year - 1)


_RELATIVE = {"deze maand": 0, "this month": 0, "vorige maand": 1, "afgelopen maand": 1, "last month": 1}
_MARCH_AND_MAY = {"maart": 3, "mrt": 3, "mar": 3, "march": 3, "mei": 5, "may": 5}


def _named(text: str, today: date) -> date:
    """Return "may" and "mar", which alone are a word or a name as well."""
    word, _, year = normal(text).partition(" ")
    if word not in _MARCH_AND_MAY or (year and not year.isdigit()):
        raise Refusal(Text("logbook.which"))
    month = _MARCH_AND_MAY[word]
    return date(int(year) if year else today.year - (month > today.month), month, 1)


def _part(ctx: Context, shift: Shift, entries: Sequence[LogEntry]) -> Text:
    return Text(
        "logbook.part",
        short=shift.short,
        at=local(ctx, shift.starts),
        state=Text(f"state.{shift.state.value}"),
        lines=Lines(*(line_of(ctx, one) for one in entries)),
    )


def line_of(ctx: Context, entry: LogEntry) -> Text:
    """Return one line of the log, in words: when, who, what, and by whom it was told."""
    who = ctx.name_of(entry.person) if entry.person is not None else Text("logbook.somebody")
    source = ctx.name_of(entry.told_by) if entry.told_by is not None else entry.via or None
    if entry.by is not None:
        via = Text(
            "logbook.by", who=ctx.name_of(entry.by), via=Text("logbook.via", who=source) if source is not None else None
        )
    else:
        via = None
    at: datetime = local(ctx, entry.at)
    if not entry.event:
        words = entry.text or Text("logbook.forgotten")
        return Text(f"logbook.finding.{entry.addressee.value}", at=at, text=words, photo=_photo(entry))
    return Text(f"logbook.{entry.event}", at=at, who=who, via=via)


def _photo(entry: LogEntry) -> Text | None:
    return Text("logbook.photo") if entry.media is not None else None
