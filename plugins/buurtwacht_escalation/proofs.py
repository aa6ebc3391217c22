"""Which escalations wait for the clock, and who must have been sent a question: for the self-audit of the core."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import Addressed, Context, Proof, Severity, UnderWay
from buurtwacht_escalation.records import HELD, RUNNING, Asked, Escalation, Reply

#: What was said is kept for thirty days.
_KEPT = timedelta(days=28)


def under_way(ctx: Context) -> list[Proof]:
    """Return what waits for a timer. Who holds an escalation may have nothing more to be reminded of."""
    table, asked = Escalation.__table__.c, Asked.__table__.c
    runs = table.state.in_(sorted(RUNNING))
    waits = (table.state.not_in(sorted(HELD))) | (table.next_at.is_not(None))
    questioned = [runs, asked.state == Reply.ASKED, asked.message != 0, asked.at > ctx.after(-_KEPT)]
    part = ("escalation", Escalation)
    return [
        UnderWay(Escalation, [runs, waits], ["due:{id}"], "under_way.escalation", Severity.URGENT),
        Addressed(Asked, questioned, "person", "escalation", "under_way.escalation", Severity.URGENT, part),
    ]
