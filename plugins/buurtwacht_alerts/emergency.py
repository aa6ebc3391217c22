"""The question whether the emergency number was called. Only what a person says is ever shown (R1, R7, R8)."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import AnswerClass, Choice, Context, Message, Person, PersonId, Text, classify, timer
from buurtwacht_alerts.alert import Alert, Status, get, log
from buurtwacht_alerts.called import Called112, read_called
from buurtwacht_alerts.facts import tell_updated
from buurtwacht_alerts.spreading import respread
from buurtwacht_alerts.wording import called

#: R7: who was going to call is reminded once.
_REMIND_AFTER = timedelta(seconds=60)
#: "I called" still counts for so long after the report.
_STATED_WITHIN = timedelta(hours=2)

CHOICES = tuple(
    Choice(status, Text(f"called.choice.{status}"))
    for status in (Called112.REPORTER, Called112.SOMEONE_ELSE, Called112.NOT_YET, Called112.NOT_NEEDED)
)


def ask(ctx: Context, alert: Alert, text: Text) -> None:
    """Ask the reporter; he can answer again as long as the question stands."""
    if alert.reporter is None:
        return
    question = Message(text, choices=CHOICES)
    payload = {"alert": alert.id}
    ctx.ask(alert.reporter, question, "called", payload=payload, repeatable=True, severity=alert.severity, thread=alert)


def waiting_for(ctx: Context, person: Person) -> Alert | None:
    """Return this person's newest report of which nobody said yet that the emergency number was called."""
    table = Alert.__table__.c
    mine = ctx.records.first(
        Alert,
        table.reported_at > ctx.now - _STATED_WITHIN,
        table.status.in_((Status.DRAFT, Status.HELD, Status.ACTIVE)),
        reporter=person.id,
        order=[table.reported_at.desc(), table.id.desc()],
    )
    return mine if mine is not None and mine.severity.presses and not mine.was_called else None


def may_answer(text: str) -> bool:
    """Say whether a text looks like an answer to the question at all; cheap, nothing is looked up."""
    return len(text) <= 120 and (read_called(text) is not Called112.UNKNOWN or classify(text) is AnswerClass.OK)


def is_answered_by(alert: Alert, text: str) -> bool:
    """Say whether a text answers the question about this alert, in words of its own."""
    if read_called(text) is not Called112.UNKNOWN:
        return True
    return alert.called is Called112.UNKNOWN and classify(text) is AnswerClass.OK


def is_done_now(alert: Alert, text: str) -> bool:
    """Say whether somebody who was going to call says that it was done."""
    return alert.called is Called112.NOT_YET and read_called(text) not in (Called112.UNKNOWN, Called112.NOT_YET)


def note(ctx: Context, alert: Alert, status: Called112, by: PersonId | None) -> bool:
    """Write down what somebody said; False when it was known already."""
    if alert.called is status:
        return False
    log(ctx, alert, "called_112", old=alert.called, new=status)
    alert.called, alert.called_at, alert.called_by = status, ctx.now, by
    if status is Called112.NOT_YET:
        if not alert.reminded:
            ctx.later(_REMIND_AFTER, "remind", key=f"remind:{alert.id}", alert=alert.id)
    else:
        ctx.cancel(f"remind:{alert.id}")
    return True


def spread_status(ctx: Context, alert: Alert) -> None:
    """Bring a new status to everybody who was shown the alert (R8)."""
    respread(ctx, alert)
    tell_updated(ctx, alert, "called_112", alert.called.value)


def acknowledge(ctx: Context, alert: Alert, *, changed: bool, sent: bool) -> None:
    """Tell the reporter what became of his answer. Nothing here can call for him, and that is said (R7)."""
    if alert.called is Called112.NOT_YET:
        ctx.reply(Text("called.now" if sent else "called.now_soon", short=alert.short), severity=alert.severity)
    elif alert.is_open:
        key = "called.noted" if changed else "called.known"
        ctx.reply(Text(key, short=alert.short, called=called(alert)), thread=alert)


@timer("remind")
def remind(ctx: Context, alert: int) -> None:
    """Remind, once, who was going to call (R7)."""
    known = get(ctx, alert)
    if known.called is not Called112.NOT_YET or known.reminded or known.status is Status.CLOSED:
        return
    known.reminded = True
    ask(ctx, known, Text("called.remind", short=known.short))
