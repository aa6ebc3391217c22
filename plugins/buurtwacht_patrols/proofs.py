"""Which rosters and shifts wait for the clock: for the self-audit of the core."""

from __future__ import annotations

from buurtwacht import Context, Severity, UnderWay
from buurtwacht_patrols.records import Roster, RosterState, Shift, ShiftState


def under_way(ctx: Context) -> list[UnderWay]:
    """Return what is under way: rounds that people walk, those that are planned, and availability that is asked.

    Once a round is over, who is still out is with people, and waits for no timer for ever (R41).
    """
    roster, shift = Roster.__table__.c, Shift.__table__.c
    published = Roster.__table__.select().with_only_columns(roster.id).where(roster.state == RosterState.PUBLISHED)
    planned = [shift.state == ShiftState.PLANNED, shift.ends > ctx.now, shift.roster.in_(published)]
    out, over = shift.state == ShiftState.UNDERWAY, shift.ends <= ctx.now
    return [
        UnderWay(Shift, [out, over], [], "under_way.out", Severity.URGENT),
        UnderWay(Shift, [out, ~over, shift.roster.in_(published)], ["shift:{id}"], "under_way.out", Severity.URGENT),
        UnderWay(Shift, planned, ["shift:{id}"], "under_way.shift", Severity.URGENT),
        UnderWay(Roster, [roster.state == RosterState.ASKING], ["close:{id}"], "under_way.roster"),
    ]
