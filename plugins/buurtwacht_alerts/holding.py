"""Reports that a co-ordinator decides about: of an unknown kind, without what is needed, in words that do not fit."""

from __future__ import annotations

from buurtwacht import CARETAKERS, Answer, Choice, Context, Message, Refusal, Severity, Text, answer
from buurtwacht_alerts import caretakers
from buurtwacht_alerts.alert import Alert, Outcome, Status, get, home, log
from buurtwacht_alerts.categories import Route
from buurtwacht_alerts.ending import end
from buurtwacht_alerts.spreading import spread
from buurtwacht_alerts.wording import for_caretakers


def belongs_to_caretakers(ctx: Context, alert: Alert) -> bool:
    """Say whether somebody has to look at a report of this kind first; a co-ordinator's own report needs nobody."""
    if alert.route is not Route.HELD or alert.was_called:
        return False
    reporter = ctx.people([alert.reporter]).get(alert.reporter) if alert.reporter is not None else None
    mine = reporter.membership(alert.neighbourhood) if reporter is not None else None
    return mine is None or not mine.has(*CARETAKERS)


def hold(ctx: Context, alert: Alert, why: str) -> bool:
    """Let the co-ordinators decide, and tell the reporter; False when there is nobody who could."""
    deciding = caretakers.of(ctx, alert)
    if not deciding:
        return False
    alert.status = Status.HELD
    log(ctx, alert, "held", new=why)
    _tell(ctx, alert, Text(why))
    if alert.reporter is not None:
        ctx.send(alert.reporter, Text("held.reporter", short=alert.short), severity=alert.severity, thread=alert)
    return True


def tell_more(ctx: Context, alert: Alert) -> None:
    """The reporter added something to a report that is being decided about."""
    _tell(ctx, alert, Text("held.why.more"))
    ctx.reply(Text("held.reporter", short=alert.short), thread=alert)


def _tell(ctx: Context, alert: Alert, why: Text) -> None:
    choices = (Choice(f"send:{alert.id}", Text("held.send")), Choice(f"drop:{alert.id}", Text("held.drop")))
    text = Text("held", short=alert.short, why=why, alert=for_caretakers(alert, words=160).text)
    severity = alert.severity if alert.severity.presses else Severity.NOTICE
    # Not in the alert's thread: nobody was shown the alert yet (R15).
    home(ctx, alert).send(caretakers.of(ctx, alert), Message(text, choices=choices, answer="held"), severity=severity)


@answer("held")
def decided(ctx: Context, given: Answer) -> None:
    """A co-ordinator sends a report that was held, or does not."""
    decision, _, ident = given.value.partition(":")
    alert = get(ctx, int(ident))
    if not caretakers.look_after(ctx, alert):
        raise Refusal(Text("refused.role", short=alert.short))
    if alert.status is not Status.HELD:
        ctx.reply(Text("held.done", short=alert.short))
        return
    if decision == "send":
        alert.route = Route.NEIGHBOURHOOD if alert.route is Route.HELD else alert.route
        spread(ctx, alert)
        ctx.reply(Text("held.sent", short=alert.short))
        return
    end(ctx, alert, Outcome.RETRACTED, "")
    ctx.reply(Text("held.dropped", short=alert.short))
    if alert.reporter is not None:
        ctx.send(alert.reporter, Text("held.not_sent", short=alert.short))
