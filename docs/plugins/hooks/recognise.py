"""A sentence without a command word, understood."""

import sys

from buurtwacht import Context, Guess, Hearing, Manifest, Text, hookimpl
from buurtwacht.testing import World

manifest = Manifest(id="shed", name="Shed", version="1.0")


def lend(ctx: Context, text: str) -> None:
    """Answer what was recognised."""
    ctx.reply(Text("said", words="ladder"))


@hookimpl
def recognise(hearing: Hearing) -> Guess | None:
    """Say that a text is about the ladder; how sure that is decides between plugins."""
    return Guess(lend, 0.8) if "ladder" in hearing.text else None


def test_a_sentence_is_understood():
    with World(plugins=[sys.modules[__name__]]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
        kees.says("mag ik de ladder lenen?")
        assert kees.last.text == "Schuur: ladder"
