"""The timers of a roll call: reminders, the ladder at 80 % of the window, and the end."""

from __future__ import annotations

from datetime import UTC, datetime

from buurtwacht import Context
from buurtwacht_rollcalls.kinds import PATTERNS
from buurtwacht_rollcalls.records import Kind, RollCall

#: When the key holders of who is silent are asked, as a fraction of the window (R31).
_LADDER = 0.8


def set_timers(ctx: Context, call: RollCall) -> None:
    """Set the reminders, the ladder and the end, all counted from now."""
    left = call.closes - ctx.now.astimezone(UTC)
    for place, fraction in enumerate(PATTERNS[call.kind].reminders):
        ctx.later(left * fraction, "remind", key=f"remind:{call.id}:{place}", call=call.id, place=place)
    if call.kind is Kind.SAFETY:
        ctx.later(left * _LADDER, "climb", key=f"climb:{call.id}", call=call.id)
    ctx.later(call.closes, "close", key=f"close:{call.id}", call=call.id)


def next_moment(call: RollCall, place: int) -> datetime:
    """Return when the reminder after this one goes out; after the last, when the roll call ends."""
    fractions = PATTERNS[call.kind].reminders
    if place + 1 == len(fractions):
        return call.closes
    return call.opens.astimezone(UTC) + call.window * fractions[place + 1]


def cancel_timers(ctx: Context, call: RollCall) -> None:
    """Take away what would remind and end: it has ended. Ladders go on until somebody was found."""
    for place in range(len(PATTERNS[call.kind].reminders)):
        ctx.cancel(f"remind:{call.id}:{place}")
    for name in ("climb", "close", "tally"):
        ctx.cancel(f"{name}:{call.id}")
