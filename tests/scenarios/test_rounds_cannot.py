"""A walker who cannot come, who is asked to stand in and in which order, and what if nobody is found (R39)."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World

from .duty import SHIFT, duty, said, since
from .patrols import WALKER, Walkers
from .tolberg import both_ways

world = both_ways

#: Tuesday and Friday: two shifts.
TWO = "rooster 12 mei t/m 15 mei, di 21:30 en vr 22:00, 60 min, 2 lopers, startpunt parkeerplaats De Wal"


def test_partner_and_co_ordinator_hear_it_and_the_first_yes_walks(world: World) -> None:
    town = duty(world)
    world.advance_to("2026-05-09 21:40")
    town.riet.taps("Ik kan niet")
    world.advance(seconds=5)
    assert "er wordt een invaller gezocht" in town.riet.last.text.casefold()
    assert "Je maatje Riet kan niet op di 12 mei 21:30" in town.henk.last.text
    assert town.henk.last.text.endswith("Loop niet alleen.")
    assert "Afgemeld: Riet." in town.kees.last.text
    assert "Henk, OPEN" in town.kees.last.text
    assert "één voor één: Fatima, Piet" in town.kees.last.text
    assert "Kun je invallen" in town.fatima.last.text
    assert "met Henk. Startpunt: parkeerplaats De Wal. Genoeg lopers: nee." in town.fatima.last.text
    assert not since(town.piet, "05-09 21:30"), "one after the other"
    world.advance(minutes=15)
    assert "Kun je invallen" in town.piet.last.text
    town.fatima.taps("Ja")
    world.advance(seconds=5)
    assert town.fatima.last.text.startswith("Fijn, je loopt:")
    assert town.henk.last.text == "Ronde: Fatima loopt met je mee op di 12 mei 21:30."
    assert town.riet.last.text == "Ronde: Fatima valt voor je in op di 12 mei 21:30."
    assert town.kees.last.text == "Ronde: Fatima valt in voor Riet:\ndi 12 mei 21:30: Henk, Fatima."
    assert town.piet.last.text == "De plaats van di 12 mei 21:30 is al ingevuld. Dank je wel."
    town.piet.taps("Ja")
    assert "al ingevuld" in town.piet.last.text, "a later yes hears it too"
    world.advance_to("2026-05-12 20:35")
    assert "met Fatima. Startpunt: parkeerplaats De Wal. Genoeg lopers: ja." in town.henk.last.text
    assert not since(town.riet, "05-10 00:00"), "who is off is not reminded any more"


def test_when_both_cannot_two_are_found_by_one_search(world: World) -> None:
    town = duty(world)
    town.riet.says("ik kan niet op 12 mei")
    world.advance(minutes=1)
    town.henk.says("ik kan niet op 12 mei")
    world.advance(minutes=30)
    for one in (town.fatima, town.piet):
        assert said(one, "05-04 10:00").count("Kun je invallen") == 1
        one.taps("Ja")
        world.advance(seconds=5)
    assert "Piet loopt met je mee" in town.fatima.last.text
    assert "di 12 mei 21:30: Fatima, Piet" in town.kees.last.text


def test_who_was_not_needed_can_be_asked_again(world: World) -> None:
    town = duty(world)
    town.riet.says("ik kan niet op 12 mei")
    world.advance(minutes=16)
    town.fatima.taps("Ja")
    world.advance(minutes=5)
    assert "al ingevuld" in town.piet.last.text
    town.henk.says("ik kan niet op 12 mei")
    world.advance(minutes=1)
    assert "Kun je invallen" in town.piet.last.text
    town.piet.taps("Ja")
    world.advance(seconds=5)
    assert "di 12 mei 21:30: Fatima, Piet" in town.kees.last.text


def test_the_search_goes_on_until_everybody_was_asked_and_says_so_once(world: World) -> None:
    town = duty(world)
    town.riet.says("ik kan niet op 12 mei")
    world.advance(minutes=5)
    town.fatima.taps("Nee")
    assert town.fatima.last.text == "Dank je wel, genoteerd."
    world.advance(hours=3)
    assert len(since(town.piet, "05-04 10:01")) == 1
    assert "is iedereen gevraagd en nog niemand gevonden" in town.kees.last.text
    assert said(town.kees, "05-04 10:01").count("iedereen gevraagd") == 1
    town.piet.taps("Ja")
    world.advance(seconds=5)
    assert "Piet valt in voor Riet" in town.kees.last.text


def test_who_said_that_he_cannot_is_not_asked_nor_who_is_away(world: World) -> None:
    town = duty(world, TWO)
    place = town.place
    els = place.member("Els", channel="telegram", roles=WALKER)
    town.piet.says("afwezig 11-13 mei")
    town.riet.says("ik kan niet op 12 mei")
    world.advance(hours=1)
    for one in (town.fatima, els):
        assert said(one, "05-04 10:00").count("Kun je invallen") == 1
    for one in (town.piet, town.henk, town.riet, town.ans):
        assert "Kun je invallen" not in said(one, "05-04 10:00")


def test_who_walks_least_is_asked_first(world: World) -> None:
    world.at("2026-05-04 10:00")
    town = _three_of_four(world)
    town.henk.says("ik kan niet op 12 mei")
    world.advance(seconds=5)
    # Fatima walks on Friday, Piet on no day.
    assert "één voor één: Piet, Fatima" in town.kees.last.text
    assert "Kun je invallen" in town.piet.last.text
    assert "Kun je invallen" not in said(town.fatima, "05-04 10:00")


def _three_of_four(world: World) -> Walkers:
    """Henk and Riet walk on Tuesday, Riet and Fatima on Friday; Piet could on both."""
    place = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
    kees = place.member("Kees", channel="whatsapp", roles=["member", "coordinator"])
    ans = place.member("Ans", channel="telegram")
    names = ("Henk", "Riet", "Fatima", "Piet")
    henk, riet, fatima, piet = (place.member(name, channel="telegram", roles=WALKER) for name in names)
    town = Walkers(world, place, kees, ans, henk, riet, fatima, piet)
    kees.says(TWO)
    kees.taps("Ja")
    world.advance(seconds=5)
    for one, answer in ((henk, "altijd"), (riet, "altijd"), (fatima, "altijd"), (piet, "altijd")):
        one.says(answer)
    world.advance(seconds=5)
    kees.says("voorstel")
    for day, wanted in (("12 mei", (henk, riet)), ("15 mei", (riet, fatima))):
        for one in town.all:
            kees.says(f"haal eraf {day} {one.name}")
        for one in wanted:
            kees.says(f"zet erbij {day} {one.name}")
    kees.says("publiceer")
    world.advance(seconds=30)
    return town


def test_in_quiet_hours_nobody_is_asked_until_they_end(world: World) -> None:
    town = duty(world, quiet="22:30-07:00")
    world.advance_to("2026-05-10 23:00")
    town.riet.says("ik kan niet op 12 mei")
    world.advance_to("2026-05-11 06:59")
    assert not since(town.fatima, "05-10 22:00")
    assert not since(town.henk, "05-10 22:00"), "it can wait for the morning"
    world.advance_to("2026-05-11 07:01")
    assert "Kun je invallen" in town.fatima.last.text
    assert "Riet kan niet" in town.henk.last.text
    assert not since(town.piet, "05-10 22:00")
    world.advance_to("2026-05-11 07:16")
    assert "Kun je invallen" in town.piet.last.text


def test_six_hours_before_the_co_ordinator_chooses_and_the_walkers_hear_it(world: World) -> None:
    town = duty(world)
    town.riet.says("ik kan niet op 12 mei")
    world.advance_to("2026-05-12 15:31")
    assert town.kees.last.buttons == ("Dienst vervalt", "Ik loop zelf mee", "Zoek verder")
    assert "Er zijn nog niet genoeg lopers voor di 12 mei 21:30" in town.henk.last.text
    assert town.henk.last.text.endswith("Loop niet alleen.")
    town.kees.taps("Dienst vervalt")
    world.advance(seconds=5)
    assert town.henk.last.text == "De ronde van di 12 mei 21:30 gaat niet door. Je hoeft niet te komen."
    assert "Een invaller is niet meer nodig" in town.piet.last.text
    assert "vervalt. 1 loper krijgt bericht" in said(town.kees, "05-12 15:31")
    world.advance_to("2026-05-13 09:00")
    assert len(since(town.henk, "05-12 15:32")) == 0, "no more reminders"
    town.piet.taps("Ja")
    assert "Deze vraag is gesloten" in town.piet.last.text


def test_the_co_ordinator_walks_himself_or_looks_further(world: World) -> None:
    town = duty(world)
    town.riet.says("ik kan niet op 12 mei")
    world.advance_to("2026-05-12 15:31")
    town.kees.taps("Zoek verder")
    assert "Iedereen is al gevraagd" in town.kees.last.text
    town.kees.taps("Ik loop zelf mee", on=next(one for one in town.kees.received if "Wat doen we?" in one.text))
    world.advance(seconds=5)
    assert town.kees.last.text.startswith("Fijn, je loopt:")
    assert town.henk.last.text == "Ronde: Kees loopt met je mee op di 12 mei 21:30."
    world.advance_to("2026-05-12 20:31")
    assert "met Kees" in town.henk.last.text
    assert "Straks je ronde" in town.kees.last.text


def test_who_cannot_within_six_hours_leaves_the_choice_at_once(world: World) -> None:
    town = duty(world)
    world.advance_to("2026-05-12 19:00")
    town.riet.says("ik ben ziek")
    world.advance(seconds=10)
    assert "Wat doen we?" in town.kees.last.text
    assert "Kun je invallen" in town.fatima.last.text
    world.advance_to("2026-05-12 20:31")
    assert "Genoeg lopers: nee" in town.henk.last.text
    assert "loop niet alleen" in town.henk.last.text
    for one in (town.henk, town.kees, town.fatima):
        assert "loop alleen" not in said(one, "05-12 19:00").casefold()


def test_without_an_answer_the_walker_who_is_left_is_told_not_to_go_alone(world: World) -> None:
    town = duty(world)
    town.riet.says("ik kan niet op 12 mei")
    world.advance_to("2026-05-12 21:31")
    assert "loop niet alleen" in town.henk.last.text
    assert "start ronde" not in said(town.henk, "05-12 20:30"), "nobody is told how to begin alone"
    town.henk.says("start ronde")
    assert town.henk.last.text == (
        "Er loopt niemand met je mee op di 12 mei 21:30. Wacht of ga naar huis; niet alleen lopen."
    )


# --- which shift -----------------------------------------------------------------------------------------------------


def test_which_shift_is_never_guessed(world: World) -> None:
    town = duty(world, TWO)
    town.riet.says("ik kan niet")
    assert town.riet.last.text == "Welke dienst kun je niet?"
    assert town.riet.last.buttons == ("di 12 mei 21:30", "vr 15 mei 22:00", "Geen van deze")
    town.riet.taps("Geen van deze")
    assert town.riet.last.text == "Goed, er is niets veranderd."
    town.riet.says("ik kan vrijdag niet")
    world.advance(seconds=5)
    assert "afgemeld voor vr 15 mei 22:00" in said(town.riet, "05-04 10:00")
    assert "Riet kan niet op vr 15 mei 22:00" in town.henk.last.text


def test_a_no_about_another_day_is_not_taken_for_the_shift_that_is_asked_about(world: World) -> None:
    town = duty(world, TWO)
    world.advance_to("2026-05-09 21:40")
    town.riet.says("vrijdag kan ik niet")
    world.advance(seconds=5)
    assert "afgemeld voor vr 15 mei 22:00" in said(town.riet, "05-09 21:31")
    town.riet.says("mijn diensten")
    assert "di 12 mei" in town.riet.last.text


def test_afmelden_asks_whether_the_group_or_a_shift_is_meant(world: World) -> None:
    town = duty(world)
    town.riet.says("afmelden")
    assert len(town.riet.last.buttons) == 2
    town.riet.says("afmelden dienst 12 mei")
    world.advance(seconds=5)
    assert "afgemeld voor di 12 mei 21:30" in said(town.riet, "05-04 10:00")
    town.riet.says("afmelden dienst 12 mei")
    assert "Je hebt nu geen diensten" in town.riet.last.text
    town.fatima.says("afmelden dienst")
    assert "Je hebt nu geen diensten" in town.fatima.last.text


def test_what_only_begins_like_it_is_still_a_report(world: World) -> None:
    town = duty(world)
    town.riet.says("ik kan niet zien wie het is, maar er wordt nu ingebroken bij de buren op nummer 12")
    world.advance(seconds=5)
    town.riet.says("mijn diensten")
    assert "di 12 mei" in town.riet.last.text


def test_who_comes_after_all_takes_his_own_place_again(world: World) -> None:
    town = duty(world)
    town.riet.says("ik kan niet op 12 mei")
    world.advance(minutes=1)
    town.riet.says("invallen 12 mei")
    world.advance(minutes=20)
    assert "Riet loopt met je mee" in said(town.henk, "05-04 10:00")
    assert "al ingevuld" in town.fatima.last.text
    assert not since(town.piet, "05-04 10:10"), "the search is over"


def test_going_away_calls_the_shift_off_and_nobody_walks_inside_his_absence(world: World) -> None:
    town = duty(world)
    town.riet.says("afwezig 11-13 mei")
    world.advance(seconds=5)
    assert "Voor deze diensten ben je afgemeld" in said(town.riet, "05-04 10:00")
    assert "Riet kan niet" in said(town.henk, "05-04 10:00")
    town.fatima.says("afwezig 12 mei")
    town.fatima.taps("Ja")
    assert "Je bent dan afwezig" in town.fatima.last.text
    town.riet.says("invallen 12 mei")
    assert "Je bent dan afwezig" in town.riet.last.text


def test_one_of_three_who_cannot_leaves_enough(world: World) -> None:
    world.at("2026-05-04 10:00")
    place = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
    kees = place.member("Kees", channel="telegram", roles=["member", "coordinator"])
    names = ("Henk", "Riet", "Fatima")
    henk, riet, fatima = (place.member(name, channel="telegram", roles=WALKER) for name in names)
    kees.says(SHIFT.replace("2 lopers", "2-3 lopers"))
    kees.taps("Ja")
    world.advance(seconds=5)
    for one in (henk, riet, fatima):
        one.says("altijd")
    kees.says("voorstel")
    for one in (henk, riet, fatima):
        kees.says(f"zet erbij 12 mei {one.name}")
    kees.says("publiceer")
    world.advance(seconds=5)
    riet.says("ik kan niet op 12 mei")
    world.advance(minutes=20)
    assert "Er zijn nog genoeg lopers" in henk.last.text
    assert "Er zijn genoeg andere lopers" in riet.last.text
    assert "invaller" not in kees.last.text


@pytest.mark.parametrize("word", ["dienst vervalt 12 mei", "annuleer dienst 12 mei"])
def test_the_co_ordinator_calls_a_shift_off_whenever_he_likes(world: World, word: str) -> None:
    town = duty(world)
    town.kees.says(word)
    world.advance(seconds=5)
    for one in (town.henk, town.riet):
        assert "gaat niet door" in one.last.text
    town.henk.says(word)
    assert "gaat niet door" not in town.henk.last.text
    world.advance_to("2026-05-12 23:00")
    assert not since(town.henk, "05-05 00:00")
