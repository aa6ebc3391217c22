"""Walkers who leave, are erased, or ask for their data, while shifts and rounds go on (R50, domain §4.4.4)."""

from __future__ import annotations

import json

from buurtwacht.testing import World

from .duty import SHIFT, duty, said, since
from .patrols import WALKER
from .tolberg import both_ways

world = both_ways


def test_who_leaves_is_off_his_shifts_and_hears_nothing_more(world: World) -> None:
    town = duty(world)
    town.riet.says("uitschrijven")
    town.riet.taps("Ja")
    world.advance(minutes=1)
    assert "Henk, OPEN" in said(town.kees, "05-04 10:00")
    assert "Loop niet alleen" in town.henk.last.text
    world.advance_to("2026-05-12 15:31")
    assert not since(town.riet, "05-04 10:02")
    assert "Wat doen we?" in town.kees.last.text
    assert "Genoeg lopers: nee" in said(town.henk, "05-11 00:00")


def test_who_left_while_he_was_asked_cannot_stand_in_any_more(world: World) -> None:
    town = duty(world)
    town.riet.says("ik kan niet op 12 mei")
    world.advance(minutes=1)
    ask = town.fatima.last
    town.fatima.says("uitschrijven")
    town.fatima.taps("Ja", on=town.fatima.last)
    world.advance(minutes=1)
    town.fatima.taps("Ja", on=ask)
    world.advance(seconds=5)
    assert "Fatima valt in" not in said(town.kees, "05-04 10:00")


def test_after_erasure_the_round_stays_and_nobody_is_behind_it(world: World) -> None:
    world.at("2026-05-04 10:00")
    place = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
    kees = place.member("Kees", channel="telegram", roles=["member", "coordinator"])
    zara = place.member("Zarathustra", channel="whatsapp", roles=WALKER)
    riet = place.member("Riet", channel="telegram", roles=WALKER)
    kees.says(SHIFT)
    kees.taps("Ja")
    world.advance(seconds=5)
    for one in (zara, riet):
        one.says("altijd")
    kees.says("voorstel")
    kees.says("publiceer")
    world.advance_to("2026-05-12 21:31")
    zara.says("start ronde samen")
    zara.says("bijzonderheden lamp kapot Lindestraat 12")
    kees.says("Riet is terug via Zarathustra")
    zara.says("einde ronde")
    world.advance(minutes=1)
    zara.says("verwijder mij")
    world.advance(seconds=10)
    zara.taps("Alles wissen")
    world.advance(hours=25)
    kees.says("logboek TB-D101")
    world.advance(seconds=5)
    assert "lamp kapot Lindestraat 12" in kees.last.text
    assert "21:31 oud-lid ingecheckt" in kees.last.text
    assert "Riet uitgecheckt (volgens Kees, via oud-lid)" in kees.last.text
    for where, content in world.traces():
        assert b"Zarathustra" not in content, where


def test_my_data_holds_shifts_rounds_and_what_was_noted(world: World) -> None:
    town = duty(world)
    world.advance_to("2026-05-12 21:31")
    town.henk.says("start ronde samen")
    town.henk.says("bijzonderheden lamp kapot Lindestraat 12")
    world.advance(minutes=50)
    town.henk.says("einde ronde samen")
    world.advance(minutes=1)
    town.henk.says("mijn gegevens")
    world.advance(seconds=20)
    file = next(
        one for letter in reversed(town.henk.received) for one in letter.attachments if one.mime.endswith("json")
    )
    found = json.loads(file.data)["patrols"]
    assert [(one["id"], one["state"]) for one in found["shifts"]] == [("TB-D101", "done")]
    assert len(found["rounds"]) == 1
    assert found["rounds"][0]["out"] is not None
    assert "lamp kapot Lindestraat 12" in [one["text"] for one in found["log"]]
    assert "Riet" not in json.dumps(found), "nothing of others"
