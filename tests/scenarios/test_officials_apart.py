"""Officials are in no audience and in no count, unless they are members as well (R21)."""

from __future__ import annotations

from buurtwacht.testing import World

from .tolberg import about, alarmed, both_ways, tolberg

world = both_ways


def test_an_official_is_shown_no_alert_and_counted_nowhere(world: World) -> None:
    town = tolberg(world)
    agent = world.official(
        "Marco", "police", municipality="Roosendaal", channel="telegram", neighbourhoods=[town.place]
    )
    alarmed(town)
    world.advance(minutes=3)
    assert not about(agent, "TB-0001")
    assert "is verstuurd naar 4 buren" in town.fatima.last.text
    assert "Bezorging van TB-0001: 4 bereikt" in town.kees.last.text
    town.kees.says("stand TB-0001")
    assert "Verstuurd 4," in town.kees.last.text
    town.kees.says("appel iedereen veilig?")
    world.advance(minutes=1)
    assert "Gevraagd: 5" in town.kees.last.text
    town.kees.says("einde TB-0001 het was een bezorger")
    world.advance(minutes=1)
    assert not agent.received


def test_an_official_who_is_a_member_gets_what_members_get(world: World) -> None:
    town = tolberg(world)
    agent = world.official(
        "Marco", "police", municipality="Roosendaal", channel="telegram", neighbourhoods=[town.place]
    )
    town.place.join(agent)
    alarmed(town)
    assert len(about(agent, "TB-0001")) == 1
