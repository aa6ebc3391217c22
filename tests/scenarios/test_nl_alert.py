"""NL-Alert: passed on once to whom it concerns; a list that is silent is unknown, never "no danger"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select, update

from buurtwacht.testing import World
from buurtwacht_nl_alert.records import Warning

URL = "https://api.public-warning.app/api/v1/providers/nl-alert/alerts"
FIRE = {
    "id": "a1b2c3d4e5f6",
    "message": "NL-Alert. Grote brand in Roosendaal. Sluit ramen en deuren. ***NL-Alert. Large fire. Close windows.",
    "type": "nl-alert",
    "start_at": "2026-01-16T12:30:00Z",
    "stop_at": None,
    "area": ["51.5200,4.4200 51.5200,4.4900 51.5450,4.4900 51.5450,4.4200 51.5200,4.4200"],
    "resource_uri": f"{URL}/a1b2c3d4e5f6",
}


@pytest.fixture(params=[False, True], ids=["memory", "wire"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with World("2026-01-16 13:31", wire=request.param) as made:
        yield made


class Town:
    """Tolberg lies in the area, Heilig Landstichting far from it, and Oudenbosch has no positions."""

    def __init__(self, world: World) -> None:
        tolberg = world.neighbourhood(
            "TB", "Tolberg", municipality="Roosendaal", streets={"Meidoornstraat": (51.5216, 4.4302)}, quiet_hours=None
        )
        far = world.neighbourhood("HL", "Heilig Landstichting", streets={"Nijmeegsebaan": (51.82, 5.89)})
        bare = world.neighbourhood("OB", "Oudenbosch", municipality="Halderberge", quiet_hours=None)
        self.henk = tolberg.member("Henk", channel="whatsapp", window_open=False)
        self.noor = tolberg.member("Noor", channel="telegram", language="en")
        self.kees = tolberg.member("Kees", channel="telegram", roles=["coordinator"])
        self.riet = far.member("Riet", channel="telegram")
        self.joost = bare.member("Joost", channel="telegram")
        for one in (self.henk, self.noor, self.riet, self.joost):
            one.opts_in("nl_alert")


def says(*found: dict[str, Any]) -> dict[str, Any]:
    return {"data": list(found)}


def test_who_asked_for_it_and_lives_there_reads_it_once_in_his_language(world: World) -> None:
    town = Town(world)
    world.outside(URL, says(FIRE))
    world.advance(minutes=30)
    assert [one.text for one in town.noor.received] == [
        "NL-Alert of 13:30, passed on by Buurtwacht:\n"
        "NL-Alert. Grote brand in Roosendaal. Sluit ramen en deuren. / NL-Alert. Large fire. Close windows.\n"
        "This is an extra: receive NL-Alert on your own phone as well."
    ]
    assert "Grote brand" in town.henk.last.text
    assert town.henk.last.template
    assert [town.riet.received, town.joost.received, town.kees.received] == [[], [], []]


def test_its_end_is_said_once_to_whoever_read_it(world: World) -> None:
    town = Town(world)
    world.outside(URL, says({**FIRE, "stop_at": "2026-01-16T14:00:00Z"}))
    world.advance_to("2026-01-16 14:59")
    assert len(town.noor.received) == 1
    world.advance(minutes=5)
    assert "does not hold any more" in town.noor.last.text
    world.outside(URL, says())  # gone from the list
    world.advance(hours=3)
    assert len(town.noor.received) == 2
    assert town.riet.received == []


def test_one_that_goes_on_after_its_end_is_said_again(world: World) -> None:
    town = Town(world)
    world.outside(URL, says({**FIRE, "stop_at": "2026-01-16T12:35:00Z"}))
    world.advance(minutes=10)
    world.outside(URL, says({**FIRE, "stop_at": "2026-01-16T14:00:00Z"}))
    world.advance(minutes=1)
    assert town.noor.last.text.startswith("NL-Alert of 13:30")
    world.advance(hours=2)
    assert ["hold any more" in one.text for one in town.noor.received] == [False, True, False, True]


def test_one_that_only_disappears_is_not_said_to_be_over(world: World) -> None:
    town = Town(world)
    world.outside(URL, says(FIRE))
    world.outside(URL, says())
    world.advance(hours=5)
    assert len(town.noor.received) == 1


def test_new_words_are_a_new_message_to_the_same_people(world: World) -> None:
    town = Town(world)
    world.outside(URL, says(FIRE))
    world.outside(URL, says({**FIRE, "message": "NL-Alert. De rook trekt weg."}))
    world.advance(minutes=1)
    assert [len(one.received) for one in (town.noor, town.henk, town.riet)] == [2, 2, 0]
    assert "De rook trekt weg" in town.noor.last.text


def test_a_warning_kept_as_it_was_kept_before_goes_on_to_the_same_people(world: World) -> None:
    town = Town(world)
    world.outside(URL, says(FIRE))
    world.advance(minutes=1)
    with world.database.writing() as connection:
        [told] = connection.execute(select(Warning.__table__.c.told)).scalars()
        before = {str(one): 77 for one in told}
        connection.execute(update(Warning.__table__).values(told=before))
    world.advance(minutes=5)
    assert len(town.noor.received) == 1, "known already"
    world.outside(URL, says({**FIRE, "message": "NL-Alert. De rook trekt weg."}))
    world.advance(minutes=1)
    assert [len(one.received) for one in (town.noor, town.henk, town.riet)] == [2, 2, 0]
    town.noor.says("nl-alert")
    assert "De rook trekt weg" in town.noor.last.text


def test_without_positions_its_words_decide(world: World) -> None:
    town = Town(world)
    world.outside(URL, says({**FIRE, "message": "NL-Alert. Rook boven de gemeente Halderberge."}))
    assert "Halderberge" in town.joost.last.text


def test_what_was_over_before_we_heard_of_it_is_not_passed_on(world: World) -> None:
    town = Town(world)
    world.outside(URL, says({**FIRE, "stop_at": "2026-01-16T12:00:00Z"}))
    world.advance(minutes=5)
    assert town.noor.received == []


@pytest.mark.parametrize("answer", [503, b"Site Unavailable", {"data": "none"}, {"data": [{**FIRE, "area": ["x"]}]}])
def test_a_list_that_is_silent_or_odd_is_unknown_and_the_co_ordinators_hear_that_it_is_no_all_clear(
    world: World, answer: Any
) -> None:
    town = Town(world)
    world.outside(URL, says())
    town.noor.says("nl-alert")
    assert town.noor.last.text == "At 13:31 the public list had no NL-Alert for this neighbourhood."
    world.outside(URL, answer)
    world.advance(minutes=10)
    assert [one.text[:66] for one in town.kees.received] == [
        "Sinds 13:31 weten we niet of er een NL-Alert is: de openbare lijst"
    ]
    assert "niet dat er geen gevaar is" in town.kees.last.text
    town.noor.says("nl alerts")
    assert "That does not mean that there is no danger" in town.noor.last.text
    world.outside(URL, says(FIRE))
    world.advance(minutes=1)
    assert town.kees.last.text == "De openbare lijst van NL-Alert antwoordt weer, sinds 13:42."
    town.noor.says("nl-alert")
    assert "Grote brand" in town.noor.last.text


def test_where_it_is_off_nobody_hears_of_it(world: World) -> None:
    off = world.neighbourhood("KR", "Kroeven", municipality="Roosendaal", plugins_off=["nl_alert"], quiet_hours=None)
    wim = off.member("Wim", channel="telegram", roles=["coordinator"])
    wim.opts_in("nl_alert")
    world.outside(URL, says(FIRE))
    world.outside(URL, 503)
    world.advance(minutes=10)
    assert wim.received == []


def test_all_members_hear_of_it_where_that_is_set() -> None:
    settings = {"nl_alert": {"who": "members"}}
    with World("2026-01-16 13:31", settings=settings) as world:
        town = Town(world)
        world.outside(URL, says(FIRE))
        assert "Grote brand" in town.kees.last.text
        assert town.riet.received == []
