"""What a plugin declares and would never work is refused at the start, with its name and what would mend it."""

from __future__ import annotations

from itertools import permutations
from types import ModuleType
from typing import Any

import pytest

from buurtwacht import Command, ConfigurationError, Context, Manifest, hookimpl
from buurtwacht.host.plugins import Plugins
from buurtwacht.host.tracing import Trace
from buurtwacht.vocabulary.texts import Catalogues


def end(ctx: Context, short: str = "") -> None:
    """End something."""


def made(ident: str, **parts: Any) -> ModuleType:
    """Make a plugin of these parts; functions become its hooks."""
    module = ModuleType(ident)
    permissions = frozenset({"store", "timers", "outside"})
    vars(module)["manifest"] = Manifest(id=ident, name=ident, version="1", permissions=permissions)
    for name, part in parts.items():
        part.__name__ = name
        vars(module)[name] = hookimpl(part)
    return module


def commanding(ident: str, *commands: Command) -> ModuleType:
    """Make a plugin with these commands."""
    return made(ident, commands=lambda: list(commands))


def refused(*modules: ModuleType) -> list[str]:
    """Return what is wrong with plugins, each fault in a line."""
    with pytest.raises(ConfigurationError) as caught:
        Plugins(Catalogues(strict=True), Trace()).load(modules)
    return str(caught.value).splitlines()


# --- words -----------------------------------------------------------------------------------------------------------

ENDS = {
    "alerts": Command("end", end, shared=True),
    "rollcalls": Command("end", end, series="R"),
    "bell": Command("end", end),
}


@pytest.mark.parametrize("order", list(permutations(ENDS)))
def test_a_word_collides_with_that_of_any_other_and_not_of_the_last_only(order: tuple[str, ...]) -> None:
    faults = refused(*(commanding(one, ENDS[one]) for one in order))
    first, last = sorted(("alerts", "bell"), key=order.index)
    assert [one for one in faults if "both have the command" in one] != []
    assert all(f'plugins {first} and {last}: both have the command "end"' in one for one in faults if "both" in one)


def test_words_of_two_series_and_of_none_stand_beside_each_other() -> None:
    plugins = Plugins(Catalogues(strict=True), Trace())
    plugins.load([commanding(one, ENDS[one]) for one in ("alerts", "rollcalls")])
    assert len(plugins.phrases("end TB-0001")[0]) == 1
