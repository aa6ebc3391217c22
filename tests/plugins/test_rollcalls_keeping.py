"""What roll calls keep, for how long, and for whom they ask; and that the groups always add up."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import buurtwacht_rollcalls
from buurtwacht.records import migration
from buurtwacht.records.record import metadata_of
from buurtwacht.testing import Member, Neighbourhood, World
from buurtwacht_rollcalls.counting import count
from buurtwacht_rollcalls.kinds import PATTERNS
from buurtwacht_rollcalls.records import Entry, KeyHolder, Kind, RollCall, Value

from . import asker

QUESTION = "rondvraag is iedereen oké? 60 min"


def a_street(world: World, count: int = 3) -> tuple[Neighbourhood, Member, list[Member]]:
    place = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
    kees = place.member("Kees", channel="telegram", roles=["member", "coordinator"])
    return place, kees, [place.member(f"Buur{number}", channel="telegram") for number in range(count)]


def test_migrations_lead_to_the_declared_tables(world: World) -> None:
    folder = buurtwacht_rollcalls.__file__
    assert folder is not None
    history = migration.History("rollcalls", Path(folder).parent / "migrations", metadata_of("rollcalls"))
    assert migration.differences(world.database, history) == []


def test_remarks_go_after_a_day_and_answers_after_thirty(world: World) -> None:
    """Domain §4.4.6."""
    world.at("2026-03-03 12:00")
    place, kees, [riet, *_] = a_street(world)
    kees.says(QUESTION)
    riet.says("ik ben gevallen en mijn heup doet zeer")
    world.advance(hours=24)
    kees.says("presentielijst")
    assert "heup" in kees.last.text
    world.advance(hours=2)
    with world.context("rollcalls", place) as ctx:
        assert not any("heup" in str((one.text, one.history)) for one in ctx.records.find(Entry))
        assert len(ctx.records.find(Entry)) == 4
    world.advance(days=30)
    with world.context("rollcalls", place) as ctx:
        assert not ctx.records.find(Entry)
        [call] = ctx.records.find(RollCall)
        assert (call.question, call.asked_by) == ("", None)


def test_a_person_reads_what_is_kept_and_nothing_leads_to_him_after_erasure(world: World) -> None:
    world.at("2026-03-03 12:00")
    place, kees, [riet, jan, anna] = a_street(world)
    riet.key_holders(jan)
    jan.key_holders(anna)
    riet.says("dagelijkse kring aan")
    kees.says(QUESTION)
    riet.says("hulp")
    riet.says("1")
    with world.context("rollcalls", place) as ctx:
        found = buurtwacht_rollcalls.export_person(ctx, world.person_id(riet))
    [answer] = found["answers"]  # type: ignore[misc] # JSON values
    assert (answer["answer"], len(answer["before"])) == ("safe", 1)
    assert (found["key_holders"], found["daily_circle"]) == (1, True)
    who = world.person_id(riet)
    world.advance(seconds=10)
    riet.says("verwijder mij")
    riet.taps("Alles wissen")
    world.advance(minutes=1)
    with world.context("rollcalls", place) as ctx:
        assert not any(buurtwacht_rollcalls.export_person(ctx, who).values())
        assert [one.person for one in ctx.records.find(KeyHolder)] == [world.person_id(jan)]
    before = len(riet.received)
    world.advance(minutes=70)
    assert len(riet.received) == before
    end = next(one.text for one in kees.received if "EINDE" in one.text)
    assert "Veilig: 1 (oud-lid)" in end
    assert "Geen bericht: 3" in end


def test_who_leaves_while_it_runs_is_not_reminded_and_stays_in_the_sum(world: World) -> None:
    world.at("2026-03-03 12:00")
    _, kees, [riet, *_] = a_street(world)
    kees.says(QUESTION)
    riet.says("afmelden")
    riet.taps("Ja")
    world.advance(minutes=55)
    assert not any("HERINNERING" in one.text for one in riet.received)
    world.advance(minutes=10)
    assert "Geen bericht: 4" in next(one.text for one in kees.received if "EINDE" in one.text)


def test_officials_are_not_asked_and_not_counted(world: World) -> None:
    """R21: only members are; somebody we know who is a member nowhere gets nothing."""
    world.at("2026-03-03 12:00")
    _, kees, _ = a_street(world)
    officer = world.somebody("Wijkagent Bakker", channel="telegram")
    kees.says(QUESTION)
    world.advance(seconds=5)
    assert not officer.received
    kees.says("stand TB-R1")
    assert "Gevraagd: 4" in kees.last.text


def test_another_plugin_has_something_asked_and_hears_how_it_ended() -> None:
    with World(now="2026-03-03 21:00", plugins=[asker]) as world:
        place, kees, [riet, jan, anna] = a_street(world)
        kees.says("vraagrond 20")
        world.advance(seconds=5)
        assert riet.last.buttons == ("Aanwezig", "Later", "Ziek")
        assert "Ronde van 21:30" in riet.last.text
        riet.taps("Ziek")
        jan.says("aanwezig")
        world.advance(minutes=21)
        with world.context("asker", place) as ctx:
            [heard] = ctx.records.find(asker.Heard)
        assert (heard.reference, heard.short) == ("shift:7", "TB-R1")
        assert heard.counts == {"present": 1, "later": 0, "ill": 1, "no_word": 1, "not_reached": 0}
        assert heard.answers == {str(world.person_id(riet)): "ill", str(world.person_id(jan)): "present"}
        assert not any("EINDE" in one.text for one in anna.received)


def test_a_thousand_members_are_asked_in_one_go(world: World) -> None:
    world.at("2026-03-03 12:00")
    place, kees, _ = a_street(world, 0)
    for number in range(300):
        place.member(f"Buur {number}", channel="telegram")
    kees.says(QUESTION)
    world.advance(seconds=5)
    assert sum("TB-R1" in one.outgoing.text and bool(one.outgoing.options) for one in world.attempts) == 301
    kees.says("presentielijst")
    [table] = kees.last.attachments
    assert table.name == "TB-R1.csv"
    assert table.data.decode("utf-8-sig").count("\r\n") == 302


# --- the groups ------------------------------------------------------------------------------------------------------

_PEOPLE = range(1, 30)


@given(
    kind=st.sampled_from(Kind),
    answers=st.dictionaries(st.sampled_from(_PEOPLE), st.one_of(st.none(), st.sampled_from(Value))),
    arrived=st.sets(st.sampled_from(_PEOPLE)),
    erased=st.sets(st.sampled_from(_PEOPLE)),
)
def test_the_groups_add_up_whatever_was_answered(
    kind: Kind, answers: dict[int, Value | None], arrived: set[int], erased: set[int]
) -> None:
    """R29: everybody in one group; who said nothing is silent if he was reached, and not reached otherwise."""
    now = datetime.fromisoformat("2026-03-03T12:00:00+00:00")
    call = RollCall(
        neighbourhood=1,  # type: ignore[arg-type] # an id
        kind=kind,
        number=1,
        short="TB-R1",
        question="",
        place="",
        asked_by=None,
        opens=now,
        closes=now + timedelta(hours=1),
    )
    listed = [
        Entry(rollcall=call.id, person=None if who in erased else who, until=now, value=value)  # type: ignore[arg-type]
        for who, value in answers.items()
    ]
    counted = count(call, listed, arrived)  # type: ignore[arg-type] # ids
    assert counted.total == len(listed)
    assert sum(counted.numbers) == len(listed)
    said_safe = [one for one in listed if one.value in (Value.SAFE, Value.AWAY)]
    if "safe" in counted.groups:
        assert list(counted.groups["safe"]) == said_safe
    silent = [one for one in listed if one.value is None]
    reached = [one for one in silent if one.person in arrived]
    offered = {value for values in PATTERNS[kind].groups.values() for value in values}
    if all(one.value is None or one.value in offered for one in listed):
        assert list(counted.groups["no_word"]) == reached
        assert len(counted.groups["not_reached"]) == len(silent) - len(reached)


_SAID = [
    "1",
    "2",
    "3",
    "ok",
    "niet ok",
    "help",
    "ok maar oma niet",
    "HULP",
    "wie is dit?",
    "nee",
    "ja",
    "bla bla",
    "👍",
    "stop",
]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.one_of(st.sampled_from(_SAID), st.just("+20")), st.booleans()), max_size=14
    )
)
def test_whatever_happens_the_end_adds_up(happenings: list[tuple[int, str, bool]]) -> None:
    with World(now="2026-03-03 12:00") as world:
        _, kees, street = a_street(world)
        people = [kees, *street]
        kees.says(QUESTION)
        for who, said, refused in happenings:
            if said == "+20":
                world.advance(minutes=20)
                continue
            if refused:
                world.refuse(people[who], "unreachable")
            people[who].says(said)
        world.advance(minutes=65)
        world.accept(kees)
        kees.says("stand TB-R1")
        world.advance(seconds=10)
        lines = [line.partition(": ") for line in kees.last.text.splitlines()[1:]]
        groups = [int(rest.split(" ")[0]) for _, colon, rest in lines if colon and rest.split(" ")[0].isdigit()]
        assert len(groups) == 4
        assert sum(groups) == 4
