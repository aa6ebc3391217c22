"""The steps of a shift's course: what falls due for it and when, and the one timer that waits for the next of them.

Confirm and eve mean the same time on the clock, three days and one day earlier (R37); the others count real minutes.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from buurtwacht import Context
from buurtwacht_patrols.records import Shift


class Step(StrEnum):
    """What falls due for a shift, in order of time."""

    CONFIRM = "confirm"
    EVE = "eve"
    #: too few walkers: the co-ordinator chooses (R39)
    DECIDE = "decide"
    HOUR = "hour"
    START = "start"
    #: who has not checked in is asked (domain §2.8)
    ABSENT = "absent"
    #: his partner and the co-ordinator are told
    ALONE = "alone"
    #: who has not checked out is asked (R41)
    OVERDUE = "overdue"
    PARTNER = "partner"
    PLANNER = "planner"


ORDER = tuple(Step)
REMINDERS = (Step.CONFIRM, Step.EVE, Step.HOUR, Step.START)
#: Those that wait for the end of their reader's quiet hours.
HELD = (Step.CONFIRM, Step.EVE)
#: The steps of a ladder keep their distance also when the first of them came late.
LADDERS = ((Step.ABSENT, Step.ALONE), (Step.OVERDUE, Step.PARTNER, Step.PLANNER))
#: What is later than this was kept by a system that was down (R38).
LATE = timedelta(minutes=5)
#: The timer's handler.
COURSE = "course"

_DAYS = {Step.CONFIRM: 3, Step.EVE: 1}
_FROM_START = {
    Step.DECIDE: timedelta(hours=-6),
    Step.HOUR: timedelta(hours=-1),
    Step.START: timedelta(0),
    Step.ABSENT: timedelta(minutes=10),
    Step.ALONE: timedelta(minutes=15),
}
_FROM_END = {
    Step.OVERDUE: timedelta(minutes=15),
    Step.PARTNER: timedelta(minutes=20),
    Step.PLANNER: timedelta(minutes=25),
}


def moment(ctx: Context, shift: Shift, step: Step) -> datetime:
    """Return when a step of a shift falls due, in UTC."""
    if step in _DAYS:
        noon = datetime.combine(shift.local_day - timedelta(days=_DAYS[step]), time(12), tzinfo=ctx.here.zone)
        return ctx.wall_time(noon, shift.wall).astimezone(UTC)
    if step in _FROM_START:
        return shift.starts.astimezone(UTC) + _FROM_START[step]
    return shift.ends.astimezone(UTC) + _FROM_END[step]


def key(shift: Shift) -> str:
    """Return the key of a shift's timer."""
    return f"shift:{shift.id}"


def arm(ctx: Context, shifts: Collection[Shift]) -> None:
    """Set the timers of shifts that were published; what would have fallen due before is passed over."""
    moments = {}
    for shift in shifts:
        found = next(((one, at) for one in ORDER if (at := moment(ctx, shift, one)) > ctx.now), None)
        if found is not None:
            moments[key(shift)] = (found[1], {"shift": shift.id, "step": found[0].value})
    ctx.later_all(COURSE, moments)


def disarm(ctx: Context, shifts: Collection[Shift]) -> None:
    """Take away the timers of shifts that nobody walks any more."""
    ctx.cancel_all(key(one) for one in shifts)


def after(ctx: Context, shift: Shift, done: Step) -> tuple[Step, datetime] | None:
    """Return what falls due after a step that was just done, and when; the steps of a ladder keep their distance."""
    place = ORDER.index(done) + 1
    if place == len(ORDER):
        return None
    following, now = ORDER[place], ctx.now.astimezone(UTC)
    at = moment(ctx, shift, following)
    if any(done in ladder and following in ladder for ladder in LADDERS):
        return following, max(at, now + (at - moment(ctx, shift, done)))
    return following, max(at, now)
