"""What co-ordinators decide: whether a request goes out, and what is done while an official has no duty (R43)."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import CARETAKERS, Answer, Context, Message, Refusal, Severity, Text, answer, timer
from buurtwacht_escalation import engine, following, off_duty, opening, requests, waiting
from buurtwacht_escalation.course import home
from buurtwacht_escalation.holders import Holders
from buurtwacht_escalation.records import Escalation, State, asked_in, get, incident_of, log
from buurtwacht_escalation.telling import about, still_here

#: So long the reason for making it critical may be typed.
_REASON = timedelta(minutes=10)


@timer("due")
def due(ctx: Context, escalation: int, turn: int) -> None:
    """Something happens by itself, unless what was decided meanwhile came first."""
    known = get(ctx, escalation)
    if known is None or known.turn != turn or not known.is_running:
        return
    if known.state is State.REQUESTED and known.approved_by is None:
        requests.due(ctx, known)
    elif known.state is State.REQUESTED:
        _wait(ctx, known)
    elif known.state is State.WAITING:
        waiting.begins(ctx, known)
    elif known.state is State.ASKING:
        engine.waited(ctx, known)
    else:
        following.due(ctx, known)


@answer("approve")
def approved(ctx: Context, given: Answer) -> None:
    """A co-ordinator says whether what a member or a rule asks goes out; the first of them decides."""
    escalation = _of(ctx, given)
    if escalation is None:
        return
    own = home(ctx, escalation)
    if escalation.state is not State.REQUESTED or escalation.approved_by is not None:
        own.reply(Text("request.decided", short=escalation.short), thread=about(escalation))
    elif given.value != "yes":
        requests.refuse(own, escalation)
        own.reply(Text("request.refused.thanks", short=escalation.short), thread=about(escalation))
    else:
        _tell_requester(own, escalation)
        opening.approve(own, escalation, own.person.id)


@answer("off_duty")
def chosen(ctx: Context, given: Answer) -> None:
    """A co-ordinator chooses what is done while nobody has duty: wait, make it critical, or only note it."""
    escalation = _of(ctx, given)
    if escalation is None:
        return
    own = home(ctx, escalation)
    about_it = about(escalation)
    if not _is_open(escalation) or not incident_of(own, escalation).is_open:
        own.reply(Text("off_duty.over", short=escalation.short), thread=about_it)
    elif given.value == "critical":
        own.ask(
            own.person,
            Message(Text("off_duty.reason", short=escalation.short)),
            "critical",
            payload={"escalation": escalation.id},
            free="any",
            expires=_REASON,
            severity=Severity.URGENT,
            thread=about_it,
        )
    elif given.value == "log":
        engine.end(own, escalation, State.LOGGED, "chosen")
        own.reply(Text("off_duty.logged", short=escalation.short), thread=about_it)
    elif escalation.state is State.WAITING:
        own.reply(Text("off_duty.waits", short=escalation.short, at=escalation.next_at), thread=about_it)
    else:
        _wait(own, escalation)
        if escalation.next_at is not None:
            own.reply(Text("off_duty.waits", short=escalation.short, at=escalation.next_at), thread=about_it)


@answer("critical")
def made_critical(ctx: Context, given: Answer) -> None:
    """The reason is given: it goes at once, to those without duty too, and the reason stands in the package."""
    escalation = _of(ctx, given)
    if escalation is None:
        return
    own = home(ctx, escalation)
    reason = " ".join(given.text.split())[:600]
    if not _is_open(escalation) or not incident_of(own, escalation).is_open:
        own.reply(Text("off_duty.over", short=escalation.short), thread=about(escalation))
        return
    escalation.severity = Severity.CRITICAL
    escalation.reason = " · ".join(one for one in (escalation.reason, reason) if one)
    log(own, escalation, "critical", person=own.person.id, audit={})
    engine.next_step(own, escalation)


def _wait(ctx: Context, escalation: Escalation) -> None:
    """Wait for the duty of whoever has it first; when there is none, it ends as if nobody confirmed."""
    asked = {one.person for one in asked_in(ctx, escalation)}
    begin = off_duty.next_begin(escalation, Holders(ctx), asked)
    if begin is not None:
        off_duty.wait(ctx, escalation, begin)
        return
    # Whoever had no duty has it by now, or never will.
    engine.next_step(ctx, escalation)


def _is_open(escalation: Escalation) -> bool:
    """Whether it is still to be decided, or waits for what was decided."""
    return escalation.approved_by is not None and escalation.state in (State.REQUESTED, State.WAITING)


def _of(ctx: Context, given: Answer) -> Escalation | None:
    """Return what a decision is about; says so where it is gone. Raises `Refusal` for who may not decide any more."""
    escalation = get(ctx, int(given.payload.get("escalation", 0)))
    if escalation is None:
        ctx.reply(Text("request.gone"))
        return None
    if not home(ctx, escalation).has(*CARETAKERS):
        raise Refusal(Text("refused.caretakers", short=escalation.short))
    return escalation


def _tell_requester(ctx: Context, escalation: Escalation) -> None:
    who = still_here(ctx, [escalation.requested_by])
    if who and escalation.requested_by != ctx.person.id:
        text = Text("request.approved", short=escalation.short)
        ctx.send(who, text, thread=about(escalation))
