"""What this plugin adds to the test kit: how somebody in a world becomes a member, by the words and taps of people."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from buurtwacht import CARETAKERS
from buurtwacht.testing import Member, Neighbourhood, Received, World
from buurtwacht_members import approval

#: What he types to begin, and what is tapped for yes, by language.
_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType({"nl": ("aanmelden", "Ja"), "en": ("join", "Yes")})
#: A messenger's pace may hold back the question to the co-ordinator: so many seconds it is waited for.
_PATIENCE = 60


def join(world: World, member: Member) -> None:
    """Let a newcomer ask, and who looks after his neighbourhood let him in; a few seconds may pass.

    Where nobody looks after it, whoever runs it lets him in. Raises `LookupError` when somebody is not asked what he
    should be.
    """
    if member.home is None:
        raise LookupError(f"{member.name} belongs to no neighbourhood that he could join")
    begin, yes = _WORDS[member.language]
    member.says(f"{begin} {member.home.code}")
    member.taps(yes)
    member.says(member.name)
    member.says("Dorpsstraat")
    caretakers = _caretakers(world, member.home)
    if not caretakers:
        with world.context("members", member.home) as ctx:
            approval.let_in(ctx, world.person_id(member))
        return
    for _ in range(_PATIENCE):
        for caretaker in caretakers:
            asked = _question(caretaker, member.name)
            if asked is not None:
                caretaker.taps(_WORDS[caretaker.language][1], on=asked)
                return
        world.advance(seconds=1)
    raise LookupError(f"nobody was asked whether {member.name} may come in")


def _caretakers(world: World, where: Neighbourhood) -> list[Member]:
    with world.context("members", where) as ctx:
        may = {one.id for one in ctx.members(*CARETAKERS)}
    return [one for one in world.members if world.find(one) in may]


def _question(caretaker: Member, name: str) -> Received | None:
    """Return the newest message on his screen that asks about somebody of this name."""
    yes = _WORDS[caretaker.language][1]
    arrived = [one for one in caretaker.received if one.arrived and yes in one.buttons and name in one.text]
    return arrived[-1] if arrived else None
