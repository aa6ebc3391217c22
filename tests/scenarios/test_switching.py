"""A co-ordinator switches plugins off and on in his own neighbourhood, and everybody there notices."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from buurtwacht.testing import Member, Neighbourhood, World

UNAVAILABLE = '"rooster" is nu niet beschikbaar in je buurt. Spoed? Bel 112.'


@pytest.fixture(params=[False, True], ids=["memory", "wire"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with World(wire=request.param) as made:
        yield made


@pytest.fixture
def tolberg(world: World) -> Neighbourhood:
    near = ["LD"]
    return world.neighbourhood(
        "TB", "Tolberg", municipality="Roosendaal", streets=["Meidoornstraat"], adjacent=near, quiet_hours=None
    )


@pytest.fixture
def langdonk(world: World, tolberg: Neighbourhood) -> Neighbourhood:
    return world.neighbourhood("LD", "Langdonk", streets=["Esdoornlaan"], adjacent=["TB"], quiet_hours=None)


@pytest.fixture
def kees(tolberg: Neighbourhood) -> Member:
    return tolberg.member("Kees", channel="telegram", roles=["coordinator"])


@pytest.fixture
def henk(tolberg: Neighbourhood) -> Member:
    return tolberg.member("Henk", channel="whatsapp", roles=["member", "patroller"])


def says(world: World, member: Member, text: str) -> str:
    """Say something; return all of the answer, once the messenger's pace has let it through."""
    before = len(member.received)
    member.says(text)
    world.advance(seconds=20)
    return "\n".join(one.text for one in member.received[before:])


def test_off_and_on_again_by_command(world: World, langdonk: Neighbourhood, kees: Member, henk: Member) -> None:
    els = langdonk.member("Els", channel="whatsapp", roles=["coordinator"])
    assert "mijn diensten" in says(world, henk, "help")
    assert "Rondes (patrols): aan\n" in says(world, kees, "onderdelen")

    assert says(world, kees, "onderdeel uit rondes").startswith("Rondes staat nu uit in Tolberg.")
    assert says(world, kees, "rooster") == UNAVAILABLE
    assert "mijn diensten" not in says(world, henk, "help")
    assert "Rondes (patrols): uit, uitgezet door Kees op" in says(world, kees, "onderdelen")
    assert "Rondes (patrols): aan\n" in says(world, els, "onderdelen"), "next door nothing changes"
    assert says(world, els, "rooster") != UNAVAILABLE

    assert says(world, kees, "onderdeel aan rondes").startswith("Rondes staat nu aan in Tolberg.")
    assert says(world, kees, "rooster") != UNAVAILABLE
    assert "mijn diensten" in says(world, henk, "help")
    assert "Rondes (patrols): aan, aangezet door Kees op" in says(world, kees, "onderdelen")
    who = f"person:{world.person_id(kees)}"
    lines = [(one.actor, one.event, one.subject) for one in world.audit() if one.event.startswith("plugin_switched")]
    assert lines == [
        (who, "plugin_switched_off", "switch:TB:patrols"),
        (who, "plugin_switched_on", "switch:TB:patrols"),
    ]


def test_it_outlives_a_crash(world: World, kees: Member) -> None:
    says(world, kees, "plugin off patrols")
    world.crash()
    world.advance(seconds=5)
    assert says(world, kees, "rooster") == UNAVAILABLE


@pytest.mark.parametrize(
    "typed", ["onderdeel uit patrols", "Onderdeel Rondes uit", "switch off plugin patrols", "onderdeel uit rondes TB"]
)
def test_it_may_be_said_in_more_ways_than_one(world: World, kees: Member, typed: str) -> None:
    assert says(world, kees, typed).startswith("Rondes staat nu uit in Tolberg.")


def test_what_cannot_be_missed_is_asked_about_first(world: World, kees: Member, henk: Member) -> None:
    asked = says(world, kees, "onderdeel uit meldingen")
    assert "onmisbaar" in asked
    assert "112" in asked
    kees.taps("Nee")
    world.advance(seconds=20)
    assert kees.last.text == "Meldingen blijft aan in Tolberg."
    says(world, kees, "onderdeel uit alerts")
    kees.taps("Ja")
    world.advance(seconds=20)
    assert kees.last.text.startswith("Meldingen staat nu uit in Tolberg.")
    assert "niet beschikbaar" in says(world, henk, "melding verdachte auto meidoornstraat")


def test_nobody_is_kept_from_leaving_or_from_his_data(world: World, kees: Member) -> None:
    assert says(world, kees, "onderdeel uit leden").startswith("Leden kan niet uit.")
    assert "Leden (members): aan\n" in says(world, kees, "onderdelen")


@pytest.mark.parametrize(
    "typed", ["onderdelen", "onderdeel uit rondes", "onderdeel aan rondes", "onderdeel rondes uit"]
)
def test_it_is_for_those_who_look_after_the_neighbourhood(
    world: World, tolberg: Neighbourhood, henk: Member, typed: str
) -> None:
    assert "is alleen voor wie die taak heeft in je buurt" in says(world, henk, typed)
    assert "onderdelen" not in says(world, henk, "help")
    admin = tolberg.member("Ahmed", channel="telegram", roles=["admin"])
    assert "is alleen voor" not in says(world, admin, typed)


def test_an_official_does_not_decide_about_plugins(world: World, tolberg: Neighbourhood) -> None:
    anja = world.official("Anja", "police", municipality="Roosendaal", channel="telegram")
    says(world, anja, "onderdeel uit rondes")
    assert not [one for one in world.audit() if one.event.startswith("plugin_switched")]


def test_who_looks_after_two_is_asked_which_or_says_so(
    world: World, tolberg: Neighbourhood, langdonk: Neighbourhood, kees: Member
) -> None:
    langdonk.join(kees, roles=["coordinator"])
    assert says(world, kees, "onderdeel uit rondes").startswith("Voor welke buurt?")
    kees.taps("Langdonk")
    world.advance(seconds=20)
    assert kees.last.text.startswith("Rondes staat nu uit in Langdonk.")
    assert says(world, kees, "onderdeel uit rondes TB").startswith("Rondes staat nu uit in Tolberg.")
    assert says(world, kees, "onderdeel aan rondes in Langdonk").startswith("Rondes staat nu aan in Langdonk.")
    assert "Rondes (patrols): uit" in says(world, kees, "onderdelen TB")


def test_nobody_decides_next_door(world: World, langdonk: Neighbourhood, kees: Member) -> None:
    assert "is alleen voor wie die taak heeft" in says(world, kees, "onderdeel uit rondes LD")
    langdonk.join(kees)
    assert "is alleen voor wie die taak heeft" in says(world, kees, "onderdeel uit rondes LD")
    assert says(world, kees, "onderdeel uit rondes").startswith("Rondes staat nu uit in Tolberg."), "it can only be his"


@pytest.mark.parametrize(
    "typed",
    ["onderdelen in Langdonk", "onderdelen in ld", "onderdeel uit rondes in langdonk", "onderdeel rondes voor LD"],
)
def test_who_names_another_neighbourhood_is_not_answered_about_his_own(
    world: World, langdonk: Neighbourhood, kees: Member, typed: str
) -> None:
    told = says(world, kees, typed)
    assert "is alleen voor wie die taak heeft" in told
    assert "Tolberg" not in told
    assert "Rondes (patrols): aan" in says(world, kees, "onderdelen in Tolberg")


def test_a_report_is_no_command(world: World, kees: Member) -> None:
    assert "Is 112 al gebeld?" in says(
        world, kees, "onderdeel uit de auto gestolen aan de meidoornstraat, dader rent weg"
    )
