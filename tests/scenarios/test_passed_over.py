"""Who was passed over is on record: for himself to read, and gone with him."""

from __future__ import annotations

import json

from buurtwacht import PersonId
from buurtwacht.testing import World
from buurtwacht_alerts.muting import PassedOver, Why

from .test_mute import Spread, answer
from .tolberg import CAR


def passed_over(world: World) -> list[tuple[PersonId, Why]]:
    with world.context("alerts") as ctx:
        return [(one.person, one.why) for one in ctx.records.find(PassedOver)]


def test_it_is_in_his_own_data_and_goes_when_he_goes(world: World) -> None:
    town = Spread(world, "2026-01-16 01:42")
    answer(world, town.near, "demp")
    town.reports(CAR)
    near, far = world.person_id(town.near), world.person_id(town.far)
    assert passed_over(world) == [(near, Why.MUTED), (far, Why.ASLEEP)]

    answer(world, town.near, "mijn gegevens")
    (file,) = (one for message in town.near.received for one in message.attachments)
    (mine,) = json.loads(file.data)["alerts"]["not_shown"]
    assert mine["why"] == "muted"

    answer(world, town.near, "verwijder mij")
    town.near.taps("Alles wissen")
    world.advance(minutes=1)
    assert passed_over(world) == [(far, Why.ASLEEP)]


def test_it_goes_with_the_other_personal_parts_of_an_alert(world: World) -> None:
    town = Spread(world)
    answer(world, town.near, "demp")
    town.reports(CAR)
    answer(world, town.kees, "einde TB-0001 het was een monteur")
    world.advance(days=31)
    assert passed_over(world) == []
