"""The course of an escalation: where it belongs, when something happens by itself next, and how it ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from buurtwacht import Context, Delivery, PersonId, Severity
from buurtwacht_escalation.records import Asked, Escalation, Reply, State, asked_in, log

#: A delivery in one of these states was seen by nobody.
_NOT_GONE = frozenset({"queued", "failed", "withdrawn"})


def home(ctx: Context, escalation: Escalation) -> Context:
    """Return the context of the neighbourhood an escalation belongs to."""
    if ctx.neighbourhood is not None and ctx.neighbourhood.id == escalation.neighbourhood:
        return ctx
    return ctx.within(ctx.neighbourhood_of(escalation.neighbourhood))


def severity_of(escalation: Escalation) -> Severity:
    """Return how much a message about it may disturb: never less than a notice."""
    return Severity.NOTICE if escalation.severity is Severity.INFO else escalation.severity


def set_time(ctx: Context, escalation: Escalation, when: datetime | None) -> None:
    """Say when something happens by itself next; None: never. What was to happen before does not.

    It changes the escalation, so of two that do so at one moment the later runs again.
    """
    escalation.turn += 1
    escalation.next_at = when
    key = f"due:{escalation.id}"
    if when is None:
        ctx.cancel(key)
    else:
        ctx.later(when, "due", key=key, escalation=escalation.id, turn=escalation.turn)


def running_key(alert: int, target: str) -> str:
    """Return what no two escalations have at once: one alert, for one target."""
    return f"{alert}:{target}"


def find_running(ctx: Context, alert: int, target: str) -> Escalation | None:
    """Return the escalation of an alert for a target that runs now."""
    return ctx.records.first(Escalation, running=running_key(alert, target))


def run_again(ctx: Context, escalation: Escalation) -> None:
    """Let one that had ended run again, unless another took its place meanwhile; then it goes on beside that."""
    if escalation.running is None and find_running(ctx, escalation.alert, escalation.target) is None:
        escalation.running = running_key(escalation.alert, escalation.target)
    escalation.ended_at = None


def end(ctx: Context, escalation: Escalation, state: State, detail: str = "") -> None:
    """End it: nobody is asked from this commit on. It says nothing to anybody.

    What is queued is taken back, unless nobody confirmed: whom a standing messenger still keeps from it may yet do so.
    """
    own = home(ctx, escalation)
    escalation.state = state
    escalation.ended_at = own.now
    escalation.running = None
    set_time(own, escalation, None)
    if state is not State.UNCONFIRMED:
        withdraw(own, escalation, asked_in(own, escalation, ever=True))
    log(own, escalation, state.value, detail=detail, audit={"step": escalation.step})


def withdraw(ctx: Context, escalation: Escalation, people: Sequence[Asked]) -> None:
    """Take back the questions that are queued; who was shown none of them counts as not asked any more.

    A question can still be answered by whoever was shown it, so that what he says late is heard (R44).
    """
    waiting = [one for one in people if one.state is Reply.ASKED]
    if not waiting:
        return
    fared = _fared(ctx, escalation, waiting)
    for message in {one.message for one in fared if one.state == "queued"}:
        ctx.withdraw(message)
    shown = {one.person for one in fared if one.state not in _NOT_GONE}
    for each in waiting:
        if each.person not in shown:
            each.state = Reply.WITHDRAWN


def unshown(ctx: Context, escalation: Escalation, people: Sequence[Asked]) -> set[PersonId]:
    """Return those for whom nothing of the question has gone out yet: it failed, or their messenger stands still."""
    gone = {one.person for one in _fared(ctx, escalation, people) if one.state not in _NOT_GONE}
    return {one.person for one in people} - gone


def _fared(ctx: Context, escalation: Escalation, people: Sequence[Asked]) -> list[Delivery]:
    """Return how what these people were asked fared on its way, since they were asked."""
    since = {one.person: one.at for one in people}
    return [one for one in ctx.deliveries(escalation, *since) if one.queued_at >= since[one.person]] if since else []
