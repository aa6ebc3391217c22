"""An alert on its way: the fan-out, the edit of what was shown, the receipt, the report on delivery."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from buurtwacht import CARETAKERS, Audience, Context, PersonId, Severity, Text, timer
from buurtwacht_alerts import additions, bordering, caretakers, drills, muting, nights, points, renewals
from buurtwacht_alerts.alert import Acknowledgement, Alert, Copy, Status, get, home, log
from buurtwacht_alerts.categories import Route
from buurtwacht_alerts.expiry import set_expiry
from buurtwacht_alerts.facts import facts_of
from buurtwacht_alerts.reach import reach_of
from buurtwacht_alerts.wording import called_brief, for_caretakers, for_members

#: R2: the receipt waits until everything left, but never longer than this.
_RECEIPT_FIRST = timedelta(seconds=1)
_RECEIPT_LAST = timedelta(seconds=60)
#: R17: within three minutes of the fan-out.
_DELIVERY_REPORT = timedelta(seconds=150)


def spread(ctx: Context, alert: Alert) -> None:
    """Send an alert to everybody it is for. Call it in the alert's own neighbourhood."""
    drills.stop(ctx, alert)
    alert.status = Status.ACTIVE
    alert.steps = []
    alert.sent_at = alert.last_update = ctx.now
    pressing = alert.severity.presses
    full = caretakers.of(ctx, alert)
    if told := muting.reachable(ctx, alert, full):
        alert.caretaker_message = ctx.broadcast(
            ctx.audience.people(told), for_caretakers(alert), alert.severity, thread=alert, first_word=pressing
        )
        alert.sent(alert.caretaker_message)
    points.tell(ctx, alert)
    audience = _audience(ctx, alert, full)
    if audience is not None:
        alert.member_message = ctx.broadcast(
            audience, for_members(ctx, alert), alert.severity, thread=alert, first_word=pressing
        )
        alert.sent(alert.member_message)
    ctx.later(_RECEIPT_FIRST, "receipt", key=f"receipt:{alert.id}", alert=alert.id, wait=1)
    report_delivery(ctx, alert)
    set_expiry(ctx, alert)
    bordering.offer(ctx, alert, alert.direction_street, alert.street)
    additions.catch_up(ctx, alert)
    log(ctx, alert, "sent", new=alert.severity)
    ctx.tell("alert_opened", alert=alert.id, short=alert.short, facts=facts_of(ctx, alert))


def report_delivery(ctx: Context, alert: Alert) -> None:
    """Have the co-ordinators read how what presses arrived, some minutes from now (R17)."""
    if alert.severity.presses:
        ctx.later(_DELIVERY_REPORT, "delivery_report", key=f"delivery:{alert.id}", alert=alert.id)


def _audience(ctx: Context, alert: Alert, full: Iterable[PersonId]) -> Audience | None:
    """Return the members who are shown the masked alert, now."""
    if alert.route is Route.MUNICIPALITY:
        return None
    others = {*full, *alert.reporters}
    muted = muting.passed_over(ctx, alert, others)
    asleep = nights.hold(ctx, alert, without=muted)
    return muting.decided(_everybody(ctx), alert).without(*others, *muted, *asleep)


def _everybody(ctx: Context) -> Audience:
    return ctx.audience.members().and_groups()


def respread(ctx: Context, alert: Alert) -> None:
    """Bring what was shown of an alert up to date, where it stands: an edit, else one short line (R8)."""
    own = home(ctx, alert)
    brief = called_brief(alert)
    # Both are for every member, whatever he is now: who was not shown an original gets no update of it, and who was
    # does, in the version on his screen, also when he became co-ordinator, is none any more, or reported it too.
    if alert.caretaker_message is not None:
        content = for_caretakers(alert, brief=brief)
        audience = own.audience.members()
        alert.sent(own.broadcast(audience, content, alert.severity, thread=alert, replaces=alert.caretaker_message))
    if alert.member_message is not None:
        # Not only who was reached by it: one update can only have one audience, with the groups in it.
        content = for_members(own, alert, brief=brief)
        everybody = _everybody(own)
        alert.sent(own.broadcast(everybody, content, alert.severity, thread=alert, replaces=alert.member_message))
        renewals.with_earlier(own, alert, alert.member_message)
    for copy in own.records.find(Copy, alert=alert.id):
        next_door = copy.neighbourhood is not None
        content = for_members(own, alert, relayed=next_door, late=True, brief=brief)
        content = for_caretakers(alert, brief=brief) if copy.full else content
        where = own.within(own.neighbourhood_of(copy.neighbourhood)) if copy.neighbourhood is not None else own
        audience = where.audience.people([PersonId(one) for one in copy.people])
        alert.sent(where.broadcast(audience, content, alert.severity, thread=alert, replaces=copy.message))
    bordering.respread(own, alert, brief)


@timer("receipt")
def receipt(ctx: Context, alert: int, wait: int) -> None:
    """Tell the reporter how many neighbours it was sent to, once it has left or a minute has passed (R2)."""
    known = get(ctx, alert)
    fared = reach_of(ctx, known).fared
    under_way = any(one.state in ("queued", "sending") for one in fared) and known.severity.presses
    waited = ctx.now - (known.sent_at or ctx.now)
    if under_way and waited < _RECEIPT_LAST:
        ctx.later(timedelta(seconds=wait), "receipt", key=f"receipt:{alert}", alert=alert, wait=min(2 * wait, 16))
        return
    if known.reporter is None:
        return
    count = sum(one.arrived for one in fared)
    ctx.send(known.reporter, _receipt(known, count, len(fared)), severity=known.severity, thread=known)


def _receipt(alert: Alert, count: int, queued: int) -> Text:
    if alert.route is Route.MUNICIPALITY:
        return Text("receipt.municipality", short=alert.short)
    if not count and queued and not alert.severity.presses:
        return Text("receipt.later", short=alert.short, count=queued)
    return Text("receipt" if count else "receipt.nobody", short=alert.short, count=count)


@timer("delivery_report")
def delivery_report(ctx: Context, alert: int) -> None:
    """Tell the co-ordinators, once, how the alert arrived: who was not reached, by name and reason (R17)."""
    known = get(ctx, alert)
    everybody = [one.id for one in ctx.members(*CARETAKERS)]
    if not everybody:
        return
    reach = reach_of(ctx, known)
    ctx.send(
        everybody,
        Text(
            "delivery_report",
            short=known.short,
            reached=reach.arrived,
            answered=len(ctx.records.find(Acknowledgement, alert=alert)),
            held=reach.held,
            muted=reach.muted,
            unreached=len(reach.missed),
            names=reach.names,
        ),
        severity=Severity.NOTICE,
        thread=known,
    )
