"""Alerts on a map: GeoJSON (RFC 7946) without a word of anybody, rounded, longitude before latitude."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from buurtwacht import Context
from buurtwacht_alerts.alert import Alert, Status
from buurtwacht_alerts.categories import CATEGORIES, Route
from buurtwacht_alerts.positions import position_of

MIME = "application/geo+json"
#: So long an alert stands on the map.
_SHOWN = timedelta(days=30)

_Json: TypeAlias = "dict[str, object]"


def lately(ctx: Context) -> list[Alert]:
    """Return the alerts that went out to all members here within the last 30 days, the newest first."""
    table = Alert.__table__.c
    sent = (table.sent_at > ctx.now - _SHOWN, table.status.in_((Status.ACTIVE, Status.CLOSED)))
    public, newest = table.route != Route.MUNICIPALITY, [table.sent_at.desc(), table.id.desc()]
    return ctx.records.find(Alert, *sent, public, neighbourhood=ctx.here.id, order=newest)


def collection(ctx: Context, alerts: Sequence[Alert]) -> bytes:
    """Return alerts of this neighbourhood as a FeatureCollection, in UTF-8."""
    found = {"type": "FeatureCollection", "features": [_feature(ctx, one) for one in alerts]}
    return json.dumps(found, ensure_ascii=False, indent=2).encode()


def _feature(ctx: Context, alert: Alert) -> _Json:
    position = position_of(alert, ctx.here)
    return {
        "type": "Feature",
        "id": alert.short,
        "geometry": None if position is None else {"type": "Point", "coordinates": position.geojson},
        "properties": {
            "id": alert.short,
            "category": CATEGORIES[alert.category].code,
            "severity": alert.severity.value,
            "status": alert.status.value,
            "called_112": alert.called.value,
            "reported_at": _moment(ctx, alert.reported_at),
            "sent_at": _moment(ctx, alert.sent_at),
            "closed_at": _moment(ctx, alert.closed_at),
            "outcome": alert.outcome.value if alert.outcome is not None else None,
        },
    }


def _moment(ctx: Context, at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(ctx.here.zone).replace(microsecond=0).isoformat()
