"""What a world is configured with: every messenger and every built-in plugin, and what a test changes of that."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import Any

from buurtwacht.assembly import GROUP, find_adapters
from buurtwacht.host import discovery
from buurtwacht.vocabulary import settings as files
from buurtwacht.vocabulary.channels import Adapter
from buurtwacht.vocabulary.errors import ConfigurationError, Fault
from buurtwacht.vocabulary.settings import Settings

#: The distribution whose plugins and messengers are built in.
_OURS = "buurtwacht"
_TABLES = ("buurtwacht", "web", "channels", "plugins", "neighbourhoods")


#: The adapters that were imported for earlier worlds: to look for them takes as long as much of a world.
_adapters: dict[str, Adapter] = {}


@dataclass(frozen=True, slots=True)
class Given:
    """Settings without a fault, with the plugins and adapters that they name."""

    settings: Settings
    modules: tuple[ModuleType, ...]
    adapters: Mapping[str, Adapter]


def read(given: Mapping[str, Any], plugins: Iterable[ModuleType | str], channels: Iterable[Adapter] = ()) -> Given:
    """Return what a world is made of.

    `given` holds tables as plugins.toml does; a table that is none of the file's is that of the plugin of that name.
    Each of `channels` has an account of its name beside the built-in ones.
    Raises `ConfigurationError` with every fault.
    """
    modules = _modules(plugins)
    tables = {name: given[name] for name in _TABLES if name in given}
    own = {name: table for name, table in given.items() if name not in _TABLES}
    ids = [module.manifest.id for module in modules]
    unknown = [name for name in own if name not in ids]
    if unknown:
        what = f"is neither a table of plugins.toml nor a plugin of this world ({', '.join(ids)})"
        raise ConfigurationError([Fault(name, what, "name it in plugins=[…]") for name in unknown])
    tables["plugins"] = {**{ident: {} for ident in ids}, **own, **given.get("plugins", {})}
    brought = {one.name: one for one in channels}
    tables["channels"] = {**{name: {} for name in (*_built_in(GROUP), *brought)}, **given.get("channels", {})}
    settings = files.build(tables)
    named = {one.adapter for one in settings.channels.values()} - brought.keys()
    found, faults = find_adapters(named - _adapters.keys()) if named - _adapters.keys() else ({}, [])
    _adapters.update(found)
    adapters = {name: one for name, one in _adapters.items() if name in named} | brought
    faults += files.plugin_faults(settings, {one.manifest.id: one.manifest.settings for one in modules})
    if faults:
        raise ConfigurationError(faults)
    return Given(settings, modules, adapters)


def _modules(plugins: Iterable[ModuleType | str]) -> tuple[ModuleType, ...]:
    """Return the built-in plugins and those of a test; one with the id of a built-in one takes its place."""
    given: list[ModuleType] = []
    for one in plugins:
        given += discovery.find([one]) if isinstance(one, str) else [one]
    taken = {module.manifest.id: module for module in given}
    found = [taken.get(name) or import_module(one.value) for name, one in _built_in(discovery.GROUP).items()]
    return tuple(dict.fromkeys(found + given))


def ships(module: ModuleType) -> bool:
    """Return whether a plugin is a built-in one, and not one of a test."""
    entry = _built_in(discovery.GROUP).get(module.manifest.id)
    return entry is not None and sys.modules.get(entry.module) is module


@cache
def _built_in(group: str) -> dict[str, EntryPoint]:
    return {one.name: one for one in entry_points(group=group) if one.dist is not None and one.dist.name == _OURS}
