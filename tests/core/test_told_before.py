"""What an older version told is heard after the upgrade, without what is told only since."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from buurtwacht import Context, hookimpl, tells
from buurtwacht.host.telling import tell
from buurtwacht.host.worker import Worker

from .test_worker import NOW, Town, a_plugin, town

__all__ = ["town"]


@tells
def tree_fell(ctx: Context, street: str, blocks: bool = True, species: str = "?") -> None:
    """A tree fell; since a later version it is told whether it blocks the street, and what it was."""


def told(town: Town, hook: str, **facts: object) -> None:
    """Let a hook be told with these facts, and handle it."""
    unit = town.core.database.unit()
    tell(town.core, unit, NOW, hook, facts)
    unit.commit()
    worker = Worker(town.core, town.dispatcher)
    while worker.step():
        pass


def with_trees(module: ModuleType) -> ModuleType:
    specs = ModuleType("specs")
    vars(specs)["tree_fell"] = tree_fell
    vars(module)["hookspecs"] = specs
    return module


def nothing(ctx: Context) -> None:
    """The plugin's command."""


@pytest.mark.parametrize(
    ("facts", "heard"),
    [
        ({"street": "Beukenlaan"}, ("Beukenlaan", "?", True)),
        ({"street": "Beukenlaan", "blocks": False}, ("Beukenlaan", "?", False)),
        ({"street": "Beukenlaan", "blocks": False, "species": "beuk"}, ("Beukenlaan", "beuk", False)),
        ({"street": "Beukenlaan", "height": 12}, ("Beukenlaan", "?", True)),
    ],
    ids=["what came later is not there", "some of it", "all of it", "and what is told no more"],
)
def test_what_was_told_before_an_upgrade_is_heard_after_it(
    town: Callable[..., Town], tmp_path: Path, facts: dict[str, object], heard: tuple[Any, ...]
) -> None:
    found: list[tuple[Any, ...]] = []

    def listen(ctx: Context, street: str, species: str, blocks: bool) -> None:
        found.append((street, species, blocks))

    listen.__name__ = "tree_fell"
    module = with_trees(a_plugin("gardener", tmp_path, nothing, "boom"))
    vars(module)["tree_fell"] = hookimpl(listen)
    one = town(module)
    told(one, "tree_fell", **facts)
    assert found == [heard]
    assert one.states() == {"done": 1}


def test_a_file_that_waited_for_an_upgrade_is_heard_by_who_asks_whose_it_is(
    town: Callable[..., Town], tmp_path: Path
) -> None:
    found: list[str] = []

    def media_arrived(ctx: Context, mime: str, taken_by: str) -> None:
        found.append(f"{mime}:{taken_by}")

    module = a_plugin("album", tmp_path, nothing, "foto")
    vars(module)["media_arrived"] = hookimpl(media_arrived)
    one = town(module)
    told(one, "media_arrived", person=1, message="7", media=3, mime="image/jpeg")
    assert found == ["image/jpeg:"]


def test_what_was_always_told_cannot_be_left_out(town: Callable[..., Town], tmp_path: Path) -> None:
    def media_arrived(ctx: Context, mime: str) -> None:
        """Never called."""

    module = a_plugin("album", tmp_path, nothing, "foto")
    vars(module)["media_arrived"] = hookimpl(media_arrived)
    listener = town(module).core.plugins.listener("media_arrived", "album")
    assert listener is not None
    with pytest.raises(KeyError):
        listener(ctx=None, person=1)
