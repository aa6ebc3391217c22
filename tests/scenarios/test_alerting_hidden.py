"""What is hidden in an alert, and from whom: names from members, numbers from everybody, in the reader's language."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World

from .tolberg import CAR, about, alarmed, both_ways, tolberg

world = both_ways


def test_what_is_hidden_is_named_in_the_readers_language(world: World) -> None:
    town = tolberg(world)
    emma = town.place.member("Emma", channel="whatsapp", language="en")
    town.fatima.says(CAR + ", staat bij Henk voor de deur. Henk's auto ook, kenteken 12-ABC-3, bel 06-12345678")
    town.fatima.taps("Ja, door mij")
    world.advance(seconds=5)
    [english] = about(emma, "SUSPICIOUS")
    [dutch] = about(town.riet, "VERDACHT")
    assert "bij a neighbour voor de deur" in english
    assert "a neighbour's auto" in english
    assert "buurtbewoner" not in english
    assert "bij een buurtbewoner voor de deur" in dutch
    assert "een buurtbewoner z'n auto" in dutch
    assert "[phone number left out]" in english
    assert "[telefoonnummer weggelaten]" in dutch


@pytest.mark.parametrize("number", ["06-12345678", "+31 6 12345678", "NL91ABNA0417164300", "jan@voorbeeld.nl"])
def test_co_ordinators_read_names_and_plates_and_never_a_number(world: World, number: str) -> None:
    town = tolberg(world)
    town.fatima.says(f"{CAR}, kenteken 12-ABC-3, Riet zag het, bereikbaar op {number}")
    town.fatima.taps("Ja, door mij")
    world.advance(seconds=5)
    town.riet.says(f"aanvulling TB-0001 bel mij: {number}")
    town.henk.says(f"mijn nummer is {number} hoor")
    world.advance(minutes=2)
    assert "12-ABC-3" in about(town.kees, "VERDACHT")[0]
    assert "Riet zag het" in about(town.kees, "VERDACHT")[0]
    for one in town.everybody:
        assert not about(one, number)


def test_an_update_and_an_end_hide_in_the_readers_language_too(world: World) -> None:
    town = tolberg(world)
    emma = town.place.member("Emma", channel="telegram", language="en")
    alarmed(town)
    town.riet.says("aanvulling TB-0001 hij staat nu bij Henk")
    world.advance(minutes=2)
    assert "bij a neighbour" in about(emma, "➕")[0]
    town.kees.says("einde TB-0001 Henk was het")
    world.advance(seconds=5)
    assert "A neighbour was het" in emma.last.text
    assert "Een buurtbewoner was het" in town.riet.last.text


def test_a_neighbour_who_is_no_member_is_named_to_the_co_ordinators_only(world: World) -> None:
    town = tolberg(world)
    town.fatima.says("verdachte man voelt aan deuren in de meidoornstraat, bij mevrouw De Vries op nummer 23")
    town.fatima.taps("Ja, door mij")
    world.advance(seconds=30)
    for one in (town.henk, town.riet):
        [shown] = about(one, "VERDACHT")
        assert "Vries" not in shown
        assert "23" not in shown.split("TB-0001")[0].replace("01:42", "")
    assert about(town.kees, "mevrouw De Vries")
