"""Walkers who swap among themselves: asked, agreed or not, in return or not; and taking somebody's place."""

from __future__ import annotations

from buurtwacht.testing import World

from .duty import duty, said, since
from .patrols import WALKER
from .tolberg import both_ways

world = both_ways

TWO = "rooster 12 mei t/m 15 mei, di 21:30 en vr 22:00, 60 min, 2 lopers, startpunt parkeerplaats De Wal"


def test_another_walker_says_yes_and_everybody_concerned_hears_it(world: World) -> None:
    town = duty(world)
    town.riet.says("ruilen 12 mei met Fatima")
    assert "Tot er ja gezegd is, blijft di 12 mei 21:30 zoals het was." in town.riet.last.text
    assert "Riet vraagt of jij de ronde in Tolberg wilt lopen" in town.fatima.last.text
    assert "di 12 mei 21:30, startpunt parkeerplaats De Wal." in town.fatima.last.text
    town.riet.says("mijn diensten")
    assert "di 12 mei" in town.riet.last.text, "nothing changes before yes"
    town.fatima.taps("Ja")
    world.advance(seconds=10)
    assert "Afgesproken. Geruild:\ndi 12 mei 21:30" in town.fatima.last.text
    assert "Het antwoord is ja." in town.riet.last.text
    assert "Op di 12 mei 21:30 loopt Fatima met je mee, in plaats van Riet." in town.henk.last.text
    assert "di 12 mei 21:30: Henk, Fatima" in town.kees.last.text
    town.riet.says("mijn diensten")
    assert town.riet.last.text == "Je hebt nu geen diensten."
    world.advance_to("2026-05-09 21:31")
    assert "met Henk" in town.fatima.last.text
    assert not since(town.riet, "05-09 00:00")


def test_no_changes_nothing(world: World) -> None:
    town = duty(world)
    town.riet.says("ruilen 12 mei met Fatima")
    town.fatima.taps("Nee")
    world.advance(seconds=5)
    assert "di 12 mei 21:30 blijft zoals het was" in town.riet.last.text
    assert "Geruild" not in said(town.henk, "05-04 10:00")
    town.riet.says("mijn diensten")
    assert "di 12 mei" in town.riet.last.text


def test_in_return_for_a_shift_of_the_other(world: World) -> None:
    town = duty(world, TWO)
    for day, out, into in (("12 mei", "Henk", "Fatima"), ("15 mei", "Riet", "Piet")):
        town.kees.says(f"ruil {day} {out} {into}")
    town.kees.says("publiceer")
    world.advance(seconds=10)
    # Tuesday: Riet and Fatima; Friday: Henk and Piet.
    town.riet.says("ruilen 12 mei met Piet voor 15 mei")
    assert "In ruil voor jouw dienst van vr 15 mei 22:00." in town.piet.last.text
    town.piet.taps("Ja")
    world.advance(seconds=10)
    town.piet.says("mijn diensten")
    assert "di 12 mei" in town.piet.last.text
    assert "vr 15 mei" not in town.piet.last.text
    town.riet.says("mijn diensten")
    assert "vr 15 mei" in town.riet.last.text
    assert "di 12 mei 21:30: Fatima, Piet" in town.kees.last.text
    assert "vr 15 mei 22:00: Henk, Riet" in town.kees.last.text


def test_somebody_offers_to_take_a_place(world: World) -> None:
    town = duty(world)
    town.piet.says("invallen voor Henk 12 mei")
    assert "Piet wil je ronde in Tolberg overnemen" in town.henk.last.text
    town.henk.taps("Ja")
    world.advance(seconds=10)
    assert "Op di 12 mei 21:30 loopt Piet met je mee, in plaats van Henk." in town.riet.last.text
    assert "Het antwoord is ja." in town.piet.last.text
    town.henk.says("mijn diensten")
    assert town.henk.last.text == "Je hebt nu geen diensten."


def test_what_changed_meanwhile_makes_a_yes_come_too_late(world: World) -> None:
    town = duty(world)
    town.riet.says("ruilen 12 mei met Fatima")
    town.riet.says("ik kan niet op 12 mei")
    world.advance(minutes=1)
    ask = next(one for one in town.fatima.received if "Riet vraagt" in one.text)
    town.fatima.taps("Ja", on=ask)
    assert "er is intussen iets veranderd" in town.fatima.last.text
    town.fatima.says("mijn diensten")
    assert town.fatima.last.text == "Je hebt nu geen diensten."


def test_who_is_away_then_is_told_so(world: World) -> None:
    town = duty(world)
    town.fatima.says("afwezig 12 mei")
    town.riet.says("ruilen 12 mei met Fatima")
    town.fatima.taps("Ja")
    assert "Je bent dan afwezig" in town.fatima.last.text
    town.riet.says("mijn diensten")
    assert "di 12 mei" in town.riet.last.text


def test_what_is_not_clear_gets_one_sentence(world: World) -> None:
    town = duty(world)
    town.place.member("Fatima Bakir", channel="telegram", roles=WALKER)
    wanted = {
        "ruilen": "Welke dienst, en met wie?",
        "ruilen 12 mei": "Met wie wil je di 12 mei 21:30 ruilen?",
        "ruilen 13 mei met Fatima": "Op wo 13 mei is er geen dienst om te ruilen.",
        "ruilen 12 mei met Jan": "Ik ken hier geen loper die Jan heet.",
        "ruilen 12 mei met Ans": "Ik ken hier geen loper die Ans heet.",
        "ruilen 12 mei met Henk": "Die loopt die dienst al.",
        "ruilen 31 februari met Piet": "bestaat niet",
        "invallen voor Henk": "Voor wie, en wanneer?",
    }
    for words, answer in wanted.items():
        town.riet.says(words)
        world.advance(seconds=6)
        assert answer in town.riet.last.text, words
    town.riet.says("ruilen 12 mei met Fat")
    assert "Bakir" not in town.riet.last.text
    town.piet.says("ruilen 12 mei met Riet")
    assert "Je hebt nu geen diensten" in town.piet.last.text


def test_in_english_a_walker_swaps_and_a_co_ordinator_does(world: World) -> None:
    world.at("2026-05-04 10:00")
    place = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
    kate = place.member("Kate", channel="telegram", language="en", roles=["member", "coordinator"])
    ann, bob, cas = (
        place.member(name, channel="telegram", language="en", roles=WALKER) for name in ["Ann", "Bob", "Cas"]
    )
    kate.says("roster 12 May to 12 May, Tue 21:30, 60 minutes, 2 walkers, start point De Wal")
    kate.taps("Yes")
    world.advance(seconds=5)
    for one in (ann, bob):
        one.says("always")
    kate.says("proposal")
    kate.taps(next(label for label in kate.last.buttons if "proposal" in label.casefold()))
    kate.says("publish")
    world.advance(seconds=10)
    ann.says("swap 12 May with Cas")
    assert "Ann asks if you will walk the round in Tolberg" in cas.last.text
    cas.says("yes")
    world.advance(seconds=10)
    assert "Agreed. Traded:" in cas.last.text
    kate.says("swap 12 May Cas Ann")
    assert "Ann" in kate.last.text
    bob.says("I cannot come on 12 May")
    assert "Noted, you are off the shift of Tue 12 May 21:30." in bob.last.text
