"""Which announcements wait for the clock, and which representatives must have been asked: for the self-audit of the
core.
"""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import Addressed, Context, Proof, UnderWay
from buurtwacht_announcements.records import Announcement, Passing, PassingState, State

#: What was said is kept for thirty days.
_KEPT = timedelta(days=28)


def under_way(ctx: Context) -> list[Proof]:
    """Return what waits for its approval or its report, and whom it was put to."""
    table, passing = Announcement.__table__.c, Passing.__table__.c
    walked = [table.state.in_((State.SENT, State.WITHDRAWN)), table.corrects.is_(None), table.neighbourhood.is_(None)]
    asked = [
        passing.state == PassingState.ASKED,
        passing.asked_at <= ctx.now,
        passing.asked_at > ctx.after(-_KEPT),
    ]
    part = ("announcement", Announcement)
    return [
        UnderWay(Announcement, [table.state == State.APPROVAL], ["approval:{id}"], "under_way.approval"),
        UnderWay(
            Announcement,
            [*walked, table.reported_at.is_(None)],
            ["report:{id}", "look:{id}"],
            "under_way.announcement",
        ),
        Addressed(Passing, asked, "representative", "announcement", "under_way.announcement", part_of=part),
    ]
