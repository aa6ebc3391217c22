"""Words of a plugin that keeps people safe: no command of another plugin begins with one of them."""

import sys
from types import ModuleType

import pytest

from buurtwacht import Command, ConfigurationError, Context, Guess, Hearing, Manifest, Text, hookimpl
from buurtwacht.testing import World

manifest = Manifest(id="shed", name="Shed", version="1.0", vital=True)


def stolen(ctx: Context, text: str) -> None:
    """Answer who saw a thief at the shed."""
    ctx.reply(Text("said", words=text))


@hookimpl
def recognise(hearing: Hearing) -> Guess | None:
    """Say that a text is about a thief."""
    return Guess(stolen, 0.9) if hearing.text.casefold().startswith("gereedschapsdief") else None


@hookimpl
def reserved_words() -> list[str]:
    """Return what such a text begins with."""
    return ["gereedschapsdief", "tool thief"]


def test_no_other_plugin_has_a_command_that_begins_so():
    games = ModuleType("games")
    games.manifest = Manifest(id="games", name="Games", version="1.0")
    games.commands = hookimpl(lambda: [Command("tool_thief_game", lambda ctx: None)])
    with pytest.raises(ConfigurationError, match='plugins shed and games: the command "tool thief game" of games'):
        World(plugins=[sys.modules[__name__], games])


def test_who_types_it_is_understood():
    with World(plugins=[sys.modules[__name__]]) as world:
        kees = world.neighbourhood("TB", "Tolberg", quiet_hours=None).member("Kees", channel="telegram")
        kees.says("gereedschapsdief in de straat")
        assert kees.last.text == "Schuur: gereedschapsdief in de straat"
