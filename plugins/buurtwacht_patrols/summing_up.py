"""Summing up: what who plans reads once a round is over, its findings by whom they are for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from buurtwacht import Context, Lines, PersonId, Text
from buurtwacht_patrols import company, logbook
from buurtwacht_patrols.records import Addressee, Assignment, CheckIn, LogEntry, Result, Shift
from buurtwacht_patrols.wording import local, names


def send(ctx: Context, shift: Shift, group: Sequence[Assignment], arrived: Mapping[PersonId, CheckIn]) -> None:
    """Send who plans the summary of a round, not in their quiet hours; the log's words go after twelve months."""
    found = findings(ctx, shift)
    cries = ctx.records.find(LogEntry, shift=shift.id, event=logbook.DISTRESS)
    in_need = list(dict.fromkeys(one.person for one in cries if one.person is not None))
    if cries:
        shift.result = Result.INCIDENT
    elif shift.result is None:
        shift.result = Result.PARTICULARS if found else Result.NOTHING
    missed = [one.person for one in group if one.told and one.person not in arrived]
    starts = min(one.in_at for one in arrived.values())
    ends = max(one.out_at or ctx.now for one in arrived.values())
    letter = Text(
        "summary",
        short=shift.short,
        at=local(ctx, shift.starts),
        who=names(list(arrived)),
        started=local(ctx, starts),
        ended=local(ctx, ends),
        lines=Lines(
            Text("summary.missed", who=names(missed)) if missed else None,
            Text("summary.distress", who=names(in_need)) if in_need else None,
            Text("summary.reported", at=local(ctx, shift.reported_at)) if shift.reported_at is not None else None,
            *by_addressee(found),
            Text("summary.nothing") if not found and not in_need else None,
        ),
    )
    company.tell(ctx, company.planners(ctx), letter, shift, held=True)
    logbook.forget_later(ctx, shift)


def findings(ctx: Context, shift: Shift) -> list[LogEntry]:
    """Return what the walkers found, the earliest first."""
    columns = LogEntry.__table__.c
    return ctx.records.find(LogEntry, shift=shift.id, event="", order=[columns.at])


def by_addressee(found: Sequence[LogEntry]) -> list[Text]:
    """Return findings in words, the police's first; each says for whom it is, or a template's one line would not."""
    order = (Addressee.POLICE, Addressee.MUNICIPALITY, Addressee.NOBODY)
    return [
        Text(f"summary.{one.addressee.value}", line=line_of(one))
        for one in sorted(found, key=lambda one: order.index(one.addressee))
    ]


def line_of(entry: LogEntry) -> Text:
    """Return one finding in words."""
    return Text(
        "summary.line",
        text=entry.text or Text("log.only_photo"),
        photo=Text("logbook.photo") if entry.media is not None else None,
        place=Text("summary.place", point=entry.point) if entry.point else None,
    )
