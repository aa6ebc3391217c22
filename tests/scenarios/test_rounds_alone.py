"""A walker whose partner cancelled, and nobody stands in: he may come, and may not walk alone (domain §2.8)."""

from __future__ import annotations

from buurtwacht.testing import World

from .duty import duty, said
from .patrols import Walkers
from .tolberg import both_ways

world = both_ways


def left_alone(world: World) -> Walkers:
    """Riet's partner cancelled two hours before, and nobody stands in."""
    town = duty(world)
    world.advance_to("2026-05-12 19:30")
    town.henk.says("ik kan niet op 12 mei")
    world.advance_to("2026-05-12 21:31")
    return town


def test_who_came_and_is_alone_is_not_called_missing(world: World) -> None:
    town = left_alone(world)
    town.riet.says("start ronde")
    town.riet.says("start ronde")
    assert "niet alleen lopen" in town.riet.last.text
    world.advance_to("2026-05-12 21:50")
    assert "startpunt (" not in said(town.riet, "05-12 21:32"), "he said that he is there"
    assert "niet gekomen" not in said(town.kees, "05-12 21:30")
    world.advance_to("2026-05-12 23:00")
    town.kees.says("logboek TB-D101")
    world.advance(seconds=5)
    assert town.kees.last.text.count("Riet was er, alleen") == 1
    assert "Riet niet gekomen" not in town.kees.last.text
    assert "niet gelopen" in town.kees.last.text


def test_who_is_alone_and_says_nothing_is_missed(world: World) -> None:
    town = left_alone(world)
    world.advance_to("2026-05-12 21:46")
    assert "niet gekomen: Riet" in said(town.kees, "05-12 21:30")


def test_who_is_alone_and_says_so_only_when_he_is_asked_does_not_set_out_either(world: World) -> None:
    town = left_alone(world)
    world.advance_to("2026-05-12 21:46")
    town.riet.taps("Ja ik loop")
    assert "niet alleen lopen" in town.riet.last.text
    assert "Ingecheckt" not in said(town.riet, "05-12 21:30")
    world.advance_to("2026-05-12 23:00")
    assert "is gelopen" not in said(town.kees, "05-12 21:30")


def test_once_somebody_stands_in_he_is_expected_again(world: World) -> None:
    town = left_alone(world)
    town.riet.says("start ronde")
    town.kees.says("vraag Piet")
    world.advance(seconds=5)
    town.piet.taps("Ja")
    world.advance(seconds=5)
    town.riet.says("start ronde")
    world.advance(seconds=5)
    assert "Ingecheckt" in said(town.riet, "05-12 21:31")


def test_who_did_not_set_out_is_not_thanked_for_walking(world: World) -> None:
    town = left_alone(world)
    town.riet.says("start ronde")
    town.riet.says("einde ronde")
    assert "telt niet als gelopen" in town.riet.last.text
    world.advance_to("2026-05-12 23:00")
    assert "is gelopen" not in said(town.kees, "05-12 21:30")
    town.riet.says("einde ronde")
    assert "telt niet als gelopen" in town.riet.last.text
    assert "Bedankt" not in said(town.riet, "05-12 21:30")


def test_a_round_that_was_closed_as_not_walked_stays_so(world: World) -> None:
    town = duty(world)
    world.advance_to("2026-05-12 23:00")
    town.henk.says("einde ronde")
    assert "telt niet als gelopen" in town.henk.last.text
    world.advance(minutes=1)
    assert "is gelopen" not in said(town.kees, "05-12 21:30")
    town.kees.says("logboek TB-D101")
    world.advance(seconds=5)
    assert "uitgecheckt" not in town.kees.last.text
