"""Whoever writes after a long silence is answered, also when what he wants cannot be done."""

from __future__ import annotations

from types import ModuleType

import pytest

from buurtwacht import Command, Context, Manifest, Refusal, Text, hookimpl
from buurtwacht.testing import World


class Shop(ModuleType):
    """A plugin that refuses, or fails."""

    manifest = Manifest(id="shop", name="Winkel", version="1.0")
    __file__ = None

    @hookimpl
    def commands(self) -> list[Command]:
        """What can be typed."""
        return [Command("buy", buy), Command("steal", steal)]


def buy(ctx: Context) -> None:
    """Refuse."""
    raise Refusal(Text("command.buy.help"))


def steal(ctx: Context) -> None:
    """Fail."""
    raise RuntimeError("the door is locked")


@pytest.mark.parametrize("wire", [False, True], ids=["memory", "wire"])
def test_a_refusal_and_an_apology_arrive_after_a_day_of_silence(*, wire: bool) -> None:
    with World(plugins=[Shop("shop")], wire=wire) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        for word in ("buy", "steal"):
            henk = tolberg.member("Henk", channel="whatsapp", window_open=False)
            with world.expects_error("shop"):
                henk.says(word)
            assert henk.last.template is None
