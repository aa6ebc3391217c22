"""Walkers who say by themselves that they cannot walk on a day, or can after all, once a roster is published."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World

from .duty import duty, said
from .patrols import asked, published, walkers
from .tolberg import both_ways

world = both_ways


def test_on_a_day_he_walks_it_says_that_he_cannot_come(world: World) -> None:
    town = duty(world)
    town.riet.says("verhinderd 12 mei")
    world.advance(seconds=5)
    assert "er wordt een invaller gezocht" in town.riet.last.text.casefold()
    assert "Je maatje Riet kan niet op di 12 mei 21:30" in town.henk.last.text
    assert "Kun je invallen" in town.fatima.last.text


@pytest.mark.parametrize("typed", ["verhinderd", "/verhinderd", "Verhinderd dinsdag", "unable Tuesday"])
def test_without_a_date_the_shift_that_comes_is_asked_about_or_meant(world: World, typed: str) -> None:
    town = duty(world)
    town.riet.says(typed)
    world.advance(seconds=5)
    assert "di 12 mei 21:30" in town.riet.last.text
    assert "Afgemeld: Riet." in town.kees.last.text


def test_on_another_day_it_is_an_absence_and_said_back(world: World) -> None:
    town = duty(world)
    before = len(town.kees.received)
    town.riet.says("verhinderd 14 mei")
    assert town.riet.last.text == "Genoteerd, je bent afwezig:\ndo 14 mei"
    assert len(town.kees.received) == before
    town.riet.says("afwezig")
    assert "do 14 mei" in town.riet.last.text


def test_in_his_own_words_a_day_without_a_shift_is_an_absence_too(world: World) -> None:
    town = duty(world)
    before = len(town.kees.received)
    town.riet.says("ik kan niet op 14 mei")
    assert town.riet.last.text == "Genoteerd, je bent afwezig:\ndo 14 mei"
    town.riet.says("ik kan niet op 31 februari")
    assert town.riet.last.text == "De dag 31-2 bestaat niet. Kijk de datum nog even na."
    assert len(town.kees.received) == before
    town.riet.says("mijn diensten")
    assert "di 12 mei" in town.riet.last.text


def test_who_says_twice_that_he_cannot_is_understood_twice(world: World) -> None:
    town = duty(world)
    town.riet.says("ik kan niet op 12 mei")
    world.advance(minutes=1)
    before = len(town.kees.received), len(town.henk.received)
    town.riet.says("ik kan niet op 12 mei")
    world.advance(minutes=1)
    assert "Genoteerd, je bent afwezig:\ndi 12 mei" in town.riet.last.text
    assert (len(town.kees.received), len(town.henk.received)) == before


def test_days_in_a_row_are_an_absence_and_take_him_off_the_shift_in_them(world: World) -> None:
    town = duty(world)
    town.riet.says("verhinderd 11-15 mei")
    world.advance(seconds=5)
    assert town.riet.last.text.startswith("Genoteerd, je bent afwezig:\nma 11 mei t/m vr 15 mei")
    assert "Voor deze diensten ben je afgemeld" in town.riet.last.text
    assert "Afgemeld: Riet." in town.kees.last.text


def test_who_has_no_shift_and_names_no_day_is_asked_which(world: World) -> None:
    town = duty(world)
    town.piet.says("verhinderd door mijn werk")
    assert town.piet.last.text == "Welke dagen? Bijvoorbeeld: afwezig 18-22 mei."
    town.ans.says("verhinderd 12 mei")
    assert "is alleen voor wie die taak heeft in je buurt" in town.ans.last.text


def test_while_a_roster_is_asked_about_it_is_the_answer(world: World) -> None:
    town = walkers(world)
    asked(town)
    town.riet.says("verhinderd 12 mei")
    assert "Genoteerd" in town.riet.last.text
    assert "di 12 mei" not in town.riet.last.text
    assert "di 5 mei 21:30" in town.riet.last.text
    town.henk.says("beschikbaar: 2, 4")
    assert "vr 8 mei 22:00" in town.henk.last.text
    assert "di 5 mei" not in town.henk.last.text
    town.riet.says("verhinderd 3 juni")
    assert town.riet.last.text == "Genoteerd, je bent afwezig:\nwo 3 juni"


def test_who_is_available_after_all_is_asked_as_a_stand_in_again(world: World) -> None:
    town = duty(world)
    town.fatima.says("afwezig 10-14 mei")
    town.fatima.says("beschikbaar 12 mei")
    assert town.fatima.last.text == (
        "Genoteerd, je bent beschikbaar:\ndi 12 mei\n"
        "Er zijn dan genoeg lopers. Valt er iemand uit, dan kun je een vraag krijgen om in te vallen."
    )
    town.fatima.says("afwezig")
    assert "zo 10 mei t/m ma 11 mei\nwo 13 mei t/m do 14 mei" in town.fatima.last.text
    town.riet.says("verhinderd 12 mei")
    world.advance(seconds=5)
    assert "Kun je invallen" in town.fatima.last.text


def test_an_open_place_on_that_day_is_named_and_can_be_taken(world: World) -> None:
    town = duty(world)
    town.piet.says("verhinderd 12 mei")
    town.fatima.says("verhinderd 12 mei")
    town.riet.says("verhinderd 12 mei")
    world.advance(hours=1)
    assert "Kun je invallen" not in said(town.piet, "05-04 10:01")
    town.piet.says("beschikbaar 12 mei")
    assert "Hier is nog plaats:\ndi 12 mei 21:30" in town.piet.last.text
    town.piet.says("aanmelden dienst 12 mei")
    world.advance(seconds=5)
    assert "met Henk" in town.piet.last.text
    town.piet.says("beschikbaar 12 mei")
    assert "Je staat al op de lijst:\ndi 12 mei 21:30" in town.piet.last.text


def test_what_he_answered_before_is_changed_too(world: World) -> None:
    town = walkers(world)
    asked(town, "rooster 12 mei t/m 12 mei, di 21:30, 60 min, 2 lopers, startpunt De Wal")
    for one in (town.henk, town.riet):
        one.says("altijd")
    town.piet.says("ik kan niet")
    town.kees.says("voorstel")
    town.kees.taps("Maak het voorstel")
    town.kees.says("publiceer")
    world.advance(seconds=10)
    town.piet.says("available 12 May")
    assert "Genoteerd, je bent beschikbaar" in town.piet.last.text
    town.fatima.says("verhinderd 12 mei")
    town.riet.says("verhinderd 12 mei")
    world.advance(seconds=5)
    assert "Kun je invallen" in town.piet.last.text


def test_a_day_without_a_shift_and_no_day_at_all(world: World) -> None:
    town = walkers(world)
    published(town)
    town.riet.says("beschikbaar 3 juni")
    assert town.riet.last.text.endswith("dan krijg je eerst de vraag wanneer je kunt.")
    town.riet.says("beschikbaar wanneer het uitkomt")
    assert town.riet.last.text == "Welke dagen? Bijvoorbeeld: beschikbaar 12 mei."
    town.riet.says("beschikbaar 31 februari")
    assert "31-2 bestaat niet" in town.riet.last.text
    world.advance(seconds=5)
    town.riet.says("beschikbaar")
    assert town.riet.last.text == "Er zijn nu geen open diensten."
