"""What alerts tell: a copy of each is kept, rules are looked at, and its escalations follow what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from buurtwacht import Context, PersonId, Severity, timer
from buurtwacht_escalation import engine, opening, package, telling, updates
from buurtwacht_escalation.course import end, find_running, home, run_again
from buurtwacht_escalation.holders import Holders
from buurtwacht_escalation.incidents import keep
from buurtwacht_escalation.records import (
    HELD,
    Asked,
    Escalation,
    Incident,
    Reply,
    State,
    log,
)
from buurtwacht_escalation.settings import MOST_RULES, EscalationSettings, Rule
from buurtwacht_escalation.targets import read_target

_ORDER = tuple(Severity)
#: In these states a raised severity begins the walk anew: who has it reads that it is worse now.
_ANEW = HELD | {State.ASKING, State.WAITING, State.UNCONFIRMED}


def opened(ctx: Context, alert: int, short: str, facts: Mapping[str, object]) -> None:
    """An alert went out: it is kept, and rules that fit it are set."""
    incident = _known(ctx, alert) or ctx.records.add(
        Incident(alert=alert, short=short, neighbourhood=ctx.here.id, facts={}, opened_at=ctx.now)
    )
    incident.facts = dict(facts)
    keep(ctx, incident)
    _set_rules(ctx, incident)


def updated(ctx: Context, alert: int, what: str, text: str, facts: Mapping[str, object]) -> None:
    """An alert changed: those who have it hear of it; raised, it is escalated anew; reopened, it goes on."""
    incident = _known(ctx, alert)
    if incident is None:
        return
    before, known = incident.severity, package.plates_of(incident)
    incident.facts = dict(facts)
    if what == "reopened":
        incident.closed_at, incident.outcome, incident.outcome_text = None, "", ""
    keep(ctx, incident)
    if _ORDER.index(incident.severity) < _ORDER.index(before):
        _raised(ctx, incident)
        _set_rules(ctx, incident)
    updates.changed(ctx, incident, what, text)
    if plates := [one for one in package.plates_of(incident) if one not in known]:
        # Members read of a plate what they may; an official reads it in full (domain §2.9).
        updates.changed(ctx, incident, "plate", ", ".join(plates))


def answered(ctx: Context, alert: int) -> None:
    """Somebody answered under the alert: rules that wait for that are over."""
    incident = _known(ctx, alert)
    if incident is not None:
        incident.answered = True
        ctx.cancel_all([_rule_key(incident, place) for place in range(MOST_RULES)])


def closed(ctx: Context, alert: int, outcome: str, text: str, facts: Mapping[str, object]) -> None:
    """An alert ended: nobody is asked about it any more, and those who were read how it ended (R24)."""
    incident = _known(ctx, alert)
    if incident is None:
        return
    incident.facts = dict(facts)
    incident.closed_at, incident.outcome, incident.outcome_text = ctx.now, outcome, text[:600]
    keep(ctx, incident)
    ctx.cancel_all([_rule_key(incident, place) for place in range(MOST_RULES)])
    for one in ctx.records.find(Escalation, incident=incident.id):
        waits = one.state is State.WAITING and not incident.was_nothing
        if one.is_running and not waits:
            end(ctx, one, State.CANCELLED if incident.was_nothing else State.CLOSED, outcome)
    telling.outcome(ctx, incident)


def dismissed(ctx: Context, person: PersonId, kind: str) -> None:
    """Somebody holds an office no more: what he was asked in it goes on without him."""
    table = Asked.__table__.c
    mine = ctx.records.find(
        Asked, table.state.in_([Reply.ASKED, Reply.CONFIRMED, Reply.TAKEN]), person=person, role=kind
    )
    for one in mine:
        # buurtwacht: allow query-in-loop what is asked of one official at a time is one or two
        escalation = ctx.records.get(Escalation, one.escalation)
        if escalation is None or not escalation.is_running:
            continue
        own = home(ctx, escalation)
        if any(each.person == person and str(each.kind) == kind for each in own.officials()):
            continue  # he still holds it for this neighbourhood
        one.state = Reply.WITHDRAWN
        escalation.answers += 1
        log(own, escalation, "dismissed", person=person, detail=kind, audit={})
        engine.leaves(own, escalation, one)


# --- rules -----------------------------------------------------------------------------------------------------------


def _set_rules(ctx: Context, incident: Incident) -> None:
    """Set a timer for each rule that fits, from when the alert went out; one that names no minutes opens now."""
    moments: dict[str, tuple[datetime, Mapping[str, object]]] = {}
    for place, rule in enumerate(ctx.settings(EscalationSettings).rules):
        if _fits(rule, incident) and not (rule.minutes and incident.answered):
            due = max(incident.opened_at + timedelta(minutes=rule.minutes), ctx.now)
            moments[_rule_key(incident, place)] = (due, {"incident": incident.id, "rule": rule.model_dump(mode="json")})
    if moments:
        ctx.later_all(ripe, moments)


@timer("rule")
def ripe(ctx: Context, incident: int, rule: dict[str, object]) -> None:
    """Nobody answered for so long as a rule says: a co-ordinator is asked whether it goes to officials (R43)."""
    known = ctx.records.get(Incident, incident)
    found = Rule.model_validate(rule)
    if known is None or not known.is_open or not _fits(found, known) or (found.minutes and known.answered):
        return
    target = read_target(ctx, Holders(ctx), found.target).value
    earlier = ctx.records.first(Escalation, incident=known.id, target=target)
    if earlier is None and find_running(ctx, known.alert, target) is None:
        opening.open_escalation(ctx, known, target)


def _fits(rule: Rule, incident: Incident) -> bool:
    severe = _ORDER.index(incident.severity) <= _ORDER.index(rule.severity)
    return severe and rule.category in ("", incident.facts.get("category"))


def _rule_key(incident: Incident, place: int) -> str:
    return f"rule:{incident.alert}:{place}"


# --- inside ----------------------------------------------------------------------------------------------------------


def _known(ctx: Context, alert: int) -> Incident | None:
    return ctx.records.first(Incident, alert=alert)


def _raised(ctx: Context, incident: Incident) -> None:
    """The severity rose: every walk begins anew, and what waits for a yes waits as what it is now."""
    for one in ctx.records.find(Escalation, incident=incident.id):
        if _ORDER.index(incident.severity) >= _ORDER.index(one.severity) or not (one.is_running or one.state in _ANEW):
            continue
        one.severity = incident.severity
        log(ctx, one, "severity", detail=incident.severity.value)
        if one.approved_by is None and one.state is State.REQUESTED:
            continue  # it waits for its yes, and goes out as what it is by then
        run_again(ctx, one)
        engine.begin(ctx, one)
