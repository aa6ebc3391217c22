"""Long words outside the window of a messenger: a template holds little, and nobody may miss an end for that."""

from __future__ import annotations

from buurtwacht.records.selfaudit import counts
from buurtwacht.testing import World

from .tolberg import CAR, about, alarmed, both_ways, tolberg

world = both_ways

STORY = "de auto bleek van de aannemer die om de hoek bij de nieuwe bewoners aan het werk is "


def test_a_long_outcome_reaches_who_was_silent_for_a_day(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    town.ans.says("einde TB-0001 " + STORY * 15)
    world.advance(seconds=30)
    ends = about(town.henk, "EINDE MELDING TB-0001")
    assert [f"({number}/{len(ends)})" in one for number, one in enumerate(ends, 1)] == [True] * 2
    assert sum(one.count("aannemer") for one in ends) == 15
    assert all(one.arrived for one in town.henk.received)


def test_what_left_in_several_templates_is_one_delivery_in_the_figures(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    before = counts(world.database)["templates"]["whatsapp",]
    town.ans.says("einde TB-0001 " + STORY * 15)
    world.advance(seconds=30)
    silent = [one for one in town.everybody if "whatsapp" in one.addresses and one.last.template]
    assert silent
    assert {len(about(one, "EINDE MELDING TB-0001")) for one in silent} == {2}
    assert counts(world.database)["templates"]["whatsapp",] == before + len(silent)


def test_names_that_are_hidden_make_a_report_longer_and_it_arrives(world: World) -> None:
    town = tolberg(world)
    town.place.member("Kim", channel="telegram")
    town.fatima.says(f"{CAR}, {'Kim ziet Kim en Kim, ' * 13}en hij rijdt weg")
    town.fatima.taps("Ja, door mij")
    world.advance(seconds=30)
    first = about(town.henk, "VERDACHT VOERTUIG")[0]
    assert "Meidoornstraat" in first
    assert "Kim" not in "".join(about(town.henk, "TB-0001"))
    assert all(one.arrived for one in town.henk.received)


def test_a_long_addition_reaches_a_co_ordinator_and_members_who_were_silent(world: World) -> None:
    town = tolberg(world)
    joop = town.place.member("Joop", channel="whatsapp", roles=["member", "coordinator"], window_open=False)
    alarmed(town)
    town.riet.says("aanvulling TB-0001 " + STORY * 11)
    world.advance(seconds=90)
    for one in (joop, town.henk):
        assert sum(text.count("aannemer") for text in about(one, "aannemer")) >= 11
        assert all(received.arrived for received in one.received)
