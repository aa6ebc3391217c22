"""An alert turns out graver than it went out as: everybody who was shown it hears that, and who was spared gets it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from buurtwacht.testing import World
from buurtwacht.testing.people import Member
from buurtwacht.testing.town import Neighbourhood

from .tolberg import CAR, about, both_ways, texts

world = both_ways

DARK = "melding stroomstoring in de Meidoornstraat, alles is donker"
STREETS = {"Meidoornstraat": (51.53084, 4.46531), "Beukenlaan": (51.5400, 4.4800), "Esdoornlaan": (51.5310, 4.4660)}


@dataclass
class Street:
    """Fatima reports, Henk is awake, Riet sleeps far off, Kees is the co-ordinator; Lien lives next door."""

    world: World
    place: Neighbourhood
    fatima: Member
    henk: Member
    riet: Member
    kees: Member
    lien: Member


def street(world: World, at: str = "2026-01-16 01:42") -> Street:
    world.at(at)
    place = world.neighbourhood("TB", "Tolberg", adjacent=["LD"], streets=STREETS, quiet_hours="22:30-07:00")
    other = world.neighbourhood("LD", "Langdonk", adjacent=["TB"], quiet_hours="22:30-07:00")
    henk = place.member("Henk", channel="whatsapp", street="Meidoornstraat")
    riet = place.member("Riet", channel="telegram", street="Beukenlaan")
    return Street(
        world=world,
        place=place,
        fatima=place.member("Fatima", channel="telegram", street="Meidoornstraat"),
        henk=henk,
        riet=riet,
        kees=place.member("Kees", channel="whatsapp", roles=["member", "coordinator"]),
        lien=other.member("Lien", channel="telegram"),
    )


def reported(town: Street) -> None:
    town.fatima.says(CAR)
    town.fatima.taps("Ja, door mij")
    town.world.advance(seconds=30)


def raised(town: Street, words: str = "verhoog TB-0001 kritiek er is een mes gezien") -> None:
    town.kees.says(words)
    town.kees.taps("Ja")
    town.world.advance(seconds=20)


def test_who_sleeps_is_woken_and_who_knew_reads_how_grave_it_is(world: World) -> None:
    town = street(world)
    reported(town)
    assert not about(town.riet, "TB-0001")
    raised(town)
    (shown,) = about(town.riet, "TB-0001")
    assert "KRITIEK" in shown
    assert "mes gezien" in shown
    line = town.henk.last
    assert line.text.startswith("🔴 Ernstiger dan eerst: KRITIEK")
    assert "Reden: er is een mes gezien" in line.text
    assert "KRITIEK" in town.fatima.last.text
    assert not about(town.lien, "TB-0001")
    town.riet.taps("Ik let op")
    assert "Genoteerd" in town.riet.last.text or "TB-0001" in town.riet.last.text
    town.world.advance(hours=8)
    assert len([one for one in texts(town.riet) if "Meidoornstraat" in one]) == 1


def test_it_is_asked_once_and_no_changes_nothing(world: World) -> None:
    town = street(world)
    reported(town)
    town.kees.says("verhoog 1 kritiek")
    assert "ook wie slaapt" in town.kees.last.text
    town.kees.taps("Nee")
    assert "blijft URGENT" in town.kees.last.text
    town.world.advance(minutes=5)
    assert not about(town.riet, "TB-0001")


@pytest.mark.parametrize(
    ("words", "reply"),
    [
        ("verhoog TB-0001 urgent", "is al URGENT"),
        ("verhoog TB-0009 kritiek", "TB-0009"),
        ("verhoog TB-0001", "van URGENT naar KRITIEK"),
        ("raise tb 1 critical", "van URGENT naar KRITIEK"),
        ("verhoog TB-0001 kritiek volgens de politie een mes", "politie"),
    ],
)
def test_what_somebody_may_type(world: World, words: str, reply: str) -> None:
    town = street(world)
    reported(town)
    town.kees.says(words)
    assert reply in town.kees.last.text


def test_twice_says_that_it_is_so_already(world: World) -> None:
    town = street(world)
    reported(town)
    raised(town)
    town.kees.says("verhoog TB-0001 kritiek")
    assert "ernstiger kan niet" in town.kees.last.text


def test_a_closed_alert_stays_as_it_was(world: World) -> None:
    town = street(world)
    reported(town)
    town.kees.says("verhoog TB-0001 kritiek")
    question = town.kees.last
    town.kees.says("einde TB-0001")
    town.kees.taps("Ja", on=question)
    assert "al gesloten" in town.kees.last.text
    town.world.advance(minutes=1)
    assert not about(town.riet, "KRITIEK")


def test_only_who_looks_after_the_neighbourhood_raises_it(world: World) -> None:
    town = street(world)
    reported(town)
    town.henk.says("verhoog TB-0001 kritiek")
    town.world.advance(minutes=3)
    assert not about(town.riet, "KRITIEK")


def test_what_waited_for_the_morning_goes_now_and_not_again(world: World) -> None:
    town = street(world)
    town.fatima.says(DARK)
    town.world.advance(minutes=2)
    assert not about(town.henk, "TB-0001")
    raised(town, "verhoog TB-0001 urgent er ligt een kabel los")
    (shown,) = about(town.henk, "TB-0001")
    assert "URGENT" in shown
    assert not about(town.riet, "TB-0001")  # she sleeps far off
    town.world.advance_to("2026-01-16 07:05")
    assert len(about(town.riet, "TB-0001")) == 1
    assert len(about(town.henk, "TB-0001")) == 1
    town.fatima.says("ja, 112 gebeld")
    town.world.advance(seconds=10)
    town.kees.says("einde TB-0001 de kabel is weg")
    town.world.advance(seconds=10)
    for one in (town.henk, town.riet):
        assert "de kabel is weg" in one.last.text


def test_an_update_of_before_stands_in_what_is_shown_now_and_does_not_come_again(world: World) -> None:
    town = street(world)
    town.fatima.says(DARK)
    town.world.advance(minutes=10)
    town.kees.says("aanvulling TB-0001 de netbeheerder is bezig")
    town.world.advance(minutes=10)
    assert not about(town.henk, "netbeheerder")
    raised(town, "verhoog TB-0001 urgent er ligt een kabel los")
    (shown,) = about(town.henk, "TB-0001")
    assert "de netbeheerder is bezig" in shown
    town.world.advance_to("2026-01-16 07:10")
    for one in (town.henk, town.riet):  # she sleeps far off
        (shown,) = [text for text in texts(one) if "TB-0001" in text or "netbeheerder" in text]
        assert "URGENT" in shown
        assert "de netbeheerder is bezig" in shown


def test_who_knew_of_it_reads_in_the_morning_what_he_has_not_read_yet(world: World) -> None:
    town = street(world, "2026-01-15 22:10")
    town.fatima.says(DARK)
    town.world.advance_to("2026-01-15 23:00")
    assert about(town.henk, "TB-0001")
    town.kees.says("aanvulling TB-0001 de netbeheerder is bezig")
    town.world.advance(minutes=10)
    raised(town, "verhoog TB-0001 urgent er ligt een kabel los")
    assert "Ernstiger dan eerst" in town.henk.last.text
    town.world.advance_to("2026-01-16 07:10")
    assert len(about(town.henk, "de netbeheerder is bezig")) == 1


def test_next_door_is_told_too(world: World) -> None:
    town = street(world)
    reported(town)
    town.kees.says("doorzetten TB-0001 LD")
    town.world.advance(seconds=30)
    raised(town)
    assert "Ernstiger dan eerst" in town.lien.last.text


def test_it_is_issued_and_on_record(world: World) -> None:
    town = street(world)
    reported(town)
    raised(town)
    newest = world.cap("TB-0001")[-1]
    assert "<msgType>Update</msgType>" in newest
    assert "<severity>Severe</severity>" in newest
    assert any(one.event == "alert_raised" for one in world.audit())
    town.kees.says("waarom TB-0001 Riet")
    assert "stille uren" not in town.kees.last.text
