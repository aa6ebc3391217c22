"""A plugin says what no messenger can carry: that message fails by itself, and everybody else is answered."""

from __future__ import annotations

from types import ModuleType

import pytest

from buurtwacht import Command, Context, Manifest, Message, PersonId, PersonName, Text, hookimpl
from buurtwacht.testing import World

WORLDS = [pytest.param(False, id="memory"), pytest.param(True, id="wire")]


def _line(words: object) -> Text:
    return Text("message.map", domain="core", link=words)  # type: ignore[arg-type]


#: Halves of a sign, alone or together, and a sign that no database keeps; and what is shown in their place.
HALVES = {
    "half": ("a\ud800b", "a\ufffdb"),
    "pair": ("a\ud83d\ude00b", "a\U0001f600b"),
    "nul": ("a\0b", "ab"),
}


def mumbler(said: Text | Message) -> ModuleType:
    """Make a plugin that says this."""

    def mumble(ctx: Context) -> None:
        ctx.reply(said)

    module = ModuleType("mumbler")
    module.manifest = Manifest(id="mumbler", name="Mompelaar", version="1")  # type: ignore[attr-defined]
    module.commands = hookimpl(lambda: [Command("mompel", mumble)])  # type: ignore[attr-defined]
    return module


@pytest.mark.parametrize("wire", WORLDS)
@pytest.mark.parametrize("what", HALVES)
def test_signs_that_nothing_carries_are_taken_out_when_it_is_said(what: str, wire: bool) -> None:
    said, shown = HALVES[what]
    with World(plugins=[mumbler(_line(said))], wire=wire) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees, henk = (tolberg.member(name, channel="whatsapp") for name in ("Kees", "Henk"))
        kees.says("mompel")
        henk.says("help")
        world.advance(seconds=5)
        assert shown in kees.last.text
        assert henk.received


#: What no text can say: refused when it is said, in the name of the plugin.
NOTHING = {"a dict": {"a": 1}, "bytes": b"x", "nobody": PersonName(PersonId(10**30)), "no number": float("nan")}


@pytest.mark.parametrize("wire", WORLDS)
@pytest.mark.parametrize("what", NOTHING)
def test_what_no_text_can_say_is_its_plugins_error_and_others_are_answered(what: str, wire: bool) -> None:
    with World(plugins=[mumbler(_line(NOTHING[what]))], wire=wire) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees, henk = (tolberg.member(name, channel="whatsapp") for name in ("Kees", "Henk"))
        with world.expects_error("mumbler"):
            kees.says("mompel")
            henk.says("help")
            world.advance(seconds=5)
        assert "ging" in kees.last.text
        assert henk.received


@pytest.mark.parametrize("wire", WORLDS)
def test_a_text_without_words_fails_by_itself_and_pauses_who_goes_on_saying_it(wire: bool) -> None:
    with World(plugins=[mumbler(Text("nowhere"))], wire=wire) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees, henk = (tolberg.member(name, channel="whatsapp") for name in ("Kees", "Henk"))
        ans = tolberg.member("Ans", channel="telegram", roles=("member", "admin"))
        with world.expects_error("mumbler"), world.expects_error(""):
            for _ in range(5):
                kees.says("mompel")
                world.advance(seconds=30)
            henk.says("help")
            world.advance(seconds=5)
        assert henk.received
        assert "mumbler" in ans.last.text
