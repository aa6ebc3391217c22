"""What becomes of an alert runs through its escalations: its end, a raised severity, a crash, and what rules say."""

from __future__ import annotations

import pytest

from buurtwacht import OfficialKind
from buurtwacht.testing import World

from .ladders import about, alarmed, asked, ladders, said
from .tolberg import both_ways

world = both_ways

BURGLARY = "er wordt ingebroken beukenlaan, man met koevoet slaat ruit in"


def test_the_end_of_an_alert_ends_its_escalation(world: World) -> None:
    """Who confirmed reads how it ended; nobody is asked any more."""
    town = ladders(world)
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    world.advance(minutes=1)
    town.piet.taps("Ontvangen")
    town.kees.says("einde TB-0001 de auto is weggereden")
    world.advance(seconds=5)
    assert "weggereden" in town.piet.last.text
    before = len(town.piet.received)
    world.advance(hours=4)
    assert len(town.piet.received) == before
    assert not asked(town.gerda)


def test_a_false_alarm_cancels_it_and_is_told(world: World) -> None:
    """R24."""
    town = ladders(world)
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    world.advance(minutes=1)
    town.piet.taps("Ik pak het op")
    town.kees.says("loos alarm TB-0001 het was de bezorger")
    town.kees.taps("Ja")
    world.advance(seconds=5)
    assert "LOOS ALARM" in town.piet.last.text.upper()
    world.advance(minutes=30)
    assert not asked(town.gerda)


def test_while_nobody_has_answered_the_end_stops_the_ladder(world: World) -> None:
    town = ladders(world)
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    world.advance(minutes=4)
    town.kees.says("einde TB-0001 opgelost")
    world.advance(minutes=30)
    assert len(asked(town.piet)) == 1
    assert not asked(town.gerda)


def test_a_request_without_a_yes_ends_with_the_alert(world: World) -> None:
    town = ladders(world)
    alarmed(town)
    town.henk.says("opschalen TB-0001 wijkagent")
    world.advance(seconds=5)
    town.kees.says("einde TB-0001 opgelost")
    town.dirk.taps("Ja")
    world.advance(minutes=30)
    assert not asked(town.piet)


def test_a_raised_severity_starts_it_anew(world: World) -> None:
    town = ladders(world)
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    world.advance(minutes=11)
    town.gerda.taps("Ontvangen")
    assert len(asked(town.piet)) == 2
    town.kees.says("verhoog TB-0001 kritiek hij breekt nu in")
    if any("Ja" in one.buttons for one in town.kees.received):
        town.kees.taps("Ja")
    world.advance(seconds=5)
    assert len(asked(town.piet)) == 3
    assert len(asked(town.gerda)) == 1
    world.advance(minutes=10)
    assert len(asked(town.gerda)) == 2


def test_raised_to_critical_it_waits_for_no_duty(world: World) -> None:
    town = ladders(world, "2026-01-16 18:30", duty="ma-vr 8-17")
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    town.kees.taps("Wacht op dienst")
    town.kees.says("verhoog TB-0001 kritiek hij breekt in")
    if any("Ja" in one.buttons for one in town.kees.received):
        town.kees.taps("Ja")
    world.advance(seconds=5)
    assert len(asked(town.piet)) == 1


def test_stepping_down_tells_who_was_asked(world: World) -> None:
    town = ladders(world)
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    world.advance(minutes=1)
    town.dirk.says("afschalen TB-0001")
    assert "gestopt" in town.dirk.last.text
    world.advance(minutes=30)
    assert len(asked(town.piet)) == 1
    assert "TB-0001" in town.piet.last.text
    assert town.piet.last.text != asked(town.piet)[0]
    town.dirk.says("afschalen TB-0001")
    assert "loopt geen opschaling" in town.dirk.last.text


def test_a_member_takes_back_what_he_asked_and_nothing_else(world: World) -> None:
    town = ladders(world)
    alarmed(town)
    town.henk.says("opschalen TB-0001 wijkagent")
    town.fatima.says("afschalen TB-0001")
    assert "beslist de coördinator" in town.fatima.last.text
    town.henk.says("afschalen TB-0001")
    assert "gestopt" in town.henk.last.text
    town.kees.taps("Ja")
    world.advance(seconds=5)
    assert not asked(town.piet)


def test_an_official_who_is_none_any_more_is_waited_for_no_longer(world: World) -> None:
    town = ladders(world)
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    world.advance(minutes=1)
    with world.context("members") as ctx:
        ctx.directory.dismiss(world.person_id(town.piet), OfficialKind.POLICE, "Roosendaal")
    world.advance(seconds=5)
    assert len(asked(town.gerda)) == 1


@pytest.mark.parametrize("during", ["handler", "send", None])
def test_a_crash_between_any_two_steps_loses_and_doubles_nothing(world: World, during: str | None) -> None:
    town = ladders(world)
    alarmed(town)
    world.crash(during)
    town.kees.says("opschalen TB-0001 wijkagent")
    world.advance(seconds=30)
    assert asked(town.piet)
    world.crash(during)
    world.advance(minutes=5, seconds=30)
    world.crash(during)
    world.advance(minutes=5)
    assert len(asked(town.gerda)) == len(asked(town.bram)) == 1
    world.crash(during)
    town.bram.taps("Ik pak het op")
    world.advance(minutes=1)
    assert len(about(town.kees, "Bram (handhaving)", f"{world.now:%H}")) >= 1
    world.advance(minutes=20)
    assert "NIET BEVESTIGD" not in said(town.kees)


def test_after_a_standstill_the_ladder_goes_on_where_it_would_be(world: World) -> None:
    """Nobody is reminded for a step whose time is over: the next one is asked."""
    town = ladders(world)
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    world.advance(minutes=1)
    with world.down():
        world.advance(minutes=40)
    world.advance(seconds=5)
    assert len(asked(town.piet)) == 1
    assert len(asked(town.gerda)) == 1


def test_an_acknowledgement_in_the_second_of_the_next_step(world: World) -> None:
    """It stops what is queued; whoever was shown a question may still answer, and is heard."""
    town = ladders(world)
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    with world.outage("whatsapp"):
        world.advance(minutes=10)
        assert len(asked(town.bram)) == 1
        town.piet.taps("Ontvangen")
    world.advance(minutes=1)
    assert not asked(town.gerda)
    town.bram.taps("Ontvangen")
    world.advance(minutes=30)
    assert "Bram (handhaving)" in said(town.kees)


RULE = {"rules": [{"severity": "urgent", "minutes": 5, "target": "wijkagent"}]}


def test_a_rule_proposes_what_nobody_answered(world: World) -> None:
    """R43: what a rule makes needs a co-ordinator's yes."""
    town = ladders(world, settings=RULE)
    alarmed(town)
    world.advance(minutes=5)
    assert about(town.kees, "Volgens de regels")
    assert not asked(town.piet)
    town.kees.taps("Ja")
    world.advance(seconds=5)
    assert len(asked(town.piet)) == 1


def test_an_answer_is_enough_for_the_rule(world: World) -> None:
    town = ladders(world, settings=RULE)
    alarmed(town)
    town.henk.taps("Ik let op")
    world.advance(minutes=10)
    assert not about(town.kees, "Volgens de regels")


@pytest.mark.parametrize(("rule", "proposed"), [({"severity": "critical"}, True), ({"category": "fire"}, False)])
def test_a_rule_looks_at_category_and_severity(world: World, rule: dict[str, object], proposed: bool) -> None:
    town = ladders(world, settings={"rules": [{"minutes": 0, **rule}]})
    alarmed(town, BURGLARY)
    assert bool(about(town.kees, "Volgens de regels")) is proposed


def test_a_ladder_that_a_rule_uses_stays(world: World) -> None:
    town = ladders(world, settings={"ladders": {"nacht": ["boa"]}, "rules": [{"target": "nacht"}]})
    town.kees.says("ladder weg nacht")
    assert "De ladder nacht blijft staan" in town.kees.last.text


def test_an_end_stops_the_rule(world: World) -> None:
    town = ladders(world, settings=RULE)
    alarmed(town)
    town.kees.says("einde TB-0001 opgelost")
    world.advance(minutes=10)
    assert not about(town.kees, "Volgens de regels")


def test_nothing_is_kept_two_weeks_after_the_end(world: World) -> None:
    town = ladders(world)
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent zijn naam is Sietze Zonderling")
    world.advance(minutes=1)
    town.piet.taps("Ontvangen")
    town.kees.says("einde TB-0001 opgelost")
    world.advance(days=14, minutes=1)
    town.kees.says("opschaling TB-0001")
    assert "Ik ken hier geen melding TB-0001" in town.kees.last.text
    with world.context("escalation", town.place) as ctx:
        from buurtwacht_escalation.records import Asked, Escalation, Event, Incident

        assert [ctx.records.find(kind) for kind in (Incident, Escalation, Asked, Event)] == [[], [], [], []]
