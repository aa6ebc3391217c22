"""What a reporter is asked before his report goes out, one thing at a time; and how it goes out (R1, R3)."""

from __future__ import annotations

from buurtwacht import Choice, Context, Message, Severity, Text
from buurtwacht_alerts import emergency, holding, officials
from buurtwacht_alerts.alert import Alert, Step, log, numbered
from buurtwacht_alerts.called import Called112
from buurtwacht_alerts.categories import CATEGORIES, UNKNOWN, Ask112, Route
from buurtwacht_alerts.covered import said
from buurtwacht_alerts.drafts import PATIENCE, is_long, missing
from buurtwacht_alerts.duplicates import spread_or_join
from buurtwacht_alerts.spreading import spread
from buurtwacht_alerts.tone import neutral, problems
from buurtwacht_alerts.wording import clipped, masker

_YES_NO_CHANGE = (*officials.YES_NO, Choice("change", Text("ask.wording.change")))
#: So many signs of a proposal are shown: it is read on a telephone before it is agreed to.
_PROPOSED = 600


def begin(ctx: Context, alert: Alert) -> None:
    """Number a new report, and ask the first thing, or send it."""
    numbered(ctx, alert)
    log(ctx, alert, "reported", new=alert.category)
    asks = CATEGORIES[alert.category].ask_112 is not Ask112.NEVER or alert.category == UNKNOWN
    asks = asks and alert.severity.presses and alert.called is Called112.UNKNOWN
    if alert.severity is Severity.CRITICAL:
        # A critical report waits for nothing: the question is asked beside it (R1).
        spread(ctx, alert)
        if is_long(alert):
            holding.tell_all(ctx, alert)
        if asks:
            emergency.ask(ctx, alert, Text("ask.critical", short=alert.short))
        else:
            ctx.reply(Text("confirmed", short=alert.short), severity=alert.severity, thread=alert)
        _mention_not_yet(ctx, alert)
        return
    if is_long(alert) and holding.hold(ctx, alert, "held.why.long"):
        return
    wording = [Step.WORDING] if problems(alert.words) else []
    alert.steps = [*([Step.CALLED] if asks else []), *missing(alert), *wording]
    if alert.steps:
        ctx.later(PATIENCE, "draft_overdue", key=f"draft:{alert.id}", alert=alert.id)
    else:
        _mention_not_yet(ctx, alert)
    proceed(ctx, alert, first=True)


def _mention_not_yet(ctx: Context, alert: Alert) -> None:
    """Who wrote in his report that he is going to call is reminded like who tapped it."""
    if alert.called is Called112.NOT_YET:
        alert.called = Called112.UNKNOWN
        emergency.note(ctx, alert, Called112.NOT_YET, ctx.person.id)
        emergency.acknowledge(ctx, alert, changed=True, sent=True)


def proceed(ctx: Context, alert: Alert, *, first: bool = False) -> None:
    """Ask the next thing, or let the report go out. `first`: the reporter has heard nothing yet."""
    step = alert.step
    if step is None:
        _release(ctx, alert, first=first)
        return
    if step is Step.CALLED:
        emergency.ask(ctx, alert, _asking(alert, Text("ask.called"), first=first))
    elif step is Step.WORDING:
        proposal = neutral(alert.words)
        key = "ask.wording" if proposal else "ask.rewrite"
        question = Message(
            _asking(alert, Text(key, proposal=said(clipped(masker(ctx)(alert.words), _PROPOSED))), first=first),
            choices=_YES_NO_CHANGE if proposal else (),
        )
        ask(ctx, alert, question)
    else:
        key = "ask.both" if step is Step.BEHAVIOUR and not alert.has_place else f"ask.{step}"
        ask(ctx, alert, Message(_asking(alert, Text(key), first=first)))


def _asking(alert: Alert, question: Text, *, first: bool) -> Text:
    """Return a question; the first one says under which id the report is known (R2)."""
    key = "ask.first.long" if is_long(alert) else "ask.first"
    return Text(key, short=alert.short, question=question) if first else question


def ask(ctx: Context, alert: Alert, question: Message) -> None:
    """Ask the reporter what is missing, or whether other words will do; he may type whatever he likes."""
    assert alert.reporter is not None
    ctx.ask(
        alert.reporter,
        question,
        "draft",
        payload={"alert": alert.id, "step": alert.steps[0]},
        free="any",
        severity=alert.severity,
        thread=alert,
    )


def _release(ctx: Context, alert: Alert, *, first: bool = False) -> None:
    """Let a report go out, or to whoever decides about its kind. Call it where the reporter is who set this off."""
    ctx.cancel(f"draft:{alert.id}")
    if holding.belongs_to_caretakers(ctx, alert) and holding.hold(ctx, alert, "held.why.kind"):
        return
    spread_or_join(ctx, alert)
    if first:
        key = "confirmed.long" if is_long(alert) else "confirmed"
        key = "confirmed.municipality" if alert.route is Route.MUNICIPALITY else key
        ctx.reply(Text(key, short=alert.short), severity=alert.severity, thread=alert)
