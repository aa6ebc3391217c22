"""A word that people type: what follows it is given to the handler."""

import sys

from buurtwacht import Command, Context, Manifest, Text, hookimpl
from buurtwacht.testing import World

manifest = Manifest(id="shed", name="Shed", version="1.0")


def lend(ctx: Context, what: str) -> None:
    """Lend somebody what he names."""
    ctx.reply(Text("said", words=what))


@hookimpl
def commands() -> list[Command]:
    """Return what people can type; words and help are in the catalogue."""
    return [Command("lend", lend)]


def test_who_types_the_word_is_answered():
    with World(plugins=[sys.modules[__name__]]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
        kees.says("leen ladder")
        assert kees.last.text == "Schuur: ladder"
