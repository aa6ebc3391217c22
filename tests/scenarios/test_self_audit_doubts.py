"""What the self-audit must not do: give the all-clear when it could not look, pause whom it cannot ask, fall silent."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, insert, text

from buurtwacht.records.findings import take_turn
from buurtwacht.records.schema import delivery, finding
from buurtwacht.testing import World, self_audit

from .test_self_audit import OVER, ROLL_CALL, codes, lose, ready, told
from .tolberg import alarmed, both_ways, tolberg

world = both_ways


def test_who_cannot_be_asked_is_not_paused_and_nothing_of_his_counts_as_over(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    lose(world, "alerts:expiry:%")
    self_audit(world, minutes=2)
    assert len(told(town.kees)) == 1
    with world.database.writing() as connection:
        connection.execute(text("ALTER TABLE alerts_drill RENAME TO alerts_lost"))
    self_audit(world, minutes=8)
    with world.database.writing() as connection:
        connection.execute(text("ALTER TABLE alerts_lost RENAME TO alerts_drill"))
    assert not told(town.kees, OVER), "nobody could look"
    assert ready(world)["plugins_paused"] == {}
    town.fatima.says("aanvulling TB-0001 hij staat nu bij de school")
    self_audit(world, minutes=6)
    assert told(town.kees, OVER)
    assert {plugin for plugin, _ in world.journal.errors} == {"alerts"}
    world.journal.errors.clear()


def test_several_people_on_one_list_are_named_once(world: World) -> None:
    town = tolberg(world)
    town.kees.says(ROLL_CALL)
    world.advance(seconds=2)
    lost = [world.person_id(one) for one in (town.riet, town.henk)]
    with world.database.writing() as connection:
        connection.execute(delete(delivery).where(delivery.c.person_id.in_(lost)))
    self_audit(world, minutes=2)
    assert codes(world) == [("not_sent", "TB-R1")] * 2
    (said,) = told(town.kees, "kloppen de aantallen niet")
    assert said.count("TB-R1") == 1
    for name in ("Riet", "Henk"):
        town.kees.says(f"{name} veilig via de buren")


def test_what_was_found_of_a_plugin_that_is_no_longer_there_is_forgotten_in_silence(world: World) -> None:
    town = tolberg(world)
    long_ago = world.now - timedelta(hours=1)
    row = {"id": 1, "code": "no_next_step", "plugin": "gone", "record": 7, "short": "TB-G1", "called": "under_way.gone"}
    with world.database.writing() as connection:
        moments = dict.fromkeys(("first_at", "last_at", "told_at"), long_ago)
        connection.execute(insert(finding), {**row, "neighbourhood_id": 0, "severity": "notice", **moments})
    self_audit(world)
    assert codes(world) == []
    assert not told(town.ans, OVER)


def test_a_clock_that_was_ahead_does_not_keep_the_audit_waiting(world: World) -> None:
    assert take_turn(world.database, world.now + timedelta(days=400))
    assert take_turn(world.database, world.now)
    assert not take_turn(world.database, world.now), "but it is one turn"
