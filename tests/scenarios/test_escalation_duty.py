"""Officials say when they work; co-ordinators say it for them, and who stands on the ladder (R43, R54)."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World

from .ladders import alarmed, asked, ladders
from .tolberg import both_ways

world = both_ways


def test_an_official_says_when_he_works(world: World) -> None:
    town = ladders(world, "2026-01-16 18:30")
    town.piet.says("dienst ma-vr 8.00-17.00, za 10-14")
    assert "ma-vr 08:00-17:00, za 10:00-14:00" in town.piet.last.text
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    assert "zaterdag 10:00" in town.kees.last.text
    town.piet.says("dienst altijd")
    assert "altijd" in town.piet.last.text
    town.piet.says("dienst")
    assert "altijd" in town.piet.last.text


def test_an_official_says_for_what_he_may_be_woken(world: World) -> None:
    town = ladders(world, "2026-01-16 18:30", duty="ma-vr 8-17")
    town.piet.says("wekken urgent")
    assert "urgent en kritiek" in town.piet.last.text
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    world.advance(seconds=5)
    assert len(asked(town.piet)) == 1
    town.piet.says("wekken nooit")
    assert "alleen als" in town.piet.last.text


def test_an_official_goes_on_leave_and_comes_back(world: World) -> None:
    town = ladders(world)
    town.piet.says("verlof tot 1 februari")
    assert "Verlof tot" in town.piet.last.text
    assert "1 februari" in town.piet.last.text
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    world.advance(seconds=5)
    assert not asked(town.piet)
    town.piet.says("verlof voorbij")
    assert "Geen verlof." in town.piet.last.text


def test_duty_and_leave_read_as_people_say_them(world: World) -> None:
    town = ladders(world, duty="ma-vr 8-17")
    town.piet.says("dienst ma-vr 22-6")
    assert "ma-vr 22:00-06:00 (volgende dag)" in town.piet.last.text
    town.piet.says("verlof tot 1 februari")
    assert "Verlof tot zo 1 februari." in town.piet.last.text
    town.piet.says("language english")
    world.advance(seconds=5)
    town.piet.says("duty mon-fri 9-17")
    assert "Mon-Fri 09:00-17:00" in town.piet.last.text


def test_a_coordinator_says_it_for_him(world: World) -> None:
    town = ladders(world)
    town.kees.says("dienst Piet ma-vr 8-17")
    assert "Dienst van Piet: ma-vr 08:00-17:00" in town.kees.last.text
    town.kees.says("verlof wijkagent t/m vrijdag")
    assert "17 januari" in town.kees.last.text
    town.piet.says("dienst")
    assert "08:00-17:00" in town.piet.last.text
    town.kees.says("dienst ma-vr 8-17")
    assert "Van wie?" in town.kees.last.text
    assert "Gerda" in town.kees.last.text


def test_a_member_has_no_hours_of_duty(world: World) -> None:
    town = ladders(world)
    town.henk.says("dienst ma-vr 8-17")
    assert "mijn diensten" in town.henk.last.text


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("dienst banaan", "Ik begrijp deze tijden niet: banaan"),
        ("dienst ma 25-26", "Ik begrijp deze tijden niet"),
        ("verlof tot gisteren", "Ik begrijp deze dag niet"),
        ("verlof tot 31 februari", "Ik begrijp deze dag niet"),
        ("wekken soms", "Kies: wekken kritiek"),
    ],
)
def test_what_makes_no_sense_is_said_kindly(world: World, typed: str, answer: str) -> None:
    town = ladders(world)
    town.piet.says(typed)
    assert answer in town.piet.last.text
    assert any(one.event == "escalation_refused" for one in world.audit())


def test_the_ladder_is_shown_changed_and_reset(world: World) -> None:
    """R54: what is set by command wins, and can be reset."""
    town = ladders(world)
    town.kees.says("ladder")
    assert "1. coördinator (Kees)" in town.kees.last.text
    assert "3. politie (Piet): 10 min" in town.kees.last.text
    town.kees.says("ladder wijkagent 3 min > gemeente, boa 2x 5 min")
    assert "2 bevestigingen" in town.kees.last.text
    alarmed(town)
    town.kees.says("opschalen TB-0001")
    world.advance(minutes=3)
    assert asked(town.piet)
    assert asked(town.gerda)
    assert not asked(town.dirk)
    town.kees.says("ladder standaard")
    town.kees.says("ladder")
    assert "1. coördinator (Kees)" in town.kees.last.text


def test_a_ladder_with_a_name_of_its_own(world: World) -> None:
    town = ladders(world)
    town.kees.says("ladder nacht: boa 5 min > wijkagent")
    alarmed(town)
    town.kees.says("opschalen TB-0001 nacht")
    world.advance(seconds=5)
    assert len(asked(town.bram)) == 1
    world.advance(minutes=5)
    assert len(asked(town.piet)) == 1
    town.kees.says("ladder weg nacht")
    assert "nacht is weg" in town.kees.last.text


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("ladder Sjaak 5 min", "Ik ken hier geen Sjaak"),
        ("ladder wijkagent > 112", "bel je zelf"),
        ("ladder burgemeester", "Ik begrijp deze stap niet"),
        ("ladder wijkagent 99999 min", "Ik begrijp deze stap niet"),
        ("ladder boa -3 min", "Ik begrijp deze stap niet"),
        ("ladder weg nacht", "geen ladder nacht"),
    ],
)
def test_a_ladder_that_makes_no_sense_is_not_kept(world: World, typed: str, answer: str) -> None:
    town = ladders(world)
    town.kees.says(typed)
    assert answer in town.kees.last.text
    town.kees.says("ladder")
    assert "1. coördinator (Kees)" in town.kees.last.text


def test_the_ladder_is_not_for_members(world: World) -> None:
    town = ladders(world)
    town.henk.says("ladder")
    assert "van de coördinator" in town.henk.last.text


def test_a_ladder_against_a_wall_is_a_report(world: World) -> None:
    town = ladders(world)
    town.henk.says("ladder tegen de gevel beukenlaan, een man klimt naar binnen, inbraak")
    world.advance(seconds=70)
    assert "van de coördinator" not in "\n".join(one.text for one in town.henk.received)
    assert any("Beukenlaan" in one.text for one in town.kees.received)
