"""What neighbours type in a hurry, and what must not follow from it, by the letter of the rules."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World

from .tolberg import about, alarmed, both_ways, tolberg

world = both_ways


@pytest.mark.parametrize("words", ["kenteken 12-ABC-3, rijdt weg", "rijdt weg, AB-12-CD", "rijdt weg, bel 0165-553123"])
def test_an_answer_with_a_plate_in_it_is_an_addition(world: World, words: str) -> None:
    town = tolberg(world)
    alarmed(town)
    town.riet.says(f"3 {words}")
    assert about(town.kees, "Aanvulling op TB-0001 van Riet")
    world.advance(seconds=65)
    [update] = about(town.henk, "➕")
    assert "rijdt weg" in update
    assert not any(part in update for part in ("12-ABC", "AB-12", "553123"))


@pytest.mark.parametrize(
    "words",
    [
        "500 euro beloning voor wie hem vindt",
        "kom allemaal naar de speeltuin",
        "rij achter hem aan",
        "houd hem tegen bij de brug",
        "everybody follow him",
        "block the road",
    ],
)
def test_nobody_is_sent_to_the_scene_or_paid_for_it(world: World, words: str) -> None:
    town = tolberg(world)
    alarmed(town)
    town.riet.says(f"3 hij is nu bij de speeltuin, {words}")
    assert about(town.kees, words)
    world.advance(minutes=3)
    for one in (town.henk, town.fatima):
        assert not about(one, words)
        assert about(one, "hij is nu bij de speeltuin")


def test_what_is_added_after_the_end_reaches_the_co_ordinators_and_nobody_else(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    town.kees.says("einde TB-0001 hij is weg")
    world.advance(minutes=5)
    town.riet.says("aanvulling TB-0001 ik vond een tas")
    town.henk.says("3 hij verloor een sleutelbos")
    for one in (town.kees, town.ans):
        assert about(one, "ik vond een tas")
        assert about(one, "sleutelbos")
    assert "gesloten" in town.riet.last.text
    assert "De coördinatoren lezen wat je schreef" in town.henk.last.text
    world.advance(minutes=5)
    assert not about(town.fatima, "tas")
    assert not about(town.fatima, "sleutelbos")
    world.advance(days=1)
    town.riet.says("aanvulling TB-0001 en een jas")
    assert not about(town.kees, "en een jas")
    assert "gesloten" in town.riet.last.text


@pytest.mark.parametrize("words", ["hulp nodig bij beukenlaan 5", "ik heb hulp nodig", "help ik ben gevallen"])
def test_a_call_for_help_may_go_on(world: World, words: str) -> None:
    town = tolberg(world)
    town.riet.says(words)
    world.advance(seconds=10)
    assert about(town.riet, "112")
    for one in (town.kees, town.ans):
        assert about(one, "Riet")
    assert not about(town.henk, "Riet")


def test_a_favour_is_no_call_for_help(world: World) -> None:
    town = tolberg(world)
    town.riet.says("hulp nodig bij de verhuizing")
    world.advance(seconds=10)
    assert not about(town.kees, "Riet")


@pytest.mark.parametrize("words", ["hulp er staat iemand in mijn tuin", "help someone is in my garden"])
def test_a_call_for_help_needs_no_comma(world: World, words: str) -> None:
    town = tolberg(world)
    town.riet.says(words)
    world.advance(seconds=5)
    assert about(town.riet, "Bel 112")
    for one in (town.kees, town.ans):
        assert about(one, "HULP GEVRAAGD door Riet")
    assert not about(town.henk, "HULP")


def test_who_wants_other_words_is_asked_for_them(world: World) -> None:
    town = tolberg(world)
    town.fatima.says("verdachte marokkaan voelt aan autodeuren in de meidoornstraat")
    town.fatima.taps("Ja, door mij")
    town.fatima.says("aanpassen")
    world.advance(seconds=5)
    assert not about(town.henk, "URGENT")
    assert "Typ wat er gebeurt" in town.fatima.last.text
    town.fatima.says("man met rode jas voelt aan autodeuren")
    world.advance(seconds=5)
    [shown] = about(town.henk, "URGENT")
    assert "rode jas" in shown


def test_a_street_is_known_with_two_letters_left_out(world: World) -> None:
    town = tolberg(world)
    town.fatima.says("verdachte auto in de beukelan, rijdt stapvoets")
    town.fatima.taps("Ja, door mij")
    world.advance(seconds=5)
    assert about(town.henk, "Beukenlaan")
