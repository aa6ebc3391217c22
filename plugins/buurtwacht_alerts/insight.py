"""What people can ask about an alert: how it stands, how it ended, and, for co-ordinators, how it arrived."""

from __future__ import annotations

from collections import Counter

from buurtwacht import Context, Refusal, Text
from buurtwacht_alerts import caretakers, closing
from buurtwacht_alerts.alert import Acknowledgement, Alert, Status, Value, named, open_alerts
from buurtwacht_alerts.reach import reach_of
from buurtwacht_alerts.remarks import about_it
from buurtwacht_alerts.wording import called

_SHOWN = (Status.ACTIVE, Status.CLOSED)


def status(ctx: Context, text: str = "") -> None:
    """`status <id>`: how an alert stands; members read counts and never names."""
    if not text.strip() and not open_alerts(ctx):
        ctx.reply(Text("status.quiet"))
        return
    alert, _ = named(ctx, text, _SHOWN)
    counts = _counts(ctx, alert)
    ctx.reply(
        Text("status", about=about_it(ctx, alert), seen=sum(counts.values()), watching=counts[Value.ON_WATCH]),
        thread=alert,
    )


def outcome(ctx: Context, text: str = "") -> None:
    """`afloop <id>`: how an alert ended, or that it has not; told its outcome, a co-ordinator is asked to close."""
    alert, words = named(ctx, text, _SHOWN)
    if words and alert.is_open and caretakers.look_after(ctx, alert):
        closing.propose(ctx, alert, words)
        return
    ctx.reply(about_it(ctx, alert), thread=alert)


def standing(ctx: Context, text: str = "") -> None:
    """`stand <id>`: for co-ordinators: sent, delivered, read, answered, not reached and why."""
    alert, _ = named(ctx, text, _SHOWN)
    if not caretakers.look_after(ctx, alert):
        raise Refusal(Text("refused.role", short=alert.short))
    reach = reach_of(ctx, alert)
    states = Counter(one.state for one in reach.fared)
    counts = _counts(ctx, alert)
    ctx.reply(
        Text(
            "standing",
            short=alert.short,
            called=called(alert),
            reporters=len(alert.reporters),
            sent=reach.arrived,
            delivered=states["delivered"] + states["read"],
            read=states["read"],
            answered=sum(counts.values()),
            seen=counts[Value.SEEN],
            watching=counts[Value.ON_WATCH],
            informed=counts[Value.INFO],
            unsafe=counts[Value.UNSAFE],
            doubts=counts[Value.DOUBT],
            held=reach.held,
            muted=reach.muted,
            unreached=len(reach.missed),
            names=reach.names,
        ),
        thread=alert,
    )


def _counts(ctx: Context, alert: Alert) -> Counter[Value]:
    return Counter(one.value for one in ctx.records.find(Acknowledgement, alert=alert.id))
