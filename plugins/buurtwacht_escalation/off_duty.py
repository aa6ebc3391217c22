"""The end of a ladder: a human decides about those who have no duty now (R43), or reads that nobody confirmed (R44)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from buurtwacht import Choice, Context, Lines, Message, PersonId, Text
from buurtwacht_escalation import progress, telling
from buurtwacht_escalation.course import end, set_time, severity_of
from buurtwacht_escalation.holders import Holders, Passed, Why
from buurtwacht_escalation.naming import named
from buurtwacht_escalation.package import called
from buurtwacht_escalation.records import Escalation, Event, State, incident_of, log
from buurtwacht_escalation.settings import Step

#: After so long without a choice it waits for duty.
PATIENCE = timedelta(minutes=10)
#: What can be chosen, the default first.
CHOICES = tuple(Choice(one, Text(f"off_duty.{one}")) for one in ("wait", "critical", "log"))

YES_NO = (Choice("yes", Text("yes")), Choice("no", Text("no")))


def is_named(target: str) -> bool:
    """Whether an escalation is for an official, by kind or by person, and not for a ladder."""
    return bool(target) and not target.startswith("ladder:")


def stops_at(ctx: Context, escalation: Escalation, passed: Collection[Passed]) -> bool:
    """Whether the walk stops because whom it is for has no duty, and nobody has decided about that yet."""
    off = any(one.why is Why.OFF_DUTY for one in passed)
    return off and is_named(escalation.target) and not _was_decided(ctx, escalation)


def nobody_left(
    ctx: Context, escalation: Escalation, holders: Holders, asked: Collection[int], passed: Sequence[Passed]
) -> None:
    """There is nobody to ask now: whoever decides gets the preview of those who have no duty, once; else it ends.

    Who was asked before and did not confirm is told of all the same, with what people can do themselves (R44).
    """
    waiting = [] if _was_decided(ctx, escalation) else _without_duty(escalation, holders, asked)
    # Who has no duty stands in the preview; the other reasons are told beside it.
    progress.tell(ctx, escalation, (), [one for one in passed if not waiting or one.why is not Why.OFF_DUTY])
    # Where somebody was asked in another escalation of the alert, that one says how it goes on.
    if (asked or not waiting) and not any(one.why is Why.ELSEWHERE for one in passed):
        telling.unconfirmed(ctx, escalation)
    if not waiting:
        end(ctx, escalation, State.UNCONFIRMED)
        return
    first = min(waiting, key=lambda one: one[0])
    log(ctx, escalation, "preview", person=first[1].person, detail=str(escalation.generation))
    # It goes on with the step of whoever is on duty first.
    escalation.step = first[2]
    people = _deciders(ctx, escalation, holders)
    if not people:
        wait(ctx, escalation, first[0])
        return
    escalation.state = State.REQUESTED
    _ask(ctx, escalation, people, waiting)
    set_time(ctx, escalation, ctx.after(PATIENCE))


def wait(ctx: Context, escalation: Escalation, until: datetime) -> None:
    """Wait for the beginning of somebody's duty."""
    escalation.state = State.WAITING
    set_time(ctx, escalation, until)
    log(ctx, escalation, "waiting", detail=until.isoformat())
    telling.requester(ctx, escalation, Text("news.waits", at=until))


def next_begin(escalation: Escalation, holders: Holders, asked: Collection[int]) -> datetime | None:
    """Return when the first of those who have no duty now is on duty; None: nobody is passed over for that."""
    waiting = _without_duty(escalation, holders, asked)
    return min(one[0] for one in waiting) if waiting else None


def _without_duty(
    escalation: Escalation, holders: Holders, asked: Collection[int]
) -> list[tuple[datetime, Passed, int]]:
    """Return those who are passed over because they have no duty: from when they have, who, and the step before his."""
    found: dict[PersonId, tuple[datetime, Passed, int]] = {}
    for place, dumped in enumerate(escalation.ladder):
        for one in holders.on(Step.model_validate(dumped), escalation.severity, asked, ())[1]:
            if one.why is Why.OFF_DUTY and one.person is not None and one.until is not None:
                found.setdefault(one.person, (one.until, one, place))
    return list(found.values())


def _was_decided(ctx: Context, escalation: Escalation) -> bool:
    """Whether a preview was shown in this walk already."""
    shown = {"escalation": escalation.id, "what": "preview", "detail": str(escalation.generation)}
    return ctx.records.first(Event, **shown) is not None


def _deciders(ctx: Context, escalation: Escalation, holders: Holders) -> list[PersonId]:
    """Return who decides: the co-ordinator who asked or agreed, else all who look after the neighbourhood."""
    own = [one for one in holders.caretakers if one == escalation.approved_by]
    return own or holders.caretakers


def _ask(
    ctx: Context, escalation: Escalation, people: list[PersonId], waiting: list[tuple[datetime, Passed, int]]
) -> None:
    """Show the preview: who has no duty and until when, and how it stands with the emergency number."""
    incident = incident_of(ctx, escalation)
    offices = ctx.offices_of([one.person for _, one, _ in waiting if one.person is not None])
    said = [
        Text("off_duty.who", who=named(ctx, one.person, one.role, offices), until=until)
        for until, one, _ in waiting
        if one.person is not None
    ]
    text = Text("off_duty.preview", short=escalation.short, who=Lines(*said), called=called(incident))
    payload = {"escalation": escalation.id}
    severity = severity_of(escalation)
    for one in people:
        ctx.ask(
            one,
            Message(text, choices=CHOICES),
            "off_duty",
            payload=payload,
            repeatable=True,
            severity=severity,
            thread=escalation,
        )
