"""Marks: what a plugin's modules mark as hooks and handlers, found at the start."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pluggy

from buurtwacht.host import hookspecs
from buurtwacht.host.declarations import Mark
from buurtwacht.vocabulary.errors import Fault, PluginError
from buurtwacht.vocabulary.faults import suggestion


def hooks_of(module: ModuleType) -> ModuleType:
    """Return the hooks that a module marks, and its manifest; pluggy looks long at everything that it is given."""
    hooks = ModuleType(module.__name__)
    mark = f"{hookspecs.PROJECT}_impl"
    vars(hooks).update(
        {name: one for name, one in vars(module).items() if type(one) is FunctionType and mark in one.__dict__},
        manifest=module.manifest,
    )
    return hooks


def wrong_argument(plugins: pluggy.PluginManager, hooks: ModuleType) -> tuple[str, str] | None:
    """Return what is wrong with a hook that takes what it is not given, with its line, and how to mend it."""
    for name, function in vars(hooks).items():
        caller = getattr(plugins.hook, name, None) if type(function) is FunctionType else None
        if not isinstance(caller, pluggy.HookCaller) or caller.spec is None:
            continue
        code = function.__code__
        for one in code.co_varnames[: code.co_argcount]:
            if one not in caller.spec.argnames:
                known = ", ".join(caller.spec.argnames) or "nothing"
                what = f"{name} ({Path(code.co_filename).name}:{code.co_firstlineno}) takes {one}, and is given {known}"
                return what, suggestion(one, caller.spec.argnames, "leave it out")
    return None


def inside(modules: Sequence[ModuleType]) -> dict[str, list[ModuleType]]:
    """Return, by the name of a plugin's module, what is imported of its package: one look at all that is imported."""
    found: dict[str, list[ModuleType]] = {one.__name__: [] for one in modules}
    tops = {name.partition(".")[0] for name in found}
    for name, part in list(sys.modules.items()):
        if name.partition(".")[0] in tops and part:
            for owner in found:
                if name.startswith(f"{owner}."):
                    found[owner].append(part)
    return found


def handlers(module: ModuleType, inside: Sequence[ModuleType]) -> dict[str, dict[str, Callable[..., Any]]]:
    """Collect, by kind, the marked handlers of a plugin's module and of what is imported of its package."""
    found: dict[str, dict[str, Callable[..., Any]]] = {"timer": {}, "answer": {}, "feed": {}}
    for part in [module, *inside]:
        for function in vars(part).values():
            if type(function) is not FunctionType:
                continue
            mark = function.__dict__.get("buurtwacht")
            if not isinstance(mark, Mark):
                continue
            if found[mark.kind].setdefault(mark.name, function) is not function:
                raise PluginError(module.__name__, f"two handlers for the {mark.kind} {mark.name!r}")
    return found


def unknown_hooks(plugins: pluggy.PluginManager) -> list[Fault]:
    """Return what is marked as a hook that nobody declared, with its line: it would never be called."""
    callers = {name: one for name, one in vars(plugins.hook).items() if isinstance(one, pluggy.HookCaller)}
    known = [name for name, one in callers.items() if one.has_spec()]
    faults: list[Fault] = []
    for name, caller in callers.items():
        for one in caller.get_hookimpls() if not caller.has_spec() else ():
            if one.optionalhook:
                continue
            code = one.function.__code__
            where = f"{Path(code.co_filename).name}:{code.co_firstlineno}"
            what = f"has a hook {name} ({where}), which nobody declares"
            mend = suggestion(name, known, "leave it out, or name the plugin that declares it in needs")
            faults.append(Fault(f"plugin {one.plugin_name}", what, mend))
    return faults
