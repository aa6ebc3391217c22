"""`buurtwacht plugins`: which plugins there are, how they do, and taking back a pause or what was set by command."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click
from sqlalchemy import func, select

from buurtwacht.assembly import House
from buurtwacht.cli import plugins_kit, plugins_remove
from buurtwacht.cli.installation import house
from buurtwacht.cli.output import NotDone, configured, listing, say, show
from buurtwacht.host import discovery
from buurtwacht.host.core import Core
from buurtwacht.host.health import REFUSED
from buurtwacht.host.switching import FILE_KEY, follow_file
from buurtwacht.records import audit
from buurtwacht.records.neighbourhoods import Neighbourhood
from buurtwacht.records.schema import plugin_error

#: What a table shows; JSON has the permissions too.
COLUMNS = ("id", "name", "version", "state", "reason", "errors", "refused", "off_in", "origin")
KEYS = (*COLUMNS, "permissions")


@click.group("plugins")
def command() -> None:
    """List plugins and how they do, let a paused one work again, or let the file decide about a setting again.

    \b
    Example:
      buurtwacht plugins list
    """


for one in (*plugins_kit.COMMANDS, plugins_remove.remove):
    command.add_command(one)


@command.command("list")
@configured
@listing
def list_plugins(config: Path, as_json: bool) -> None:
    """List the plugins of the configuration: their state, recent errors, the permissions that each used without asking
    for them, the neighbourhoods where each is off, and where it comes from.

    \b
    Example:
      buurtwacht plugins list --json
    """
    with house(config) as home:
        show(_rows(home), KEYS if as_json else COLUMNS, as_json=as_json, nothing="no plugin is switched on")


@command.command("resume")
@click.argument("plugin")
@configured
def resume(config: Path, plugin: str) -> None:
    """Let a paused PLUGIN work again. A running process notices within five seconds.

    Timers that waited go off, late, and what it was told meanwhile is handled in order.

    \b
    Example:
      buurtwacht plugins resume alerts
    """
    with house(config) as home:
        if plugin not in home.core.plugins:
            known = ", ".join(one.id for one in home.core.plugins if one.id != "core")
            raise click.UsageError(f"no plugin is called {plugin}; there are {known or 'none'}")
        if not home.core.health.resume(plugin):
            raise NotDone(f"{plugin} was not paused")
    say(f"{plugin} works again")


@command.command("reset")
@click.argument("plugin")
@click.argument("name")
@click.argument("neighbourhood", required=False)
@configured
def reset(config: Path, plugin: str, name: str, neighbourhood: str | None) -> None:
    """Let the file decide again about the setting NAME of PLUGIN, which was set by command in NEIGHBOURHOOD.

    `check` shows what was set. Without NEIGHBOURHOOD it is what was set everywhere. With plugins_off as NAME it is
    whether PLUGIN is on or off there. A running process notices within five seconds.

    \b
    Example:
      buurtwacht plugins reset escalation ladder TB
    """
    with house(config) as home:
        core = home.core
        where = core.neighbourhoods.by_code(neighbourhood) if neighbourhood else None
        if neighbourhood and where is None:
            codes = ", ".join(one.code for one in core.neighbourhoods.all()) or "none"
            raise click.UsageError(f"no neighbourhood has the code {neighbourhood}; there are {codes}")
        place = where.id if where is not None else 0
        if name == FILE_KEY:
            _follow_file(core, plugin, where)
            return
        if name not in core.settings.overrides().get((plugin, place), {}):
            raise NotDone(f"{plugin}.{name} was not set by command {f'in {where.code}' if where else 'everywhere'}")
        unit = core.database.unit()
        core.settings.reset(unit, plugin, place, name)
        subject = f"setting:{where.code if where is not None else ''}:{plugin}.{name}"
        audit.note(unit, core.clock.now(), "operator", "setting_reset", subject)
        unit.commit()
    say(f"the file decides about {plugin}.{name} again")


def _follow_file(core: Core, plugin: str, where: Neighbourhood | None) -> None:
    """Let the file decide again whether a plugin is off somewhere."""
    if where is None:
        raise click.UsageError("in which neighbourhood? Write its code behind plugins_off")
    if plugin not in where.switched:
        raise NotDone(f"{plugin} was not switched by command in {where.code}")
    unit = core.database.unit()
    follow_file(core, unit, core.clock.now(), "operator", plugin, where)
    unit.commit()
    state = "off" if plugin in where.off_in_file else "on"
    say(f"the file decides about {plugin} in {where.code} again: it is {state}")


def _rows(home: House) -> list[dict[str, object]]:
    core = home.core
    paused = core.health.paused()
    with core.database.reading() as connection:
        query = select(plugin_error.c.plugin, func.count()).group_by(plugin_error.c.plugin)
        errors = Counter({row[0]: row[1] for row in connection.execute(query)})
    known = discovery.installed()
    actors = [f"plugin:{plugin.id}" for plugin in core.plugins]
    refused = audit.subjects_by_actor(core.database, REFUSED, actors)
    return [
        {
            "id": plugin.id,
            "name": plugin.manifest.name,
            "version": plugin.manifest.version,
            "state": "paused" if plugin.id in paused else "on",
            "reason": paused.get(plugin.id, ""),
            "errors": errors[plugin.id],
            "refused": [one.removeprefix("permission:") for one in refused.get(f"plugin:{plugin.id}", ())],
            "permissions": sorted(plugin.manifest.permissions),
            "origin": known[plugin.id].origin if plugin.id in known else "",
            "off_in": [one.code for one in core.neighbourhoods.all() if plugin.id in one.plugins_off],
        }
        for plugin in core.plugins
        if plugin.id != "core"
    ]
