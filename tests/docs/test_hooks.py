"""The page of hooks says what the specifications say, leaves nothing out, and each of its examples runs."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from buurtwacht.kit import hooks_page
from buurtwacht.records.record import metadata_of

PLUGINS = Path(__file__).parents[2] / "docs/plugins"
EXAMPLES = PLUGINS / "hooks"


@pytest.fixture(scope="module")
def hooks() -> list[hooks_page.Hook]:
    return hooks_page.hooks(hooks_page.built_in())


def test_the_page_is_what_is_generated(hooks: list[hooks_page.Hook]) -> None:
    assert (PLUGINS / "hooks.md").read_text() == hooks_page.render(hooks, EXAMPLES), "run: make docs"


def faults(found: Sequence[hooks_page.Hook], examples: Path) -> list[str]:
    """Return what a reader would miss: when a hook is called, what an argument means, a user, an example."""
    missing = [f"{one.name}: nothing says when" for one in found if not one.when]
    missing += [
        f"{one.name}: {name} is not explained" for one in found for name, _, meaning in one.arguments if not meaning
    ]
    missing += [
        f"{one.name}: no built-in plugin has it"
        for one in found
        if not one.users and one.name not in hooks_page.ANSWERS
    ]
    missing += [f"{one.name}: no example" for one in found if not (examples / f"{one.name}.py").is_file()]
    known = {one.name for one in found}
    return missing + [
        f"{one.stem}: an example of no hook" for one in sorted(examples.glob("*.py")) if one.stem not in known
    ]


def test_every_hook_says_when_what_and_for_whom_and_has_an_example(hooks: list[hooks_page.Hook]) -> None:
    assert faults(hooks, EXAMPLES) == []


def test_what_is_left_out_is_named(hooks: list[hooks_page.Hook], tmp_path: Path) -> None:
    (tmp_path / "gone.py").touch()
    poor = replace(hooks[1], when="", users=(), arguments=[("hearing", "Hearing", "")])
    assert faults([poor], tmp_path) == [
        "recognise: nothing says when",
        "recognise: hearing is not explained",
        "recognise: no built-in plugin has it",
        "recognise: no example",
        "gone: an example of no hook",
    ]


@pytest.fixture(params=sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def example(request: pytest.FixtureRequest) -> Iterator[ModuleType]:
    """An example, as a module that plugins may be."""
    path: Path = request.param
    name = f"hook_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    metadata_of("shed").clear()  # another example's shed
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    del sys.modules[name]
    metadata_of("shed").clear()


def test_an_example_has_its_hook_and_its_story_ends_well(example: ModuleType) -> None:
    assert hasattr(vars(example)[example.__name__.removeprefix("hook_")], "buurtwacht_impl")
    stories = [one for name, one in vars(example).items() if name.startswith("test_")]
    assert stories
    for story in stories:
        story()
