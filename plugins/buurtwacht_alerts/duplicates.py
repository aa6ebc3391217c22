"""Two reports about the same thing: finding the alert that a new report resembles (R16)."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import Context, Severity
from buurtwacht_alerts import distances
from buurtwacht_alerts.alert import Alert, open_alerts
from buurtwacht_alerts.categories import UNKNOWN

_NOT_OLDER = timedelta(minutes=30)


def similar(ctx: Context, report: Alert) -> Alert | None:
    """Return the newest open alert that a report resembles: young, of its kind, in its street or within 150 m."""
    for alert in open_alerts(ctx):
        if alert.id == report.id or ctx.now - alert.reported_at > _NOT_OLDER:
            continue
        if alert.category != report.category and UNKNOWN not in (alert.category, report.category):
            continue
        if report.severity is Severity.CRITICAL and alert.severity is not Severity.CRITICAL:
            continue  # what is critical does not become a remark below something less
        if _same_place(ctx, alert, report):
            return alert
    return None


def _same_place(ctx: Context, alert: Alert, report: Alert) -> bool:
    away = distances.between(ctx.here, alert.street, report.street)
    if away is not None:
        return away <= distances.SAME_PLACE
    return bool(alert.place) and alert.place.casefold() == report.place.casefold()
