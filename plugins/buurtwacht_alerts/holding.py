"""Reports that a co-ordinator decides about: of an unknown kind, without what is needed, in words that do not fit."""

from __future__ import annotations

from buurtwacht import (
    CARETAKERS,
    Answer,
    Choice,
    Context,
    Lines,
    Message,
    PersonId,
    PersonName,
    Refusal,
    Role,
    Severity,
    Text,
    answer,
)
from buurtwacht_alerts import caretakers
from buurtwacht_alerts.alert import Alert, Outcome, Status, get, home, log
from buurtwacht_alerts.categories import Route
from buurtwacht_alerts.covered import without_contacts
from buurtwacht_alerts.drafts import is_long
from buurtwacht_alerts.ending import end
from buurtwacht_alerts.reviews import is_through_admin
from buurtwacht_alerts.spreading import spread
from buurtwacht_alerts.wording import for_caretakers

_WHY_KIND = "held.why.kind"
_WHY_ADMIN = "held.why.through_admin"


def belongs_to_caretakers(ctx: Context, alert: Alert) -> bool:
    """Say whether somebody has to look at a report first, for its kind; a co-ordinator's own report needs nobody."""
    if goes_through_admin(ctx, alert):
        return True
    if alert.route is not Route.HELD or alert.was_called:
        return False
    reporter = ctx.people([alert.reporter]).get(alert.reporter) if alert.reporter is not None else None
    mine = reporter.membership(alert.neighbourhood) if reporter is not None else None
    return mine is None or not mine.has(*CARETAKERS)


def goes_through_admin(ctx: Context, alert: Alert) -> bool:
    """Say whether only an admin lets it through: the reporter's false alarms led to that (R25).

    What is critical waits for nobody, and where nobody else is an admin a report goes its ordinary way.
    """
    if alert.severity is Severity.CRITICAL or alert.reporter is None:
        return False
    own = home(ctx, alert)
    return is_through_admin(own, alert.reporter) and bool(_admins(own, alert))


def _admins(own: Context, alert: Alert) -> list[PersonId]:
    return [one.id for one in own.members(Role.ADMIN) if one.id not in alert.reporters]


def hold(ctx: Context, alert: Alert, why: str) -> bool:
    """Let the co-ordinators decide, and tell the reporter; False when there is nobody who could."""
    apart = goes_through_admin(ctx, alert)
    if not apart and not caretakers.of(ctx, alert):
        return False
    alert.status = Status.HELD
    log(ctx, alert, "held", new=_WHY_ADMIN if apart else why)
    _tell(ctx, alert, why, apart=apart)
    if alert.reporter is not None:
        key = "held.reporter.long" if is_long(alert) else "held.reporter"
        told = Text(_for(key, apart=apart), short=alert.short)
        ctx.send(alert.reporter, told, severity=alert.severity, thread=alert)
    return True


def tell_more(ctx: Context, alert: Alert) -> None:
    """The reporter added something to a report that is being decided about."""
    apart = goes_through_admin(ctx, alert)
    _tell(ctx, alert, "held.why.more", apart=apart)
    ctx.reply(Text(_for("held.reporter", apart=apart), short=alert.short), thread=alert)


def _tell(ctx: Context, alert: Alert, why: str, *, apart: bool) -> None:
    """Ask those who decide. That somebody's reports are looked at first is for the admins alone to know (R25)."""
    own = home(ctx, alert)
    choices = (Choice(f"send:{alert.id}", Text("held.send")), Choice(f"drop:{alert.id}", Text("held.drop")))
    # What is held for its kind is held anyhow: that reason says nothing more.
    reasons = [_WHY_ADMIN] * apart + [why] * (not apart or why != _WHY_KIND)
    text = Text("held", short=alert.short, why=Lines(*map(Text, reasons)), alert=for_caretakers(alert, words=160).text)
    severity = alert.severity if alert.severity.presses else Severity.NOTICE
    to = _admins(own, alert) if apart else caretakers.of(ctx, alert)
    # Not in the alert's thread: nobody was shown the alert yet (R15).
    if is_long(alert):
        own.send(to, _all_of(alert), severity=severity)
    own.send(to, Message(text, choices=choices, answer="held"), severity=severity)


def tell_all(ctx: Context, alert: Alert) -> None:
    """Give those who look after the neighbourhood a whole story that has gone out in short."""
    caretakers.tell(ctx, alert, _all_of(alert), alert.severity)


def _all_of(alert: Alert) -> Text:
    who = PersonName(alert.reporter) if alert.reporter is not None else None
    return Text("held.whole", short=alert.short, who=who, text=without_contacts(alert.words))


def _for(key: str, *, apart: bool) -> str:
    """Return the key of what a reporter reads, where it is an admin who decides."""
    return f"{key}.admin" if apart else key


@answer("held")
def decided(ctx: Context, given: Answer) -> None:
    """A co-ordinator sends a report that was held, or does not."""
    decision, _, ident = given.value.partition(":")
    alert = get(ctx, int(ident))
    apart = goes_through_admin(ctx, alert)
    if not caretakers.look_after(ctx, alert) or (apart and not home(ctx, alert).has(Role.ADMIN)):
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
        ctx.send(alert.reporter, Text(_for("held.not_sent", apart=apart), short=alert.short))
