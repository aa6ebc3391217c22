"""Readiness: so many are needed; it ends when they have said yes, and the next group is asked when too few did."""

from __future__ import annotations

from buurtwacht import Context, PersonId, Text
from buurtwacht_rollcalls import caretakers, opening, result, schedule
from buurtwacht_rollcalls.records import Entry, Kind, RollCall, Value, entries


def said(ctx: Context, call: RollCall, entry: Entry, value: Value) -> bool:
    """Take a yes into account; True when he has heard all there is to say."""
    if call.kind is not Kind.READINESS or value is not Value.COMING:
        return False
    if not call.is_open:
        filled = call.needed is not None
        ctx.reply(Text("readiness.filled" if filled else "readiness.closed", short=call.short), thread=call)
        return True
    if call.needed is None:
        return False
    listed = entries(ctx, call)
    # What was changed in this transaction is not in the table yet, but it is in the list.
    coming = sum(one.value is Value.COMING for one in listed)
    if coming < call.needed:
        return False
    ctx.reply(Text("readiness.enough.own", number=coming, short=call.short), thread=call)
    # Version of the roll call: of two who come at one moment, the later one is run again and finds it filled.
    result.end(ctx, call, listed)
    return True


def ask_next(ctx: Context, call: RollCall) -> bool:
    """Ask the next group for as long again, when too few come; False when there is none or nobody is missing."""
    listed = entries(ctx, call)
    coming = sum(one.value is Value.COMING for one in listed)
    known = {one.person for one in listed}
    here = {one.id for one in ctx.members()}
    following = [PersonId(one) for one in call.following if one in here and one not in known]
    if not following or coming >= (call.needed or 1):
        return False
    window = call.window
    call.following = []
    call.closes = ctx.after(window)
    opening.add_entries(ctx, call, following)
    opening.ask(ctx, call, following)
    schedule.set_timers(ctx, call)
    missing = (call.needed or 1) - coming
    caretakers.tell(ctx, call, Text("readiness.next", short=call.short, number=missing, asked=len(following)))
    return True
