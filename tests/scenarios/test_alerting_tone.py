"""Words that do not fit: other words are proposed, a co-ordinator decides, and what is critical never waits for it."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World

from .tolberg import about, both_ways, tolberg

world = both_ways

BOYS = "twee Marokkaanse jongens voelen aan autodeuren in de meidoornstraat"


def test_yes_sends_the_neutral_words(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(BOYS)
    town.fatima.taps("Ja, door mij")
    assert "twee jongens voelen aan autodeuren" in town.fatima.last.text
    assert not about(town.riet, "VERDACHT")
    town.fatima.taps("Ja")
    world.advance(seconds=30)
    for neighbour in (town.henk, town.riet):
        [shown] = about(neighbour, "VERDACHT")
        assert "jongens voelen aan autodeuren" in shown
        assert "Marokkaanse" not in shown
    assert "Marokkaanse" in about(town.kees, "VERDACHT")[0]


def test_no_leaves_it_to_a_co_ordinator(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(BOYS)
    town.fatima.taps("Ja, door mij")
    town.fatima.says("nee")
    world.advance(minutes=5)
    assert not about(town.riet, "VERDACHT")
    town.kees.taps("Naar de buurt")
    world.advance(seconds=30)
    [shown] = about(town.riet, "VERDACHT")
    assert "Marokkaanse" not in shown


def test_a_text_of_his_own_is_looked_at_again(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(BOYS)
    town.fatima.taps("Ja, door mij")
    town.fatima.says("twee Turken voelen aan autodeuren")
    assert "personen voelen aan autodeuren" in town.fatima.last.text
    assert not about(town.riet, "VERDACHT")
    town.fatima.says("twee jongens met zwarte jas en grijze pet voelen aan autodeuren")
    world.advance(seconds=30)
    [shown] = about(town.riet, "VERDACHT")
    assert "zwarte jas" in shown
    assert "Turken" not in shown


def test_change_asks_for_his_own_words(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(BOYS)
    town.fatima.taps("Ja, door mij")
    assert town.fatima.last.buttons == ("Ja", "Nee", "Aanpassen")
    town.fatima.taps("Aanpassen")
    assert "eigen woorden" in town.fatima.last.text
    assert not about(town.riet, "VERDACHT")
    town.fatima.says("twee jongens voelen aan autodeuren, de een draagt een rode pet")
    world.advance(seconds=30)
    [shown] = about(town.riet, "VERDACHT")
    assert "rode pet" in shown
    assert "Marokkaanse" not in shown


def test_change_is_offered_in_english_and_may_be_typed(world: World) -> None:
    town = tolberg(world)
    tom = town.place.member("Tom", channel="whatsapp", language="en")
    tom.says("two moroccan boys are trying car doors in meidoornstraat")
    tom.taps("Yes, by me")
    assert tom.last.buttons == ("Yes", "No", "Change")
    tom.says("change")
    assert "your own words" in tom.last.text


def test_descent_beside_two_features_is_a_description(world: World) -> None:
    town = tolberg(world)
    town.fatima.says("getinte man voelt aan autodeuren meidoornstraat, zwarte jas, rode pet, draagt een grijze rugzak")
    town.fatima.taps("Ja, door mij")
    world.advance(seconds=30)
    [shown] = about(town.riet, "VERDACHT")
    assert "zwarte jas" in shown


@pytest.mark.parametrize(
    "words",
    [
        "een klootzak voelt aan autodeuren in de meidoornstraat",
        "man voelt aan autodeuren in de meidoornstraat, laten we hem pakken",
    ],
)
def test_insults_and_calls_to_violence_wait_for_other_words(world: World, words: str) -> None:
    town = tolberg(world)
    town.fatima.says(words)
    town.fatima.taps("Ja, door mij")
    world.advance(minutes=5)
    assert not about(town.riet, "VERDACHT")
    town.kees.taps("Naar de buurt")
    world.advance(seconds=30)
    [shown] = about(town.riet, "VERDACHT")
    assert "voelt aan autodeuren" in shown
    assert "klootzak" not in shown
    assert "pakken" not in shown


def test_what_is_critical_goes_at_once_with_what_is_safe(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(
        "inbraak bezig meidoornstraat 12 bij Henk, twee Marokkanen trappen de deur in, pak ze, rode auto 12-ABC-3,"
        " bel 06-12345678 of jan@voorbeeld.nl"
    )
    for neighbour in (town.henk, town.riet):
        [shown] = about(neighbour, "INBRAAK")
        assert "trappen de deur in" in shown
        for secret in ("Marokkanen", "pak ze", "12-ABC-3", "5678", "voorbeeld", "Meidoornstraat 12", "bij Henk"):
            assert secret not in shown
    [whole] = about(town.kees, "INBRAAK")
    assert "12-ABC-3" in whole
    assert "Marokkanen" in whole
    assert "5678" not in whole
