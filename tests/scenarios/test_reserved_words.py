"""What people cry out is a report, whatever else is installed: no plugin takes such a word for a command."""

from __future__ import annotations

from types import ModuleType

import pytest

from buurtwacht import Command, ConfigurationError, Context, Manifest, Text, hookimpl
from buurtwacht.testing import World


def plants(word: str) -> ModuleType:
    """Return a plugin whose only command begins with a word."""

    def water(ctx: Context, what: str) -> None:
        ctx.reply(Text("plants.wanted", what=what))

    module = ModuleType("plants")
    module.manifest = Manifest(id="plants", name="Planten", version="1.0")  # type: ignore[attr-defined]
    module.commands = hookimpl(lambda: [Command(word, water)])  # type: ignore[attr-defined]
    return module


@pytest.mark.parametrize("word", ["brand", "inbraak", "hulp_bij_het_water_geven", "help_mee", "gaslek", "sos"])
def test_a_plugin_that_would_take_a_cry_for_its_command_is_refused(word: str) -> None:
    said = word.replace("_", " ")
    with pytest.raises(ConfigurationError, match=rf'plugins alerts and plants: the command "{said}" of plants'):
        World(plugins=[plants(word)])
