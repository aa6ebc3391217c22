"""A place that was shared on the map: the street it lies in, the exact point for co-ordinators only (R3, R5)."""

from __future__ import annotations

from buurtwacht import Context, Location, Message, Neighbourhood, Text
from buurtwacht_alerts import caretakers, distances
from buurtwacht_alerts.alert import Alert

#: A point belongs to a listed street within so many metres.
_IN_STREET = 150.0


def put(alert: Alert, where: Neighbourhood, location: Location) -> None:
    """Make a point the place of a report: the nearest listed street, or none that members could be told."""
    alert.point = [location.latitude, location.longitude]
    alert.street = nearest(where, location)
    alert.place = alert.street or ""


def nearest(where: Neighbourhood, location: Location) -> str | None:
    """Return the listed street whose position is nearest to a point, within 150 metres."""
    point = (location.latitude, location.longitude)
    known = [
        (distances.metres(point, (street.latitude, street.longitude)), street.name)
        for street in where.streets
        if street.latitude is not None and street.longitude is not None
    ]
    away, name = min(known, default=(_IN_STREET + 1, ""))
    return name if away <= _IN_STREET else None


def tell(ctx: Context, alert: Alert) -> None:
    """Give the exact point to the co-ordinators, beside the alert they were sent."""
    if alert.point is None or alert.reporter is None:
        return
    latitude, longitude = alert.point
    said = Text("location.caretaker", who=ctx.name_of(alert.reporter), short=alert.short)
    caretakers.tell(ctx, alert, Message(said, location=Location(latitude, longitude)))
