"""Whether an official can be asked now: his hours of duty, his leave, and for what he may be woken (R43)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from buurtwacht import Context, PersonId, Severity
from buurtwacht_escalation.hours import Hours
from buurtwacht_escalation.records import Duty

#: The most pressing first.
_ORDER = tuple(Severity)


class Presence(StrEnum):
    """How it stands with somebody at a moment."""

    HERE = "here"
    OFF = "off_duty"
    LEAVE = "leave"


def presence(duty: Duty | None, severity: Severity, now: datetime) -> Presence:
    """Return whether somebody can be asked something so severe at a moment, aware and local.

    Who wrote down no hours is always there. What is critical waits for no hours, but for the end of a leave.
    """
    if duty is None:
        return Presence.HERE
    if duty.leave_until is not None and now < duty.leave_until:
        return Presence.LEAVE
    woken = duty.off_duty is not None and _ORDER.index(severity) <= _ORDER.index(duty.off_duty)
    if severity is Severity.CRITICAL or woken or Hours.parse(duty.hours).cover(now):
        return Presence.HERE
    return Presence.OFF


def next_duty(ctx: Context, duty: Duty | None) -> datetime | None:
    """Return the first moment from now at which somebody is on duty and not on leave; None: there is none."""
    if duty is None:
        return ctx.now
    begin = ctx.now
    if duty.leave_until is not None and begin < duty.leave_until:
        begin = duty.leave_until.astimezone(ctx.here.zone)
    return Hours.parse(duty.hours).next_start(ctx, begin)


def duties_of(ctx: Context, people: Collection[PersonId]) -> dict[PersonId, Duty]:
    """Return what is on record of these people's hours, in one query."""
    found = ctx.records.find(Duty, Duty.__table__.c.person.in_(people)) if people else []
    return {one.person: one for one in found}


def duty_of(ctx: Context, who: PersonId) -> Duty:
    """Return somebody's hours to be changed; written down now when there are none yet."""
    return ctx.records.first(Duty, person=who) or ctx.records.add(Duty(person=who))
