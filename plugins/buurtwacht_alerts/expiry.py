"""Time and an alert: its expiry, the reminder that it is still open, and how what needs no closing ends by itself."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import Choice, Context, Message, Severity, Text, timer
from buurtwacht_alerts import caretakers
from buurtwacht_alerts.alert import Alert, Event, Outcome, get, log
from buurtwacht_alerts.categories import CATEGORIES
from buurtwacht_alerts.ending import end

#: Domain §2.3: the owner hears that it is still open.
_NAG = {Severity.CRITICAL: timedelta(minutes=30), Severity.URGENT: timedelta(minutes=60)}
#: The expiry and the reminder ask the same: never both within this.
_APART = timedelta(minutes=10)
ASKED, _LEFT = "asked_to_close", "left_open"


def set_expiry(ctx: Context, alert: Alert, *, anew: bool = False) -> None:
    """Count the expiry anew, from now; and the reminder, once, from when it went out or was opened `anew` (R13)."""
    ctx.later(CATEGORIES[alert.category].expiry, "expire", key=f"expiry:{alert.id}", alert=alert.id)
    nag = _NAG.get(alert.severity)
    if nag is not None and (anew or alert.sent_at == ctx.now):
        ctx.later(nag, "nag", key=f"nag:{alert.id}", alert=alert.id)


def leave_open(ctx: Context, alert: Alert) -> None:
    """Its owner says that it is not over: the expiry counts from here, and he is left in peace for a while."""
    alert.last_update = ctx.now
    log(ctx, alert, _LEFT)
    set_expiry(ctx, alert)


@timer("nag")
def nag(ctx: Context, alert: int) -> None:
    """Remind those who look after the neighbourhood that an alert is still open, whatever its expiry asked before."""
    known = get(ctx, alert)
    if known.is_open:
        _ask(ctx, known)


@timer("expire")
def expire(ctx: Context, alert: int) -> None:
    """What presses is never closed by time: its owner is asked to. The rest ends here (R13)."""
    known = get(ctx, alert)
    if not known.is_open:
        return
    if known.severity.presses:
        _ask(ctx, known)
    else:
        end(ctx, known, Outcome.EXPIRED, "")


def _ask(ctx: Context, alert: Alert) -> None:
    """Ask whether it is over, unless that was asked or answered a moment ago."""
    table = Event.__table__.c
    since = (table.what.in_((ASKED, _LEFT)), table.at > ctx.now - _APART)
    if ctx.records.first(Event, *since, alert=alert.id) is None:
        log(ctx, alert, ASKED)
        caretakers.tell(ctx, alert, _still_open(alert))


def _still_open(alert: Alert) -> Message:
    choices = (
        Choice(f"close:{alert.id}", Text("still_open.close")),
        Choice(f"leave:{alert.id}", Text("still_open.leave")),
    )
    return Message(Text("still_open", short=alert.short, at=alert.at), choices=choices, answer="still_open")
