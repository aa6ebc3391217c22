"""Who switches off a plugin that has something under way is told what stands still, and says yes to that."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from buurtwacht.testing import World

from .patrols import published, walkers


@pytest.fixture(params=[False, True], ids=["memory", "wire"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with World(wire=request.param) as made:
        yield made


def test_walkers_who_are_out_are_named_first_also_after_their_time(world: World) -> None:
    town = walkers(world, at="2026-05-01 10:00")
    published(town)
    world.advance_to("2026-05-05 21:31")
    for one in town.all:
        one.says("start ronde")
    world.advance(minutes=1)
    for later in ("2026-05-05 21:40", "2026-05-05 22:50"):
        world.advance_to(later)
        town.kees.says("onderdeel uit rondes")
        world.advance(seconds=20)
        told = town.kees.last.text.splitlines()
        assert told[0].startswith("Van Rondes lopen er nu ")
        assert "met lopers die nu op pad zijn" in told[1]
        assert "en meer" in told
        assert "staan stil tot Rondes weer aan is" in town.kees.last.text
        assert town.kees.last.text.endswith("Rondes toch uitzetten in Tolberg?")
        town.kees.taps("Nee")
        world.advance(seconds=20)
        assert town.kees.last.text == "Rondes blijft aan in Tolberg."
    town.kees.says("onderdeel uit rondes")
    world.advance(seconds=20)
    town.kees.taps("Ja")
    world.advance(seconds=20)
    assert town.kees.last.text.startswith("Rondes staat nu uit in Tolberg.")


def test_an_open_roll_call_is_named_and_one_next_door_is_not(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
    langdonk = world.neighbourhood("LD", "Langdonk", quiet_hours=None)
    kees = tolberg.member("Kees", channel="telegram", roles=["coordinator"])
    els = langdonk.member("Els", channel="whatsapp", roles=["coordinator"])
    kees.says("rondvraag is iedereen veilig? 60 min")
    world.advance(seconds=20)
    kees.says("onderdeel uit rondvragen")
    els.says("onderdeel uit rondvragen")
    world.advance(seconds=20)
    assert kees.last.text.startswith("Van Rondvragen loopt er nu 1 ding in Tolberg:\nrondvraag TB-R1\n")
    assert els.last.text.startswith("Rondvragen staat nu uit in Langdonk.")
    kees.says("einde TB-R1")
    world.advance(seconds=20)
    kees.says("onderdeel uit rondvragen")
    world.advance(seconds=20)
    assert kees.last.text.startswith("Rondvragen staat nu uit in Tolberg."), "it was ended first"
