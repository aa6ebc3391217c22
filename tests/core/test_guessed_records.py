"""A record that a plugin found to recognise a text: its handler gets the id; to change the record itself is refused."""

from __future__ import annotations

from functools import partial
from types import ModuleType

import pytest

from buurtwacht import Command, Context, Guess, Hearing, Manifest, PluginError, Record, RecordId, Text, hookimpl
from buurtwacht.testing import World

LINE = Text("message.map", domain="core", link="glad")


class Bird(Record, plugin="aviary"):
    """A bird that sings."""

    song: str


def by_id(ctx: Context, text: str, bird: RecordId) -> None:
    """Change what is found anew."""
    found = ctx.records.get(Bird, bird)
    assert found is not None
    found.song = text
    ctx.reply(LINE)


def itself(ctx: Context, text: str, bird: Bird) -> None:
    """Change what was found before."""
    bird.song = text
    ctx.reply(LINE)


def hatch(ctx: Context) -> None:
    """Keep a bird."""
    ctx.records.add(Bird(song="tjilp"))


def aviary() -> ModuleType:
    """Make the plugin."""

    @hookimpl
    def recognise(hearing: Hearing) -> Guess | None:
        found = hearing.ctx.records.first(Bird)
        if found is None:
            return None
        words = hearing.text.split()
        taken = partial(by_id, bird=found.id) if words[0] == "netjes" else partial(itself, bird=found)
        return Guess(taken, 1.0) if words[-1] == "fluit" else None

    module = ModuleType("aviary")
    module.manifest = Manifest(id="aviary", name="Volière", version="1", permissions=frozenset({"store"}))  # type: ignore[attr-defined]
    module.recognise = recognise  # type: ignore[attr-defined]
    module.commands = hookimpl(lambda: [Command("broed", hatch)])  # type: ignore[attr-defined]
    return module


@pytest.mark.parametrize("wire", [pytest.param(False, id="memory"), pytest.param(True, id="wire")])
def test_who_changes_what_it_found_before_hears_so_and_nobody_reads_that_it_worked(wire: bool) -> None:
    with World(plugins=[aviary()], wire=wire) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees = tolberg.member("Kees", channel="telegram")
        kees.says("broed")
        kees.says("netjes fluit")
        assert kees.last.text == "Kaart: glad"
        with world.expects_error("aviary"):
            kees.says("slordig fluit")
            world.advance(seconds=5)
            assert "glad" not in kees.last.text
            assert world._core.health.errors == {"aviary": 1}
        with world.context("aviary", tolberg) as ctx:
            (bird,) = ctx.records.find(Bird)
            assert bird.song == "netjes fluit"
        with pytest.raises(PluginError, match="plugin aviary: changes a Bird after whoever found it returned"):
            bird.song = "nothing would come of this"
