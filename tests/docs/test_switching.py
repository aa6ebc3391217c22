"""The page on switching plugins: its conversations are held, its file is read, its commands are there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import click
import pytest

from buurtwacht.cli import group
from buurtwacht.testing import World
from buurtwacht.vocabulary import settings

PAGE = (Path(__file__).parents[2] / "docs/plugins/switching.md").read_text()
TALKS = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("wire", [False, True], ids=["memory", "wire"])
@pytest.mark.parametrize("number", range(len(TALKS)))
def test_what_is_typed_is_answered_so(number: int, wire: bool) -> None:
    with World(wire=wire) as world:
        kees = world.neighbourhood("TB", "Tolberg").member("Kees", channel="telegram", roles=["coordinator"])
        for part in re.split(r"^> ", TALKS[number], flags=re.MULTILINE)[1:]:
            typed, _, answer = part.partition("\n")
            kees.says(typed)
            assert kees.last.text == answer.rstrip("\n"), typed
            world.advance(seconds=3)


def test_its_file_can_be_read() -> None:
    (shown,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (place,) = settings.build(tomllib.loads(shown)).neighbourhoods
    assert place.plugins_off == ("patrols",)
    assert place.settings == {"alerts": {"photos": "members"}}


def test_its_commands_are_there() -> None:
    plugins = group.get_command(click.Context(group), "plugins")
    assert isinstance(plugins, click.Group)
    named = set(re.findall(r"buurtwacht plugins (\w+)", PAGE))
    assert named >= {"reset", "remove", "list"}
    assert named <= plugins.commands.keys()
    remove = plugins.commands["remove"]
    assert "--export" in {option for one in remove.params for option in one.opts}
