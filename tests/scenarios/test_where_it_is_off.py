"""Where a plugin is off nothing is promised in its name, and nobody is held to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from buurtwacht.testing import Member, Neighbourhood, World


@pytest.fixture(params=[False, True], ids=["memory", "wire"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with World(wire=request.param) as made:
        yield made


@pytest.fixture
def tolberg(world: World) -> Neighbourhood:
    return world.neighbourhood(
        "TB", "Tolberg", streets=["Meidoornstraat"], adjacent=["LD"], municipality="Roosendaal", quiet_hours=None
    )


@pytest.fixture
def langdonk(world: World, tolberg: Neighbourhood) -> Neighbourhood:
    return world.neighbourhood(
        "LD",
        "Langdonk",
        streets=["Dijkstraat"],
        adjacent=["TB"],
        borders={"Dijkstraat": "TB"},
        municipality="Roosendaal",
        quiet_hours=None,
    )


@pytest.fixture
def kees(tolberg: Neighbourhood) -> Member:
    return tolberg.member("Kees", channel="telegram", roles=["coordinator", "representative"])


@pytest.fixture
def henk(tolberg: Neighbourhood) -> Member:
    return tolberg.member("Henk", channel="whatsapp")


def says(world: World, member: Member, text: str) -> str:
    """Say something; return all of the answer, once the messenger's pace has let it through."""
    before = len(member.received)
    member.says(text)
    world.advance(seconds=20)
    return "\n".join(one.text for one in member.received[before:])


def alerts_off(world: World, coordinator: Member) -> None:
    says(world, coordinator, "onderdeel uit meldingen")
    coordinator.taps("Ja")
    world.advance(seconds=20)


def reported(world: World, langdonk: Neighbourhood) -> Member:
    """Have an alert raised at a border street of Langdonk; return its co-ordinator."""
    els = langdonk.member("Els", channel="telegram", roles=["coordinator"])
    wim = langdonk.member("Wim", channel="whatsapp")
    says(world, wim, "verdachte auto dijkstraat, rijdt stapvoets, lichten uit")
    wim.taps("Ja, door mij")
    world.advance(seconds=20)
    return els


def test_what_cannot_arrive_next_door_is_not_called_relayed(
    world: World, langdonk: Neighbourhood, kees: Member, henk: Member
) -> None:
    alerts_off(world, kees)
    before = len(kees.received), len(henk.received)
    els = reported(world, langdonk)
    assert "niet doorgezet" in says(world, els, "doorzetten LD-0001 TB")
    assert (len(kees.received), len(henk.received)) == before, "nobody there is told, nor asked to relay it"

    says(world, kees, "onderdeel aan meldingen")
    assert "doorgezet naar Tolberg: 2 buren" in says(world, els, "doorzetten LD-0001 TB")
    assert "LD-0001" in henk.last.text


def test_a_drill_next_door_goes_on_when_nothing_real_can_come(
    world: World, langdonk: Neighbourhood, kees: Member, henk: Member
) -> None:
    says(world, kees, "oefening nu verdachte auto, Meidoornstraat")
    kees.taps("Ja")
    world.advance(seconds=20)
    alerts_off(world, kees)
    before = len(henk.received)
    els = reported(world, langdonk)
    says(world, els, "doorzetten LD-0001 TB")
    says(world, kees, "onderdeel aan meldingen")
    assert not henk.received[before:]
    assert "oefening" in says(world, kees, "einde oefening").lower()
    assert "OEFENING" in henk.last.text
    assert henk.received[before:], "it had not been stopped"


def test_a_plugin_is_called_by_its_name_in_the_readers_language(
    world: World, tolberg: Neighbourhood, kees: Member
) -> None:
    sam = tolberg.member("Sam", channel="whatsapp", roles=["deputy_coordinator"], language="en")
    assert says(world, sam, "plugin off roll calls").startswith("Roll calls is now off in Tolberg.")
    assert "Roll calls (rollcalls): off" in says(world, sam, "plugins")
    assert "Rondvragen (rollcalls): uit" in says(world, kees, "onderdelen")
    assert says(world, sam, "plugin on rondvragen").startswith("Roll calls is now on in Tolberg.")
    assert says(world, sam, "settings lost pets").startswith("Lost pets in Tolberg:")


def test_to_set_a_plugin_without_saying_what_shows_its_settings(world: World, kees: Member) -> None:
    assert says(world, kees, "instelling meldingen").startswith("Meldingen in Tolberg:\nphotos: ")


@pytest.mark.parametrize("typed", ["niet meedoen lost_pets", "niet meedoen vermiste dieren", "opt out lost_pets"])
def test_who_asked_to_hear_can_take_that_back_where_it_is_off(
    world: World, tolberg: Neighbourhood, kees: Member, henk: Member, typed: str
) -> None:
    fatima = tolberg.member("Fatima", channel="telegram", street="Meidoornstraat")
    henk.opts_in("lost_pets")
    says(world, kees, "onderdeel uit lost_pets")
    assert "Vermiste dieren" not in says(world, fatima, "niet meedoen"), "who never asked is not offered it"
    assert "geen berichten meer van Vermiste dieren" in says(world, henk, typed)
    says(world, kees, "onderdeel aan lost_pets")
    before = len(henk.received)
    says(world, fatima, "dier vermist rode kater")
    fatima.taps("Ja")
    world.advance(minutes=1)
    assert not any("kater" in one.text for one in henk.received[before:])


def test_who_asked_to_hear_can_take_that_back_when_it_is_gone(world: World, henk: Member) -> None:
    with world.context("members") as ctx:
        ctx.directory.change(world.person_id(henk), opted_in=["tombola"])
    assert "geen berichten meer van tombola" in says(world, henk, "niet meedoen tombola")
    assert "geen berichten meer" not in says(world, henk, "niet meedoen tombola")
