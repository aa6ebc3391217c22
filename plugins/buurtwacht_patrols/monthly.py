"""The month report: what was planned, walked and found, in counts and as CSV, without anybody's name (R42)."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta

from buurtwacht import Context, Message, Text
from buurtwacht_patrols import logbook
from buurtwacht_patrols.records import Addressee, CheckIn, LogEntry, Result, Shift, ShiftState

#: How long the file waits to be fetched.
_KEPT = timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class Month:
    """The counts of a month. Minutes are those that walkers walked, added up."""

    planned: int
    walked: int
    cancelled: int
    missed: int
    walkers: int
    minutes: int
    nothing: int
    particulars: int
    incidents: int
    police: int
    municipality: int
    other: int


def report(ctx: Context, which: str = "") -> None:
    """Show the counts of the month before, or of the one that is named, with a file."""
    today = ctx.now.date()
    first = logbook.month_in(which or "vorige maand", today)
    if first > today:
        first = first.replace(year=first.year - 1)
    counts = count(ctx, logbook.shifts_in(ctx, first))
    name = f"rondes-{ctx.here.code.lower()}-{first:%Y-%m}.csv"
    file = ctx.keep(table(first, counts), name, "text/csv", until=ctx.now + _KEPT)
    text = Text(
        "report",
        neighbourhood=ctx.here.name,
        month=Text(f"month.{first.month}"),
        year=str(first.year),
        hours=timedelta(minutes=counts.minutes),
        **{one.name: getattr(counts, one.name) for one in fields(counts)},
    )
    ctx.reply(Message(text, attachments=(file,)))


def count(ctx: Context, shifts: Sequence[Shift]) -> Month:
    """Count what became of these shifts."""
    ids = [one.id for one in shifts]
    check_ins = ctx.records.find(CheckIn, CheckIn.__table__.c.shift.in_(ids))
    found = ctx.records.find(LogEntry, LogEntry.__table__.c.shift.in_(ids), event="")
    walked = {one.shift for one in check_ins}
    states = Counter(one.state for one in shifts)
    results = Counter(one.result for one in shifts if one.id in walked)
    for_whom = Counter(one.addressee for one in found)
    spans = [one.out_at - one.in_at for one in check_ins if one.out_at is not None]
    return Month(
        planned=len(shifts),
        walked=len(walked),
        cancelled=states[ShiftState.CANCELLED],
        missed=states[ShiftState.MISSED],
        walkers=len(check_ins),
        minutes=round(sum(spans, timedelta()).total_seconds() / 60),
        nothing=results[Result.NOTHING],
        particulars=results[Result.PARTICULARS],
        incidents=results[Result.INCIDENT],
        police=for_whom[Addressee.POLICE],
        municipality=for_whom[Addressee.MUNICIPALITY],
        other=for_whom[Addressee.NOBODY],
    )


def table(first: date, counts: Month) -> bytes:
    """Return the counts as CSV (RFC 4180): a head and one row, so that months can be put below one another."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(["month", *(one.name for one in fields(counts))])
    writer.writerow([f"{first:%Y-%m}", *(getattr(counts, one.name) for one in fields(counts))])
    return written.getvalue().encode()
