"""A plugin that takes a minute, or speaks too widely, and the neighbours who notice nothing of it."""

from __future__ import annotations

import json
from types import ModuleType

import pytest

from buurtwacht import Command, Context, Manifest, Record, Severity, Text, hookimpl
from buurtwacht.testing import World, visit

WORLDS = [pytest.param(False, id="memory"), pytest.param(True, id="wire")]
LINE = Text("message.map", domain="core", link="here")


class Note(Record, plugin="slowpoke"):
    """What it keeps before it goes on."""

    words: str


def keep(ctx: Context) -> None:
    """Write something down, and say so."""
    ctx.records.add(Note(words="x"))
    ctx.reply(LINE)


def shout(ctx: Context) -> None:
    """Write something down, then speak to everybody, which it may not."""
    ctx.records.add(Note(words="x"))
    ctx.reply(LINE)
    ctx.broadcast(ctx.audience.members(), LINE, Severity.CRITICAL)


class Clumsy(Exception):
    """One that cannot even say what is wrong."""

    def __str__(self) -> str:
        return str(self.args[1])


def stumble(ctx: Context) -> None:
    """Go wrong in every way."""
    raise Clumsy("x")


def slowpoke() -> ModuleType:
    """Make the plugin."""

    @hookimpl
    def commands() -> list[Command]:
        return [Command("bewaar", keep), Command("roep", shout), Command("struikel", stumble)]

    module = ModuleType("slowpoke")
    module.manifest = Manifest(id="slowpoke", name="Slak", version="1")  # type: ignore[attr-defined]
    module.commands = commands  # type: ignore[attr-defined]
    return module


@pytest.mark.parametrize("wire", WORLDS)
def test_an_alert_is_on_time_beside_a_handler_that_takes_a_minute(wire: bool) -> None:
    with World(plugins=[slowpoke()], wire=wire) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)
        fatima = tolberg.member("Fatima", channel="telegram", street="Meidoornstraat")
        henk, kees = (tolberg.member(name, channel="whatsapp") for name in ("Henk", "Kees"))
        with world.hang("slowpoke", seconds=60):
            for _ in range(3):
                kees.says("bewaar")
            fatima.says("inbraak gaande meidoornstraat, twee mannen met breekijzer")
            fatima.taps("Ja, door mij")
            world.advance(seconds=2)
            assert any("Meidoornstraat" in one.text for one in henk.received)
            assert not any("Kaart" in one.text for one in kees.received)
            world.advance(seconds=180)
        assert sum("Kaart" in one.text for one in kees.received) == 3


@pytest.mark.parametrize("wire", WORLDS)
def test_his_own_alert_does_not_wait_for_the_handler_of_what_he_typed_before(wire: bool) -> None:
    with World(plugins=[slowpoke()], wire=wire) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)
        fatima = tolberg.member("Fatima", channel="telegram", street="Meidoornstraat")
        henk = tolberg.member("Henk", channel="whatsapp")
        with world.hang("slowpoke", seconds=60):
            fatima.says("bewaar")
            fatima.says("vreemd busje in de meidoornstraat, rijdt steeds rondjes")
            world.advance(seconds=1)
            fatima.taps("Ja, door mij")
            world.advance(seconds=1)
            assert any("Meidoornstraat" in one.text for one in henk.received)
            fatima.says("bewaar")
            fatima.says("verwijder mij")
            world.advance(seconds=30)
            assert not any("Kaart" in one.text for one in fatima.received)
            assert not any("wissen" in one.text for one in fatima.received), "what does not press keeps its turn"
            world.advance(seconds=120)
        assert sum("Kaart" in one.text for one in fatima.received) == 2
        assert any("wissen" in one.text for one in fatima.received)


@pytest.mark.parametrize("wire", WORLDS)
def test_who_takes_a_minute_again_and_again_is_named_paused_and_resumed(wire: bool) -> None:
    with World(plugins=[slowpoke()], wire=wire) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        henk = tolberg.member("Henk", channel="whatsapp")
        ans = tolberg.member("Ans", channel="telegram", roles=("member", "admin"))
        with world.hang("slowpoke", seconds=60):
            for _ in range(5):
                henk.says("bewaar")
                world.advance(seconds=70)
            assert 'buurtwacht_plugin_errors{plugin="slowpoke"} 5.0' in visit(world, "/metrics").text
            lines = [json.loads(one) for one in world.journal.text.splitlines() if "plugin failed" in one]
            assert {(one["plugin"], one["error"]) for one in lines} == {("slowpoke", "TooSlow")}
            assert "slowpoke" in ans.last.text
        assert "niet beschikbaar" in henk.last.text
        world._core.health.resume("slowpoke")
        henk.says("bewaar")
        world.advance(seconds=5)
        assert "Kaart" in henk.last.text


@pytest.mark.parametrize("wire", WORLDS)
def test_an_error_that_cannot_be_put_into_words_is_an_error_like_any_other(wire: bool) -> None:
    with World(plugins=[slowpoke()], wire=wire) as world:
        kees = world.neighbourhood("TB", "Tolberg", quiet_hours=None).member("Kees", channel="whatsapp")
        with world.expects_error("slowpoke"):
            kees.says("struikel")
        assert "Clumsy" in world.journal.text
        assert kees.received


@pytest.mark.parametrize("wire", WORLDS)
def test_an_audience_too_wide_reaches_nobody_and_the_admin_hears_who_tried(wire: bool) -> None:
    with World(plugins=[slowpoke()], wire=wire) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees, henk = (tolberg.member(name, channel="whatsapp") for name in ("Kees", "Henk"))
        ans = tolberg.member("Ans", channel="telegram", roles=("member", "admin"))
        with world.expects_error("slowpoke"):
            for _ in range(5):
                kees.says("roep")
                world.advance(seconds=30)
        assert henk.received == []
        assert not any("Kaart" in one.text for one in kees.received), "nothing of the handler is kept"
        assert "slowpoke" in ans.last.text
        with world.context("slowpoke") as ctx:
            assert ctx.records.find(Note) == []
        assert ("plugin:slowpoke", "permission:send:members") in {(one.actor, one.subject) for one in world.audit()}
