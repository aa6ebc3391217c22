"""What plugins hand over: functions that can be called as they are, handlers by name, and things of the right kind."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

import pluggy

from buurtwacht.vocabulary.errors import PluginError
from buurtwacht.vocabulary.faults import suggestion

T = TypeVar("T")


def all_of(plugin: str, hook: str, kind: type[T], found: object) -> list[T]:
    """Return what a hook gave; nothing for None. Raises `PluginError` for all but a collection of such things."""
    if found is None:
        return []
    mend = f"return a list of {kind.__name__}"
    if isinstance(found, str | Mapping) or not isinstance(found, Collection):
        raise PluginError(plugin, f"{hook}() returns {_shown(found)}: {mend}")
    mine: list[T] = []
    for one in found:
        if not isinstance(one, kind):
            raise PluginError(plugin, f"{hook}() returns {_shown(one)} among others: {mend}")
        mine.append(one)
    return mine


def callable_now(plugin: str, function: Callable[..., Any], what: str) -> None:
    """Raise `PluginError` for what cannot be called as a handler is: called, `async def` and what has a `yield` in it
    would do nothing at all.
    """
    _not_async(plugin, function, what)
    if inspect.isgeneratorfunction(function):
        name = getattr(function, "__name__", what)
        raise PluginError(plugin, f"{what} has a yield in it, and would never run: write def {name} without yield")


def _not_async(plugin: str, function: Callable[..., Any], what: str) -> None:
    if not callable(function):
        raise PluginError(plugin, f"{what} is {_shown(function)}, and no function")
    if any(kind(function) for kind in (inspect.iscoroutinefunction, inspect.isasyncgenfunction)):
        name = getattr(function, "__name__", what)
        raise PluginError(plugin, f"{what} is async, and would never run: write def {name} without async")


def handlers_now(plugin: str, handlers: Mapping[str, Mapping[str, Callable[..., Any]]]) -> None:
    """Raise `PluginError` for a handler of a timer, an answer or a private link that would never run."""
    for kind, found in handlers.items():
        for name, function in found.items():
            callable_now(plugin, function, f"the {kind} {name!r}")


def hooks_now(plugin: str, hooks: Mapping[str, object]) -> None:
    """Raise `PluginError` for a hook that is async. What a `yield` gives, whoever asks may go through."""
    for name, function in hooks.items():
        if inspect.isfunction(function):
            _not_async(plugin, function, f"the hook {name!r}")


def listeners_now(plugins: pluggy.PluginManager) -> None:
    """Raise `PluginError` for a listener of a hook that tells, and that would never run."""
    for name, caller in vars(plugins.hook).items():
        spec = caller.spec if isinstance(caller, pluggy.HookCaller) else None
        if spec is not None and getattr(spec.function, "buurtwacht_tells", False):
            for one in caller.get_hookimpls():
                callable_now(one.plugin_name, one.function, f"the hook {name!r}")


def registered(
    plugin: str, kind: str, handler: str | Callable[..., object], mine: Mapping[str, Callable[..., object]]
) -> str:
    """Return the name under which a marked handler of a plugin is known, given by its name or itself.

    Raises `PluginError`, which says what was probably meant.
    """
    name = handler if isinstance(handler, str) else next((key for key, one in mine.items() if one is handler), "")
    if name not in mine:
        called = handler if isinstance(handler, str) else getattr(handler, "__name__", str(handler))
        mend = suggestion(called, mine.keys(), f'write @{kind}("{called}") above the function that is meant')
        raise PluginError(plugin, f"has no @{kind} {called!r}: {mend}")
    return name


def _shown(thing: object) -> str:
    """Return a thing as its author wrote it, or its beginning."""
    written = repr(thing)
    return written if len(written) <= 60 else f"{written[:59]}…"
