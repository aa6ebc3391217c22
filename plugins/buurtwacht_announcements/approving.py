"""A warm announcement has a second pair of eyes: another verified official of the municipality approves it (R46)."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from buurtwacht import Answer, Context, Lines, Message, MessageId, PersonId, Severity, Text, answer, timer
from buurtwacht_announcements import sending, wording
from buurtwacht_announcements.records import Announcement, State, get
from buurtwacht_announcements.senders import may_still, refuse

#: An approval that nobody gives within this is not given any more.
PATIENCE = timedelta(hours=24)
#: Between these, what cannot wait needs its reason (R46).
_NIGHT = (time(22, 30), time(7, 0))
_LONGEST_REASON = 200


def ask(ctx: Context, announcement: Announcement, reach: Lines) -> None:
    """Ask all other officials of the municipality; the first one decides. `ctx` is the sender's.

    `reach` says in numbers whom it reaches, as the sender read it in the preview.
    """
    others = _others(ctx, announcement)
    if not others:
        announcement.state = State.REFUSED
        refuse(ctx, Text("approval.nobody", municipality=announcement.municipality))
        return
    shown = wording.corrected if announcement.corrects is not None else wording.for_members
    question = Text(
        "approval.asked", name=wording.sender(announcement), shown=shown(ctx, announcement).text, reach=reach
    )
    patience = min(PATIENCE, announcement.valid_until - ctx.now)
    announcement.state = State.APPROVAL
    announcement.asking = list(
        ctx.ask_all(
            others,
            Message(question, choices=wording.YES_NO),
            "approve",
            payload={"announcement": announcement.id},
            expires=patience,
            severity=Severity.URGENT,
        )
    )
    ctx.later(patience, approval_over, announcement.id, key=f"approval:{announcement.id}")
    ctx.reply(Text("approval.waiting", count=len(others)))


@answer("approve")
def approve(ctx: Context, given: Answer) -> None:
    """Another official says yes or no."""
    announcement = _waiting(ctx, given)
    if announcement is None:
        return
    if given.value != "yes":
        _decide(ctx, announcement, State.REFUSED)
        ctx.ask(
            ctx.person,
            Message(Text("approval.why_not")),
            "refused_because",
            payload=given.payload,
            free="any",
            expires=PATIENCE,
        )
        _tell(ctx, announcement, "approval.refused")
    elif _is_night(ctx.now):
        ctx.ask(
            ctx.person,
            Message(Text("approval.why_now")),
            "approve_because",
            payload=given.payload,
            free="any",
            expires=PATIENCE,
            severity=Severity.URGENT,
        )
    else:
        _approved(ctx, announcement)


@answer("approve_because")
def approve_because(ctx: Context, given: Answer) -> None:
    """At night: why it cannot wait for the morning. Without words it does."""
    announcement = _waiting(ctx, given)
    if announcement is None:
        return
    reason = " ".join(given.text.split())
    if sum(sign.isalpha() for sign in reason) < 4:
        ctx.ask(
            ctx.person,
            Message(Text("approval.why_now")),
            "approve_because",
            payload=given.payload,
            free="any",
            expires=PATIENCE,
            severity=Severity.URGENT,
        )
        return
    announcement.reason = reason[:_LONGEST_REASON]
    _approved(ctx, announcement)


@answer("refused_because")
def refused_because(ctx: Context, given: Answer) -> None:
    """Why not: for the sender alone."""
    announcement = get(ctx, int(given.payload["announcement"]))
    reason = " ".join(given.text.split())[:_LONGEST_REASON]
    announcement.reason = reason
    ctx.reply(Text("approval.reason_told"))
    if announcement.sender is not None and reason:
        ctx.send(announcement.sender, Text("approval.refused_because", name=ctx.name_of(ctx.person), reason=reason))


@timer("approval_over")
def approval_over(ctx: Context, announcement: int) -> None:
    """Nobody decided in time."""
    waiting = ctx.records.get(Announcement, announcement)
    if waiting is None or waiting.state is not State.APPROVAL:
        return
    waiting.state = State.EXPIRED
    _close(ctx, waiting)
    ctx.note("announcement_refused", "refused.unapproved")
    if waiting.sender is not None:
        ctx.send(waiting.sender, Text("approval.over", title=wording.title(waiting)))


# --- inside ----------------------------------------------------------------------------------------------------------


def _others(ctx: Context, announcement: Announcement, *but: PersonId) -> list[PersonId]:
    """Return the other verified officials of the municipality, or of the place where there is none."""
    named = dict.fromkeys(one.person for one in ctx.officials(municipality=announcement.municipality))
    return [one for one in named if one != announcement.sender and one not in but]


def _waiting(ctx: Context, given: Answer) -> Announcement | None:
    """Return what is to be approved; None, and it is said, when it cannot be, or not by him."""
    announcement = get(ctx, int(given.payload["announcement"]))
    if ctx.person.id not in _others(ctx, announcement):
        refuse(ctx, Text("refused.approver"))
        return None
    if announcement.state is not State.APPROVAL:
        by = announcement.decided_by
        gone = Text("approval.gone") if by is None else Text("approval.decided", name=ctx.name_of(PersonId(by)))
        ctx.reply(gone)
        return None
    if not may_still(ctx, announcement):
        announcement.state = State.REFUSED
        _close(ctx, announcement)
        refuse(ctx, Text("approval.sender_gone"))
        return None
    if announcement.is_over(ctx.now):
        announcement.state = State.EXPIRED
        _close(ctx, announcement)
        refuse(ctx, Text("refused.over", until=announcement.valid_until))
        return None
    return announcement


def _approved(ctx: Context, announcement: Announcement) -> None:
    _decide(ctx, announcement, State.SENT)
    ctx.reply(Text("approval.given", name=wording.sender(announcement)))
    _tell(ctx, announcement, "approval.approved")
    sending.release(ctx, announcement)


def _decide(ctx: Context, announcement: Announcement, state: State) -> None:
    announcement.state = state
    announcement.decided_by, announcement.decided_at = ctx.person.id, ctx.now
    ctx.cancel(f"approval:{announcement.id}")
    ctx.note("announcement_decided", str(state))
    _close(ctx, announcement)


def _close(ctx: Context, announcement: Announcement) -> None:
    for one in announcement.asking:
        ctx.close_questions(message_id=MessageId(one))


def _tell(ctx: Context, announcement: Announcement, key: str) -> None:
    """Tell the sender, and the others who were asked and need not look any more."""
    told = [*_others(ctx, announcement, ctx.person.id)]
    if announcement.sender is not None:
        told.append(announcement.sender)
    if told:
        ctx.send(told, Text(key, name=ctx.name_of(ctx.person), title=wording.title(announcement)))


def _is_night(now: datetime) -> bool:
    return now.time() >= _NIGHT[0] or now.time() < _NIGHT[1]
