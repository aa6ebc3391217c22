"""Tolberg with officials: the neighbours of the first story, and those to whom an alert can go."""

from __future__ import annotations

from dataclasses import dataclass

from buurtwacht.testing import World
from buurtwacht.testing.people import Member
from buurtwacht.testing.sightings import Received

from .tolberg import Tolberg, alarmed, tolberg

CITY = "Roosendaal"


@dataclass
class Called:
    """Peters is the community police officer, on WhatsApp; Bakker does enforcement, on Telegram."""

    world: World
    town: Tolberg
    peters: Member
    bakker: Member

    @property
    def members(self) -> list[Member]:
        """Who lives there and looks after nothing, the reporter left out."""
        return [self.town.henk, self.town.riet]

    def escalate(self, words: str = "wijkagent") -> None:
        """Have the co-ordinator ask for an official."""
        self.town.kees.says(f"opschalen TB-0001 {words}")
        self.world.advance(seconds=5)


def called(world: World, **settings: object) -> Called:
    """Build it on the night of the first story, with the car reported and read; officials are on duty day and night."""
    town = tolberg(world, **settings)
    here = (town.place,)
    found = Called(
        world=world,
        town=town,
        peters=world.official("Peters", "police", municipality=CITY, neighbourhoods=here, channel="whatsapp"),
        bakker=world.official("Bakker", "boa", municipality=CITY, neighbourhoods=here, channel="telegram"),
    )
    alarmed(town)
    return found


def package(member: Member) -> Received:
    """Return the newest package he was sent."""
    return next(one for one in reversed(member.received) if one.arrived and one.text.startswith(("Opschaling:", "Esc")))
