"""What those who look after a neighbourhood can ask about escalations: the log of one, and which are open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from buurtwacht import CARETAKERS, Context, Delivery, Fact, Lines, Official, PersonId, Refusal, Text
from buurtwacht_escalation import incidents
from buurtwacht_escalation.callees import callee_of
from buurtwacht_escalation.naming import function_of, named
from buurtwacht_escalation.package import moment
from buurtwacht_escalation.records import RUNNING, Asked, Escalation, Event

#: How far a question came, the furthest first.
_STATES = ("read", "delivered", "sent", "unknown", "sending", "queued", "failed", "withdrawn")
#: What is logged of one person; the other lines are about the escalation.
_OF_PEOPLE = frozenset(
    {
        *("asked", "repeated", "confirmed", "taken", "declined", "undelivered", "dismissed", "preview"),
        *("words", "shared", "photos", "follow_up", "silent", "busy", "done", "told"),
    }
)
_OF_ITSELF = frozenset(
    {
        *("waiting", "severity", "undecided", "logged", "unconfirmed", "cancelled", "closed"),
        *("contact_asked", "contact_yes", "contact_no"),
    }
)
#: What somebody decided; a rule opens without anybody.
_DECIDED = frozenset(("opened", "approved", "refused", "critical"))
_WHY = frozenset(("nobody", "requester", "asked", "elsewhere", "off_duty", "leave"))
_LATEST = 40


def escalation_log(ctx: Context, text: str) -> None:
    """Show who was asked about an alert, when, and what came of it."""
    own, incident, _ = incidents.named(ctx, text)
    if not own.has(*CARETAKERS):
        raise Refusal(Text("refused.role", neighbourhood=own.here.name))
    found = own.records.find(Escalation, incident=incident.id, order=[Escalation.__table__.c.opened_at])
    if not found:
        raise Refusal(Text("log.none", short=incident.short))
    for one in found:
        own.reply(_whole(own, one), thread=incident)


def escalations(ctx: Context) -> None:
    """Show which escalations are open here."""
    table = Escalation.__table__.c
    found = ctx.records.find(
        Escalation, table.state.in_(sorted(RUNNING)), neighbourhood=ctx.here.id, order=[table.opened_at.desc()]
    )
    if not found:
        ctx.reply(Text("escalations.none"))
        return
    lines = [
        Text("escalations.line", short=one.short, state=Text(f"state.{one.state}"), at=moment(ctx, one.opened_at))
        for one in found[:_LATEST]
    ]
    ctx.reply(Text("escalations", count=len(found), lines=Lines(*lines)))


def _whole(ctx: Context, escalation: Escalation) -> Text:
    asked = ctx.records.find(Asked, escalation=escalation.id)
    table = Event.__table__.c
    events = ctx.records.find(Event, escalation=escalation.id, order=[table.created, table.id])
    people = {one.person for one in asked} | {one.person for one in events if one.person is not None}
    offices = ctx.offices_of(people) if people else {}
    fared = ctx.deliveries(escalation, *people) if people else []
    shown = events[-_LATEST:]
    lines = [_line(ctx, one, asked, offices, fared) for one in shown]
    return Text(
        "log",
        short=escalation.short,
        at=escalation.opened_at,
        state=Text(f"state.{escalation.state}"),
        lines=Lines(*lines),
    )


def _line(
    ctx: Context,
    event: Event,
    asked: Sequence[Asked],
    offices: Mapping[PersonId, Sequence[Official]],
    fared: Sequence[Delivery],
) -> Text | None:
    """Return one line; what this page knows no words for is left out."""
    at = moment(ctx, event.created)
    if event.what == "passed":
        why, _, role = event.detail.partition(":")
        whom = named(ctx, event.person, role, offices) if event.person is not None else _entry(role)
        return Text("log.passed", at=at, who=whom, why=Text(f"why.{why}")) if why in _WHY else None
    if event.what in _OF_PEOPLE and event.person is not None:
        row = next((one for one in asked if one.person == event.person), None)
        who: Fact = named(ctx, event.person, row.role if row is not None else event.detail, offices)
        if event.what == "asked":
            return Text("log.asked", at=at, who=who, fared=_fared(event, asked, fared))
        return Text(f"log.{event.what}", at=at, who=who)
    if event.what in _DECIDED:
        by = Text("log.by", who=ctx.name_of(event.person)) if event.person is not None else None
        return Text(f"log.{event.what}", at=at, by=by)
    return Text(f"log.{event.what}", at=at) if event.what in _OF_ITSELF else None


def _entry(entry: str) -> Text | str:
    """Return an entry of a step as people read it: a kind, a role, or somebody's name as it stands in the ladder."""
    return function_of((), entry) if callee_of(entry) is not None else entry


def _fared(event: Event, asked: Sequence[Asked], fared: Sequence[Delivery]) -> Text | None:
    """Return how far the question of this moment came on its way to him."""
    messages = {one.message for one in asked if one.person == event.person and one.at == event.created}
    states = [one.state for one in fared if one.person == event.person and one.message in messages]
    best = min(states, key=_STATES.index, default=None)
    return Text(f"fared.{best}") if best is not None else None
