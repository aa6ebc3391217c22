"""May an official call the reporter? He is asked once, beside all else, and nothing waits for it (domain §2.9)."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import timedelta

from buurtwacht import Answer, Choice, Context, Message, MessageId, PersonId, PersonNumber, Text, answer, fold
from buurtwacht_escalation.naming import function_of
from buurtwacht_escalation.records import Asked, Escalation, Event, Incident, Reply, get, incident_of, log
from buurtwacht_escalation.sharing import office, offices
from buurtwacht_escalation.telling import about
from buurtwacht_escalation.wishes import Wish

#: So long the reporter may answer, and take back his answer.
_OPEN = timedelta(days=3)
_YES_NO = (Choice("yes", Text("yes")), Choice("no", Text("no")))
#: Who does not want it, or cannot, is sent nothing of it.
_INTERESTED = frozenset({Reply.ASKED, Reply.CONFIRMED, Reply.TAKEN})
_WANTS = re.compile(
    r"\b(?:mag|kan|wil|graag|number|nummer|telefoonnummer|contact|bellen|spreken|call|speak|reach)\b.*\b(?:de )?"
    r"(?:melder|melders|melder's|aanmelder|reporter|caller)\b"
    r"|\b(?:melder|reporter|caller)\b.*\b(?:bellen|spreken|nummer|telefoonnummer|number|call|speak)\b"
)


def is_wanted(words: str) -> bool:
    """Say whether an official's words ask to speak to whoever reported it."""
    return _WANTS.search(fold(words)) is not None


def consider(ctx: Context, escalation: Escalation, incident: Incident, asked: Collection[Asked]) -> None:
    """Officials were asked: where they are to get in touch or to visit, the reporter may say that he can be called.

    For what is only to be known nobody is troubled, and no member hears of the escalation (R45).
    """
    held = offices(ctx, asked)
    first = next((one for one in asked if one.person in held), None)
    if first is None:
        return
    if _agreed(ctx, escalation):
        _give(ctx, escalation, incident, list(held))
    elif Wish(escalation.question or Wish.INFO) is not Wish.INFO:
        ask(ctx, escalation, incident, first)


def ask(ctx: Context, escalation: Escalation, incident: Incident, asked: Asked) -> bool:
    """Ask the reporter, unless he was asked for this escalation before; False when there is nobody to ask."""
    reporter, held = incident.reporter, office(ctx, asked)
    if reporter is None or reporter == asked.person or held is None:
        return False
    if _said(ctx, escalation, "contact_asked", "contact_yes", "contact_no"):
        if _agreed(ctx, escalation):
            _give(ctx, escalation, incident, [asked.person])
        return True
    question = Text(
        "contact.ask",
        short=incident.short,
        function=function_of((held,), str(held.kind)),
        neighbourhood=ctx.neighbourhood_of(escalation.neighbourhood).name,
    )
    ctx.ask(
        reporter,
        Message(question, choices=_YES_NO),
        "contact",
        payload={"escalation": escalation.id},
        repeatable=True,
        expires=_OPEN,
        thread=about(escalation),
    )
    log(ctx, escalation, "contact_asked", audit={})
    return True


@answer("contact")
def answered(ctx: Context, given: Answer) -> None:
    """Yes: the officials who were asked read his number. No, also later: they read that he is not to be called."""
    escalation = get(ctx, int(given.payload.get("escalation", 0)))
    if escalation is None:
        ctx.reply(Text("contact.gone"))
        return
    own = ctx.within(ctx.neighbourhood_of(escalation.neighbourhood))
    incident = incident_of(own, escalation)
    if incident.reporter != own.person.id:
        own.reply(Text("contact.gone"))
        return
    before = _agreed(own, escalation)
    agrees = given.value == "yes"
    if agrees == before and _said(own, escalation, "contact_yes", "contact_no"):
        own.reply(Text(f"contact.{given.value}", short=incident.short))
        return
    log(own, escalation, "contact_yes" if agrees else "contact_no", audit={})
    officials = _officials(own, escalation)
    if agrees:
        _give(own, escalation, incident, officials)
    elif before:
        _take_back(own, escalation, incident, officials)
    own.reply(Text(f"contact.{given.value}", short=incident.short))


def _give(ctx: Context, escalation: Escalation, incident: Incident, people: list[PersonId]) -> None:
    """Send the number, which is put in only as the message leaves, and nowhere kept."""
    if people and incident.reporter is not None:
        text = Text(
            "contact.given",
            short=incident.short,
            who=ctx.name_of(incident.reporter),
            number=PersonNumber(incident.reporter),
        )
        sent = ctx.send(people, text, thread=about(escalation))
        log(ctx, escalation, "contact_given", detail=str(sent))


def _take_back(ctx: Context, escalation: Escalation, incident: Incident, people: list[PersonId]) -> None:
    """Keep back what was not sent yet; who read the number is told that he no longer may use it."""
    for one in ctx.records.find(Event, escalation=escalation.id, what="contact_given"):
        ctx.withdraw(MessageId(int(one.detail)))
    if people:
        ctx.send(
            people, Text("told.asked", short=incident.short, news=Text("news.not_called")), thread=about(escalation)
        )


def _officials(ctx: Context, escalation: Escalation) -> list[PersonId]:
    found = [one for one in ctx.records.find(Asked, escalation=escalation.id) if one.state in _INTERESTED]
    return list(offices(ctx, found))


def _agreed(ctx: Context, escalation: Escalation) -> bool:
    said = _said(ctx, escalation, "contact_yes", "contact_no")
    return bool(said) and said[-1].what == "contact_yes"


def _said(ctx: Context, escalation: Escalation, *what: str) -> list[Event]:
    table = Event.__table__.c
    return ctx.records.find(Event, table.what.in_(what), escalation=escalation.id, order=[table.created, table.id])
