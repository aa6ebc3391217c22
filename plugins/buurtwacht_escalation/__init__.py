"""Escalation: an alert goes to officials, step by step, until one confirms. Here is what the plugin offers the core."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from buurtwacht import (
    CARETAKERS,
    OFFICIALS,
    Command,
    Context,
    Guess,
    Hearing,
    Manifest,
    PersonId,
    Proof,
    Thread,
    hookimpl,
)
from buurtwacht_escalation import (
    deciding,
    duty_commands,
    insight,
    ladder_commands,
    listening,
    opening,
    privacy,
    proofs,
    understanding,
)
from buurtwacht_escalation.settings import EscalationSettings

__all__ = ["deciding", "manifest"]

manifest = Manifest(
    id="escalation",
    name="Opschaling",
    version="1.0",
    settings=EscalationSettings,
    permissions=frozenset(
        {"store", "timers", "send:members", "send:threads", "read:names", "read:media", "share:numbers"}
    ),
    templates=frozenset(
        {
            "after_duty",
            "contact.ask",
            "contact.given",
            "follow_up",
            "off_duty.preview",
            "outcome",
            "package",
            "package.caretaker",
            "photos.offer",
            "progress",
            "request.question",
            "shared",
            "told",
            "told.asked",
            "unconfirmed",
            "undelivered",
            "words",
        }
    ),
)

#: "Ladder tegen de gevel" tells what somebody sees.
_NO_SIGHT = (
    r"(?!(?:tegen|op|in|bij|aan|naast|onder|voor|achter|van|met|staat|against|on|at|near|under|by|of|with|is)\b).*"
)


@hookimpl
def commands() -> list[Command]:
    """Return the words of this plugin. Who looks after a neighbourhood may say an official's hours for him."""
    return [
        Command("escalate", opening.escalate),
        Command("step_down", opening.step_down, menu_for=CARETAKERS),
        Command("escalation", insight.escalation_log, roles=CARETAKERS),
        Command("escalations", insight.escalations, roles=CARETAKERS),
        Command("ladder", ladder_commands.ladder, menu_for=CARETAKERS, takes=_NO_SIGHT),
        Command("duty", duty_commands.duty, officials=OFFICIALS, menu_for=CARETAKERS),
        Command("leave", duty_commands.leave, officials=OFFICIALS, menu_for=CARETAKERS),
        Command("wake", duty_commands.wake, officials=OFFICIALS, menu_for=CARETAKERS),
    ]


@hookimpl
def recognise(hearing: Hearing) -> Guess | None:
    """Recognise the answer of a member who was asked."""
    return understanding.recognise(hearing)


@hookimpl
def recognise_official(ctx: Context, text: str, about: Thread | None) -> Guess | None:
    """Recognise what an official says about what he was asked."""
    return understanding.recognise_official(ctx, text, about)


@hookimpl(optionalhook=True)
def alert_opened(ctx: Context, alert: int, short: str, facts: Mapping[str, object]) -> None:
    """An alert went out."""
    listening.opened(ctx, alert, short, facts)


@hookimpl(optionalhook=True)
def alert_updated(ctx: Context, alert: int, what: str, text: str, facts: Mapping[str, object]) -> None:
    """An alert changed."""
    listening.updated(ctx, alert, what, text, facts)


@hookimpl(optionalhook=True)
def alert_answered(ctx: Context, alert: int) -> None:
    """Somebody answered under an alert."""
    listening.answered(ctx, alert)


@hookimpl(optionalhook=True)
def alert_closed(ctx: Context, alert: int, outcome: str, text: str, facts: Mapping[str, object]) -> None:
    """An alert ended."""
    listening.closed(ctx, alert, outcome, text, facts)


@hookimpl
def official_dismissed(ctx: Context, person: PersonId, kind: str) -> None:
    """Somebody is no official any more."""
    listening.dismissed(ctx, person, kind)


@hookimpl
def under_way(ctx: Context) -> Collection[Proof]:
    """Return what the self-audit is to prove."""
    return proofs.under_way(ctx)


@hookimpl
def export_person(ctx: Context, person: PersonId) -> Mapping[str, object]:
    """Return what escalation knows about somebody."""
    return privacy.export(ctx, person)


@hookimpl
def erase_person(ctx: Context, person: PersonId) -> None:
    """Forget who somebody was."""
    privacy.erase(ctx, person)
