"""What alerts keep: the tables as migrated, a person's own data, and nothing of him after he left."""

from __future__ import annotations

from pathlib import Path

import buurtwacht_alerts
from buurtwacht.records import migration
from buurtwacht.records.record import metadata_of
from buurtwacht.testing import World
from buurtwacht_alerts.alert import Addition, Alert, Event
from buurtwacht_alerts.settings import AlertSettings, PhotoPolicy

CAR = "verdachte auto meidoornstraat, rijdt stapvoets langs de auto's, lichten uit"


def test_migrations_lead_to_the_declared_tables(world: World) -> None:
    folder = buurtwacht_alerts.__file__
    assert folder is not None
    history = migration.History("alerts", Path(folder).parent / "migrations", metadata_of("alerts"))
    assert migration.differences(world.database, history) == []


def test_a_person_reads_what_is_kept_of_him_and_nothing_leads_to_him_after_erasure(world: World) -> None:
    world.at("2026-01-16 12:00")
    tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"])
    fatima = tolberg.member("Fatima", channel="telegram")
    riet = tolberg.member("Riet", channel="telegram")
    fatima.says(CAR)
    fatima.taps("Ja, door mij")
    world.advance(seconds=5)
    riet.taps("Ik let op")
    riet.says("aanvulling TB-0001 zwarte jas")
    with world.context("alerts", tolberg) as ctx:
        mine = buurtwacht_alerts.export_person(ctx, world.person_id(fatima))
        hers = buurtwacht_alerts.export_person(ctx, world.person_id(riet))
    assert mine["reports"][0]["words"] == CAR  # type: ignore[index] # JSON values
    assert hers["additions"][0]["text"] == "zwarte jas"  # type: ignore[index] # JSON values
    assert hers["answers"][0]["answer"] == "on_watch"  # type: ignore[index] # JSON values
    with world.context("alerts", tolberg) as ctx:
        for one in (fatima, riet):
            buurtwacht_alerts.erase_person(ctx, world.person_id(one))
    with world.context("alerts", tolberg) as ctx:
        for one in (fatima, riet):
            assert not any(buurtwacht_alerts.export_person(ctx, world.person_id(one)).values())
        [alert] = ctx.records.find(Alert)
        assert alert.reporters == []
        assert all(event.actor is None for event in ctx.records.find(Event))


def test_every_change_is_one_line_in_the_log(world: World) -> None:
    world.at("2026-01-16 12:00")
    tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"])
    fatima = tolberg.member("Fatima", channel="telegram")
    kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
    fatima.says(CAR)
    fatima.taps("Nee, ik ga nu bellen")
    world.advance(seconds=5)
    fatima.taps("Ja, door mij")
    kees.says("einde TB-0001 weg")
    world.advance(seconds=5)
    with world.context("alerts", tolberg) as ctx:
        lines = [(one.what, one.old, one.new) for one in ctx.records.find(Event)]
    assert ("called_112", "unknown", "not_yet") in lines
    assert ("called_112", "not_yet", "reporter") in lines
    assert lines[-1] == ("closed", "active", "all_clear")
    audit = [one for one in world.audit() if one.event.startswith("alert_")]
    assert [one.event for one in audit][:2] == ["alert_reported", "alert_called_112"]
    assert {one.subject for one in audit} == {"TB-0001"}
    assert "Meidoornstraat" not in str(audit)


def test_the_safe_side_is_the_default() -> None:
    assert AlertSettings().photos is PhotoPolicy.OFFICIALS_ONLY
    assert AlertSettings().plates.value == "officials_only"


def test_words_are_forgotten_in_time_and_statistics_stay(world: World) -> None:
    world.at("2026-01-16 12:00")
    tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"])
    fatima = tolberg.member("Fatima", channel="telegram")
    riet = tolberg.member("Riet", channel="telegram")
    kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
    fatima.says(CAR + ", zonnebloemgeel, kenteken 12-ABC-3, man met krullenbol")
    fatima.taps("Ja, door mij")
    world.advance(seconds=5)
    riet.says("aanvulling TB-0001 met een wipneus")
    riet.says("ik vond hem een zuurpruim")
    world.advance(minutes=2)
    kees.says("einde TB-0001 het was een monteur met hoogtevrees")
    words = (b"zonnebloemgeel", b"12-ABC-3", b"krullenbol", b"wipneus", b"zuurpruim", b"hoogtevrees")
    world.advance(days=15)
    with world.context("alerts", tolberg) as ctx:
        [alert] = ctx.records.find(Alert)
        assert (alert.words, alert.plate, alert.description) == ("", "", "")
        assert alert.behaviour
        assert not any(one.text for one in ctx.records.find(Addition))
    world.advance(days=17)
    with world.context("alerts", tolberg) as ctx:
        [alert] = ctx.records.find(Alert)
        assert (alert.category, alert.street, alert.behaviour) == ("suspicious_vehicle", "Meidoornstraat", "")
        assert alert.reporter is None
    kept = [(where, word) for where, data in world.traces() for word in words if word in data]
    assert not kept


def test_an_alert_that_nobody_closes_is_forgotten_too(world: World) -> None:
    world.at("2026-01-16 12:00")
    tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"])
    fatima = tolberg.member("Fatima", channel="telegram")
    fatima.says(CAR)
    fatima.taps("Ja, door mij")
    world.advance(days=32)
    with world.context("alerts", tolberg) as ctx:
        [alert] = ctx.records.find(Alert)
        assert not alert.words + alert.behaviour


def test_what_is_written_after_an_alert_was_reopened_is_forgotten_too(world: World) -> None:
    world.at("2026-01-16 12:00")
    tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"])
    fatima = tolberg.member("Fatima", channel="telegram")
    ans = tolberg.member("Ans", channel="telegram", roles=["member", "admin"])
    fatima.says(CAR)
    fatima.taps("Ja, door mij")
    ans.says("einde TB-0001 weggereden")
    world.advance(days=29)
    ans.says("heropen TB-0001 dezelfde auto is terug")
    ans.says("aanvulling TB-0001 man met een zwarte tas")
    world.advance(days=2)
    with world.context("alerts", tolberg) as ctx:
        assert [one.text for one in ctx.records.find(Addition)] == ["man met een zwarte tas"], "its time begins anew"
    world.advance(days=29)
    with world.context("alerts", tolberg) as ctx:
        assert [(one.text, one.person) for one in ctx.records.find(Addition)] == [("", None)]
        assert {one.actor for one in ctx.records.find(Event)} == {None}
        assert not [one for one in ctx.records.find(Event) if "auto" in one.new or "tas" in one.new]
