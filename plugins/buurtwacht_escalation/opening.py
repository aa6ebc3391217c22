"""How an escalation begins: opened by a co-ordinator it goes at once, else it waits for a co-ordinator's yes (R43)."""

from __future__ import annotations

from buurtwacht import CARETAKERS, Context, PersonId, Refusal, Text
from buurtwacht_escalation import engine, requests
from buurtwacht_escalation.course import end, find_running, home, running_key
from buurtwacht_escalation.holders import Holders
from buurtwacht_escalation.incidents import named
from buurtwacht_escalation.naming import named as person_named
from buurtwacht_escalation.off_duty import is_named
from buurtwacht_escalation.recording import recorded
from buurtwacht_escalation.records import HELD, Escalation, Incident, State, log, running_of, was_asked
from buurtwacht_escalation.targets import ladder_of, read_target, target_shown
from buurtwacht_escalation.telling import cancelled
from buurtwacht_escalation.wishes import read_wish


@recorded
def escalate(ctx: Context, text: str = "") -> None:
    """`opschalen <id> [who] [reason]`: ask officials, now or after a co-ordinator's yes (R43)."""
    own, incident, rest = named(ctx, text)
    if not incident.is_open:
        raise Refusal(Text("refused.closed", short=incident.short, at=incident.closed_at))
    holders = Holders(own)
    target = read_target(own, holders, rest)
    may = own.has(*CARETAKERS)
    _not_twice(own, incident, holders, target.value)
    _not_in_vain(own, holders, target.value, may=may)
    open_escalation(
        own,
        incident,
        target.value,
        reason=target.reason,
        question=read_wish(rest).value,
        requested_by=own.person.id,
        approved_by=own.person.id if may else None,
    )


@recorded
def step_down(ctx: Context, text: str = "") -> None:
    """`afschalen <id>`: end what runs for an alert; whoever asked may take back what has no yes yet."""
    own, incident, _ = named(ctx, text)
    running = running_of(own, incident)
    if not running:
        raise Refusal(Text("refused.not_running", short=incident.short))
    may = own.has(*CARETAKERS)
    mine = [one for one in running if may or (one.requested_by == own.person.id and one.approved_by is None)]
    if not mine:
        raise Refusal(Text("refused.caretakers", short=incident.short))
    for one in mine:
        end(own, one, State.CANCELLED, "stepped_down")
        cancelled(own, one)
    own.reply(Text("stepped_down", short=incident.short, count=len(mine)))


def open_escalation(
    ctx: Context,
    incident: Incident,
    target: str = "",
    *,
    reason: str = "",
    question: str = "info",
    requested_by: PersonId | None = None,
    approved_by: PersonId | None = None,
) -> Escalation:
    """Open an escalation of an alert for a target; with an approval it begins at once, else co-ordinators are asked.

    `ctx` is that of the alert's neighbourhood. Raises `Refusal` for a ladder that is gone.
    """
    escalation = ctx.records.add(
        Escalation(
            incident=incident.id,
            alert=incident.alert,
            short=incident.short,
            neighbourhood=ctx.here.id,
            target=target,
            reason=reason,
            question=question,
            severity=incident.severity,
            state=State.REQUESTED,
            ladder=[step.model_dump(mode="json") for step in ladder_of(ctx, target)],
            opened_at=ctx.now,
            requested_by=requested_by,
            running=running_key(incident.alert, target),
        )
    )
    log(ctx, escalation, "opened", person=requested_by, detail=target, audit={"severity": incident.severity.value})
    if approved_by is None:
        requests.ask_approval(ctx, escalation)
    else:
        approve(ctx, escalation, approved_by)
    return escalation


def approve(ctx: Context, escalation: Escalation, who: PersonId) -> None:
    """Begin the walk up the ladder with a co-ordinator's yes, and tell him who is asked."""
    own = home(ctx, escalation)
    escalation.approved_by = who
    if who != escalation.requested_by:
        log(own, escalation, "approved", person=who, audit={})
    engine.begin(own, escalation)


def _not_twice(ctx: Context, incident: Incident, holders: Holders, target: str) -> None:
    """Raise `Refusal`, with since when and how it stands, when the same escalation runs already."""
    known = find_running(ctx, incident.alert, target) or _asked_already(ctx, incident, holders, target)
    if known is None:
        return
    short, at, who = incident.short, known.opened_at, target_shown(ctx, target)
    if known.state in HELD and known.confirmed_by is not None and ctx.has(*CARETAKERS):
        holder = person_named(ctx, known.confirmed_by, "")
        text = Text("refused.twice.confirmed", short=short, at=at, who=who, holder=holder, since=known.confirmed_at)
        raise Refusal(text)
    if known.requested_by != ctx.person.id and not ctx.has(*CARETAKERS):
        # Whether it went to officials is nothing that members learn (R45).
        raise Refusal(Text("refused.twice.member", short=short))
    key = "refused.twice.requested" if known.approved_by is None else "refused.twice.running"
    raise Refusal(Text(key, short=short, at=at, who=who))


def _asked_already(ctx: Context, incident: Incident, holders: Holders, target: str) -> Escalation | None:
    """Return the escalation that runs in which everybody a target names was asked; a ladder names nobody."""
    people = {one.person for one in holders.named(target)} if is_named(target) else set()
    running = running_of(ctx, incident) if people else []
    return next((one for one in running if people <= {each.person for each in was_asked(ctx, one)}), None)


def _not_in_vain(ctx: Context, holders: Holders, target: str, *, may: bool) -> None:
    """Raise `Refusal` for a ladder on which nobody stands but who asks, and where nobody could say yes."""
    steps = ladder_of(ctx, target)
    people = {one.person for step in steps for entry in step.who for one in holders.named(entry)}
    if not people - {ctx.person.id}:
        raise Refusal(Text("refused.empty", neighbourhood=ctx.here.name))
    if not may and not holders.caretakers:
        raise Refusal(Text("refused.nobody_approves", neighbourhood=ctx.here.name))
