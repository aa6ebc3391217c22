"""How an escalation climbs its ladder: who is asked, reminded and passed over, and what an answer does to it (R44)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from buurtwacht import Context, OfficialKind, PersonId
from buurtwacht_escalation import beside, off_duty, package, progress, telling
from buurtwacht_escalation.course import end, home, run_again, set_time, severity_of, unshown, withdraw
from buurtwacht_escalation.holders import Holder, Holders, Passed, Why
from buurtwacht_escalation.records import (
    HELD,
    Asked,
    Escalation,
    Reply,
    State,
    asked_elsewhere,
    asked_in,
    incident_of,
    log,
)
from buurtwacht_escalation.settings import EscalationSettings, Step

__all__ = ["ask", "begin", "confirmed", "declined", "end", "leaves", "next_step", "reader_of", "waited"]

#: How long an official's question can be answered; what it is about is kept no longer.
_ANSWERABLE = timedelta(days=14)
#: After so long it is known whether a question could be delivered: nobody waits for who cannot be reached.
_DELIVERED = timedelta(minutes=1)
_CONFIRMING = frozenset({Reply.CONFIRMED, Reply.TAKEN})


def begin(ctx: Context, escalation: Escalation) -> None:
    """Walk up the ladder from its beginning: everybody is asked anew."""
    escalation.generation += 1
    escalation.step = 0
    escalation.confirmed_by = escalation.confirmed_at = None
    next_step(ctx, escalation)


def next_step(ctx: Context, escalation: Escalation) -> None:
    """Ask whoever is next; a step on which nobody can be asked is passed over, and the co-ordinator reads why.

    At the end of the ladder a human decides about those who have no duty now, or reads that nobody confirmed.
    """
    own = home(ctx, escalation)
    holders = Holders(own)
    asked = {one.person for one in asked_in(own, escalation)}
    # Who asked for it, or agreed, knows of it.
    without = {one for one in (escalation.requested_by, escalation.approved_by) if one is not None}
    elsewhere = asked_elsewhere(own, escalation)
    passed: list[Passed] = []
    while escalation.step < len(escalation.ladder):
        step = Step.model_validate(escalation.ladder[escalation.step])
        escalation.step += 1
        people, over = holders.on(step, escalation.severity, asked, without, elsewhere)
        for one in over:
            if one.why is not Why.ASKED:
                log(own, escalation, "passed", person=one.person, detail=f"{one.why}:{one.role}")
                passed.append(one)
        if people:
            ask(own, escalation, step, people)
            progress.tell(own, escalation, people, passed)
            return
        if escalation.step == 1 and off_duty.stops_at(own, escalation, over):
            break  # whom it is for has no duty: a human decides before anybody else is asked (R43)
    off_duty.nobody_left(own, escalation, holders, asked, passed)


def ask(ctx: Context, escalation: Escalation, step: Step, people: Sequence[Holder]) -> None:
    """Ask everybody of a step, each for himself, and set the time for what comes next."""
    incident = incident_of(ctx, escalation)
    escalation.state = State.ASKING
    escalation.step_at = ctx.now
    escalation.repeats = 0
    escalation.confirmations = 0
    escalation.needed = min(step.confirmations, len(people))
    readers = {reader_of(one.role) for one in people}
    shown = {one: package.package(ctx, escalation, incident, one) for one in readers}
    letters = {one.person: shown[reader_of(one.role)] for one in people}
    sent = ctx.ask_each(
        letters,
        "package",
        payload={"escalation": escalation.id},
        repeatable=True,
        expires=_ANSWERABLE,
        severity=severity_of(escalation),
        thread=escalation,
    )
    made = [
        ctx.records.add(
            Asked(
                escalation=escalation.id,
                generation=escalation.generation,
                step=escalation.step,
                person=one.person,
                role=one.role,
                at=ctx.now,
                message=sent[one.person],
            )
        )
        for one in people
    ]
    for one in made:
        log(ctx, escalation, "asked", person=one.person, detail=one.role)
    beside.begin(ctx, escalation, incident, made)
    set_time(ctx, escalation, _next_moment(escalation, step, timedelta()))


def waited(ctx: Context, escalation: Escalation) -> None:
    """So much of a step's time is over: a reminder, or the next step; at once when too few can be reached."""
    step = Step.model_validate(escalation.ladder[escalation.step - 1])
    elapsed = _elapsed(ctx, escalation)
    could = _note_undelivered(ctx, escalation)
    if elapsed >= timedelta(minutes=step.minutes) or could < escalation.needed:
        next_step(ctx, escalation)
        return
    due = sum(moment <= elapsed for moment in _reminders(step))
    if due > escalation.repeats:
        escalation.repeats = due
        _remind(ctx, escalation)
    set_time(ctx, escalation, _next_moment(escalation, step, elapsed))


def confirmed(ctx: Context, escalation: Escalation, asked: Asked, how: Reply) -> bool:
    """Write down that somebody who was asked confirmed, or takes it; False when he had said so already.

    Enough confirmations of one step stop the ladder: what is queued to others is taken back with this commit. Upstream
    hears it, a late one too (R44). After a false alarm, an end or a step down it is only written down.
    """
    before = asked.state
    if before is how or (before is Reply.TAKEN and how is Reply.CONFIRMED):
        return False
    own = home(ctx, escalation)
    asked.state = how
    asked.answered_at = own.now
    escalation.answers += 1
    log(own, escalation, how.value, person=asked.person, detail=asked.role, audit={"step": asked.step})
    if escalation.state in (State.CANCELLED, State.CLOSED, State.LOGGED, State.DECLINED):
        return True
    if before not in _CONFIRMING:
        _acknowledge(own, escalation, asked)
    # He answers to what he read before the severity rose: an answer all the same.
    asked.generation = escalation.generation
    if escalation.state in HELD:
        _joins(own, escalation, asked, how)
    elif _is_enough(own, escalation, asked):
        _holds(own, escalation, asked, how)
        telling.confirmed(own, escalation, asked)
    else:
        escalation.confirmations += 1
        telling.confirmed(own, escalation, asked)
    return True


def declined(ctx: Context, escalation: Escalation, asked: Asked, words: str = "") -> bool:
    """Write down that it is not for somebody who was asked; False when he had said so already.

    When nobody of his step is left who could confirm, the next step is asked at once.
    """
    if asked.state is Reply.DECLINED:
        return False
    own = home(ctx, escalation)
    asked.state = Reply.DECLINED
    asked.answered_at = own.now
    asked.words = words[:600]
    escalation.answers += 1
    log(own, escalation, "declined", person=asked.person, detail=asked.role)
    telling.declined(own, escalation, asked, words)
    leaves(own, escalation, asked)
    return True


def leaves(ctx: Context, escalation: Escalation, asked: Asked) -> None:
    """Go on without somebody: he declined, or is no official any more."""
    own = home(ctx, escalation)
    if asked.generation != escalation.generation:
        return
    if escalation.state in HELD and escalation.confirmed_by == asked.person:
        others = [one for one in asked_in(own, escalation) if one.state in _CONFIRMING and one.id != asked.id]
        if others:
            escalation.confirmed_by = others[0].person
            return
        escalation.confirmed_by = escalation.confirmed_at = None
        next_step(own, escalation)
    elif escalation.state is State.ASKING and asked.step == escalation.step:
        here = [one for one in asked_in(own, escalation) if one.step == escalation.step and one.id != asked.id]
        could = sum(one.state is Reply.ASKED or one.state in _CONFIRMING for one in here)
        if could < escalation.needed:
            next_step(own, escalation)


# --- time ------------------------------------------------------------------------------------------------------------


def reader_of(role: str) -> package.Reader:
    """Return as whom somebody reads the package: plates and photos are for officials."""
    return "official" if Holder(PersonId(0), role).is_official else "caretaker"


def _reminders(step: Step) -> list[timedelta]:
    """Return when a step is repeated: evenly over its time."""
    return [timedelta(minutes=step.minutes) * turn / (step.repeats + 1) for turn in range(1, step.repeats + 1)]


def _next_moment(escalation: Escalation, step: Step, elapsed: timedelta) -> datetime:
    """Return when a step is looked at again, so long after it began."""
    whole = timedelta(minutes=step.minutes)
    moments = [one for one in (_DELIVERED, *_reminders(step), whole) if elapsed < one <= whole]
    assert escalation.step_at is not None
    return escalation.step_at.astimezone(UTC) + min(moments)


def _elapsed(ctx: Context, escalation: Escalation) -> timedelta:
    assert escalation.step_at is not None
    return ctx.now.astimezone(UTC) - escalation.step_at.astimezone(UTC)


# --- inside ----------------------------------------------------------------------------------------------------------


def _note_undelivered(ctx: Context, escalation: Escalation) -> int:
    """Write down to whom the question could not be delivered; return how many of the step confirmed or still could."""
    here = [one for one in asked_in(ctx, escalation) if one.step == escalation.step]
    fared = {one.person: one.state for one in ctx.reached(escalation, since=escalation.step_at)}
    for one in here:
        if one.state is Reply.ASKED and fared.get(one.person) == "failed":
            one.state = Reply.UNDELIVERED
            log(ctx, escalation, "undelivered", person=one.person, detail=one.role)
    return sum(one.state is Reply.ASKED or one.state in _CONFIRMING for one in here)


def _remind(ctx: Context, escalation: Escalation) -> None:
    """Ask those of the step who have not answered once more: it stays the same question (R44)."""
    incident = incident_of(ctx, escalation)
    here = [one for one in asked_in(ctx, escalation) if one.step == escalation.step and one.state is Reply.ASKED]
    # Whose messenger stands still reads the first one when it is back, and not two at once.
    waits = unshown(ctx, escalation, here)
    silent: dict[package.Reader, list[PersonId]] = {}
    for one in here:
        if one.person not in waits:
            silent.setdefault(reader_of(one.role), []).append(one.person)
    for reader, people in silent.items():
        again = package.package(ctx, escalation, incident, reader)
        for who in ctx.ask_again(people, again, "package", thread=escalation, severity=severity_of(escalation)):
            log(ctx, escalation, "repeated", person=who)


def _is_enough(ctx: Context, escalation: Escalation, asked: Asked) -> bool:
    """Whether so many of somebody's step have confirmed as were needed; of an earlier step one is enough."""
    if escalation.state is not State.ASKING or asked.step != escalation.step:
        return True
    return escalation.confirmations + 1 >= escalation.needed


def _holds(ctx: Context, escalation: Escalation, asked: Asked, how: Reply) -> None:
    """Somebody has it: nobody else is asked, and it is looked at again when it stays open."""
    escalation.confirmations += 1
    escalation.state = State.TAKEN if how is Reply.TAKEN else State.CONFIRMED
    escalation.confirmed_by, escalation.confirmed_at = asked.person, ctx.now
    escalation.follow_ups = 0
    run_again(ctx, escalation)
    withdraw(ctx, escalation, [one for one in asked_in(ctx, escalation) if one.id != asked.id])
    minutes = ctx.settings(EscalationSettings).follow_up_minutes
    set_time(ctx, escalation, ctx.after(timedelta(minutes=minutes)))


def _acknowledge(ctx: Context, escalation: Escalation, asked: Asked) -> None:
    """Somebody answered to the alert; of an official other systems hear it too (CAP 1.2 §3.2.1, Ack)."""
    incident = incident_of(ctx, escalation)
    incident.answered = True
    if reader_of(asked.role) == "official":
        kind = OfficialKind(asked.role)
        facts = {"alert": incident.alert, "short": incident.short, "kind": kind, "at": ctx.now.isoformat()}
        ctx.tell("official_acknowledged", **facts)


def _joins(ctx: Context, escalation: Escalation, asked: Asked, how: Reply) -> None:
    """Somebody confirms what is confirmed: he may take it himself; the others hear of him, too."""
    if how is Reply.TAKEN and escalation.confirmed_by == asked.person:
        escalation.state = State.TAKEN
        telling.confirmed(ctx, escalation, asked)
        return
    telling.late(ctx, escalation, asked)
