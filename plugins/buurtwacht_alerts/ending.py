"""How an alert ends for everybody who was shown it: one message with the outcome, or one entry in the morning (R15)."""

from __future__ import annotations

from collections import defaultdict

from buurtwacht import Audience, Context, MessageId, PersonId, Severity, Text
from buurtwacht_alerts import forgetting, nights
from buurtwacht_alerts.alert import Addition, AdditionState, Alert, Outcome, Status, home, log
from buurtwacht_alerts.called import Called112
from buurtwacht_alerts.categories import Route
from buurtwacht_alerts.covered import said
from buurtwacht_alerts.facts import facts_of
from buurtwacht_alerts.wording import masker

_TIMERS = ("draft", "remind", "update", "expiry", "nag")


def end(ctx: Context, alert: Alert, outcome: Outcome, words: str) -> int:
    """Close an alert and tell exactly those who were shown it, and its reporter; return how many had been shown it.

    Whoever closes it reads the outcome in his own reply, so he is left out of the message.
    """
    own = home(ctx, alert)
    closer = ctx.person.id if ctx.has_person else None
    told = {one.person for one in own.reached(alert) if one.arrived}
    was_shown = alert.status is Status.ACTIVE
    log(ctx, alert, "closed", old=alert.status, new=outcome)
    alert.status = Status.CLOSED
    alert.outcome, alert.outcome_text = outcome, words
    alert.closed_at, alert.closed_by = ctx.now, closer
    alert.steps = []
    for name in _TIMERS:
        own.cancel(f"{name}:{alert.id}")
    forgetting.set_time(own, alert)
    own.close_questions(thread=alert)
    own.records.change_all(
        Addition,
        Addition.__table__.c.alert == alert.id,
        Addition.__table__.c.state.in_((AdditionState.WAITING, AdditionState.OFFERED, AdditionState.PASSED)),
        state=AdditionState.KEPT_BACK,
    )
    for message in alert.messages:
        # Who was not reached in time hears nothing of it any more (R19).
        own.withdraw(MessageId(message))
    nights.digest(own, alert)
    if was_shown:
        _announce(own, alert, closer)
    own.tell(
        "alert_closed", alert=alert.id, short=alert.short, outcome=outcome.value, text=words, facts=facts_of(own, alert)
    )
    return len(told - {closer, *alert.reporters})


def line(ctx: Context, alert: Alert) -> Text:
    """Return how the alert ended, as members read it."""
    assert alert.outcome is not None
    assert alert.closed_at is not None
    shown = masker(home(ctx, alert), confirmed=True)(alert.outcome_text)
    outcome = said(shown) or Text(f"outcome.{alert.outcome}")
    return Text(f"end.{alert.outcome}", short=alert.short, at=alert.closed_at, outcome=outcome)


def _announce(own: Context, alert: Alert, closer: PersonId | None) -> None:
    text = line(own, alert)
    severity = alert.severity if alert.severity.presses else Severity.INFO
    apart = alert.outcome is Outcome.FALSE_ALARM
    without = [one for one in (closer,) if one is not None] + (list(alert.reporters) if apart else [])
    own.broadcast(own.audience.reached_by(alert).without(*without), text, severity, thread=alert)
    if alert.route is Route.NEIGHBOURHOOD and alert.member_message is not None:
        own.broadcast(groups_of(own), text, severity, thread=alert)
    if apart:
        _thank(own, alert, text, closer)


def groups_of(ctx: Context) -> Audience:
    """Return the groups bound to this neighbourhood, and nobody in person."""
    return Audience((ctx.here.id,), people=(), groups=True)


def _thank(own: Context, alert: Alert, text: Text, closer: PersonId | None) -> None:
    """R24: whoever reported a false alarm gets a kind note of his own, and calls the emergency number back himself."""
    here = own.people(alert.reporters)
    notes: dict[str, list[PersonId]] = defaultdict(list)
    for one in alert.reporters:
        if one != closer and one in here and here[one].active:
            notes[_thanks(own, alert, one)].append(PersonId(one))
    for key, people in notes.items():
        own.send(people, Text(key, line=text), severity=alert.severity, thread=alert)


def _thanks(own: Context, alert: Alert, reporter: int) -> str:
    """Return the key of the note: who called himself is asked to call back, and who said that another did as well."""
    told = alert.called_by if alert.called_by in alert.reporters else alert.reporter
    if not alert.was_called or reporter != told:
        return "false_alarm.thanks"
    # What somebody said whose report was added stands with that report of his.
    added = own.records.first(Alert, similar_to=alert.id, reporter=reporter) if reporter != alert.reporter else None
    himself = (added or alert).called is Called112.REPORTER
    return "false_alarm.call_back" if himself else "false_alarm.call_back.other"
