"""Switching: a plugin is on or off in a neighbourhood by command, which wins over the file (R54)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from buurtwacht.host.naming import name_of, names_of
from buurtwacht.records import audit, timers
from buurtwacht.records.switches import Switch, drop_switch, set_switch
from buurtwacht.vocabulary.answers import fold
from buurtwacht.vocabulary.errors import StoreUnavailable

if TYPE_CHECKING:
    from datetime import datetime

    from buurtwacht.host.context import Context
    from buurtwacht.host.core import Core
    from buurtwacht.host.plugins import Plugin
    from buurtwacht.records.database import Unit
    from buurtwacht.records.neighbourhoods import Neighbourhood

#: By this name `buurtwacht plugins reset` takes back a switch: it is the file's own.
FILE_KEY = "plugins_off"


def switch(ctx: Context, plugin: str, *, off: bool) -> None:
    """Switch a plugin off or on here, in the name of who set this off, with the commit of his command."""
    where = ctx.here
    set_switch(ctx._unit, plugin, where.id, Switch(off, ctx.person.id, ctx.now))
    event = "plugin_switched_off" if off else "plugin_switched_on"
    _changed(ctx._core, ctx._unit, ctx.now, ctx._actor, event, plugin, where)
    if not off:
        timers.release(ctx._unit, plugin, where.id)


def follow_file(core: Core, unit: Unit, now: datetime, actor: str, plugin: str, where: Neighbourhood) -> None:
    """Let the file decide again about a plugin in a neighbourhood, with the unit's commit."""
    drop_switch(unit, plugin, where.id)
    _changed(core, unit, now, actor, "plugin_switch_reset", plugin, where)
    if plugin not in where.off_in_file:
        timers.release(unit, plugin, where.id)


def take_over(core: Core) -> None:
    """Take over what was switched since, here or by another process. Raises `StoreUnavailable`.

    A timer that this process held since, not knowing yet that its plugin was on again, goes off now.
    """
    if core.neighbourhoods.refresh():
        go_on(core)


def go_on(core: Core) -> None:
    """Let timers go off that are held for a plugin that is on again: the file may say so since this start. One that
    is paused goes on waiting.

    Raises `StoreUnavailable`.
    """
    held = timers.held_places(core.database)
    places = {place: core.neighbourhoods.get(place) if place is not None else None for _, place in held}
    on = [(plugin, place) for plugin, place in held if core.is_on(plugin, places[place])]
    if on:
        unit = core.database.unit()
        for plugin, place in on:
            timers.release(unit, plugin, place)
        unit.commit()


def can_be_off(plugin: Plugin) -> bool:
    """Return whether a neighbourhood can do without: who joins, leaves or asks for his data must always be heard."""
    return plugin.id != "core" and "people" not in plugin.manifest.permissions


def named(core: Core, words: str) -> Plugin | None:
    """Return the plugin that is called so, by its id or its name in any language."""
    said = fold(words)
    return next((one for one in switchable(core) if said in map(fold, names_of(core.catalogues, one))), None)


def shown(ctx: Context, plugin: Plugin) -> str:
    """Return what a plugin is called in the language of who set this off."""
    return name_of(ctx._core.catalogues, plugin, ctx.person.language)


def switchable(core: Core) -> Sequence[Plugin]:
    """Return every plugin but the core."""
    return [one for one in core.plugins if one.id != "core"]


def needing(core: Core, plugin: str, where: Neighbourhood) -> list[Plugin]:
    """Return the plugins that are on in a neighbourhood and need this one."""
    others = switchable(core)
    return [one for one in others if plugin in one.manifest.needs and one.id not in where.plugins_off]


def _changed(core: Core, unit: Unit, now: datetime, actor: str, event: str, plugin: str, where: Neighbourhood) -> None:
    audit.note(unit, now, actor, event, f"switch:{where.code}:{plugin}")

    def seen() -> None:
        with suppress(StoreUnavailable):  # it is kept, and the next look takes it over
            take_over(core)

    unit.after_commit(seen)
