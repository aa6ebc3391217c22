"""Roosendaal: three neighbourhoods, their representatives and members, and three officials who write to them."""

from __future__ import annotations

from dataclasses import dataclass

from buurtwacht.testing import Member, Neighbourhood, World
from buurtwacht_escalation.testing import official

WATER = "Geen water morgen\n\nVan 9 tot 12 uur is het water dicht:\n• Kring\n• Lindenburg\nGeldig tot vrijdag 18:00."


@dataclass
class Town:
    """Mieke is of the municipality, Bas the mayor, Petra of the police. Kroeven has no representative."""

    world: World
    tolberg: Neighbourhood
    langdonk: Neighbourhood
    kroeven: Neighbourhood
    mieke: Member
    bas: Member
    petra: Member
    #: representatives
    vera: Member
    wim: Member
    #: members of Tolberg; Kees is its co-ordinator
    kees: Member
    anna: Member
    sara: Member
    #: of Langdonk; Jan wants nothing of the municipality
    lot: Member
    jan: Member
    #: of Kroeven
    piet: Member


def roosendaal(world: World, at: str = "2026-03-03 14:00", **settings: object) -> Town:
    """Build it at a moment, a Tuesday afternoon unless said otherwise; `settings` are those of Langdonk."""
    world.at(at)
    tolberg = world.neighbourhood("TB", "Tolberg", municipality="Roosendaal")
    own = {"announcements": settings} if settings else {}
    langdonk = world.neighbourhood("LD", "Langdonk", municipality="Roosendaal", settings=own)
    kroeven = world.neighbourhood("KR", "Kroeven", municipality="roosendaal")
    world.neighbourhood("ZV", "Zegge", municipality="Rucphen").member("Toos", channel="telegram")
    representative = ["member", "representative"]
    return Town(
        world=world,
        tolberg=tolberg,
        langdonk=langdonk,
        kroeven=kroeven,
        mieke=official(world, "Mieke", "municipality", municipality="Roosendaal", channel="telegram"),
        bas=official(world, "Bas", "mayor", municipality="Roosendaal", channel="whatsapp"),
        petra=official(world, "Petra", "police", municipality="Roosendaal", channel="telegram"),
        vera=tolberg.member("Vera", channel="telegram", roles=representative),
        wim=langdonk.member("Wim", channel="whatsapp", roles=representative),
        kees=tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"]),
        anna=tolberg.member("Anna", channel="whatsapp"),
        sara=tolberg.member("Sara", channel="telegram", language="en"),
        lot=langdonk.member("Lot", channel="telegram"),
        jan=langdonk.member("Jan", channel="telegram", refuses=["municipality"]),
        piet=kroeven.member("Piet", channel="telegram"),
    )


def texts(member: Member) -> list[str]:
    """Return all that somebody read."""
    return [one.text for one in member.received]


def about(member: Member, words: str) -> list[str]:
    """Return what somebody read with these words in it."""
    return [one for one in texts(member) if words in one]


def send(member: Member, text: str, label: str = "Koud") -> None:
    """Have an official write, choose the class and say yes to the preview."""
    member.says(f"mededeling: {text}")
    member.taps(label)
    member.taps("Ja")
