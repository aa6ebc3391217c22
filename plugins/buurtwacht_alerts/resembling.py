"""The question whether a report is about an alert that is open, and what its reporter says to it (R16)."""

from __future__ import annotations

from buurtwacht import Answer, Choice, Context, Fact, Message, Severity, Text, answer
from buurtwacht_alerts import emergency
from buurtwacht_alerts.alert import Alert, Outcome, Status, Step, get, log
from buurtwacht_alerts.called import Called112
from buurtwacht_alerts.drafts import PATIENCE
from buurtwacht_alerts.duplicates import ask, join
from buurtwacht_alerts.steps import begin, proceed
from buurtwacht_alerts.wording import masker, place

_ADD_OR_NEW = (Choice("add", Text("duplicate.add")), Choice("new", Text("duplicate.new")))


def ask_or_join(ctx: Context, alert: Alert, other: Alert) -> None:
    """The report is like an open alert: critical is added at once, for the rest the reporter is asked (R16)."""
    alert.similar_to = other.id
    minutes = max(1, round((ctx.now - other.reported_at).total_seconds() / 60))
    facts: dict[str, Fact] = {"other": other.short, "minutes": minutes, "place": place(other, masker(ctx))}
    if alert.severity is Severity.CRITICAL:
        join(ctx, alert, other)
        choices = (Choice("new", Text("duplicate.still_new")),)
        question = Message(Text("duplicate.added_critical", domain="", **facts), choices=choices)
    else:
        alert.steps = [Step.DUPLICATE]
        question = Message(Text("duplicate.question", domain="", **facts), choices=_ADD_OR_NEW)
        ctx.later(PATIENCE, "draft_overdue", key=f"draft:{alert.id}", alert=alert.id)
    ask(ctx, alert, other, question)


@answer("duplicate")
def duplicate_answered(ctx: Context, given: Answer) -> None:
    """The reporter says whether his report is about the same, or something new."""
    alert = get(ctx, int(given.payload["alert"]))
    other = get(ctx, alert.similar_to or 0)
    added = alert.outcome is Outcome.DUPLICATE
    if not added and alert.status is not Status.DRAFT:
        # He took it back meanwhile.
        ctx.reply(Text("duplicate.gone"))
        return
    if given.value == "new":
        if added:
            alert.status, alert.outcome, alert.closed_at = Status.DRAFT, None, None
            other.reporters = [one for one in other.reporters if one != alert.reporter or one == other.reporter]
        log(ctx, alert, "still_new")
        begin(ctx, alert)
        return
    if added:
        # After the minute, as he says now.
        ctx.reply(Text("duplicate.added", other=other.short), thread=other)
        return
    if other.status is Status.DRAFT:
        ctx.reply(Text("duplicate.waits", other=other.short))
        _go_with(ctx, alert, other)
        return
    ctx.cancel(f"draft:{alert.id}")
    if not other.is_open:
        begin(ctx, alert)  # a closed alert is never a duplicate
        return
    join(ctx, alert, other)
    ctx.reply(Text("duplicate.added", other=other.short), thread=other)


def _go_with(ctx: Context, alert: Alert, other: Alert) -> None:
    """Have a report go out with one that still waits, and give that what it lacks: then it waits no longer (R1, R3)."""
    alert.steps = [Step.JOINS]
    asked = other.step
    if alert.reporter is not None:
        other.reporters = [*other.reporters, int(alert.reporter)]
    if Step.BEHAVIOUR in other.steps and alert.behaviour:
        other.behaviour = alert.behaviour
        other.drop(Step.BEHAVIOUR)
    if alert.was_called and not other.was_called:
        emergency.note(ctx, other, Called112.SOMEONE_ELSE, alert.reporter)
        other.drop(Step.CALLED)
    if other.step is not asked:
        proceed(ctx, other)
