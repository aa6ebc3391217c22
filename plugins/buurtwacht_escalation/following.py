"""Confirmed is not done: who has an alert that is still open is asked again, twice at most, then humans hear (§2.9)."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import Answer, Choice, Context, Message, PersonId, Severity, Text, answer
from buurtwacht_escalation import sharing, telling
from buurtwacht_escalation.course import end, home, set_time
from buurtwacht_escalation.naming import named
from buurtwacht_escalation.package import moment
from buurtwacht_escalation.records import HELD, Asked, Escalation, Incident, State, get, incident_of, log
from buurtwacht_escalation.settings import EscalationSettings

#: How often he is asked; then those who look after the neighbourhood hear that nothing was heard.
_TIMES = 2
_CHOICES = tuple(Choice(one, Text(f"follow_up.{one}")) for one in ("busy", "done"))


def due(ctx: Context, escalation: Escalation) -> None:
    """It is time to ask who has it, while the alert is open; without an answer to the second, humans hear."""
    incident = incident_of(ctx, escalation)
    holder = telling.holder(ctx, escalation)
    if escalation.state not in HELD or holder is None or not incident.is_open:
        set_time(ctx, escalation, None)
        return
    if escalation.follow_ups >= _TIMES:
        since = moment(ctx, escalation.confirmed_at or ctx.now)
        news = Text("news.silent", who=named(ctx, holder.person, holder.role), at=since)
        telling.tell(ctx, escalation, news, but=[holder.person])
        log(ctx, escalation, "silent", person=holder.person)
        set_time(ctx, escalation, None)
        return
    escalation.follow_ups += 1
    _ask(ctx, escalation, incident, holder.person)
    wait(ctx, escalation)


def wait(ctx: Context, escalation: Escalation) -> None:
    """Ask again after as long as the neighbourhood says."""
    set_time(ctx, escalation, ctx.after(timedelta(minutes=ctx.settings(EscalationSettings).follow_up_minutes)))


def _ask(ctx: Context, escalation: Escalation, incident: Incident, person: PersonId) -> None:
    log(ctx, escalation, "follow_up", person=person)
    since = moment(ctx, escalation.confirmed_at or ctx.now)
    ctx.ask(
        person,
        Message(Text("follow_up", short=incident.short, since=since), choices=_CHOICES),
        "follow_up",
        payload={"escalation": escalation.id},
        repeatable=True,
        expires=timedelta(days=2),
        severity=Severity.NOTICE,
        thread=escalation,
    )


@answer("follow_up")
def answered(ctx: Context, given: Answer) -> None:
    """Still on it: he is asked again later. Done: upstream hears, who has to close the alert."""
    escalation = get(ctx, int(given.payload.get("escalation", 0)))
    asked = ctx.records.first(Asked, escalation=escalation.id, person=ctx.person.id) if escalation else None
    if escalation is None or asked is None:
        ctx.reply(Text("follow_up.gone"))
        return
    own = home(ctx, escalation)
    about = telling.about(escalation)
    if escalation.state not in HELD:
        outcome = telling.outcome_of(incident_of(own, escalation))
        own.reply(Text("answered.over", short=escalation.short, outcome=outcome), thread=about)
        return
    if escalation.confirmed_by != asked.person:
        # His office ended, or it was not for him after all: somebody else has it, who decides when it is done.
        own.reply(Text("follow_up.gone"), thread=about)
        return
    who = named(own, asked.person, asked.role)
    telling.tell(own, escalation, Text(f"news.{given.value}", who=who, at=moment(own, own.now)))
    log(own, escalation, given.value, person=asked.person)
    if given.value == "done":
        end(own, escalation, State.CLOSED, "done")
        own.reply(Text("follow_up.done.thanks", short=escalation.short), thread=about)
    else:
        escalation.follow_ups = 0
        wait(own, escalation)
        own.reply(Text("follow_up.busy.thanks", short=escalation.short), thread=about)
    if words := " ".join(given.text.split()):
        sharing.heard(own, escalation, asked, words)
