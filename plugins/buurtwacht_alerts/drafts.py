"""A report before it is an alert: what was read in it, and whose it is."""

from __future__ import annotations

import re
from datetime import timedelta

from buurtwacht import Context, Person, Severity
from buurtwacht_alerts import points
from buurtwacht_alerts.alert import Alert, Status, Step, When
from buurtwacht_alerts.called import Called112
from buurtwacht_alerts.categories import CATEGORIES, UNKNOWN
from buurtwacht_alerts.forgetting import set_time
from buurtwacht_alerts.reading import Reading

#: R1, R3, R16: all waiting ends a minute after the report.
PATIENCE = timedelta(seconds=60)

#: More is not a report any more but a story: people read it all, neighbours do not.
LONGEST = 2000
#: A short version that comes later is a report of its own.
_RETOLD_WITHIN = timedelta(minutes=30)

_NUMBER = re.compile(r"\s+\d.*$")


def draft_of(ctx: Context, person: Person) -> Alert | None:
    """Return the report of this person that still waits for an answer of his."""
    order = [Alert.__table__.c.reported_at.desc(), Alert.__table__.c.id.desc()]
    return ctx.records.first(Alert, reporter=person.id, status=Status.DRAFT, order=order)


def held_of(ctx: Context, person: Person) -> Alert | None:
    """Return the newest report of this person that a co-ordinator decides about."""
    order = [Alert.__table__.c.reported_at.desc(), Alert.__table__.c.id.desc()]
    return ctx.records.first(Alert, reporter=person.id, status=Status.HELD, order=order)


def is_long(alert: Alert) -> bool:
    """Say whether a report is a whole story: whoever looks after the neighbourhood reads all of it."""
    return len(alert.words) > LONGEST


def retold(ctx: Context, reading: Reading, text: str) -> Alert | None:
    """Return the story of this person that waits for a co-ordinator, when he now says it in short: with that in it."""
    alert = held_of(ctx, ctx.person)
    if alert is None or not is_long(alert) or not reading.likely or len(text) > LONGEST:
        return None
    if is_another(alert, reading) or ctx.now - alert.reported_at > _RETOLD_WITHIN:
        return None
    if reading.category != UNKNOWN:
        alert.category, alert.severity = reading.category, reading.severity
        alert.route = CATEGORIES[reading.category].route
    for name in ("behaviour", "description", "direction", "direction_street", "vehicle", "plate"):
        setattr(alert, name, getattr(reading, name) or getattr(alert, name))
    if reading.happened_at is not None:
        alert.happened_at, alert.when = reading.happened_at, _when(ctx, reading)
    if reading.place:
        alert.place, alert.street = reading.place, reading.street
    if reading.called_112 is not Called112.UNKNOWN:
        alert.called, alert.called_at, alert.called_by = reading.called_112, ctx.now, ctx.person.id
    alert.words, alert.message, alert.status = text, ctx.source, Status.DRAFT
    return alert


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


def is_another(waiting: Alert, reading: Reading) -> bool:
    """Say whether what was read is a report of its own, and not what was missing of the one that waits (R1)."""
    if not reading.likely or reading.category == waiting.category:
        return False
    if reading.severity is Severity.CRITICAL:
        return waiting.severity is not Severity.CRITICAL
    return UNKNOWN not in (reading.category, waiting.category) and bool(reading.place and reading.behaviour)


def is_more_of(waiting: Alert, reading: Reading) -> bool:
    """Say whether it is the report that waits for an answer about 112, or about its words, said once more."""
    if waiting.step not in (Step.CALLED, Step.WORDING) or reading.category != waiting.category:
        return False
    return not reading.place or reading.place.casefold() == waiting.place.casefold() or reading.street == waiting.street


def missing(alert: Alert) -> list[Step]:
    """Return what is asked after the other questions, by one question at most (R3)."""
    if alert.severity is Severity.CRITICAL:
        return []
    steps: list[Step] = []
    if not alert.behaviour:
        steps.append(Step.BEHAVIOUR)
    elif not alert.has_place:
        steps.append(Step.PLACE)
    return steps


def add_more(alert: Alert, reading: Reading) -> None:
    """Put into a report what its reporter says beside it, before it goes out."""
    if reading.behaviour and reading.behaviour not in alert.behaviour:
        alert.behaviour = ", ".join(filter(None, (alert.behaviour, reading.behaviour)))[:300]
        alert.drop(Step.BEHAVIOUR)
    if reading.place and not alert.has_place:
        alert.place, alert.street = reading.place, reading.street
        alert.drop(Step.PLACE)
    fill(alert, reading)


def fill(alert: Alert, reading: Reading) -> None:
    """Put into a report what it did not say yet."""
    for name in ("description", "direction", "vehicle", "plate"):
        if not getattr(alert, name):
            setattr(alert, name, getattr(reading, name))
    alert.direction_street = alert.direction_street or reading.direction_street


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
