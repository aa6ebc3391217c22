"""Time and an alert: its expiry, the reminder that it is still open, and how what needs no closing ends by itself."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import Choice, Context, Message, Severity, Text, timer
from buurtwacht_alerts import caretakers
from buurtwacht_alerts.alert import Alert, Outcome, get
from buurtwacht_alerts.categories import CATEGORIES
from buurtwacht_alerts.ending import end

#: Domain §2.3: the owner hears that it is still open.
_NAG = {Severity.CRITICAL: timedelta(minutes=30), Severity.URGENT: timedelta(minutes=60)}


def set_expiry(ctx: Context, alert: Alert, *, anew: bool = False) -> None:
    """Count the expiry anew, from now; and the reminder, once, from when it went out or was opened `anew` (R13)."""
    ctx.later(CATEGORIES[alert.category].expiry, "expire", key=f"expiry:{alert.id}", alert=alert.id)
    nag = _NAG.get(alert.severity)
    if nag is not None and (anew or alert.sent_at == ctx.now):
        ctx.later(nag, "nag", key=f"nag:{alert.id}", alert=alert.id)


@timer("nag")
def nag(ctx: Context, alert: int) -> None:
    """Remind those who look after the neighbourhood that an alert is still open."""
    known = get(ctx, alert)
    if known.is_open:
        caretakers.tell(ctx, known, _still_open(known))


@timer("expire")
def expire(ctx: Context, alert: int) -> None:
    """What presses is never closed by time: its owner is asked to. The rest ends here (R13)."""
    known = get(ctx, alert)
    if not known.is_open:
        return
    if known.severity.presses:
        ctx.cancel(f"nag:{alert}")
        caretakers.tell(ctx, known, _still_open(known))
    else:
        end(ctx, known, Outcome.EXPIRED, "")


def _still_open(alert: Alert) -> Message:
    choices = (
        Choice(f"close:{alert.id}", Text("still_open.close")),
        Choice(f"leave:{alert.id}", Text("still_open.leave")),
    )
    return Message(Text("still_open", short=alert.short, at=alert.at), choices=choices, answer="still_open")
