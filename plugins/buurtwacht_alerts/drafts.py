"""A report before it is an alert: what was read in it, and whose it is."""

from __future__ import annotations

import re

from buurtwacht import Context, Person, Severity
from buurtwacht_alerts import points
from buurtwacht_alerts.alert import Alert, Status, When
from buurtwacht_alerts.called import Called112
from buurtwacht_alerts.categories import CATEGORIES, UNKNOWN
from buurtwacht_alerts.forgetting import set_time
from buurtwacht_alerts.reading import Reading

_NUMBER = re.compile(r"\s+\d.*$")


def draft_of(ctx: Context, person: Person) -> Alert | None:
    """Return the report of this person that still waits for an answer of his."""
    order = [Alert.__table__.c.reported_at.desc(), Alert.__table__.c.id.desc()]
    return ctx.records.first(Alert, reporter=person.id, status=Status.DRAFT, order=order)


def held_of(ctx: Context, person: Person) -> Alert | None:
    """Return the newest report of this person that a co-ordinator decides about."""
    order = [Alert.__table__.c.reported_at.desc(), Alert.__table__.c.id.desc()]
    return ctx.records.first(Alert, reporter=person.id, status=Status.HELD, order=order)


def draft(ctx: Context, reading: Reading, text: str, floor: Severity | None) -> Alert:
    """Return what a report says as an alert that has not gone out; without a place it is the reporter's street."""
    severity = reading.severity
    if floor is not None and not severity.presses and reading.category == UNKNOWN:
        severity = floor
    street = street_of(ctx)
    alert = Alert(
        neighbourhood=ctx.here.id,
        category=reading.category,
        severity=severity,
        route=CATEGORIES[reading.category].route,
        reporter=ctx.person.id,
        reporters=[int(ctx.person.id)],
        message=ctx.source,
        words=text,
        place=reading.place or street,
        street=reading.street or (None if reading.place else street or None),
        behaviour=reading.behaviour,
        description=reading.description,
        direction=reading.direction,
        direction_street=reading.direction_street,
        vehicle=reading.vehicle,
        plate=reading.plate,
        happened_at=reading.happened_at,
        when=_when(ctx, reading),
        reported_at=ctx.now,
        last_update=ctx.now,
        steps=[],
        messages=[],
    )
    if ctx.location is not None and not reading.place:
        points.put(alert, ctx.here, ctx.location)
    elif ctx.location is not None:
        alert.point = [ctx.location.latitude, ctx.location.longitude]
    if reading.called_112 is not Called112.UNKNOWN:
        alert.called, alert.called_at, alert.called_by = reading.called_112, ctx.now, ctx.person.id
    set_time(ctx, alert)
    return ctx.records.add(alert)


def _when(ctx: Context, reading: Reading) -> When | None:
    """Return how the moment is said: a day that is not today is named, and no time that nobody said."""
    at = reading.happened_at
    if at is None:
        return None
    if at.date() == ctx.now.date():
        return When.TODAY if reading.vague else None
    return When.DATE if reading.vague else When.DATE_AND_TIME


def street_of(ctx: Context) -> str:
    """Return the street of the reporter, never with a house number (R4)."""
    mine = ctx.membership
    return _NUMBER.sub("", mine.street) if mine is not None else ""
