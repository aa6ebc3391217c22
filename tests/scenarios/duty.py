"""A shift on Tuesday 12 May at 21:30 that Henk and Riet walk; Fatima and Piet could stand in. For stories of rounds."""

from __future__ import annotations

from buurtwacht.testing import World
from buurtwacht.testing.people import Member
from buurtwacht.testing.sightings import Received

from .patrols import Walkers, walkers

SHIFT = "rooster 12 mei t/m 12 mei, di 21:30, 60 min, 2 lopers, startpunt parkeerplaats De Wal"


def duty(
    world: World, sentence: str = SHIFT, at: str = "2026-05-04 10:00", quiet: str | None = None, **settings: object
) -> Walkers:
    """Plan and publish it: Henk and Riet can always, the others say nothing."""
    town = walkers(world, at=at, quiet=quiet, **settings)
    town.kees.says(sentence)
    town.kees.taps("Ja")
    world.advance(seconds=5)
    for one in (town.henk, town.riet):
        one.says("altijd")
    world.advance(seconds=5)
    town.kees.says("voorstel")
    town.kees.taps("Maak het voorstel")
    town.kees.says("publiceer")
    world.advance(seconds=10)
    return town


def since(member: Member, moment: str) -> list[Received]:
    """Return what a member has got from a local moment on, such as "05-12 21:30"."""
    return [one for one in member.received if one.arrived and f"{one.at:%m-%d %H:%M}" >= moment]


def said(member: Member, moment: str) -> str:
    """Return the words of what a member has got from a moment on, one below the other."""
    return "\n".join(one.newest for one in since(member, moment))
