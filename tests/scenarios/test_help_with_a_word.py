"""Help with the word of a command explains it; whatever else follows "help" may be a cry, and stays one (R55)."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World

from .patrols import walkers
from .tolberg import both_ways

world = both_ways

CRY = "Bel 112 als er gevaar is."


@pytest.mark.parametrize(
    ("typed", "explained"),
    [
        ("help rooster", "Bijvoorbeeld: rooster"),
        ("Help Rooster?", "Bijvoorbeeld: rooster"),
        ("/help rooster", "Bijvoorbeeld: rooster"),
        ("help met rooster", "Bijvoorbeeld: rooster"),
        ("help rondvraag", "Bijvoorbeeld: rondvraag"),
        ("help melding", "Bijvoorbeeld: melding"),
        ("help verhinderd", "Bijvoorbeeld: verhinderd 12 mei"),
        ("help roster", "Bijvoorbeeld: rooster"),
        ("menu rooster", "Bijvoorbeeld: rooster"),
    ],
)
def test_help_with_the_word_of_a_command_shows_its_help_and_its_example(
    world: World, typed: str, explained: str
) -> None:
    town = walkers(world)
    kees = town.place.member("Karel", channel="whatsapp", roles=["member", "patroller", "coordinator"])
    before = len(town.kees.received)
    kees.says(typed)
    world.advance(seconds=15)
    assert explained in kees.last.text
    assert CRY not in kees.last.text
    assert kees.last.buttons == ("Ik heb hulp nodig",)
    assert len(town.kees.received) == before


@pytest.mark.parametrize(
    "typed",
    [
        "help ik ben gevallen",
        "help me",
        "help!",
        "help rooster!",
        "help inbreker in huis",
        "help er is iemand in de tuin",
        "hulp melding",
    ],
)
def test_what_is_no_word_of_a_command_stays_a_cry(world: World, typed: str) -> None:
    town = walkers(world)
    town.fatima.says(typed)
    world.advance(seconds=10)
    assert "112" in town.fatima.received[0].text
    assert "Bijvoorbeeld" not in town.fatima.received[0].text


def test_a_word_that_raises_an_alarm_does_so_behind_help_too(world: World) -> None:
    town = walkers(world)
    town.fatima.says("help alarm")
    assert town.fatima.last.text.startswith("Je melding is TB-0001.")


def test_two_commands_with_one_word_are_both_explained_and_help_is_one_tap_away(world: World) -> None:
    town = walkers(world)
    town.piet.says("help aanmelden")
    assert town.piet.last.text.count("Bijvoorbeeld: ") == 2
    town.piet.taps("Ik heb hulp nodig")
    world.advance(seconds=10)
    assert CRY in town.piet.last.text
    assert "Piet" in town.kees.last.text


def test_a_word_that_he_may_not_use_is_not_explained(world: World) -> None:
    town = walkers(world)
    town.ans.says("help publiceer")
    assert "Bijvoorbeeld: publiceer" not in town.ans.last.text


def test_in_a_safety_check_nobody_is_given_an_explanation(world: World) -> None:
    town = walkers(world)
    town.kees.says("rondvraag is iedereen oke?")
    world.advance(seconds=10)
    town.riet.says("help rooster")
    assert "Bijvoorbeeld" not in town.riet.last.text


def test_two_menus_are_no_question(world: World) -> None:
    """Each menu offers "I need help": asking which of them is meant would only keep him waiting."""
    world.neighbourhood("TB", "Tolberg", municipality="Roosendaal")
    anja = world.official("Anja", "police", municipality="Roosendaal", channel="whatsapp")
    for text in ("help", "help dienst", "help ladder"):
        anja.says(text)
        world.advance(seconds=10)
    assert "Waar hoort je antwoord bij" not in anja.last.text
    assert "112" in anja.last.text
