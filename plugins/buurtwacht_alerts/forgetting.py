"""How long alerts keep what people wrote (§4.4.6): words and descriptions for 14 days, the rest of the text for 30.

What remains are statistics: category, severity, street, times, outcome.
"""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import Context, Thread, timer
from buurtwacht_alerts.alert import Acknowledgement, Addition, Alert, Copy, Doubt, Event, Held, Status
from buurtwacht_alerts.bulletin import forget_bulletins
from buurtwacht_alerts.muting import PassedOver

_DESCRIPTIONS = timedelta(days=14)
TEXT = timedelta(days=30)
#: The core forgets by its own clock, and may be a little early.
_MARGIN = timedelta(days=2)
#: Lines of an alert's log that hold what people wrote; the others hold states.
_WORDY = (
    "addition",
    "close_wished",
    "completed",
    "message_edited",
    "remark",
    "reopened",
    "source_confirmed",
    "unsafe",
    "updated",
)


def set_time(ctx: Context, alert: Alert) -> None:
    """Count from now: from the report, and again from the end."""
    ctx.later(_DESCRIPTIONS, "forget", key=f"forget:{alert.id}", alert=alert.id, everything=False)


def still_open(ctx: Context) -> list[Thread]:
    """Return the alerts that nobody closed for so long: their end is for who was shown them, whenever that was."""
    long_ago = Alert.__table__.c.reported_at < ctx.now - (TEXT - _MARGIN)
    return [Thread("alerts", one.id, one.short) for one in ctx.records.find(Alert, long_ago, status=Status.ACTIVE)]


@timer("forget")
def forget(ctx: Context, alert: int, everything: bool) -> None:
    """Take out what was kept long enough, also of an alert that nobody closed."""
    known = ctx.records.get(Alert, alert)
    if known is None:
        return
    known.point = None
    known.words = known.description = known.plate = ""
    forget_bulletins(ctx, alert)
    ctx.records.change_all(Addition, Addition.__table__.c.alert == alert, text="", message="")
    ctx.records.change_all(Event, Event.__table__.c.alert == alert, Event.__table__.c.what.in_(_WORDY), old="", new="")
    if not everything:
        ctx.later(TEXT - _DESCRIPTIONS, "forget", key=f"forget:{alert}", alert=alert, everything=True)
        return
    known.behaviour = known.direction = known.heading = known.vehicle = known.outcome_text = known.message = ""
    known.place = known.street or ""
    known.reporter = known.called_by = known.closed_by = None
    known.reporters = []
    ctx.records.change_all(Addition, Addition.__table__.c.alert == alert, person=None)
    ctx.records.change_all(Event, Event.__table__.c.alert == alert, actor=None)
    for kind in (Acknowledgement, Copy, Doubt, Held, PassedOver):
        ctx.records.remove_all(kind, kind.__table__.c.alert == alert)
