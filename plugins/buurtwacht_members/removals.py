"""Removals: a membership that those who look after a neighbourhood ended, how long that is known, and the way back."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import Context, Person, PersonId, Severity, Text, Thread, timer
from buurtwacht_members import ending, invitations, joining
from buurtwacht_members.records import Removal

#: Domain §4.4.6: so long somebody who was removed is known as such.
_KEPT = timedelta(days=365)


def remove(ctx: Context, who: PersonId, told: Text) -> None:
    """End somebody's membership here against his will: he reads `told`, and his tasks are free."""
    ctx.send(who, told)
    ending.end(ctx, who)
    known = of(ctx, who)
    if known is None:
        known = ctx.records.add(Removal(person=who, neighbourhood=ctx.here.id, at=ctx.now))
    known.at = ctx.now
    ctx.later(_KEPT, "removal_lapses", key=f"removal:{known.id}", removal=known.id)


def of(ctx: Context, who: PersonId) -> Removal | None:
    """Return somebody's removal here, if there was one that is still known."""
    return ctx.records.first(Removal, person=who, neighbourhood=ctx.here.id)


@timer("removal_lapses")
def removal_lapses(ctx: Context, removal: int) -> None:
    """It is known no more."""
    known = ctx.records.get(Removal, removal)
    if known is not None:
        ctx.records.remove(known)


def forget(ctx: Context, who: PersonId) -> None:
    """Let no removal lead to somebody who is erased."""
    for known in ctx.records.find(Removal, person=who):
        ctx.records.remove(known)


# --- what another plugin decided about -------------------------------------------------------------------------------


def decided(ctx: Context, person: PersonId, alarms: int, days: int) -> None:
    """An admin removes somebody whose reports were often false alarms: he hears what, why and how to object (R25)."""
    if _is_active(ctx, person):
        told = Text("removed.false_alarms", neighbourhood=ctx.here.name, alarms=alarms, days=days)
        remove(ctx, person, told)


def undone(ctx: Context, person: PersonId, by: PersonId) -> None:
    """The decision was taken back: he needs only to agree to the house rules again, as who is invited (R56)."""
    known = of(ctx, person)
    who = ctx.people([person]).get(person)
    if known is not None:
        ctx.cancel(f"removal:{known.id}")
        ctx.records.remove(known)
    if who is None or _is_active(ctx, person):
        return
    thread = Thread(ctx.plugin, who.id)
    ctx.send(who, Text("removed.undone", neighbourhood=ctx.here.name), severity=Severity.NOTICE, thread=thread)
    joining.ask_consent(ctx, who, invitations.back(ctx, who, _street(ctx, who), by).id)


def _is_active(ctx: Context, person: PersonId) -> bool:
    who = ctx.people([person]).get(person)
    place = who.membership(ctx.here.id) if who is not None else None
    return place is not None and place.state == "active"


def _street(ctx: Context, who: Person) -> str:
    place = who.membership(ctx.here.id)
    return place.street if place is not None else ""
