"""Tolberg's walkers: the people of every story about patrols, and how far they have come."""

from __future__ import annotations

from dataclasses import dataclass

from buurtwacht.testing import World
from buurtwacht.testing.people import Member
from buurtwacht.testing.sightings import Received
from buurtwacht.testing.town import Neighbourhood

ROSTER = "rooster 4 mei t/m 31 mei, di 21:30 en vr 22:00, 60 min, 2 lopers, startpunt parkeerplaats De Wal"
WALKER = ["member", "patroller"]


@dataclass
class Walkers:
    """Kees plans; Henk, Riet, Fatima and Piet walk; Ans is a neighbour."""

    world: World
    place: Neighbourhood
    kees: Member
    ans: Member
    henk: Member
    riet: Member
    fatima: Member
    piet: Member

    @property
    def all(self) -> list[Member]:
        """Those who walk."""
        return [self.henk, self.riet, self.fatima, self.piet]


def walkers(world: World, at: str = "2026-04-20 10:00", quiet: str | None = None, **settings: object) -> Walkers:
    """Build it at a moment; `settings` are those of patrols here."""
    world.at(at)
    place = world.neighbourhood("TB", "Tolberg", quiet_hours=quiet, settings={"patrols": settings})
    return Walkers(
        world=world,
        place=place,
        kees=place.member("Kees", channel="whatsapp", roles=["member", "coordinator"]),
        ans=place.member("Ans", channel="telegram"),
        henk=place.member("Henk", channel="whatsapp", roles=WALKER),
        riet=place.member("Riet", channel="telegram", roles=WALKER),
        fatima=place.member("Fatima", channel="telegram", roles=WALKER),
        piet=place.member("Piet", channel="telegram", roles=WALKER),
    )


def asked(town: Walkers, sentence: str = ROSTER) -> None:
    """Plan, look and say yes: the walkers are asked."""
    town.kees.says(sentence)
    town.kees.taps("Ja")
    town.world.advance(seconds=5)


def proposed(town: Walkers, sentence: str = ROSTER) -> None:
    """Everybody can always; the co-ordinator has his proposal."""
    asked(town, sentence)
    for one in town.all:
        one.says("altijd")
    town.world.advance(seconds=5)
    town.kees.says("voorstel")


def published(town: Walkers, sentence: str = ROSTER) -> None:
    """The roster is published, and everybody has read it."""
    proposed(town, sentence)
    town.kees.says("publiceer")
    town.world.advance(seconds=10)


def arrived(member: Member) -> list[Received]:
    """Return what a member has before him."""
    return [one for one in member.received if one.arrived]


def lines(text: str) -> dict[str, str]:
    """Return the lines of a plan, by day and time: who walks."""
    found = (line.rpartition(": ") for line in text.splitlines() if " mei " in line and ": " in line)
    return {at: who for at, _, who in found}


def pairs(text: str) -> list[frozenset[str]]:
    """Return who walks each shift of a plan, in order of time."""
    return [frozenset(who.split(", ")) for who in lines(text).values()]
