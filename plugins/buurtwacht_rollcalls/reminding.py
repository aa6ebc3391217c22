"""What time brings to a roll call: reminders on a second address, the ladder for who is silent, and the end."""

from __future__ import annotations

from buurtwacht import Context, timer
from buurtwacht_rollcalls import ladder, result, schedule, volunteers, wording
from buurtwacht_rollcalls.kinds import PATTERNS
from buurtwacht_rollcalls.records import Kind, entries, get, silent_ones


@timer("remind")
def remind(ctx: Context, call: int, place: int) -> None:
    """Remind those who have not answered; the core leaves in peace who did.

    After a standstill only the newest one that fell due goes out, and none when the roll call should have ended.
    """
    known = get(ctx, call)
    if not known.is_open or ctx.now >= schedule.next_moment(known, place):
        return
    silent = silent_ones(entries(ctx, known))
    if silent:
        pattern = PATTERNS[known.kind]
        content = wording.question(ctx, known, again=True)
        ctx.ask_again(silent, content, "rollcall", thread=known, severity=pattern.severity, elsewhere=True)


@timer("climb")
def climb(ctx: Context, call: int) -> None:
    """Ask the key holders of those who consented and are silent (R31)."""
    known = get(ctx, call)
    if known.is_open:
        ladder.begin(ctx, known, silent_ones(entries(ctx, known)))


@timer("close")
def close(ctx: Context, call: int) -> None:
    """The window is over: the next group is asked when too few come, else it ends."""
    known = get(ctx, call)
    if known.is_open and not (known.kind is Kind.READINESS and volunteers.ask_next(ctx, known)):
        result.end(ctx, known)
