"""Quiet hours: whom an urgent alert does not wake, and what he is shown when his night ends (R12, R15)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from buurtwacht import CARETAKERS, Context, Message, Person, PersonId, Severity, Text, timer
from buurtwacht_alerts import distances, muting
from buurtwacht_alerts.alert import Alert, Copy, Held, Outcome, get, home
from buurtwacht_alerts.categories import Route
from buurtwacht_alerts.covered import said
from buurtwacht_alerts.muting import PassedOver, Why
from buurtwacht_alerts.settings import AlertSettings, Night
from buurtwacht_alerts.wording import for_members, label, masker, place, when


def hold(ctx: Context, alert: Alert, without: Collection[PersonId] = ()) -> list[PersonId]:
    """Put those aside who live far off and sleep; they are shown it when their quiet hours end; `without` these."""
    if alert.severity is not Severity.URGENT or alert.route is not Route.NEIGHBOURHOOD or alert.street is None:
        return []
    if ctx.settings(AlertSettings).night is Night.EVERYBODY:
        return []
    waking: dict[datetime, list[PersonId]] = defaultdict(list)
    for person in ctx.members():
        until = ctx.here.quiet_until(person.quiet_hours, ctx.now)
        if until is None or person.id in alert.reporters or person.id in without:
            continue
        if _lives_far(ctx, person, alert.street):
            waking[until].append(person.id)
            ctx.records.add(Held(alert=alert.id, person=person.id, until=until))
            ctx.records.add(PassedOver(alert=alert.id, person=person.id, why=Why.ASLEEP, until=until))
    for until in waking:
        ctx.later(until, "wake", key=f"wake:{alert.id}:{until:%m%d%H%M}", alert=alert.id, until=until.isoformat())
    return [person for people in waking.values() for person in people]


def _lives_far(ctx: Context, person: Person, street: str) -> bool:
    mine = person.membership(ctx.here.id)
    if mine is None or mine.has(*CARETAKERS):
        return False
    away = distances.between(ctx.here, mine.street, street)
    return away is not None and away > distances.NEAR


@timer("wake")
def wake(ctx: Context, alert: int, until: str) -> None:
    """The quiet hours of some have ended and the alert is still open: they are shown it as live (R12)."""
    known = get(ctx, alert)
    held = ctx.records.find(Held, alert=alert, until=datetime.fromisoformat(until))
    if not known.is_open or not held:
        return
    if people := muting.reachable(ctx, known, [one.person for one in held]):
        message = ctx.broadcast(
            ctx.audience.people(people), for_members(ctx, known, late=True), known.severity, thread=known
        )
        known.sent(message)
        ctx.records.add(Copy(alert=alert, message=message, people=[int(one) for one in people]))
    for one in held:
        ctx.records.remove(one)


def digest(ctx: Context, alert: Alert) -> None:
    """Give those who were only going to see it in the morning one entry with the outcome, none after a false alarm."""
    own = home(ctx, alert)
    held = own.records.find(Held, alert=alert.id)
    waiting = [one.person for one in held]
    if not alert.severity.presses:
        # What merely has not left yet, such as in an outage, is not said any more (R19).
        put_off = (one for one in own.reached(alert) if one.state == "queued" and one.put_off)
        waiting += [one.person for one in put_off if one.person not in alert.reporters]
    for one in held:
        own.records.remove(one)
    waiting = [one for one in waiting if one != alert.closed_by]
    if not waiting or alert.outcome in (Outcome.FALSE_ALARM, Outcome.RETRACTED):
        return
    masked = masker(own)
    text = Text(
        "digest",
        label=label(alert),
        place=place(alert, masked),
        at=when(alert),
        short=alert.short,
        # Whoever closed it was asked for the source (R14).
        outcome=said(masker(own, confirmed=True)(alert.outcome_text)) or Text(f"outcome.{alert.outcome}"),
    )
    own.broadcast(own.audience.people(muting.reachable(own, alert, waiting)), Message(text), Severity.INFO)
