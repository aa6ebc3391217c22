"""Which rosters and shifts wait for the clock: for the self-audit of the core."""

from __future__ import annotations

from buurtwacht import Context, Severity, UnderWay
from buurtwacht_patrols.records import Roster, RosterState, Shift, ShiftState


def under_way(ctx: Context) -> list[UnderWay]:
    """Return what waits for a timer: availability that is asked, and rounds until they are over.

    Once a round is over, who is still out is with people (R41).
    """
    roster, shift = Roster.__table__.c, Shift.__table__.c
    published = Roster.__table__.select().with_only_columns(roster.id).where(roster.state == RosterState.PUBLISHED)
    walked = [
        shift.state.in_((ShiftState.PLANNED, ShiftState.UNDERWAY)),
        shift.ends > ctx.now,
        shift.roster.in_(published),
    ]
    return [
        UnderWay(Roster, [roster.state == RosterState.ASKING], ["close:{id}"], "under_way.roster"),
        UnderWay(Shift, walked, ["shift:{id}"], "under_way.shift", Severity.URGENT),
    ]
