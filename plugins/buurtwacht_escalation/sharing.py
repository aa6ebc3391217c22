"""What an official types: it goes to those who look after the place, and to members only after his own tap (R45)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from buurtwacht import (
    CARETAKERS,
    OFFICIALS,
    Answer,
    Choice,
    Context,
    Message,
    Official,
    PersonId,
    Severity,
    Text,
    Thread,
    answer,
)
from buurtwacht_escalation.naming import function_of, named
from buurtwacht_escalation.records import Asked, Escalation, Incident, Statement, get, incident_of, log
from buurtwacht_escalation.telling import about, upstream

#: His words may be shared until so long after the end of the alert, like all that is said about it (R11).
AFTERMATH = timedelta(hours=24)


def heard(ctx: Context, escalation: Escalation, asked: Asked, words: str) -> None:
    """Give his words to those who look after the neighbourhood, literally; an official is offered to share them."""
    who = named(ctx, asked.person, asked.role)
    to = [one for one in upstream(ctx, escalation) if one != asked.person]
    if to:
        ctx.send(to, Text("words", short=escalation.short, who=who, words=words), thread=about(escalation))
    log(ctx, escalation, "words", person=asked.person, audit={"signs": len(words)})
    if office(ctx, asked) is None or not _may_be_told(ctx, incident_of(ctx, escalation)):
        ctx.reply(Text("words.thanks" if to else "words.nobody", short=escalation.short), thread=about(escalation))
        return
    # Each text has its own offer: what is shared is that, and nothing said since.
    said = Statement(escalation=escalation.id, incident=escalation.incident, person=asked.person, text=words)
    ctx.records.add(said)
    ctx.ask(
        asked.person,
        Message(Text("share.offer", short=escalation.short), choices=(Choice("share", Text("share")),)),
        "share",
        payload={"statement": said.id},
        expires=AFTERMATH,
        thread=about(escalation),
    )


def office(ctx: Context, asked: Asked) -> Official | None:
    """Return the office in which somebody was asked, as far as it is verified and still his; else another here."""
    return offices(ctx, [asked]).get(asked.person)


def offices(ctx: Context, asked: Collection[Asked]) -> dict[PersonId, Official]:
    """Return the offices in which these people were asked, by person; who holds none here any more is absent.

    Of somebody with several, what he says as one of them is never shown as said by the other.
    """
    held = ctx.offices_of({one.person for one in asked})
    found: dict[PersonId, Official] = {}
    for one in asked:
        here = [each for each in held.get(one.person, ()) if each.verified and each.covers(ctx.here)]
        if here:
            found[one.person] = next((each for each in here if str(each.kind) == one.role), here[0])
    return found


def is_still(ctx: Context, asked: Asked) -> bool:
    """Return whether somebody is still what he was asked as: his office may have ended, or his role here."""
    if asked.role in OFFICIALS:
        held = ctx.offices_of([asked.person]).get(asked.person, ())
        return any(one.verified and str(one.kind) == asked.role and one.covers(ctx.here) for one in held)
    return asked.person in {one.id for one in ctx.members(*CARETAKERS)}


@answer("share")
def shared(ctx: Context, given: Answer) -> None:
    """Send his words, literally and with his name and function, to those who were shown the alert and its reporter."""
    statement = ctx.records.get(Statement, int(given.payload.get("statement", 0)))
    escalation = get(ctx, statement.escalation) if statement is not None else None
    asked = ctx.records.first(Asked, escalation=escalation.id, person=ctx.person.id) if escalation else None
    if statement is None or escalation is None or asked is None or statement.shared_at is not None:
        ctx.reply(Text("share.gone"))
        return
    own = ctx.within(ctx.neighbourhood_of(escalation.neighbourhood))
    incident, held = incident_of(own, escalation), office(own, asked)
    if held is None or not _may_be_told(own, incident):
        own.reply(
            Text("share.refused" if held is None else "share.late", short=escalation.short), thread=about(escalation)
        )
        own.note("escalation_share_refused", escalation.short)
        return
    alert = Thread("alerts", incident.alert, incident.short)
    said = Text(
        "shared",
        short=incident.short,
        who=own.name_of(asked.person),
        function=function_of((held,), str(held.kind)),
        words=statement.text,
    )
    severity = incident.severity if incident.severity.presses else Severity.NOTICE
    shown = {one.person for one in own.reached(alert)}
    own.broadcast(own.audience.reached_by(alert).without(asked.person), said, severity, thread=alert)
    if incident.reporter is not None and incident.reporter not in {*shown, asked.person}:
        own.send(incident.reporter, said, severity=severity, thread=alert)
    log(own, escalation, "shared", person=asked.person, audit={"signs": len(statement.text)})
    statement.shared_at = own.now
    own.reply(Text("share.done", short=incident.short), thread=about(escalation))


def _may_be_told(ctx: Context, incident: Incident) -> bool:
    return incident.closed_at is None or ctx.now - incident.closed_at < AFTERMATH
