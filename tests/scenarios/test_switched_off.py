"""Alerts and what listens to them, where a co-ordinator switched one of them off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from buurtwacht.testing import World

from .escalating import Called, called


@pytest.fixture(params=[False, True], ids=["memory", "wire"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with World(wire=request.param) as made:
        yield made


def says(town: Called, text: str) -> str:
    kees = town.town.kees
    before = len(kees.received)
    kees.says(text)
    town.world.advance(seconds=20)
    return "\n".join(one.text for one in kees.received[before:])


def test_where_escalation_is_off_nobody_is_called_and_what_was_begun_ends(world: World) -> None:
    town = called(world)
    town.escalate()
    peters = town.peters
    assert any("Opschaling" in one.text for one in peters.received)
    said = len(peters.received)
    assert "de opschaling van TB-0001" in says(town, "onderdeel uit opschaling")
    assert "staat nu uit" in says(town, "ja")
    world.advance(hours=1)
    assert len(peters.received) == said, "nothing goes on"
    assert "niet beschikbaar" in says(town, "opschalen TB-0001 boa")
    says(town, "einde TB-0001 alles veilig")
    world.advance(minutes=5)
    assert "staat nu aan" in says(town, "onderdeel aan opschaling")
    before = len(peters.received)
    world.advance(hours=3)
    assert len(peters.received) == before, "what ended meanwhile is not taken up again"


def test_an_alert_next_door_does_not_reach_where_alerts_are_off(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], adjacent=["LD"], quiet_hours=None)
    langdonk = world.neighbourhood("LD", "Langdonk", adjacent=["TB"], quiet_hours=None)
    fatima = tolberg.member("Fatima", channel="telegram", street="Meidoornstraat")
    henk = tolberg.member("Henk", channel="whatsapp", street="Meidoornstraat")
    els = langdonk.member("Els", channel="whatsapp")
    lia = langdonk.member("Lia", channel="telegram", roles=["coordinator"])
    lia.says("onderdeel uit meldingen")
    lia.taps("Ja")
    world.advance(seconds=20)
    assert lia.last.text.startswith("Meldingen staat nu uit in Langdonk.")
    fatima.says("inbraak aan de gang meidoornstraat 12, twee mannen met bivakmuts, NU")
    world.advance(minutes=2)
    assert "Meidoornstraat" in henk.last.text
    assert els.received == []
