"""Whom an alert passes over: those whose mute keeps it from them. It is on record, for whoever asks why later."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from enum import StrEnum

from buurtwacht import CARETAKERS, Audience, Context, Mute, Person, PersonId, Record, Severity
from buurtwacht_alerts import distances
from buurtwacht_alerts.alert import Alert, home


class Why(StrEnum):
    """Why somebody was not shown an alert when the others were."""

    #: his mute keeps all but what is critical and near him
    MUTED = "muted"
    MUTED_ALL = "muted_all"
    #: his quiet hours held it; he was shown it, or its outcome, when they ended
    ASLEEP = "asleep"
    #: he wants nothing from other neighbourhoods
    REFUSED = "refused"


class PassedOver(Record, plugin="alerts", index=(("alert", "person"), ("person",))):
    """Somebody who was not shown an alert when the others were: why, and until when that was to last."""

    alert: int
    person: PersonId
    why: Why
    until: datetime | None = None


#: What somebody chose himself by muting.
BY_MUTE = (Why.MUTED, Why.MUTED_ALL)
#: The kind of sender that an alert from next door is (R48).
_NEXT_DOOR = "neighbourhoods"


def passed_over(ctx: Context, alert: Alert, without: Collection[int]) -> list[PersonId]:
    """Put on record those here whom a mute keeps from the alert, and return them; not who is in `without`.

    `ctx` is where it goes: the alert's own neighbourhood, or one next door.
    """
    return _kept_from(ctx, alert, [one for one in ctx.muted() if one.id not in without])


def decided(audience: Audience, alert: Alert) -> Audience:
    """Return an audience from which those are taken whom a mute keeps from an alert: no other mute counts.

    What does not press may wait for the end of quiet hours, and until then somebody may mute: the core sees to that.
    """
    return audience.even_muted() if alert.severity.presses else audience


def refusing(ctx: Context, alert: Alert, without: Collection[int]) -> list[PersonId]:
    """Put on record those here who want nothing from other neighbourhoods, and return them (R48)."""
    found = [one for one in ctx.members() if _NEXT_DOOR in one.refuses and one.id not in without]
    for one in found:
        ctx.records.add(PassedOver(alert=alert.id, person=one.id, why=Why.REFUSED))
    return [one.id for one in found]


def reachable(ctx: Context, alert: Alert, people: Collection[PersonId]) -> list[PersonId]:
    """Return those of some people whom no mute keeps from the alert, and put the others on record."""
    found = ctx.people(people)
    kept = set(_kept_from(ctx, alert, [one for one in found.values() if one.is_muted(ctx.now)]))
    return [one for one in people if one not in kept]


def _kept_from(ctx: Context, alert: Alert, muted: Iterable[Person]) -> list[PersonId]:
    kept = [one for one in muted if _keeps(ctx, alert, one)]
    for one in kept:
        why = Why.MUTED_ALL if one.mutes is Mute.ALL else Why.MUTED
        ctx.records.add(PassedOver(alert=alert.id, person=one.id, why=why, until=one.muted_until))
    return [one.id for one in kept]


def _keeps(ctx: Context, alert: Alert, person: Person) -> bool:
    """Whether the mute of somebody muted keeps the alert from him. His task here goes on, unless he mutes that too."""
    if person.mutes is Mute.ALL:
        return True
    mine = person.membership(ctx.here.id)
    his = mine is not None and mine.state == "active" and mine.has(*CARETAKERS)
    if his and (alert.severity.presses or ctx.here.id == alert.neighbourhood):
        return False
    return alert.severity is not Severity.CRITICAL or _lives_far(ctx, alert, person)


def _lives_far(ctx: Context, alert: Alert, person: Person) -> bool:
    """Whether it is known that somebody lives far from an alert; the unknown is near, and so is next door."""
    mine = person.membership(alert.neighbourhood)
    if mine is None or mine.state != "active":
        return False
    away = distances.between(home(ctx, alert).here, mine.street, alert.street)
    return away is not None and away > distances.NEAR


def wake(ctx: Context, alert: Alert, people: Collection[PersonId]) -> None:
    """Take off the record that quiet hours kept the alert from some people: they are shown it now."""
    for one in ctx.records.find(PassedOver, alert=alert.id, why=Why.ASLEEP):
        if one.person in people:
            ctx.records.remove(one)


def muted(ctx: Context, alert: Alert) -> set[PersonId]:
    """Return everybody whom a mute has kept from the alert."""
    found = ctx.records.find(PassedOver, PassedOver.__table__.c.why.in_(BY_MUTE), alert=alert.id)
    return {one.person for one in found}
