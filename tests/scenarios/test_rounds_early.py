"""Walkers who set out before the planned start: their round is on from then."""

from __future__ import annotations

from buurtwacht.testing import World

from .duty import duty, said
from .tolberg import both_ways

world = both_ways


def test_who_set_out_early_can_note_what_he_sees_and_is_not_told_to_begin(world: World) -> None:
    town = duty(world)
    world.advance_to("2026-05-12 21:15")
    town.riet.says("bijzonderheden lamp kapot Lindestraat 12")
    assert "Je loopt nu geen ronde" in town.riet.last.text
    town.henk.says("start ronde")
    town.henk.says("bijzonderheden lamp kapot Lindestraat 12")
    assert "Genoteerd voor de gemeente: lamp kapot Lindestraat 12" in town.henk.last.text
    world.advance_to("2026-05-12 21:31")
    assert "Typ: start ronde" in said(town.riet, "05-12 21:29")
    assert not said(town.henk, "05-12 21:29"), "he has begun"
