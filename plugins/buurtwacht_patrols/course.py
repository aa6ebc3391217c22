"""The course of a shift: when something falls due for it, this does it and sets the timer for what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from buurtwacht import Context, Ripe, timer
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


@dataclass(frozen=True, slots=True)
class _Due:
    """A shift for which something fell due; after a time in which we were down that can be more than one step."""

    ctx: Context
    shift: Shift
    steps: Sequence[Step]

    @property
    def reminder(self) -> Step | None:
        """The newest reminder among them: the others would say the same, and later."""
        return next((one for one in reversed(self.steps) if one in REMINDERS), None)


@timer(COURSE, together=True)
def runs(ctx: Context, ripe: Sequence[Ripe]) -> None:
    """Do what fell due for shifts; after a time in which we were down there are many."""
    ids = [one.payload["shift"] for one in ripe]
    going = Shift.__table__.c.state.in_((ShiftState.PLANNED, ShiftState.UNDERWAY))
    shifts = {one.id: one for one in ctx.records.find(Shift, Shift.__table__.c.id.in_(ids), going)}
    due = [_due(one, shifts[one.payload["shift"]]) for one in ripe if one.payload["shift"] in shifts]
    due.sort(key=lambda one: one.shift.starts)  # who walks two of them reads first of the one that comes first
    known = reminding.read_for(ctx, [one.shift for one in due if one.reminder in HELD])
    for one in due:
        following = _run(one, known)
        if following is not None:
            step, at = following
            one.ctx.later(at, runs, shift=one.shift.id, step=step.value, key=key(one.shift))


def _due(one: Ripe, shift: Shift) -> _Due:
    step = Step(one.payload["step"])
    steps = ORDER[ORDER.index(step) :]
    return _Due(one.ctx, shift, [it for it in steps if it is step or moment(one.ctx, shift, it) <= one.ctx.now])


def _run(one: _Due, known: reminding.Known) -> tuple[Step, datetime] | None:
    """Do what fell due for a shift; return what does next, and when."""
    ctx, shift, newest = one.ctx, one.shift, one.steps[-1]
    if one.reminder is not None:
        again = _remind(ctx, shift, one.reminder, known, wait=newest in HELD)
        if again is not None:
            return newest, again
    if Step.DECIDE in one.steps and ctx.now < shift.starts:
        deciding.begin(ctx, shift)
    done = _watch(ctx, shift, one.steps)
    if done is None:
        return None
    shift.step = done.value
    return after(ctx, shift, done)


def _remind(ctx: Context, shift: Shift, step: Step, known: reminding.Known, *, wait: bool) -> datetime | None:
    """Send the newest reminder that is due; return when to go on, if some are asleep until then.

    One that fell due while we were down says that it is late; once the shift has begun it is dropped and reported
    (R38).
    """
    late = ctx.now - ctx.due > LATE
    if ctx.now.astimezone(UTC) > shift.starts.astimezone(UTC) + (timedelta(0) if late else LATE):
        reminding.report_dropped(ctx, shift)
        return None
    if step in HELD:
        return reminding.before(ctx, shift, known, until=moment(ctx, shift, Step.HOUR) if wait else None, late=late)
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
