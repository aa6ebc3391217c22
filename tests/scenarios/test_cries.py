"""Who cries for help and says what is wrong or where is heard by the co-ordinators, and a chore is none (R55)."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World

from .tolberg import about, alarmed, both_ways, texts, tolberg

world = both_ways

CALL = "Bel 112 als er gevaar is."
ASKED = "HULP GEVRAAGD door Fatima"


@pytest.mark.parametrize(
    "said",
    [
        "hulp nodig, man onder auto",
        "hulp nodig bij de vijver",
        "help kind in het water",
        "help, er verdrinkt iemand",
        "hulp!! bij nummer 12",
        "i need help at the pond",
    ],
)
def test_a_cry_that_says_what_or_where_reaches_the_co_ordinators(world: World, said: str) -> None:
    town = tolberg(world)
    town.fatima.says(said)
    world.advance(seconds=10)
    assert about(town.fatima, CALL)
    for one in (town.kees, town.ans):
        assert said in "".join(about(one, ASKED))
    assert not texts(town.riet)


@pytest.mark.parametrize(
    "said", ["hulp nodig met verhuizen", "help mee met opruimen", "hulp gezocht in de tuin", "help me even met de app"]
)
def test_a_chore_wakes_no_co_ordinator(world: World, said: str) -> None:
    town = tolberg(world)
    town.fatima.says(said)
    world.advance(seconds=10)
    assert town.fatima.last.text
    assert not about(town.fatima, CALL)
    assert not texts(town.kees)


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ("hulp nodig er is brand in de meidoornstraat", "TB-0001"),
        ("hulp, lantaarnpaal kapot in de beukenlaan", "TB-0001"),
        ("hulp, hond kwijt in de beukenlaan", "Dit lezen de buren die hierom gevraagd hebben"),
    ],
)
def test_a_report_behind_a_cry_is_a_report_as_well(world: World, said: str, taken: str) -> None:
    town = tolberg(world)
    town.fatima.says(said)
    world.advance(seconds=10)
    assert about(town.fatima, taken)
    assert about(town.kees, ASKED)


@pytest.mark.parametrize(
    ("said", "added"),
    [
        ("help, kind in het water", False),
        ("aanvulling TB-0001 help, kind in het water", True),
        ("aanvulling help, kind in het water", True),
        ("TB-0001 help, kind in het water", True),
    ],
)
def test_beside_an_alert_of_his_own_a_cry_is_one_as_well(world: World, said: str, added: bool) -> None:
    town = tolberg(world)
    alarmed(town)
    town.fatima.says(said)
    world.advance(seconds=10)
    assert about(town.fatima, CALL)
    for one in (town.kees, town.ans):
        assert "help, kind in het water" in "".join(about(one, ASKED))
    assert bool(about(town.kees, "Aanvulling op TB-0001")) is added


@pytest.mark.parametrize("said", ["aanvulling help, kind in het water", "aanvulling TB-0009 help, kind in het water"])
def test_nobody_is_refused_help_because_there_is_nothing_to_add_to(world: World, said: str) -> None:
    town = tolberg(world)
    town.fatima.says(said)
    world.advance(seconds=10)
    assert about(town.fatima, CALL)
    assert about(town.kees, ASKED)


def test_what_is_only_added_is_no_cry(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    town.fatima.says("aanvulling TB-0001 hulp nodig met opruimen van het glas")
    world.advance(seconds=10)
    assert about(town.kees, "Aanvulling op TB-0001")
    assert not about(town.kees, ASKED)
