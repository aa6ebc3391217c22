"""`buurtwacht plugins remove`: all that is kept of a plugin is exported, and then erased."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from buurtwacht.cli.installation import Installation, installation
from buurtwacht.cli.output import NotDone, configured, say
from buurtwacht.host import discovery
from buurtwacht.records import audit, migration, removal
from buurtwacht.records.migration import CORE, SchemaState
from buurtwacht.records.removal import Kept
from buurtwacht.records.running import only_one
from buurtwacht.vocabulary.clock import SystemClock
from buurtwacht.vocabulary.errors import ConfigurationError

_ID = re.compile(r"[a-z][a-z0-9_]*")


@click.command("remove")
@click.argument("plugin")
@click.option(
    "--export",
    "export",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A new file for what it keeps: a line of JSON for each row.",
)
@click.option("--without-export", is_flag=True, help="Keep nothing of it.")
@click.option("--yes", is_flag=True, help="Do not ask whether that is right.")
@configured
def remove(config: Path, plugin: str, export: Path | None, without_export: bool, yes: bool) -> None:
    """Export what PLUGIN keeps to a file, then erase all of it. Take [plugins.PLUGIN] out of the file first.

    Its tables go, its timers, questions and settings, what it said, and who asked to hear from it. Stop Buurtwacht
    before. The package may be gone already. Switched on again later, it begins anew.

    \b
    Example:
      buurtwacht plugins remove lost_pets --export lost_pets.jsonl
    """
    if not _ID.fullmatch(plugin) or plugin == CORE.owner:
        raise click.UsageError(f"{plugin} is not the id of a plugin")
    if (export is None) is not without_export:
        raise click.UsageError("say where to with --export FILE, or --without-export to keep nothing of it")
    with installation(config) as here, only_one(here.database):
        _check(here, plugin)
        version = _version(plugin)  # first: with its code here, its tables are those that it declares
        found = removal.kept(here.database, plugin, _others(here))
        if found.is_nothing:
            raise NotDone(f"nothing is kept of a plugin called {plugin}")
        if export is not None and export.exists():
            raise NotDone(f"{export} is there already: remove it, or name another file")
        _confirm(plugin, found, yes)
        if export is not None:
            _export(here, plugin, version, found, export)
        removal.erase(here.database, plugin, found)
        rows = sum(found.own.values()) + sum(found.shared.values())
        now = SystemClock().now()
        audit.write(here.database, now, "operator", "plugin_removed", f"plugin:{plugin}", {"rows": rows})
    say(f"nothing is kept of {plugin} any more; what it says in backups stays there")


def _check(here: Installation, plugin: str) -> None:
    """Raise `NotDone` where the plugin is still in use, or the schema is not that of this version."""
    if plugin in here.settings.plugins:
        raise NotDone(f"{plugin} is in use: take [plugins.{plugin}] out of the configuration first")
    needing = [one.manifest.id for one in here.modules if plugin in one.manifest.needs]
    if needing:
        raise NotDone(f"{', '.join(needing)} cannot do without {plugin}: take that out of the configuration first")
    migration.check_in_use(here.database)
    match migration.state(here.database, [CORE]):
        case SchemaState.EMPTY:
            raise NotDone("the database is empty")
        case SchemaState.OLDER:
            raise NotDone("bring the database to this version first: buurtwacht db upgrade")
        case SchemaState.NEWER:
            raise migration.newer_schema()
    migration.bind_key(here.database, here.keyring)


def _others(here: Installation) -> set[str]:
    return {*here.settings.plugins, *discovery.installed()}


def _confirm(plugin: str, found: Kept, yes: bool) -> None:
    """Say what goes, and ask whether that is right. Raises `NotDone` after a no, `UsageError` where nobody is there."""
    for name, number in {**found.own, **found.shared}.items():
        say(f"{name}: {number} {'row' if number == 1 else 'rows'}")
    if found.opted_in:
        say(f"asked to hear from it: {found.opted_in}")
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError("nobody is here to ask whether that is right: say --yes")
    if not click.confirm(f"Erase all that is kept of {plugin}?", err=True):
        raise NotDone("nothing was erased")


def _export(here: Installation, plugin: str, version: str | None, found: Kept, path: Path) -> None:
    try:
        now = SystemClock().now()
        count = removal.export(here.database, here.keyring, plugin, found, version, path, now)
    except FileExistsError:
        raise NotDone(f"{path} is there already: remove it, or name another file") from None
    except OSError as error:
        raise NotDone(f"{path} cannot be written: {error.strerror}; nothing was erased") from error
    say(f"{path}: {count} {'row' if count == 1 else 'rows'}")


def _version(plugin: str) -> str | None:
    """Return the version that a plugin says it has; None where its package is gone, or does not import."""
    try:
        (module,) = discovery.find([plugin])
    except ConfigurationError:
        return None
    return str(module.manifest.version)
