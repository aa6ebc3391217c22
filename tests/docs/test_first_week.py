"""What the documents tell people to type is there, and plugins.example.toml shows every setting as it is."""

from __future__ import annotations

import re
import tomllib
from importlib import import_module
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from buurtwacht.cli import group
from buurtwacht.testing import World

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("README.md", "docs/first-week.md", "docs/plugins/reference.md", "docs/whatsapp.md")
#: Words that stand after "buurtwacht" in a sentence and are no command.
_TYPED = re.compile(r"`buurtwacht ([a-z]+)(?: ([a-z]+))?[^`]*`")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_that_is_named_is_there(document: str) -> None:
    named = _TYPED.findall((ROOT / document).read_text().replace("\n", " "))
    assert named
    context = click.Context(group)
    for name, sub in named:
        command = group.get_command(context, name)
        assert command is not None, name
        # `deliveries` lists by itself, so what follows it is a sub-command or nothing
        assert not sub or (isinstance(command, click.Group) and sub in command.commands), f"{name} {sub}"


def test_what_is_there_is_not_called_planned() -> None:
    planned = (ROOT / "docs/first-week.md").read_text().partition("## Not yet")[2]
    context = click.Context(group)
    plugins = group.get_command(context, "plugins")
    assert isinstance(plugins, click.Group)
    there = {*group.list_commands(context), *plugins.commands}
    assert planned
    assert not there & set(re.findall(r"[a-z]+", " ".join(re.findall(r"`([^`]+)`", planned))))


def test_what_neighbours_and_coordinators_are_told_to_type_is_understood(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)
    told = (ROOT / "docs/first-week.md").read_text()
    tables = [line for line in told.splitlines() if re.match(r"\| \*", line)]
    assert len(tables) > 15
    for number, line in enumerate(tables):
        for typed in re.findall(r"\*([^*|]+)\*", line.split("|")[1].replace("invite …", "invite Anna")):
            kees = tolberg.member(f"Kees {number}", channel="telegram", roles=["coordinator", "admin"])
            kees.says(typed)
            world.advance(seconds=5)
            assert "niet begrepen" not in kees.last.text, typed


@pytest.mark.parametrize("plugin", ["members", "alerts", "rollcalls", "announcements", "lost_pets"])
def test_the_example_shows_every_setting_with_its_default(plugin: str) -> None:
    example = tomllib.loads((ROOT / "plugins.example.toml").read_text())["plugins"][plugin]
    model: type[BaseModel] = import_module(f"buurtwacht_{plugin}").manifest.settings
    assert set(example) == set(model.model_fields)
    assert model.model_validate(example) == model()
