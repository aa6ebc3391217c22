"""Why somebody did not get an alert, or that he did: answered from what is on record, for who looks after it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from buurtwacht import CARETAKERS, Context, Delivery, Lines, Person, PersonId, Refusal, Text
from buurtwacht_alerts import inquiry, remarks, reporting
from buurtwacht_alerts.alert import Alert, Copy, Event, Held, Outcome, Relay, Status, shown_lately
from buurtwacht_alerts.categories import Route
from buurtwacht_alerts.muting import BY_MUTE, PassedOver, Why
from buurtwacht_alerts.reading import read
from buurtwacht_alerts.reasons import messenger, reason

#: Deliveries are kept for so long (domain §4.4.6).
_KEPT = timedelta(days=30)
#: So many of one name are answered for at once.
_MOST = 10


def why(ctx: Context, text: str = "") -> None:
    """`waarom <id> <name>`: tell those who look after a neighbourhood how an alert fared on its way to a member.

    From others, and about nobody, it is a report that begins with this word, or a question like any other about what
    they were shown (R11).
    """
    question = inquiry.read(ctx, text) if ctx.has(*CARETAKERS) else None
    if question is None or question.alert is None:
        _not_about_a_member(ctx, text, Text("why.caretakers_only" if question is None else "why.usage"))
        return
    alert = question.alert
    if alert.sent_at is None:
        raise Refusal(Text("why.not_sent", short=alert.short))
    if ctx.now - alert.sent_at >= _KEPT:
        raise Refusal(Text("why.too_old", short=alert.short))
    if not question.people:
        raise Refusal(Text("why.unknown", name=question.name) if question.name else Text("why.usage"))
    people = question.people[:_MOST]
    for person in people:
        ctx.note("delivery_looked_up", f"person:{person.id}", alert=alert.short)
    ctx.reply(Text("why", short=alert.short, at=alert.sent_at, lines=Lines(*lines_of(ctx, alert, people))))


def lines_of(ctx: Context, alert: Alert, people: Sequence[Person]) -> list[Text]:
    """Return a line for each of some people: how an alert that went out fared on its way to him."""
    record = _read(ctx, alert, people)
    return [_line(ctx, one, _what(ctx, record, one)) for one in people]


def _not_about_a_member(ctx: Context, text: str, otherwise: Text) -> None:
    if read(f"waarom {text}", [one.name for one in ctx.here.streets], ctx.now).likely:
        reporting.recognised(ctx, text)
    elif text and shown_lately(ctx, ctx.person):
        remarks.remarked(ctx, f"waarom {text}")
    else:
        raise Refusal(otherwise)


def _line(ctx: Context, person: Person, what: Text) -> Text:
    """Name a member as the list of members does: with his street, which tells two of one name apart."""
    place = person.membership(ctx.here.id)
    street = (place.street or place.postcode) if place is not None else ""
    if street:
        return Text("why.line", who=ctx.name_of(person), street=street, what=what)
    return Text("why.line.plain", who=ctx.name_of(person), what=what)


@dataclass(frozen=True, slots=True)
class _OnRecord:
    """All that is on record of an alert and some people, read at once."""

    alert: Alert
    #: deliveries of what first showed the alert to somebody, the oldest first
    copies: Sequence[Delivery]
    #: the oldest first
    passed_over: Sequence[PassedOver]
    #: whose quiet hours still hold it
    held: Collection[PersonId]
    #: when it went to this neighbourhood: its own, or one that it was relayed to
    sent_at: datetime


def _read(ctx: Context, alert: Alert, people: Sequence[Person]) -> _OnRecord:
    ids = [one.id for one in people]
    first = _first_copies(ctx, alert)
    return _OnRecord(
        alert=alert,
        copies=[one for one in ctx.deliveries(alert, *people) if one.message in first],
        passed_over=ctx.records.find(PassedOver, PassedOver.__table__.c.person.in_(ids), alert=alert.id),
        held={one.person for one in ctx.records.find(Held, Held.__table__.c.person.in_(ids), alert=alert.id)},
        sent_at=_sent_here(ctx, alert),
    )


def _what(ctx: Context, record: _OnRecord, person: Person) -> Text:
    """Say what the record tells of one person; what happened goes before what was decided."""
    if person.id in record.alert.reporters:
        return Text("why.reporter")
    copies = [one for one in record.copies if one.person == person.id]
    if copies:
        best = next((one for one in copies if one.arrived), copies[-1])
        return _copy(ctx, record, person, best)
    return _passed_over(record, person) or _never_meant(ctx, record, person)


def _first_copies(ctx: Context, alert: Alert) -> set[int]:
    """Return the messages that first showed the alert to somebody, here, next door, or when he woke up."""
    found = {alert.member_message, alert.caretaker_message}
    found |= {one.message for one in ctx.records.find(Copy, alert=alert.id)}
    found |= {one.message for one in ctx.records.find(Relay, alert=alert.id)}
    return {int(one) for one in found if one is not None}


# --- he was shown it, or was to be -----------------------------------------------------------------------------------


def _copy(ctx: Context, record: _OnRecord, person: Person, one: Delivery) -> Text:
    fared = _fared(ctx, one)
    if one.tried:
        fared = Text("why.tried", tried=" + ".join(map(messenger, one.tried)), fared=fared)
    if one.message == record.alert.caretaker_message:
        return Text("why.caretaker", fared=fared)
    night = _newest(record, person, Why.ASLEEP)
    if night is not None and one.message != record.alert.member_message:
        return Text("why.late", until=night.until, fared=fared)
    muted = _newest(record, person, *BY_MUTE)
    if muted is not None and one.message != record.alert.member_message:
        return Text("why.unmuted", muted=_muted(muted), fared=fared)
    return Text("why.digest", fared=fared) if one.digested else fared


def _muted(passed: PassedOver) -> Text:
    until = Text("why.until", until=passed.until) if passed.until is not None else Text("why.open")
    return Text(f"why.{passed.why}", at=passed.created, until=until)


def _fared(ctx: Context, one: Delivery) -> Text:
    name = messenger(one.account)
    if one.arrived:
        at = one.sent_at or one.queued_at
        if one.read_at is not None:
            return Text("why.read", messenger=name, at=at, read=one.read_at)
        if one.delivered_at is not None:
            return Text("why.delivered", messenger=name, at=at, delivered=one.delivered_at)
        return Text("why.sent", messenger=name, at=at)
    if one.state == "queued" and not one.attempted and one.not_before > ctx.now:
        return Text("why.waiting", until=one.not_before)
    because = reason(one.state, one.reason)
    return Text("why.not_on", messenger=name, reason=because) if one.account else Text("why.not", reason=because)


# --- he was not to be shown it ---------------------------------------------------------------------------------------


def _newest(record: _OnRecord, person: Person, *reasons: Why) -> PassedOver | None:
    found = [one for one in record.passed_over if one.person == person.id]
    return next((one for one in reversed(found) if not reasons or one.why in reasons), None)


def _passed_over(record: _OnRecord, person: Person) -> Text | None:
    """Say why he was passed over, as it was then: his settings may be others now."""
    passed, alert = _newest(record, person), record.alert
    if passed is None:
        return None
    if passed.why is not Why.ASLEEP:
        return _muted(passed)
    if person.id in record.held:
        return Text("why.asleep", until=passed.until)
    if alert.status is Status.CLOSED and alert.outcome in (Outcome.FALSE_ALARM, Outcome.RETRACTED):
        return Text("why.asleep.nothing", until=passed.until)
    return Text("why.asleep.outcome", until=passed.until)


def _never_meant(ctx: Context, record: _OnRecord, person: Person) -> Text:
    alert, at = record.alert, record.sent_at
    place = person.membership(ctx.here.id)
    if place is None or place.state in ("requested", "invited"):
        return Text("why.stranger")
    if place.state == "left" and place.since <= at:
        return Text("why.left", since=place.since)
    if place.state == "active" and place.since > at:
        return Text("why.joined", since=place.since)
    if alert.route is Route.MUNICIPALITY:
        return Text("why.municipality")
    return Text("why.nothing")


def _sent_here(ctx: Context, alert: Alert) -> datetime:
    if alert.neighbourhood != ctx.here.id:
        relayed = ctx.records.first(Event, alert=alert.id, what="relayed", new=ctx.here.code)
        if relayed is not None:
            return relayed.at
    assert alert.sent_at is not None
    return alert.sent_at
