"""The end of a membership, whoever ends it: what somebody had taken on is free again, and who must know is told."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import CARETAKERS, Context, PersonId, Role, Text, timer
from buurtwacht_members import admins, approval

#: Domain §4.4.6: the proof of consent is kept for the membership and two years.
PROOF = timedelta(days=731)


def end(ctx: Context, who: PersonId) -> None:
    """End somebody's place in this neighbourhood: what he had taken on is free again, and the co-ordinators hear it."""
    known = ctx.people([who]).get(who)
    place = known.membership(ctx.here.id) if known is not None else None
    if place is None or place.state == "left":
        return
    approval.withdraw(ctx, who, ctx.here.id)
    ctx.directory.leave(who, ctx.here.id)
    ctx.later(PROOF, "proof_lapses", key=f"proof:{who}", person=who)
    if place.state != "active":
        return
    ctx.tell("member_left", person=who, neighbourhood=ctx.here.id)
    by = ctx.person.id if ctx.has_person else 0
    caretakers = [one.id for one in ctx.members(*CARETAKERS) if one.id not in (who, by)]
    if caretakers:
        ctx.send(caretakers, Text("left.caretakers", who=ctx.name_of(who), neighbourhood=ctx.here.name))
    if place.has(Role.ADMIN):
        admins.warn(ctx, without=who)


@timer("proof_lapses")
def proof_lapses(ctx: Context, person: int) -> None:
    """Two years after he left, nothing of him is kept any more."""
    known = ctx.people([person]).get(person)
    if known is not None and all(one.state == "left" for one in known.memberships) and not ctx.offices_of([known]):
        ctx.directory.erase(PersonId(person))
        ctx.tell("erase_person", person=person)
