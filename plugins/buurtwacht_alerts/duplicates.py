"""Two reports about the same thing: finding the alert that a new report resembles, and joining them (R16)."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import Choice, Context, Message, Severity, Text
from buurtwacht_alerts import additions, distances, emergency, holding
from buurtwacht_alerts.alert import Addition, AdditionState, Alert, Outcome, Status, Step, get, log, open_alerts
from buurtwacht_alerts.called import Called112
from buurtwacht_alerts.categories import UNKNOWN
from buurtwacht_alerts.reviews import is_through_admin
from buurtwacht_alerts.spreading import spread

_NOT_OLDER = timedelta(minutes=30)
#: Who waits for these may never become an alert, or become a part of one.
_UNSURE = frozenset({Step.DUPLICATE, Step.JOINS, Step.WORDING})


def similar(ctx: Context, report: Alert) -> Alert | None:
    """Return the newest open alert that a report resembles: young, of its kind, in its street or within 150 m."""
    return next((alert for alert in open_alerts(ctx) if _resembles(ctx, alert, report)), None)


def still_waiting(ctx: Context, report: Alert) -> Alert | None:
    """Return the first report of somebody else that another resembles, when it goes out itself within the minute."""
    waiting = ctx.records.find(
        Alert,
        Alert.__table__.c.number.is_not(None),
        neighbourhood=ctx.here.id,
        status=Status.DRAFT,
        order=[Alert.__table__.c.reported_at, Alert.__table__.c.id],
    )
    for alert in waiting:
        if alert.reporter == report.reporter or not _UNSURE.isdisjoint(alert.steps):
            continue
        if _resembles(ctx, alert, report) and not holding.belongs_to_caretakers(ctx, alert):
            return alert
    return None


def _resembles(ctx: Context, alert: Alert, report: Alert) -> bool:
    if alert.id == report.id or ctx.now - alert.reported_at > _NOT_OLDER:
        return False
    if alert.category != report.category and UNKNOWN not in (alert.category, report.category):
        return False
    if report.severity is Severity.CRITICAL and alert.severity is not Severity.CRITICAL:
        return False  # what is critical does not become a remark below something less
    return _same_place(ctx, alert, report)


def _same_place(ctx: Context, alert: Alert, report: Alert) -> bool:
    away = distances.between(ctx.here, alert.street, report.street)
    if away is not None:
        return away <= distances.SAME_PLACE
    return bool(alert.place) and alert.place.casefold() == report.place.casefold()


def spread_or_join(ctx: Context, alert: Alert) -> None:
    """Let a report go out, with what was to go with it; when another about the same did before, it joins that (R16)."""
    other = similar(ctx, alert) if alert.similar_to is None and alert.reporter is not None else None
    if other is None or alert.reporter in other.reporters or other.similar_to == alert.id:
        spread(ctx, alert)
        for one in ctx.records.find(Alert, similar_to=alert.id, status=Status.DRAFT):
            if one.step is Step.JOINS:
                ctx.cancel(f"draft:{one.id}")
                _join_and_tell(ctx, one, alert)
        return
    alert.similar_to = other.id
    join(ctx, alert, other)
    choices = (Choice("new", Text("duplicate.still_new")),)
    # buurtwacht: allow template-buttons he wrote minutes ago; as a template it only tells, and has no choice
    ask(ctx, alert, other, Message(Text("duplicate.added", other=other.short), choices=choices))


def joined_unasked(ctx: Context, alert: Alert) -> bool:
    """Add a report whose reporter was asked and did not answer, and tell him; False when the other is not open."""
    other = get(ctx, alert.similar_to or 0)
    if not other.is_open:
        return False
    _join_and_tell(ctx, alert, other)
    return True


def _join_and_tell(ctx: Context, alert: Alert, other: Alert) -> None:
    join(ctx, alert, other)
    if alert.reporter is not None:
        ctx.send(alert.reporter, Text("duplicate.added", other=other.short), thread=other)


def ask(ctx: Context, alert: Alert, other: Alert, question: Message) -> None:
    """Ask a reporter whether his report is about another alert."""
    assert alert.reporter is not None
    payload = {"alert": alert.id}
    # Of what has not gone out nobody is shown anything.
    thread = other if other.is_open else alert
    ctx.ask(alert.reporter, question, "duplicate", payload=payload, severity=alert.severity, thread=thread)


def join(ctx: Context, alert: Alert, other: Alert) -> None:
    """Make a report an addition to the alert that it resembles."""
    alert.status, alert.outcome, alert.closed_at = Status.CLOSED, Outcome.DUPLICATE, ctx.now
    alert.steps = []
    log(ctx, alert, "duplicate_of", new=other.short)
    if alert.reporter is not None and alert.reporter not in other.reporters:
        other.reporters = [*other.reporters, int(alert.reporter)]
    for photo in ctx.records.find(Addition, alert=alert.id):
        photo.alert = other.id
        if photo.state is AdditionState.PASSED:
            additions.share_photo(ctx, other, photo)
    offered = alert.reporter is not None and is_through_admin(ctx, alert.reporter)
    additions.take_in(ctx, other, alert.reporter, alert.words, alert.message, offered=offered)
    if alert.was_called and not other.was_called:
        who = Called112.REPORTER if alert.reporter == other.reporter else Called112.SOMEONE_ELSE
        emergency.note(ctx, other, who, alert.reporter)
        emergency.spread_status(ctx, other)
