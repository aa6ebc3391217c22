"""Putting the synchronous half together: a database that fits, the plugins, and the core they work in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

from buurtwacht.host import courtesy
from buurtwacht.host.core import Core
from buurtwacht.host.dispatcher import Dispatcher
from buurtwacht.host.health import PluginHealth
from buurtwacht.host.plugins import Plugins
from buurtwacht.host.settings import PluginSettings
from buurtwacht.host.switching import go_on
from buurtwacht.host.tracing import Call, Trace
from buurtwacht.records.database import Database
from buurtwacht.records.inbox import Inbox
from buurtwacht.records.keys import Keyring
from buurtwacht.records.neighbourhoods import Neighbourhoods
from buurtwacht.vocabulary.channels import Glimpse
from buurtwacht.vocabulary.clock import Clock
from buurtwacht.vocabulary.settings import Settings
from buurtwacht.vocabulary.texts import Catalogues


@dataclass(frozen=True, slots=True)
class Loaded:
    """Plugins that were found in order, and all texts: theirs and the core's."""

    plugins: Plugins
    catalogues: Catalogues


def load(modules: Sequence[ModuleType], trace: Trace) -> Loaded:
    """Return the core's own manners and these plugins. Raises `ConfigurationError` with every fault."""
    catalogues = Catalogues()
    plugins = Plugins(catalogues, trace)
    plugins.load([courtesy, *modules])
    return Loaded(plugins, catalogues)


def build(
    settings: Settings,
    database: Database,
    keyring: Keyring,
    clock: Clock,
    modules: Sequence[ModuleType],
    dispatcher: Dispatcher,
    *,
    handle_kinds: Mapping[str, str] | None = None,
    trace: Trace | None = None,
    loaded: Loaded | None = None,
) -> Core:
    """Return the core, with the core's own manners and these plugins. Raises `ConfigurationError`.

    The database must be at the right schema already (`records.migration`). What `trace` is written is also shown to
    whoever looks on. `loaded` are the plugins where they were loaded before.
    """
    trace = trace or Trace()
    loaded = loaded or load(modules, trace)
    plugins, catalogues = loaded.plugins, loaded.catalogues
    neighbourhoods = Neighbourhoods(database)
    bring_in(neighbourhoods, settings)
    tables: dict[str, Mapping[str, Any]] = {name: dict(table) for name, table in settings.plugins.items()}
    core = Core(
        database=database,
        keyring=keyring,
        clock=clock,
        neighbourhoods=neighbourhoods,
        catalogues=catalogues,
        plugins=plugins,
        settings=PluginSettings(database, plugins, tables),
        inbox=Inbox(database, keyring, clock, dispatcher.add),
        health=PluginHealth(database, clock),
        country=settings.instance.country,
        repeats=settings.instance.ambiguous.repeats,
        language=settings.instance.language,
        zone=ZoneInfo(settings.instance.timezone),
        url=settings.web.address(),
        accounts=tuple(settings.channels),
        handle_kinds=dict(handle_kinds or {}),
        trace=trace,
    )
    if trace.on:
        trace.add(lambda call: _show(core, call))
    go_on(core)
    return core


def _show(core: Core, call: Call) -> None:
    if core.look is not None:
        at = core.clock.now()
        core.look(Glimpse(at, "hook", call.what, plugin=call.plugin, ms=call.ms, failed=call.failed))


def bring_in(neighbourhoods: Neighbourhoods, settings: Settings) -> None:
    """Write the neighbourhoods of the file into the database where they differ."""
    rows = {
        one.code: {
            "name": one.name,
            "municipality": one.municipality,
            "language": one.language or settings.instance.language,
            "timezone": one.timezone or settings.instance.timezone,
            "quiet_hours": str(one.quiet_hours) if one.quiet_hours else "",
            "postcodes": list(one.postcodes),
            "streets": [[street.name, street.latitude, street.longitude] for street in one.streets],
            "borders": dict(one.borders),
            "adjacent": list(one.adjacent),
            "plugins_off": list(one.plugins_off),
            "settings": {plugin: dict(table) for plugin, table in one.settings.items()},
        }
        for one in settings.neighbourhoods
    }
    neighbourhoods.write_all(rows)
