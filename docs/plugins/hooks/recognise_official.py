"""What an official says without a command word, understood."""

import sys

from buurtwacht import Context, Guess, Manifest, Text, Thread, hookimpl
from buurtwacht.testing import World

manifest = Manifest(id="shed", name="Shed", version="1.0")


def thank(ctx: Context, text: str) -> None:
    """Answer an official."""
    ctx.reply(Text("said", words="bedankt"))


@hookimpl
def recognise_official(ctx: Context, text: str, about: Thread | None) -> Guess | None:
    """Take what mentions the shed, and what quotes a message of this plugin."""
    mine = about is not None and about.plugin == "shed"
    return Guess(thank, 0.8) if mine or "schuur" in text else None


def test_an_official_is_understood():
    with World(plugins=[sys.modules[__name__]]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", municipality="Roosendaal", quiet_hours=None)
        tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
        anja = world.official("Anja", "boa", municipality="Roosendaal", channel="telegram")
        anja.says("de schuur staat open")
        assert anja.last.text == "Schuur: bedankt"
