"""The course of a shift: when something falls due for it, this does it and sets the timer for what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from buurtwacht import Context, timer
from buurtwacht_patrols import deciding, no_shows, overdue, reminding, rosters
from buurtwacht_patrols.records import Shift, ShiftState
from buurtwacht_patrols.steps import COURSE, HELD, LADDERS, LATE, ORDER, REMINDERS, Step, after, key, moment

#: What watches over the walkers; each says whether there is more to watch.
_WATCHES = {
    Step.ABSENT: no_shows.absent,
    Step.ALONE: no_shows.alone,
    Step.OVERDUE: overdue.walkers,
    Step.PARTNER: overdue.partner,
    Step.PLANNER: overdue.planner,
}


@timer(COURSE)
def runs(ctx: Context, shift: int, step: str) -> None:
    """Do what fell due for a shift; after a time in which we were down that can be more than one step."""
    found = ctx.records.get(Shift, shift)
    if found is None or found.state not in (ShiftState.PLANNED, ShiftState.UNDERWAY):
        return
    first = ORDER.index(Step(step))
    due = [one for one in ORDER[first:] if one == step or moment(ctx, found, one) <= ctx.now]
    reminders = [one for one in due if one in REMINDERS]
    if reminders:
        again = _remind(ctx, found, reminders[-1], wait=due[-1] in HELD)
        if again is not None:
            ctx.later(again, runs, shift, due[-1].value, key=key(found))
            return
    if Step.DECIDE in due and ctx.now < found.starts:
        deciding.begin(ctx, found)
    done = _watch(ctx, found, due)
    if done is None:
        return
    found.step = done.value
    following = after(ctx, found, done)
    if following is not None:
        ctx.later(following[1], runs, shift, following[0].value, key=key(found))


def _remind(ctx: Context, shift: Shift, step: Step, *, wait: bool) -> datetime | None:
    """Send the newest reminder that is due; return when to go on, if some are asleep until then.

    One that fell due while we were down says that it is late; once the shift has begun it is dropped and reported
    (R38).
    """
    late = ctx.now - ctx.due > LATE
    if ctx.now.astimezone(UTC) > shift.starts.astimezone(UTC) + (timedelta(0) if late else LATE):
        reminding.report_dropped(ctx, shift)
        return None
    if step in HELD:
        return reminding.before(ctx, shift, until=moment(ctx, shift, Step.HOUR) if wait else None, late=late)
    group = rosters.assignments_of(ctx, [shift])[shift.id]
    reminding.at_its_time(ctx, shift, group, starts=step is Step.START, late=late)
    return None


def _watch(ctx: Context, shift: Shift, due: Sequence[Step]) -> Step | None:
    """Watch over the walkers, as far as it is time: the first step of a ladder. None when there is nothing more to do.

    What became due behind it comes at its own distance; a round that is over is looked after, not how it began.
    """
    watches = [one for one in due if one in _WATCHES]
    if not watches:
        return due[-1]
    ended = [one for one in watches if one in LADDERS[1]]
    step = (ended or watches)[0]
    return step if _WATCHES[step](ctx, shift) else None
