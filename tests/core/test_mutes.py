"""Mutes: whom a broadcast passes over, and whom it does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from buurtwacht import Mute, Severity, Text
from buurtwacht.testing import Member, Neighbourhood, World

from . import fair
from .test_world import OFF


@pytest.fixture
def world() -> Iterator[World]:
    with World(now="2026-01-16 12:00", plugins=[fair]) as made:
        yield made


@pytest.fixture
def home(world: World) -> Neighbourhood:
    return world.neighbourhood("TB", "Tolberg", quiet_hours=None, plugins_off=OFF)


@pytest.fixture
def fatima(home: Neighbourhood) -> Member:
    return home.member("Fatima")


@pytest.fixture
def henk(home: Neighbourhood) -> Member:
    return home.member("Henk", channel="whatsapp")


def mutes(world: World, member: Member, what: Mute, until: datetime | None = None) -> None:
    with world.context("core") as ctx:
        ctx.directory.change(world.person_id(member), mutes=what, muted_until=until)


def texts(member: Member) -> list[str]:
    return [one.newest for one in member.received]


@pytest.mark.parametrize(
    ("what", "heard"),
    [(Mute.NOTHING, ["news", "warning"]), (Mute.MOST, ["warning"]), (Mute.ALL, [])],
)
def test_a_mute_keeps_away_what_is_sent_to_everybody(
    world: World, fatima: Member, henk: Member, what: Mute, heard: list[str]
) -> None:
    mutes(world, henk, what)
    fatima.says("vertel er is taart")
    fatima.says("waarschuw tent los")
    known = {"news": "Nieuws van het straatfeest: er is taart.", "warning": "Let op: tent los."}
    assert sorted(texts(henk)) == sorted(known[key] for key in heard)


def test_who_muted_is_nowhere_on_record_as_somebody_it_was_for(
    world: World, home: Neighbourhood, fatima: Member, henk: Member
) -> None:
    mutes(world, henk, Mute.MOST)
    with world.context("fair", home) as ctx:
        stall = ctx.records.add(fair.Stall(owner=0, what="taart"))
        ctx.broadcast(ctx.audience.members(), Text("news", what="taart"), Severity.INFO, thread=stall)
    with world.context("fair", home) as ctx:
        assert [one.person for one in ctx.reached(stall)] == [world.person_id(fatima)]
        assert ctx.deliveries(stall, world.person_id(henk)) == []
        assert [one.name for one in ctx.muted()] == ["Henk"]


def test_a_mute_ends_by_itself(world: World, fatima: Member, henk: Member) -> None:
    mutes(world, henk, Mute.ALL, world.now + timedelta(hours=1))
    world.advance(minutes=59)
    fatima.says("vertel er is taart")
    assert texts(henk) == []
    world.advance(minutes=1)
    fatima.says("vertel er is koffie")
    assert texts(henk) == ["Nieuws van het straatfeest: er is koffie."]


def test_what_is_meant_for_him_alone_comes_all_the_same(world: World, home: Neighbourhood, henk: Member) -> None:
    mutes(world, henk, Mute.ALL)
    henk.says("ping")
    assert "Henk" in henk.last.text
    with world.context("fair", home) as ctx:
        ctx.send(world.person_id(henk), Text("news", what="je taart"))
    assert "je taart" in henk.last.text


def test_whoever_decides_himself_reaches_them(world: World, home: Neighbourhood, henk: Member) -> None:
    mutes(world, henk, Mute.ALL)
    with world.context("fair", home) as ctx:
        ctx.broadcast(ctx.audience.members().even_muted(), Text("news", what="alle hens"), Severity.INFO)
        ctx.broadcast(ctx.audience.people([world.person_id(henk)]), Text("news", what="jij"), Severity.INFO)
    assert texts(henk) == ["Nieuws van het straatfeest: alle hens.", "Nieuws van het straatfeest: jij."]


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
def test_who_was_shown_something_before_he_muted_sees_how_it_goes_on(
    world: World, home: Neighbourhood, fatima: Member, channel: str
) -> None:
    riet = home.member("Riet", channel=channel)
    fatima.says("waarschuw tent los")
    mutes(world, riet, Mute.ALL)
    world.advance(minutes=20)
    assert "oorbij" in riet.last.newest


def test_what_changes_a_message_reaches_who_saw_it_and_not_who_was_passed_over(
    world: World, home: Neighbourhood, fatima: Member, henk: Member
) -> None:
    mutes(world, henk, Mute.ALL)
    with world.context("fair", home) as ctx:
        shown = ctx.broadcast(ctx.audience.members(), Text("news", what="taart"), Severity.INFO)
    mutes(world, henk, Mute.NOTHING)
    mutes(world, fatima, Mute.ALL)
    with world.context("fair", home) as ctx:
        ctx.broadcast(ctx.audience.members(), Text("news", what="koffie"), Severity.INFO, replaces=shown)
    assert "koffie" in fatima.last.newest
    assert texts(henk) == []


def test_it_is_in_his_own_data_and_gone_with_him(world: World, home: Neighbourhood, henk: Member) -> None:
    mutes(world, henk, Mute.MOST, world.now + timedelta(days=1))
    henk.says("mijn gegevens")
    world.advance(seconds=10)
    (file,) = (one for message in henk.received for one in message.attachments)
    core = json.loads(file.data)["core"]
    assert core["mutes"] == "most"
    assert core["muted_until"].startswith("2026-01-17T11:00")
    with world.context("core") as ctx:
        ctx.directory.erase(world.person_id(henk))
    with world.context("core", home) as ctx:
        assert ctx.muted() == []


def test_a_delivery_says_over_which_messengers_it_was_tried(world: World, home: Neighbourhood, fatima: Member) -> None:
    riet = home.member("Riet", channels=["whatsapp", "telegram"], prefers="whatsapp")
    world.refuse(riet, "unreachable")
    for one in riet.handles["telegram"]:
        world.messenger("telegram").provider.faults.pop(one.value)
    with world.context("fair", home) as ctx:
        stall = ctx.records.add(fair.Stall(owner=0, what="taart"))
        ctx.send(world.person_id(riet), Text("news", what="taart"), thread=stall)
    with world.context("fair", home) as ctx:
        (found,) = ctx.deliveries(stall, world.person_id(riet))
    assert (found.account, found.tried, found.state, found.arrived) == ("telegram", ("whatsapp",), "sent", True)


def test_what_was_put_off_for_the_night_waits_for_nobody_who_mutes_by_then(world: World) -> None:
    home = world.neighbourhood("TB", "Tolberg", plugins_off=OFF)
    fatima, henk, riet = home.member("Fatima"), home.member("Henk", channel="whatsapp"), home.member("Riet")
    world.advance_to("2026-01-16 23:00")
    fatima.says("vertel er is taart")
    with world.context("fair", home) as ctx:
        own = ctx.audience.people([world.person_id(henk)])
        ctx.broadcast(own, Text("news", what="alleen jij"), Severity.INFO)
    mutes(world, henk, Mute.MOST)
    mutes(world, riet, Mute.MOST, world.now + timedelta(hours=7, minutes=59))
    world.advance_to("2026-01-17 07:00")
    assert texts(henk) == ["Nieuws van het straatfeest: alleen jij."]
    assert texts(riet) == ["Nieuws van het straatfeest: er is taart."]
