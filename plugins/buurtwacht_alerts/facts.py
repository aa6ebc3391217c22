"""An alert as other plugins hear of it: plain values, everything in it."""

from __future__ import annotations

from buurtwacht_alerts.alert import Alert


def facts_of(alert: Alert) -> dict[str, object]:
    """Return the facts that go with the tells of `hookspecs`, as JSON values."""
    return {
        "category": alert.category,
        "severity": alert.severity.value,
        "place": alert.place,
        "street": alert.street,
        "point": alert.point,
        "behaviour": alert.behaviour,
        "description": alert.description,
        "direction": alert.direction,
        "vehicle": alert.vehicle,
        "plate": alert.plate,
        "called_112": alert.called.value,
        "called_at": alert.called_at.isoformat() if alert.called_at else None,
        "happened_at": alert.at.isoformat(),
        "reported_at": alert.reported_at.isoformat(),
        "reporter": alert.reporter,
    }
