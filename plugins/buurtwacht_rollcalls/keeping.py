"""How long roll calls keep what people said (domain §4.4.6): remarks for 24 hours after the end, answers 30 days."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import Context, timer
from buurtwacht_rollcalls.records import Entry, Ladder, RollCall, Tally, entries

_REMARKS = timedelta(hours=24)
_ANSWERS = timedelta(days=30)


def set_timers(ctx: Context, call: RollCall) -> None:
    """Count from the planned end."""
    ctx.later(call.closes + _REMARKS, "forget", key=f"forget:{call.id}", call=call.id, everything=False)


@timer("forget")
def forget(ctx: Context, call: int, everything: bool) -> None:
    """Take out what was kept long enough: first the words, which may tell of somebody's health, then the rest."""
    known = ctx.records.get(RollCall, call)
    if known is None:
        return
    if everything:
        for kind in (Entry, Ladder, Tally):
            ctx.records.remove_all(kind, kind.__table__.c.rollcall == call)
        known.question, known.asked_by, known.following = "", None, []
        return
    over = known.closed_at or known.closes
    if ctx.now < over + _REMARKS:
        # It was open for longer than planned: the next group was asked.
        ctx.later(over + _REMARKS, "forget", key=f"forget:{call}", call=call, everything=False)
        return
    for one in entries(ctx, known):
        if one.text or one.history:
            one.text = ""
            one.history = [[at, value, "", via, channel] for at, value, _, via, channel in one.history]
    ctx.later(_ANSWERS - _REMARKS, "forget", key=f"forget:{call}", call=call, everything=True)
