"""What of roll calls is under way: that each goes on, that everybody on its list was asked, and that its tally adds up;
for the self-audit of the core.
"""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import Addressed, Context, Counted, Proof, Severity, Thread, UnderWay
from buurtwacht_rollcalls.records import Circle, Entry, Kind, Ladder, RollCall, Tally

#: A ladder that goes on for longer is with people, whatever became of it.
_LADDERS = timedelta(days=7)


def under_way(ctx: Context) -> list[Proof]:
    """Return what waits for a timer, who must have been asked, and what is counted twice."""
    call, entry, ladder = RollCall.__table__.c, Entry.__table__.c, Ladder.__table__.c
    climbing = [
        one.id
        for one in ctx.records.find(Ladder, ladder.created > ctx.after(-_LADDERS), over=False)
        if one.step <= len(one.holders)
    ]
    part = ("rollcall", RollCall)
    ask_all = [call.closed_at.is_(None), call.kind != Kind.VULNERABLE]
    return [
        UnderWay(RollCall, [call.closed_at.is_(None)], ["close:{id}"], "under_way.rollcall", Severity.URGENT),
        UnderWay(Ladder, [ladder.id.in_(climbing)], ["ladder:{id}"], "under_way.ladder", Severity.URGENT, part),
        UnderWay(Circle, [], ["circle:{neighbourhood}"], "under_way.circle"),
        Addressed(Entry, [*ask_all, entry.value.is_(None)], "person", "rollcall", "under_way.rollcall", part_of=part),
        *_tallies(ctx),
    ]


def _tallies(ctx: Context) -> list[Counted]:
    """Return what the tallies of open roll calls showed last, beside the lists they were counted from."""
    calls = {one.id: one for one in ctx.records.find(RollCall, closed_at=None)}
    ids = list(calls)
    shown = {one.rollcall: one.shown for one in ctx.records.find(Tally, Tally.__table__.c.rollcall.in_(ids))}
    listed = ctx.records.count(Entry, "rollcall", where=[Entry.__table__.c.rollcall.in_(ids)])
    return [
        Counted(
            Thread(ctx.plugin, ident, one.short),
            one.neighbourhood,
            (sum(shown[ident]), listed.get((ident,), 0)),
            "under_way.rollcall",
        )
        for ident, one in calls.items()
        if shown.get(ident)
    ]
