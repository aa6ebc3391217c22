"""Who hears what became of an escalation: whoever asked for it, those who look after the place, who was asked before.

Members hear nothing of it (R45); what an official says is a promise of nobody but himself (domain §2.9).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from buurtwacht import CARETAKERS, Context, Message, PersonId, Severity, Text, Thread
from buurtwacht_escalation.course import unshown
from buurtwacht_escalation.naming import named
from buurtwacht_escalation.package import moment
from buurtwacht_escalation.records import HELD, Asked, Escalation, Incident, Reply, State, asked_in

#: Whoever may still be busy with it; for whom it is not, or who never saw it, has nothing to be told.
_CONCERNED = frozenset({Reply.ASKED, Reply.CONFIRMED, Reply.TAKEN})
_OUTCOMES = frozenset({"all_clear", "false_alarm", "retracted", "expired"})
_HAS_IT = frozenset({Reply.CONFIRMED, Reply.TAKEN})


def about(escalation: Escalation) -> Thread:
    """Return the thread of all that is said beside the question itself: taking that back leaves this alone."""
    return Thread("escalation", escalation.incident, escalation.short)


def upstream(ctx: Context, escalation: Escalation) -> list[PersonId]:
    """Return who hears how it goes: those who look after the neighbourhood, and whoever asked or agreed."""
    own = ctx.within(ctx.neighbourhood_of(escalation.neighbourhood))
    ids = [one.id for one in own.members(*CARETAKERS)]
    ids += still_here(own, [one for one in (escalation.requested_by, escalation.approved_by) if one not in ids])
    return list(dict.fromkeys(ids))


def confirmed(ctx: Context, escalation: Escalation, asked: Asked) -> None:
    """Tell upstream that somebody has it, and since when; once that is enough, all others who were asked too (R44)."""
    enough = escalation.state in HELD
    others = _others(ctx, escalation, asked) if enough else []
    key = "news.one" if not enough else "news.taken" if asked.state is Reply.TAKEN else "news.confirmed"
    tell(ctx, escalation, _news(ctx, key, asked), but=others)
    if others:
        text = Text("told.asked", short=escalation.short, news=_news(ctx, "news.over", asked))
        ctx.send(others, text, thread=about(escalation))


def late(ctx: Context, escalation: Escalation, asked: Asked) -> None:
    """Tell upstream that somebody confirmed though another has it, or it had ended (R44)."""
    tell(ctx, escalation, _news(ctx, "news.late", asked))


def declined(ctx: Context, escalation: Escalation, asked: Asked, words: str = "") -> None:
    """Tell upstream that it is not for somebody who was asked, with what he said about it."""
    news = Text(
        "news.declined",
        who=named(ctx, asked.person, asked.role),
        at=moment(ctx, asked.answered_at or ctx.now),
        words=Text("news.words", words=words) if words else None,
    )
    tell(ctx, escalation, news)


def unconfirmed(ctx: Context, escalation: Escalation) -> None:
    """Tell upstream that the ladder has ended without anybody, and what they can do themselves (R44).

    To whom it could not be delivered is named; when that is everybody, it says so and not that nobody confirmed.
    """
    asked = asked_in(ctx, escalation)
    waits = unshown(ctx, escalation, [one for one in asked if one.state is Reply.ASKED])
    missed = [one for one in asked if one.state is Reply.UNDELIVERED or one.person in waits]
    offices = ctx.offices_of([one.person for one in missed]) if missed else {}
    names = listed(named(ctx, one.person, one.role, offices) for one in missed)
    if missed and len(missed) == len(asked):
        text = Text("undelivered", short=escalation.short, names=names)
    else:
        text = Text("unconfirmed", short=escalation.short, missed=Text("missed", names=names) if names else None)
    severity = Severity.CRITICAL if escalation.severity is Severity.CRITICAL else Severity.URGENT
    ctx.send(upstream(ctx, escalation), text, severity=severity, thread=about(escalation))


def outcome(ctx: Context, incident: Incident) -> None:
    """Tell the officials who have it, or were asked and have not answered, how the alert ended; each of them once.

    From what somebody stepped down before they know already.
    """
    told: set[PersonId] = set()
    text = Text("outcome", short=incident.short, outcome=outcome_of(incident))
    found = ctx.records.find(Escalation, incident=incident.id, order=[Escalation.__table__.c.opened_at.desc()])
    for escalation in found:
        if escalation.state is State.CANCELLED and escalation.ended_at != ctx.now:
            continue
        told.update(upstream(ctx, escalation))
        to = [one for one in _shown(ctx, escalation) if one not in told]
        told.update(to)
        if to:
            ctx.send(to, text, thread=about(escalation))


def cancelled(ctx: Context, escalation: Escalation) -> None:
    """Tell the officials who were shown it that the neighbourhood stepped down."""
    mine = ctx.person.id if ctx.has_person else None
    to = [one for one in _shown(ctx, escalation) if one != mine]
    if to:
        ctx.send(
            to, Text("told.asked", short=escalation.short, news=Text("news.stepped_down")), thread=about(escalation)
        )


def tell(
    ctx: Context,
    escalation: Escalation,
    news: Text,
    *,
    but: Collection[PersonId] = (),
    severity: Severity = Severity.NOTICE,
) -> None:
    """Tell upstream something about an escalation, in one line; not who sets this off, nor `but`."""
    mine = ctx.person.id if ctx.has_person else None
    to = [one for one in upstream(ctx, escalation) if one != mine and one not in but]
    if to:
        ctx.send(
            to, Message(Text("told", short=escalation.short, news=news)), severity=severity, thread=about(escalation)
        )


def requester(ctx: Context, escalation: Escalation, news: Text) -> None:
    """Tell a neighbour who asked for it what keeps it up (R44); a co-ordinator who asked reads more than that."""
    if escalation.requested_by != escalation.approved_by and (who := still_here(ctx, [escalation.requested_by])):
        ctx.send(who, Text("told", short=escalation.short, news=news), thread=about(escalation))


def holder(ctx: Context, escalation: Escalation) -> Asked | None:
    """Return who has it, if anybody: the first who confirmed in this walk."""
    if escalation.state not in HELD and escalation.state is not State.CLOSED:
        return None
    found = [one for one in asked_in(ctx, escalation) if one.state in _HAS_IT]
    return next((one for one in found if one.person == escalation.confirmed_by), found[0] if found else None)


def listed(names: Iterable[Text]) -> Text | None:
    """Return names as one fact, with commas between."""
    found: Text | None = None
    for name in names:
        found = name if found is None else Text("listed", first=found, second=name)
    return found


def _news(ctx: Context, key: str, asked: Asked) -> Text:
    return Text(key, who=named(ctx, asked.person, asked.role), at=moment(ctx, asked.answered_at or ctx.now))


def _others(ctx: Context, escalation: Escalation, asked: Asked) -> list[PersonId]:
    """Return who else was asked and shown it, and has not said that it is not for him."""
    found = [one.person for one in asked_in(ctx, escalation) if one.state in _CONCERNED and one.message]
    return [one for one in _once(found) if one != asked.person]


def _shown(ctx: Context, escalation: Escalation) -> list[PersonId]:
    """Return who was asked, in any walk, and may have read it."""
    return _once(one.person for one in asked_in(ctx, escalation, ever=True) if one.state in _CONCERNED and one.message)


def still_here(ctx: Context, people: Collection[PersonId | None]) -> list[PersonId]:
    """Return those who are members here by now: to who left, or was removed, nothing goes."""
    ids = [one for one in people if one is not None]
    known = ctx.people(ids) if ids else {}
    places = {one: known[one].membership(ctx.here.id) for one in ids if one in known}
    return [one for one, place in places.items() if place is not None and place.state == "active"]


def _once(people: Iterable[PersonId]) -> list[PersonId]:
    return list(dict.fromkeys(people))


def outcome_of(incident: Incident) -> Text:
    """Return how an alert ended, with the words of whoever closed it; while it is open, that somebody stepped down."""
    if incident.is_open:
        return Text("outcome.stepped_down")
    kind = incident.outcome if incident.outcome in _OUTCOMES else "all_clear"
    words = " ".join(incident.outcome_text.split())
    return Text(f"outcome.{kind}", words=Text("news.words", words=words) if words else None)
