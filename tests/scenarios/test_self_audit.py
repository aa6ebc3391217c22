"""What stands still is found, and told to those who look after it: once, in words of theirs, and when it is over."""

from __future__ import annotations

from sqlalchemy import delete, insert, select, update

from buurtwacht.host import auditing
from buurtwacht.records.schema import delivery, finding, inbox, message, timer
from buurtwacht.testing import Member, World, self_audit, visit

from .escalating import called
from .patrols import published, walkers
from .roosendaal import WATER, roosendaal, send
from .tolberg import about, alarmed, both_ways, tolberg

world = both_ways

ROLL_CALL = "rondvraag waterlek, is iedereen oké? 90 min"
STANDS = "gaat niets meer vanzelf verder"
OVER = "weer in orde of afgesloten"


def lose(world: World, key: str) -> None:
    """Take away the timers with these keys behind the plugin's back."""
    with world.database.writing() as connection:
        lost = connection.execute(delete(timer).where(timer.c.key.like(key))).rowcount
    assert lost, f"no timer is called {key}"


def ready(world: World) -> dict[str, object]:
    """Return what /readyz says."""
    answer = visit(world, "/readyz")
    assert answer.status_code == 200, "events are accepted and kept all the same"
    found: dict[str, object] = answer.json()
    return found


def codes(world: World) -> list[tuple[str, str]]:
    """Return the codes and subjects that /readyz names."""
    return [(one["code"], one["subject"]) for one in visit(world, "/readyz").json()["findings"]]


def told(member: Member, words: str = STANDS) -> list[str]:
    found: list[str] = about(member, words)
    return found


def test_an_alert_that_lost_its_next_step_is_told_once_and_its_end_too(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    lose(world, "alerts:expiry:%")
    self_audit(world)
    assert not told(town.kees), "it may be a moment between two steps"
    self_audit(world)
    assert len(told(town.kees)) == len(told(town.ans)) == 1
    assert "melding TB-0001" in told(town.kees)[0]
    for one in (town.fatima, town.henk, town.riet):
        assert not told(one)
    assert codes(world) == [("no_next_step", "TB-0001")]
    assert "alerts TB-0001: no_next_step" in str(ready(world)["audit"])
    assert 'buurtwacht_findings{code="no_next_step"} 1.0' in visit(world, "/metrics").text
    self_audit(world, minutes=10)
    assert len(told(town.kees)) == 1, "it is told once"
    town.kees.says("einde TB-0001 de auto is weg")
    self_audit(world, minutes=6)
    assert len(told(town.kees, OVER)) == 1
    assert "melding TB-0001" in told(town.kees, OVER)[0]
    assert codes(world) == []
    assert ready(world)["audit"] == []
    self_audit(world, minutes=10)
    assert len(told(town.kees, OVER)) == 1


def test_an_update_sets_it_going_again(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    lose(world, "alerts:expiry:%")
    self_audit(world, minutes=2)
    assert told(town.kees)
    town.fatima.says("aanvulling TB-0001 hij staat nu bij de school")
    self_audit(world, minutes=8)
    assert told(town.kees, OVER)
    assert codes(world) == []


def test_what_comes_and_goes_is_one_story(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    lose(world, "alerts:expiry:%")
    self_audit(world, minutes=2)
    for _ in range(3):
        town.fatima.says("aanvulling TB-0001 hij rijdt weer een rondje")
        self_audit(world, minutes=3)
        lose(world, "alerts:expiry:%")
        self_audit(world, minutes=2)
    assert len(told(town.kees)) == 1
    assert not told(town.kees, OVER)
    town.kees.says("einde TB-0001 de auto is weg")
    self_audit(world, minutes=6)
    assert len(told(town.kees, OVER)) == 1


def test_a_roll_call_that_lost_its_end_is_told(world: World) -> None:
    town = tolberg(world)
    town.kees.says(ROLL_CALL)
    world.advance(seconds=2)
    lose(world, "rollcalls:close:%")
    self_audit(world, minutes=2)
    assert "rondvraag TB-R1" in told(town.kees)[0]
    assert codes(world) == [("no_next_step", "TB-R1")]
    town.kees.says("einde TB-R1")
    self_audit(world, minutes=6)
    assert len(told(town.kees, OVER)) == 1


def test_an_escalation_that_lost_its_clock_is_told(world: World) -> None:
    town = called(world)
    town.escalate()
    lose(world, "escalation:due:%")
    self_audit(world, minutes=2)
    assert "de opschaling van TB-0001" in told(town.town.kees)[0]
    assert not told(town.peters)
    for one in town.members:
        assert not told(one), "members never learn of an escalation"
    town.town.kees.says("afschalen TB-0001")
    self_audit(world, minutes=6)
    assert told(town.town.kees, OVER)


def test_who_is_on_the_list_and_was_never_sent_the_question_is_found(world: World) -> None:
    town = tolberg(world)
    town.kees.says(ROLL_CALL)
    world.advance(seconds=2)
    riet = world.person_id(town.riet)
    with world.database.writing() as connection:
        connection.execute(delete(delivery).where(delivery.c.person_id == riet))
    self_audit(world, minutes=2)
    assert len(told(town.kees, "kloppen de aantallen niet: rondvraag TB-R1")) == 1
    assert codes(world) == [("not_sent", "TB-R1")]
    town.kees.says("Riet veilig via de buurvrouw")
    self_audit(world, minutes=6)
    assert told(town.kees, OVER)


def test_a_fan_out_that_is_short_of_a_reader_is_found(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    with world.database.writing() as connection:
        ids = select(message.c.id).where(message.c.readers > 1).order_by(message.c.id)
        one = connection.execute(ids.limit(1)).scalar_one()
        connection.execute(update(message).where(message.c.id == one).values(readers=message.c.readers + 1))
    self_audit(world, minutes=2)
    assert codes(world) == [("fan_out_differs", "TB-0001")]
    assert told(town.kees, "de berichten over TB-0001")
    with world.database.writing() as connection:
        connection.execute(update(message).where(message.c.id == one).values(readers=message.c.readers - 1))
    self_audit(world, minutes=6)
    assert codes(world) == []


def test_a_round_that_lost_its_clock_is_told(world: World) -> None:
    town = walkers(world)
    published(town)
    lose(world, "patrols:shift:%")
    self_audit(world, minutes=2)
    assert "ronde " in told(town.kees)[0]
    assert all(code == "no_next_step" for code, _ in codes(world))
    with world.database.writing() as connection:
        connection.execute(delete(finding))
    town.kees.says("rooster intrekken")
    town.kees.taps("Ja")


def test_of_a_whole_fleet_one_process_audits(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    lose(world, "alerts:expiry:%")
    for _ in range(3):
        self_audit(world)
    assert len(told(town.kees)) == 1
    world.advance(minutes=1)
    done = [auditing.step(world._core) for _ in range(3)]
    assert [one is not None for one in done] == [True, False, False]
    town.kees.says("einde TB-0001 de auto is weg")


def test_what_is_late_is_told_to_the_admins(world: World) -> None:
    town = tolberg(world)
    row = {"id": 1, "account": "telegram", "key": "x", "lane": "x", "state": "new", "received_at": world.now}
    with world.database.writing() as connection:
        connection.execute(insert(inbox), row)
    world.advance(minutes=3)
    self_audit(world, minutes=2)
    assert codes(world) == [("events_wait", "")]
    assert "wat mensen stuurden, is nog niet verwerkt" in told(town.ans, "Buurtwacht loopt achter")[0]
    assert not told(town.kees, "Buurtwacht loopt achter")
    with world.database.writing() as connection:
        connection.execute(delete(inbox).where(inbox.c.id == 1))
    self_audit(world, minutes=6)
    assert codes(world) == []
    assert told(town.ans, OVER)


def test_an_announcement_that_lost_its_report_is_found_and_one_that_was_taken_back_is_over(world: World) -> None:
    town = roosendaal(world)
    send(town.mieke, WATER)
    world.advance(seconds=30)
    self_audit(world)
    assert codes(world) == []
    lose(world, "announcements:report:%")
    self_audit(world)
    self_audit(world)
    assert ("no_next_step", "M1") in codes(world)
    assert not told(town.anna)
    town.mieke.says("mededeling intrekken M1")
    town.mieke.taps("Ja")
    world.advance(minutes=5)
    self_audit(world)
    assert codes(world) == []
    assert about(town.mieke, "VERSLAG")
