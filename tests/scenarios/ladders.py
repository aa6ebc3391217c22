"""Tolberg with its officials: who stands on the ladder of an escalation, for every story about how it climbs."""

from __future__ import annotations

from dataclasses import dataclass, field

from buurtwacht.testing import World
from buurtwacht.testing.people import Member
from buurtwacht.testing.town import Neighbourhood

CAR = "verdachte auto meidoornstraat, rijdt stapvoets langs de auto's, lichten uit"


@dataclass
class Town:
    """Fatima reports; Kees is co-ordinator, Dirk his deputy; Piet, Gerda and Bram are police, municipality and BOA."""

    world: World
    place: Neighbourhood
    fatima: Member
    henk: Member
    kees: Member
    dirk: Member
    piet: Member
    gerda: Member
    bram: Member
    caretakers: list[Member] = field(init=False)
    officials: list[Member] = field(init=False)

    def __post_init__(self) -> None:
        self.caretakers = [self.kees, self.dirk]
        self.officials = [self.piet, self.gerda, self.bram]


def ladders(
    world: World,
    at: str = "2026-01-14 14:00",
    *,
    duty: str | None = None,
    off_duty: str | None = None,
    leave_until: str | None = None,
    settings: dict[str, object] | None = None,
) -> Town:
    """Build it on a Wednesday afternoon; the hours are Piet's, `settings` those of escalation here."""
    world.at(at)
    place = world.neighbourhood(
        "TB",
        "Tolberg",
        municipality="Roosendaal",
        streets=["Meidoornstraat", "Beukenlaan"],
        quiet_hours=None,
        settings={"escalation": settings or {}},
    )
    return Town(
        world=world,
        place=place,
        fatima=place.member("Fatima", channel="telegram", street="Meidoornstraat"),
        henk=place.member("Henk", channel="whatsapp", street="Beukenlaan"),
        kees=place.member("Kees", channel="whatsapp", roles=["member", "coordinator"]),
        dirk=place.member("Dirk", channel="telegram", roles=["member", "deputy_coordinator"]),
        piet=world.official(
            "Piet",
            "police",
            municipality="Roosendaal",
            channel="telegram",
            duty=duty,
            off_duty=off_duty,
            leave_until=leave_until,
        ),
        gerda=world.official("Gerda", "municipality", municipality="Roosendaal", channel="whatsapp"),
        bram=world.official("Bram", "boa", municipality="Roosendaal", channel="telegram"),
    )


def alarmed(town: Town, text: str = CAR) -> None:
    """Let Fatima report, and the alert go out."""
    town.fatima.says(text)
    town.world.advance(seconds=5)
    if any("Ja, door mij" in one.buttons for one in town.fatima.received):
        town.fatima.taps("Ja, door mij")
    town.world.advance(seconds=30)


def asked(member: Member) -> list[str]:
    """Return the questions of officials that a member has before him: what can be answered with "Ik pak het op"."""
    return [one.newest for one in member.received if one.arrived and "Ik pak het op" in one.buttons]


def said(member: Member) -> str:
    """Return all that a member has before him, one below the other."""
    return "\n".join(one.newest for one in member.received if one.arrived)


def about(member: Member, *words: str) -> list[str]:
    """Return the messages of a member that hold all these words."""
    return [one.newest for one in member.received if one.arrived and all(word in one.newest for word in words)]
