"""What a short answer belongs to, when several things could take it."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World

from .tolberg import both_ways

__all__ = ["both_ways"]

REPORT = "verdachte auto meidoornstraat, rijdt stapvoets, lichten uit"


def test_the_menu_does_not_stand_in_the_way_of_an_alert(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)
    fatima = tolberg.member("Fatima", channel="telegram", street="Meidoornstraat")
    henk = tolberg.member("Henk", channel="whatsapp")
    henk.says("help")
    fatima.says(REPORT)
    fatima.taps("Ja, door mij")
    world.advance(seconds=5)
    henk.says("1")
    assert "Gezien" in henk.last.text


def test_a_bare_yes_is_not_taken_for_an_alert_while_something_else_is_asked(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)
    fatima = tolberg.member("Fatima", channel="telegram", street="Meidoornstraat")
    riet = tolberg.member("Riet", channel="whatsapp", formal=True)
    fatima.says(REPORT)
    fatima.taps("Ja, door mij")
    world.advance(seconds=5)
    riet.says("verwijder mij")
    riet.says("ja")
    assert "Alles wissen" in riet.last.text
    assert "Kies" in riet.last.text


class Asked:
    """Kees is asked whether he is safe, and then whether the rounds may be switched off while Piet walks."""

    def __init__(self, world: World) -> None:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        self.world = world
        self.kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
        self.els = tolberg.member("Els", channel="whatsapp", roles=["member", "coordinator"])
        self.els.says("rondvraag is iedereen veilig? 60 min")
        world.advance(seconds=20)
        self.kees.says("onderdeel uit rondvragen")
        world.advance(seconds=20)
        assert "toch uitzetten" in self.kees.last.text

    def counted(self) -> str:
        """Return what Els reads of the roll call."""
        self.els.says("stand TB-R1")
        self.world.advance(seconds=20)
        return self.els.last.text


@pytest.mark.parametrize(
    ("word", "meant", "stays", "counted"),
    [
        ("nee", "Buurtwacht: Nee", True, "Geen bericht: 2"),
        ("nee", "TB-R1: nee", False, "Vraag of hulp: 1 (Kees)"),
        ("ja", "TB-R1: ja", False, "Veilig: 1 (Kees)"),
    ],
)
def test_two_open_questions_take_a_bare_word_and_he_says_which(
    both_ways: World, word: str, meant: str, stays: bool, counted: str
) -> None:
    """Design §4: two open and a bare yes or no, so he is asked; neither is answered, nor lost, until he says."""
    asked = Asked(both_ways)
    asked.kees.says(word)
    both_ways.advance(seconds=20)
    assert "Waar hoort je antwoord bij" in asked.kees.last.text
    assert "Geen bericht: 2" in asked.counted()
    asked.kees.taps(meant)
    both_ways.advance(seconds=20)
    assert any("Rondvragen blijft aan" in one.text for one in asked.kees.received) is stays
    assert counted in asked.counted()


def test_who_quotes_or_taps_is_not_asked_which(both_ways: World) -> None:
    asked = Asked(both_ways)
    asked.kees.says("nee", reply_to=asked.kees.last)
    both_ways.advance(seconds=20)
    assert asked.kees.last.text == "Rondvragen blijft aan in Tolberg."
    asked.kees.says("ja")
    both_ways.advance(seconds=20)
    assert "Veilig: 1 (Kees)" in asked.counted()


def test_who_needs_help_is_never_asked_which(both_ways: World) -> None:
    asked = Asked(both_ways)
    asked.kees.says("hulp nodig")
    both_ways.advance(seconds=20)
    assert "112" in asked.kees.last.text
    assert "Vraag of hulp: 1 (Kees)" in asked.counted()
