"""Tolberg by night: the neighbours of the first story, for every story about alerts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from buurtwacht.testing import World
from buurtwacht.testing.people import Member
from buurtwacht.testing.town import Neighbourhood

CAR = "verdachte auto meidoornstraat, rijdt stapvoets langs de auto's, lichten uit"
STREETS = ["Meidoornstraat", "Esdoornlaan", "Beukenlaan"]


@pytest.fixture(params=[False, True], ids=["memory", "wire"])
def both_ways(request: pytest.FixtureRequest) -> Iterator[World]:
    """A world in memory, and one through the real adapters; what it checks at its end fails the test."""
    made = World(wire=request.param)
    try:
        yield made
    finally:
        made.close(check=False)


@dataclass
class Tolberg:
    """Fatima reports, Henk and Riet are neighbours, Kees is the co-ordinator and Ans the admin."""

    world: World
    place: Neighbourhood
    fatima: Member
    henk: Member
    riet: Member
    kees: Member
    ans: Member
    everybody: list[Member] = field(init=False)

    def __post_init__(self) -> None:
        self.everybody = [self.fatima, self.henk, self.riet, self.kees, self.ans]


def tolberg(world: World, at: str = "2026-01-16 01:42", **settings: object) -> Tolberg:
    """Build it at a moment, without quiet hours; `settings` are those of the alerts here."""
    world.at(at)
    place = world.neighbourhood(
        "TB",
        "Tolberg",
        adjacent=["LD"],
        streets=STREETS,
        borders={"Esdoornlaan": "LD"},
        quiet_hours=None,
        settings={"alerts": settings},
    )
    return Tolberg(
        world=world,
        place=place,
        fatima=place.member("Fatima", channel="telegram", street="Meidoornstraat 12"),
        henk=place.member("Henk", channel="whatsapp", window_open=False, street="Meidoornstraat"),
        riet=place.member("Riet", channel="telegram", street="Beukenlaan"),
        kees=place.member("Kees", channel="whatsapp", roles=["member", "coordinator"]),
        ans=place.member("Ans", channel="telegram", roles=["member", "admin"]),
    )


def texts(member: Member) -> list[str]:
    """Return all that a member has before him, the newest form of each message."""
    return [one.newest for one in member.received if one.arrived]


def about(member: Member, word: str) -> list[str]:
    """Return those of his messages that hold a word."""
    return [text for text in texts(member) if word in text]


def alarmed(town: Tolberg) -> None:
    """Have Fatima report the car, call 112 herself, and everybody read it."""
    town.fatima.says(CAR)
    town.fatima.taps("Ja, door mij")
    town.world.advance(seconds=30)
