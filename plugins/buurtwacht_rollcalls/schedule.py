"""The timers of a roll call: reminders, the ladder at 80 % of the window, and the end."""

from __future__ import annotations

from buurtwacht import Context
from buurtwacht_rollcalls.kinds import PATTERNS
from buurtwacht_rollcalls.records import Kind, RollCall

#: When the key holders of who is silent are asked, as a fraction of the window (R31).
_LADDER = 0.8


def set_timers(ctx: Context, call: RollCall) -> None:
    """Set the reminders, the ladder and the end, all counted from now."""
    left = call.closes - ctx.now
    for place, fraction in enumerate(PATTERNS[call.kind].reminders):
        ctx.later(ctx.now + left * fraction, "remind", key=f"remind:{call.id}:{place}", call=call.id)
    if call.kind is Kind.SAFETY:
        ctx.later(ctx.now + left * _LADDER, "climb", key=f"climb:{call.id}", call=call.id)
    ctx.later(call.closes, "close", key=f"close:{call.id}", call=call.id)


def cancel_timers(ctx: Context, call: RollCall) -> None:
    """Take away what would remind and end: it has ended. Ladders go on until somebody was found."""
    for place in range(len(PATTERNS[call.kind].reminders)):
        ctx.cancel(f"remind:{call.id}:{place}")
    for name in ("climb", "close", "tally"):
        ctx.cancel(f"{name}:{call.id}")
