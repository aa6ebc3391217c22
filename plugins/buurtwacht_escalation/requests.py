"""What needs a co-ordinator's yes: what a member or a rule asks (R43). He is reminded, and the member is told."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import CARETAKERS, Context, Message, Text
from buurtwacht_escalation import package
from buurtwacht_escalation.course import end, set_time, severity_of
from buurtwacht_escalation.off_duty import YES_NO
from buurtwacht_escalation.records import Escalation, State, incident_of, log
from buurtwacht_escalation.targets import target_shown
from buurtwacht_escalation.telling import about, still_here

#: When those who decide are reminded, when whoever asked reads that nobody did, and when the request ends.
_COURSE = (timedelta(minutes=5), timedelta(minutes=10), timedelta(hours=12))


def ask_approval(ctx: Context, escalation: Escalation) -> None:
    """Ask those who look after the neighbourhood whether it goes out; whoever asked for it reads that they are."""
    people = [one.id for one in ctx.members(*CARETAKERS) if one.id != escalation.requested_by]
    if not people:
        # A rule where nobody looks after the place: there is nobody to tell either.
        end(ctx, escalation, State.UNCONFIRMED, "nobody_approves")
        return
    ctx.ask_all(
        people,
        _question(ctx, escalation),
        "approve",
        payload={"escalation": escalation.id},
        repeatable=True,
        expires=_COURSE[-1],
        severity=severity_of(escalation),
        thread=escalation,
    )
    escalation.repeats = 0
    _set_time(ctx, escalation)
    if ctx.has_person and ctx.person.id == escalation.requested_by:
        text = Text("request.passed_on", short=escalation.short, who=target_shown(ctx, escalation.target))
        ctx.reply(text, severity=severity_of(escalation), thread=about(escalation))


def due(ctx: Context, escalation: Escalation) -> None:
    """Nobody has decided yet: a reminder, then whoever asked is told what he can do himself, then it ends."""
    escalation.repeats += 1
    if escalation.repeats == 1:
        people = [one.id for one in ctx.members(*CARETAKERS) if one.id != escalation.requested_by]
        again, severity = _question(ctx, escalation), severity_of(escalation)
        for who in ctx.ask_again(people, again, "approve", thread=escalation, severity=severity):
            log(ctx, escalation, "repeated", person=who)
    elif escalation.repeats == 2:
        _tell_requester(ctx, escalation, "request.silent")
        log(ctx, escalation, "undecided")
    else:
        end(ctx, escalation, State.CANCELLED, "undecided")
        _tell_requester(ctx, escalation, "request.ended")
        return
    _set_time(ctx, escalation)


def refuse(ctx: Context, escalation: Escalation) -> None:
    """A co-ordinator said no: whoever asked reads it, with what he can do himself."""
    end(ctx, escalation, State.DECLINED, "refused")
    log(ctx, escalation, "refused", person=ctx.person.id)
    _tell_requester(ctx, escalation, "request.refused")


def _question(ctx: Context, escalation: Escalation) -> Message:
    requested = escalation.requested_by
    by = Text("request.by.rule") if requested is None else Text("request.by", who=ctx.name_of(requested))
    shown = package.package(ctx, escalation, incident_of(ctx, escalation), "preview")
    text = Text(
        "request.question",
        short=escalation.short,
        by=by,
        who=target_shown(ctx, escalation.target),
        package=shown.text,
    )
    return Message(text, choices=YES_NO)


def _set_time(ctx: Context, escalation: Escalation) -> None:
    set_time(ctx, escalation, escalation.opened_at + _COURSE[escalation.repeats])


def _tell_requester(ctx: Context, escalation: Escalation, key: str) -> None:
    if who := still_here(ctx, [escalation.requested_by]):
        text = Text(key, short=escalation.short, who=target_shown(ctx, escalation.target))
        ctx.send(who, text, severity=severity_of(escalation), thread=about(escalation))
