"""An alert as other plugins hear of it: plain values, everything in it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from buurtwacht import Context
from buurtwacht_alerts.alert import Addition, AdditionState, Alert, home
from buurtwacht_alerts.categories import CATEGORIES
from buurtwacht_alerts.plates import find_plates
from buurtwacht_alerts.settings import PHOTOS_KEPT

#: What went on to members, as far as they may read it.
_TOLD = (AdditionState.PASSED, AdditionState.SHARED)
#: What was said of it by somebody who saw it, and not doubted or set aside since.
_SEEN = (AdditionState.WAITING, AdditionState.PASSED, AdditionState.SHARED)


def facts_of(ctx: Context, alert: Alert, fresh: Collection[Addition] = ()) -> dict[str, object]:
    """Return the facts that go with the tells of `hookspecs`, as JSON values.

    `fresh` are additions that this very handler keeps.
    """
    own = home(ctx, alert)
    kept = own.records.find(Addition, alert=alert.id)
    additions = list({one.id: one for one in (*kept, *fresh)}.values())
    expires = alert.last_update + CATEGORIES[alert.category].expiry
    return {
        "category": alert.category,
        "severity": alert.severity.value,
        "place": alert.place,
        "street": alert.street,
        "point": alert.point,
        "behaviour": alert.behaviour,
        "description": alert.description,
        "direction": alert.heading or alert.direction,
        "vehicle": alert.vehicle,
        "plate": alert.plate,
        "plates": _plates(alert, additions),
        "called_112": alert.called.value,
        "called_at": alert.called_at.isoformat() if alert.called_at else None,
        "happened_at": alert.at.isoformat(),
        "reported_at": alert.reported_at.isoformat(),
        "last_seen_at": _last_seen(alert, additions).isoformat(),
        "expires": expires.astimezone(own.here.zone).isoformat(),
        "reporter": alert.reporter,
        "witnesses": len({*alert.reporters, *(one.person for one in additions if one.person is not None)}),
        "media": [one.media for one in additions if one.media is not None and own.now - one.at < PHOTOS_KEPT],
        "neighbours": _neighbours(own, alert),
    }


def tell_updated(ctx: Context, alert: Alert, what: str, text: str = "", fresh: Collection[Addition] = ()) -> None:
    """Tell other plugins that an alert changed; `what` and `text` are as in the hook `alert_updated`."""
    facts = facts_of(ctx, alert, fresh)
    home(ctx, alert).tell("alert_updated", alert=alert.id, short=alert.short, what=what, text=text, facts=facts)


def _last_seen(alert: Alert, additions: Collection[Addition]) -> datetime:
    """Return when somebody last saw it, as far as anybody said."""
    return max([alert.at, *(one.at for one in additions if one.text and one.state in _SEEN)])


def _plates(alert: Alert, additions: Collection[Addition]) -> list[str]:
    """Return every plate that was named, in full: in the report, and in what was passed on since."""
    told = sorted((one for one in additions if one.state in _TOLD), key=lambda one: (one.at, one.id))
    named = (found.text for words in (alert.words, *(one.text for one in told)) for found in find_plates(words))
    return list(dict.fromkeys(plate for plate in (alert.plate, *named) if plate))


def _neighbours(own: Context, alert: Alert) -> int:
    """Return how many were shown it by now, without who reported it; none yet in the moment it goes out."""
    if alert.sent_at is None or alert.sent_at == own.now:
        return 0
    return sum(one.arrived and one.person not in alert.reporters for one in own.reached(alert))
