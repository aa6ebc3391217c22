"""A sentence that begins with a command word: what is plainly a report is one, and a command stays a command."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World

from .tolberg import about, alarmed, both_ways, tolberg

world = both_ways


@pytest.mark.parametrize(
    "sentence",
    [
        "quiet people at the back door",
        "stilte voor de storm, rare man in de tuin",
        "status of the fire: it spreads",
        "alarm gaat af bij de buren",
        "move quickly, there is a fire",
        "close the door, there is a man with a knife",
        "stand van zaken: er wordt ingebroken bij nr 12",
        "taal noch teken van mijn vader, vermist sinds 23:00",
        "demp je lichten, er loopt iemand in de tuin",
        "kanaal in gereden, auto te water",
        "leave the house, gas leak",
    ],
)
def test_a_sentence_is_a_report_whatever_its_first_word_is(world: World, sentence: str) -> None:
    town = tolberg(world)
    town.fatima.says(sentence)
    assert about(town.fatima, "TB-0001")


@pytest.mark.parametrize(
    ("command", "answered"),
    [
        ("status TB-0001", "TB-0001"),
        ("status", "TB-0001"),
        ("stilte 22:00-06:00", "22:00"),
        ("taal engels", "English"),
        ("aanvulling TB-0001 de inbreker rent weg richting esdoornlaan", "TB-0001"),
        ("/status of the fire: it spreads", ""),
    ],
)
def test_a_command_with_what_belongs_to_it_stays_one(world: World, command: str, answered: str) -> None:
    town = tolberg(world)
    alarmed(town)
    town.riet.says(command)
    assert answered in town.riet.last.text
    world.advance(minutes=2)
    assert not about(town.kees, "TB-0002")


def test_an_end_that_tells_how_it_ended_is_no_report(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    town.kees.says("einde TB-0001 de inbreker in de Meidoornstraat was een monteur")
    world.advance(seconds=5)
    assert about(town.riet, "EINDE MELDING TB-0001")
    assert not about(town.riet, "TB-0002")
