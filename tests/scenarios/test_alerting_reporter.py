"""What a reporter says after his report: taken back, talked about, added to, and never more than he meant."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World

from .tolberg import CAR, about, alarmed, both_ways, texts, tolberg

world = both_ways


@pytest.mark.parametrize(
    "words",
    [
        "ik heb me vergist, het was mijn zoon",
        "sorry vergist, mijn dochter was het",
        "ik gaf per ongeluk een verkeerde melding",
        "my mistake, it was my daughter",
    ],
)
def test_who_takes_it_back_alarms_nobody_again(world: World, words: str) -> None:
    town = tolberg(world)
    alarmed(town)
    before = len(texts(town.henk)), len(texts(town.riet))
    town.fatima.says(words)
    world.advance(minutes=3)
    assert (len(texts(town.henk)), len(texts(town.riet))) == before
    assert words in town.ans.last.text or any(words in text for text in texts(town.ans))
    assert "coördinatoren" in town.fatima.last.text


def test_a_fire_that_is_out_is_no_second_fire(world: World) -> None:
    town = tolberg(world)
    town.fatima.says("brand in de meidoornstraat")
    town.fatima.taps("Ja, door mij")
    world.advance(minutes=3)
    before = len(texts(town.henk))
    town.riet.says("de brand is uit")
    world.advance(minutes=3)
    assert len(texts(town.henk)) == before
    assert about(town.kees, "de brand is uit")


def test_what_is_taken_back_before_it_went_out_does_not_go_out(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(CAR)
    town.fatima.says("sorry, ik heb me vergist")
    assert "niet verstuurd" in town.fatima.last.text
    world.advance(minutes=3)
    assert not texts(town.henk)


def test_the_talk_of_a_reporter_goes_to_a_human_who_passes_it_on(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    before = len(texts(town.henk)), len(texts(town.riet))
    town.fatima.says("mijn man is nu even buiten de hond aan het uitlaten")
    world.advance(minutes=3)
    assert (len(texts(town.henk)), len(texts(town.riet))) == before
    assert "coördinatoren" in town.fatima.last.text
    town.kees.taps("Doorgeven")
    world.advance(seconds=5)
    assert "uitlaten" in town.riet.last.text


def test_a_fire_is_no_answer_to_an_open_question(world: World) -> None:
    town = tolberg(world)
    town.fatima.says("verdachte man")
    town.fatima.taps("Ja, door mij")
    assert "Wat gebeurt er" in town.fatima.last.text
    town.fatima.says("brand in de Beukenlaan")
    assert "KRITIEK · BRAND" in town.riet.last.text
    assert "Beukenlaan" in town.riet.last.text
    world.advance(seconds=70)
    assert about(town.kees, "TB-0001")


def test_another_kind_of_thing_at_its_own_place_is_a_report_of_its_own(world: World) -> None:
    town = tolberg(world)
    town.fatima.says("verdachte man")
    town.fatima.taps("Niet nodig")
    town.fatima.says("babbeltruc in de Beukenlaan, een nepagent belt aan")
    assert "TB-0002" in town.fatima.last.text
    town.fatima.taps("Niet nodig", on=town.fatima.last)
    world.advance(seconds=5)
    assert about(town.riet, "TB-0002")


def test_hulp_with_a_slash_is_a_call_for_help(world: World) -> None:
    town = tolberg(world)
    town.henk.says("/hulp")
    world.advance(seconds=5)
    assert about(town.kees, "HULP GEVRAAGD door Henk")


@pytest.mark.parametrize("words", ["ja gebeld", "Gebeld", "ik heb gebeld", "yes I called"])
def test_what_is_typed_answers_the_112_question_as_well_as_a_tap(world: World, words: str) -> None:
    town = tolberg(world)
    town.fatima.says(CAR)
    town.fatima.says(words)
    world.advance(seconds=3)
    assert "112: gebeld door melder" in town.riet.last.text


def test_what_a_co_ordinator_ends_before_it_went_out_does_not_go_out(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(CAR)
    town.kees.says("einde TB-0001 was mijn eigen auto")
    world.advance(minutes=3)
    assert not texts(town.henk)
    assert "niet naar de buurt gestuurd" in town.fatima.last.text
    town.fatima.says(CAR)
    town.fatima.says("einde TB-0002 foutje")
    assert "niet verstuurd" in town.fatima.last.text
    world.advance(minutes=3)
    assert not texts(town.henk)
