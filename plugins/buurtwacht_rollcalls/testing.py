"""What this plugin adds to the test kit: neighbours who hold somebody's key, as when he named them and they agreed."""

from __future__ import annotations

from collections.abc import Sequence

from buurtwacht.testing import Member, World
from buurtwacht_rollcalls.records import KeyHolder


def key_holders(world: World, member: Member, holders: Sequence[Member]) -> None:
    """Write down who holds somebody's key, in the order in which they are asked. Raises `LookupError`."""
    if member.home is None:
        raise LookupError(f"{member.name} belongs to no neighbourhood in which he could be asked after")
    person = world.person_id(member)
    with world.context("rollcalls", member.home) as ctx:
        known = ctx.records.find(KeyHolder, neighbourhood=member.home.id, person=person)
        held = {one.holder for one in known}
        for place, holder in enumerate(holders, start=len(known) + 1):
            ident = world.person_id(holder)
            if ident not in held:
                kept = KeyHolder(neighbourhood=ctx.here.id, person=person, holder=ident, place=place, agreed=True)
                ctx.records.add(kept)
