"""Kroeven without power: the neighbours of the stories about roll calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from buurtwacht.testing import Member, Neighbourhood, Received, World

QUESTION = "rondvraag Kroeven de stroom is uit, is iedereen oké? 90 min"


@pytest.fixture(params=[False, True], ids=["memory", "wire"])
def both_ways(request: pytest.FixtureRequest) -> Iterator[World]:
    """A world in memory, and one through the real adapters; what it checks at its end fails the test."""
    made = World(wire=request.param)
    try:
        yield made
        made.close()
    finally:
        made.close(check=False)


@dataclass
class Kroeven:
    """Kees is the co-ordinator, Ans the admin; Riet lives alone, Anna and Bart are near, Jan and Sara as well."""

    world: World
    place: Neighbourhood
    kees: Member
    ans: Member
    riet: Member
    anna: Member
    bart: Member
    jan: Member
    sara: Member
    everybody: list[Member] = field(init=False)

    def __post_init__(self) -> None:
        self.everybody = [self.kees, self.ans, self.riet, self.anna, self.bart, self.jan, self.sara]
        self.neighbours = self.everybody[2:]


def kroeven(world: World, at: str = "2026-03-03 19:00", quiet_hours: str | None = "22:30-07:00") -> Kroeven:
    """Build it at a moment. Riet has been silent for long, on WhatsApp; Bart has both messengers."""
    world.at(at)
    streets = ["Meidoornstraat", "Esdoornlaan"]
    place = world.neighbourhood("KR", "Kroeven", streets=streets, quiet_hours=quiet_hours)
    return Kroeven(
        world=world,
        place=place,
        kees=place.member("Kees", channel="telegram", roles=["member", "coordinator"]),
        ans=place.member("Ans", channel="whatsapp", roles=["member", "admin"]),
        riet=place.member("Riet", channel="whatsapp", window_open=False, street="Meidoornstraat 3", formal=True),
        anna=place.member("Anna", channel="telegram", street="Meidoornstraat"),
        bart=place.member("Bart", channels=["telegram", "whatsapp"]),
        jan=place.member("Jan", channel="whatsapp", street="Esdoornlaan"),
        sara=place.member("Sara", channel="telegram", language="en"),
    )


def asked(member: Member) -> Received:
    """Return the question of the roll call as this member has it."""
    return next(one for one in member.received if one.arrived and "R1" in one.text and one.buttons)


def texts(member: Member) -> list[str]:
    """Return all that a member has before him, the newest form of each message."""
    return [one.newest for one in member.received if one.arrived]


def about(member: Member, *words: str) -> list[str]:
    """Return those of his messages that hold all these words."""
    return [text for text in texts(member) if all(word in text for word in words)]


def counts(text: str) -> dict[str, int]:
    """Return the groups of a result by their labels, whichever way its lines were joined."""
    found: dict[str, int] = {}
    for line in text.replace(" · ", "\n").splitlines():
        label, colon, rest = line.partition(": ")
        number = rest.split(" ")[0]
        if colon and number.isdigit():
            found[label] = int(number)
    return found
