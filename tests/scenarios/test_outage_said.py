"""A messenger fails: co-ordinators read why in words, and afterwards what was not sent any more, and to how many."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import Severity, Text, Thread
from buurtwacht.testing import World
from buurtwacht.testing.provider import Fault

from .tolberg import about, alarmed, both_ways, texts, tolberg

world = both_ways


def test_what_was_over_before_it_could_be_sent_is_said_with_its_number(world: World) -> None:
    town = tolberg(world)
    for name in ("Piet", "Jan"):
        town.place.member(name, channel="whatsapp")
    with world.outage("whatsapp"):
        alarmed(town)
        world.advance(minutes=5)
        town.ans.says("einde TB-0001 auto is weg")
        world.advance(minutes=5)
    world.advance(minutes=10)
    (told,) = about(town.ans, "Niet meer verstuurd via whatsapp")
    assert "TB-0001: niet bereikt 4" in told, "Henk, Piet, Jan and Kees himself"
    assert not about(town.henk, "VERDACHT")
    assert not about(town.fatima, "Niet meer verstuurd")


def test_what_was_over_is_said_once_though_nothing_is_left_that_could_be_sent(world: World) -> None:
    world.at("2026-01-16 12:00")
    place = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
    ans = place.member("Ans", channel="telegram", roles=["member", "admin"])
    piet = place.member("Piet", channel="whatsapp")
    with world.outage("whatsapp"):
        with world.context("alerts", place) as ctx:
            news = Text("account_well", domain="core", account="iets")
            about_it, half_an_hour = Thread("alerts", 7, "TB-0007"), timedelta(minutes=30)
            ctx.broadcast(ctx.audience.members(), news, Severity.URGENT, thread=about_it, expires=half_an_hour)
        world.advance(hours=1)
    world.advance(hours=2)
    (told,) = about(ans, "Niet meer verstuurd via whatsapp")
    assert "TB-0007: niet bereikt 1" in told
    assert not texts(piet)


def test_why_it_fails_is_said_in_words(world: World) -> None:
    town = tolberg(world)
    with world.outage("whatsapp"):
        alarmed(town)
        world.advance(minutes=5)
        assert any("whatsapp werkt nu niet (" in one for one in texts(town.ans))
        assert not any("_" in one for one in texts(town.ans) if "werkt nu niet" in one)
    world.advance(minutes=10)
    assert not about(town.ans, "Niet meer verstuurd"), "everybody read it after all"
    assert about(town.henk, "VERDACHT")


def test_who_must_be_left_alone_for_hours_is_told_another_way_after_a_restart_too(world: World) -> None:
    town = tolberg(world)
    anna = town.place.member("Anna", channels=["whatsapp", "telegram"])
    provider = world.messengers["whatsapp"].provider
    for handle in anna.handles["whatsapp"]:
        provider.faults[handle.value] = Fault("throttled", retry_after=7200)
    alarmed(town)
    (alert,) = (one for one in anna.received if "VERDACHT" in one.text and one.arrived)
    assert alert.channel == "telegram"
    world.crash()
    for handle in anna.handles["whatsapp"]:
        del provider.faults[handle.value]
    town.ans.says("einde TB-0001 auto is weg")
    world.advance(minutes=3)
    (end,) = (one for one in anna.received if "EINDE" in one.text and one.arrived)
    assert end.channel == "telegram", "WhatsApp was not asked again before its two hours were over"
