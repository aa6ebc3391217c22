"""A plugin that refuses somebody with words that cannot be said, and the neighbours who hear of his fire."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest

from buurtwacht import Command, Context, Fact, Manifest, PersonId, PersonName, PersonNumber, Refusal, Text, hookimpl
from buurtwacht.testing import World

WORLDS = [pytest.param(False, id="memory"), pytest.param(True, id="wire")]
#: What cannot be said, by why: a permission that it has not, or nothing that a message can hold.
UNSAYABLE: dict[str, Callable[[Context], Text]] = {
    "a number": lambda ctx: _line(PersonNumber(ctx.person.id)),
    "a name": lambda ctx: _line(PersonName(PersonId(ctx.person.id + 1))),
    "an object": lambda ctx: _line(object()),  # type: ignore[arg-type]
    "a string": lambda ctx: "no",  # type: ignore[dict-item,return-value]
}


def _line(fact: Fact) -> Text:
    return Text("message.map", domain="core", link=fact)


def refuser(words: Callable[[Context], Text]) -> ModuleType:
    """Make a plugin that refuses whatever is asked."""

    def refuse(ctx: Context) -> None:
        raise Refusal(words(ctx))

    @hookimpl
    def commands() -> list[Command]:
        return [Command("weiger", refuse)]

    module = ModuleType("refuser")
    module.manifest = Manifest(id="refuser", name="Weigeraar", version="1")  # type: ignore[attr-defined]
    module.commands = commands  # type: ignore[attr-defined]
    return module


@pytest.mark.parametrize("wire", WORLDS)
@pytest.mark.parametrize("why", UNSAYABLE)
def test_who_is_refused_without_words_is_heard_when_he_reports_a_fire(why: str, wire: bool) -> None:
    with World(plugins=[refuser(UNSAYABLE[why])], wire=wire) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)
        kees = tolberg.member("Kees", channel="whatsapp", street="Meidoornstraat")
        henk = tolberg.member("Henk", channel="telegram")
        ans = tolberg.member("Ans", channel="telegram", roles=("member", "admin"))
        with world.expects_error("refuser"):
            for _ in range(5):
                kees.says("weiger")
                world.advance(seconds=30)
        assert "ging" in kees.received[0].text, "he is told that it went wrong"
        assert "refuser" in ans.last.text
        kees.says("brand in de meidoornstraat, vlammen uit het dak")
        world.advance(seconds=2)
        assert any("Meidoornstraat" in one.text for one in henk.received)
