"""A plugin that talks on and on, and the neighbour who hears of a fire in between."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType

import pytest

from buurtwacht import Command, Context, Manifest, Refusal, Text, hookimpl
from buurtwacht.testing import World

WORLDS = [pytest.param(False, id="memory"), pytest.param(True, id="wire")]


def chatterbox(words: str) -> ModuleType:
    """Make a plugin that answers with these words."""

    def talk(ctx: Context) -> None:
        """Say it all."""
        ctx.reply(Text("message.map", domain="core", link=words))

    @hookimpl
    def commands() -> list[Command]:
        return [Command("vertel", talk)]

    module = ModuleType("chatterbox")
    module.manifest = Manifest(id="chatterbox", name="Kletskous", version="1")  # type: ignore[attr-defined]
    module.commands = commands  # type: ignore[attr-defined]
    return module


@pytest.mark.parametrize("wire", WORLDS)
@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
def test_a_fire_is_told_between_the_parts(channel: str, wire: bool) -> None:
    with World(plugins=[chatterbox("x " * 25_000)], wire=wire) as world:
        world.at("2026-01-16 12:00")
        tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)
        fatima = tolberg.member("Fatima", channel="telegram", street="Meidoornstraat")
        henk = tolberg.member("Henk", channel=channel)
        henk.says("vertel")
        world.advance(seconds=2)
        fatima.says("brand in de Meidoornstraat")
        told = world.now
        world.advance(seconds=40)
        (fire, *_) = (one for one in henk.received if "Meidoornstraat" in one.text)
        assert fire.at - told <= timedelta(seconds=2)
        said = [one.text for one in henk.received if "x x x" in one.text]
        assert [f"({number}/{len(said)})" in one for number, one in enumerate(said, 1)] == [True] * len(said)
        assert sum(one.count("x ") + one.rstrip().endswith("x") for one in said) >= 24_900


@pytest.mark.parametrize("wire", WORLDS)
def test_a_book_is_refused_where_it_is_said_and_its_author_reads_why(wire: bool) -> None:
    with World(plugins=[chatterbox("x " * 190_000)], wire=wire) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees, henk = (tolberg.member(name, channel="telegram") for name in ("Kees", "Henk"))
        with world.expects_error("chatterbox"):
            kees.says("vertel")
            henk.says("help")
            world.advance(seconds=5)
            (why,) = (line for plugin, line in world.journal.errors if plugin == "chatterbox")
            assert "380000 signs in one message, at most 80000 go: send a file" in why
        assert "ging" in kees.last.text
        assert henk.received
        assert not any("x x" in one.text for one in kees.received)


@pytest.mark.parametrize("wire", WORLDS)
def test_a_refusal_as_long_as_a_book_holds_nobody_up(wire: bool) -> None:
    def refuse(ctx: Context) -> None:
        raise Refusal(Text("message.map", domain="core", link="x " * 190_000))

    module = ModuleType("chatterbox")
    module.manifest = Manifest(id="chatterbox", name="Kletskous", version="1")  # type: ignore[attr-defined]
    module.commands = hookimpl(lambda: [Command("vertel", refuse)])  # type: ignore[attr-defined]
    with World(plugins=[module], wire=wire) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees, henk = (tolberg.member(name, channel="telegram") for name in ("Kees", "Henk"))
        with world.expects_error("chatterbox"):
            kees.says("vertel")
            henk.says("help")
            world.advance(seconds=5)
        assert "ging" in kees.last.text
        assert henk.received


def test_the_list_of_a_town_is_no_book(world: World) -> None:
    place = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
    ans = place.member("Ans", channel="telegram", roles=["member", "coordinator"])
    for number in range(1_501):
        place.member(f"Buur {number}", channel="telegram", street="Burgemeester van der Meidoornstraat")
    ans.says("leden")
    world.advance(seconds=60)
    assert sum(one.text.count("•") for one in ans.received) == 1_500
    assert "En nog 2 leden, die hier niet staan." in ans.received[-1].text
