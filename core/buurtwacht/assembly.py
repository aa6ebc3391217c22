"""Assembly: from settings to a house that stands: database, key, plugins, core and accounts; nothing runs yet."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib.metadata import entry_points
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from buurtwacht.host import courtesy, discovery, tracing
from buurtwacht.host.building import build
from buurtwacht.host.core import Core
from buurtwacht.host.dispatcher import Dispatcher
from buurtwacht.host.tracing import Trace
from buurtwacht.records import migration
from buurtwacht.records.database import Database
from buurtwacht.records.keys import Keyring, find_key
from buurtwacht.records.migration import History, SchemaState
from buurtwacht.records.record import metadata_of
from buurtwacht.vocabulary import settings as files
from buurtwacht.vocabulary.channels import Adapter, Channel
from buurtwacht.vocabulary.clock import Clock, SystemClock
from buurtwacht.vocabulary.containment import contained, kind_of
from buurtwacht.vocabulary.errors import ConfigurationError, Fault, StoreUnavailable
from buurtwacht.vocabulary.settings import Settings

GROUP = "buurtwacht.channels"


@dataclass(slots=True)
class House:
    """Everything of one installation in one process, ready to run or to be looked into."""

    settings: Settings
    core: Core
    dispatcher: Dispatcher
    modules: Sequence[ModuleType]
    adapters: Mapping[str, Adapter]
    channels: dict[str, Channel] = field(default_factory=dict)

    def open_channels(self, extra: Mapping[str, Any] | None = None) -> None:
        """Make the channel of each account; messengers' libraries are imported here, not before."""
        for name, account in self.settings.channels.items():
            given = replace(files.account_settings(self.settings, name), secret=self.core.keyring.of_account(name))
            if extra:
                given = replace(given, options={**given.options, **extra})
            self.channels[name] = self.adapters[account.adapter].open(given)
        self.core.invite = self._invite

    def _invite(self, account: str, payload: str, text: str) -> str:
        channel = self.channels.get(account)
        return channel.invite(payload, text) if channel is not None else ""


def load_settings(path: Path | None, environ: Mapping[str, str]) -> tuple[Settings, list[ModuleType]]:
    """Read the configuration and the plugins it names. Raises `ConfigurationError` with every fault of both."""
    modules: list[ModuleType] = []

    def accounts(settings: Settings) -> list[Fault]:
        found, faults = find_adapters({one.adapter for one in settings.channels.values()})
        return [*faults, *files.account_faults(settings, found, entry_points(group=GROUP).names)]

    def plugins_of(settings: Settings) -> list[Fault]:
        try:
            modules.extend(discovery.find(settings.plugins))
        except ConfigurationError as error:
            return [settings.fault(one.where, one.what, one.mend) for one in error.faults]
        return files.plugin_faults(settings, {one.manifest.id: one.manifest.settings for one in modules})

    settings = files.load(path, environ, accounts, plugins_of, lambda settings: tracing.faults(environ))
    return settings, modules


def find_adapters(names: set[str]) -> tuple[dict[str, Adapter], list[Fault]]:
    """Import the adapters of these names that are installed; return them, and a fault for each that does not import."""
    known = {one.name: one for one in entry_points(group=GROUP)}
    found: dict[str, Adapter] = {}
    faults: list[Fault] = []
    for name in sorted(names & known.keys()):
        try:
            found[name] = contained(known[name].load)
        except Exception as error:
            what = f"the adapter {name!r} does not import: {kind_of(error)}: {error}"
            faults.append(Fault(f"channels.{name}", what, "mend or reinstall it"))
            continue
        if not hasattr(found[name], "faults"):
            what = f"its entry point names {known[name].value}, which is no adapter"
            faults.append(Fault(f"channels.{name}", what, "name the object as well: module:adapter"))
            del found[name]
    return found, faults


def open_database(settings: Settings, environ: Mapping[str, str]) -> tuple[Database, Keyring]:
    """Connect, and find the key. Raises `ConfigurationError` when the database cannot be used."""
    file = settings.instance.database_file
    if file is not None and not file.parent.is_dir():
        raise _unusable(settings, f"the folder {file.parent} is not there", "make it, or name another file")
    if file is not None and not os.access(file.parent, os.W_OK):
        mend = "make it writable for whoever runs this, or name another file"
        raise _unusable(settings, f"the folder {file.parent} cannot be written in", mend)
    keyring = Keyring(find_key(environ, file.parent if file is not None else None).split(","))
    database = Database(settings.instance.database)
    try:
        # Not as `reading` does: what is wrong is said below, once, with its mend.
        with database.connect_to_read() as connection:
            connection.exec_driver_sql("SELECT 1")
    except (StoreUnavailable, SQLAlchemyError) as error:
        database.close()
        # The library's own sentence has a second line, with a link that mends nothing.
        reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
        if file is not None and "not a database" in reason:
            what, mend = (
                f"{file} is no SQLite database",
                "name another file, or restore a backup: buurtwacht db restore",
            )
            raise _unusable(settings, what, mend) from error
        mend = "is the file writable?" if file is not None else "does the server run, and are name and password right?"
        raise _unusable(settings, f"cannot be opened: {reason}", mend) from error
    return database, keyring


def _unusable(settings: Settings, what: str, mend: str) -> ConfigurationError:
    return ConfigurationError([settings.fault("buurtwacht.database", what, mend)])


def histories(modules: Sequence[ModuleType]) -> list[History]:
    """Return the core's history of migrations and those of these plugins."""
    found = []
    for module in modules:
        file: str | None = getattr(module, "__file__", None)
        folder = Path(file).parent if file else None
        found.append((module.manifest.id, folder, metadata_of(module.manifest.id)))
    return migration.histories_of(found)


def unmigrated(histories: Sequence[History]) -> list[Fault]:
    """Return a fault for each plugin that keeps records and has no migrations that make their tables."""
    return [
        Fault(
            f"plugin {one.owner}",
            "keeps records but has no migrations",
            "write its folder migrations/versions; docs/plugins/tutorial.md says how",
        )
        for one in histories
        if one.script() is None
    ]


def unmade(database: Database, histories: Sequence[History]) -> list[Fault]:
    """Return a fault for each plugin whose records have no place in a database at the head of these histories.

    Without that the first handler that keeps one fails, and not the start.
    """
    found = {one.owner: migration.unmade(database, one) for one in histories if one.owner != migration.CORE.owner}
    return [
        Fault(
            f"plugin {owner}",
            f"its migrations do not lead to its records: {', '.join(lacking)}",
            f"add a step to them (one that ran already is not run again): buurtwacht plugins check {owner} says how",
        )
        for owner, lacking in found.items()
        if lacking
    ]


def unmade_anew(histories: Sequence[History]) -> list[Fault]:
    """Return the same of a new database. Raises `ConfigurationError` when a migration of a plugin fails."""
    with TemporaryDirectory(prefix="buurtwacht-anew-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'anew.db'}")
        try:
            migration.upgrade(database, histories)
            return unmade(database, histories)
        finally:
            database.close()


def bring_up_to_date(
    settings: Settings,
    database: Database,
    modules: Sequence[ModuleType],
    now: datetime,
    back_up: Callable[[Path], object],
) -> list[str]:
    """Bring the schema to this version; on SQLite after a backup beside the file, on PostgreSQL only when it is empty.

    `back_up` writes the backup to a path. Raises `ConfigurationError`: a newer schema, or an older one on PostgreSQL,
    or a database that was moved elsewhere, or a plugin whose migrations do not make what it keeps.
    """
    migration.check_in_use(database)
    mine = histories(modules)
    if faults := unmigrated(mine):
        raise ConfigurationError(faults)
    match migration.state(database, mine):
        case SchemaState.NEWER:
            raise migration.newer_schema()
        case SchemaState.OLDER if not database.is_sqlite:
            raise _unusable(settings, "has an older schema", "run: buurtwacht db upgrade")
        case SchemaState.OLDER:
            assert database.path is not None
            back_up(database.path.with_name(f"{database.path.name}.{now:%Y%m%d-%H%M%S}.backup"))
    changed = migration.upgrade(database, mine)
    if faults := unmade(database, mine):
        raise ConfigurationError(faults)
    return changed


def outdated(database: Database, modules: Sequence[ModuleType]) -> ConfigurationError | None:
    """Return why a process must stop that ran while the database was upgraded, or None. Raises `StoreUnavailable`."""
    mine = histories([one for one in modules if one.manifest.id != migration.CORE.owner])
    return migration.newer_schema() if migration.state(database, mine) is SchemaState.NEWER else None


def assemble(
    settings: Settings,
    modules: Sequence[ModuleType],
    database: Database,
    keyring: Keyring,
    *,
    clock: Clock | None = None,
    threads: int = 1,
    trace: Trace | None = None,
) -> House:
    """Return the house over a database that is at the right schema. Raises `ConfigurationError`.

    Calls of plugins are written to `trace`, left out to the one that the environment asks for.
    """
    migration.bind_key(database, keyring)
    adapters, faults = find_adapters({one.adapter for one in settings.channels.values()})
    if faults:
        raise ConfigurationError(faults)
    dispatcher = Dispatcher(threads)
    kinds = {name: adapters[one.adapter].capabilities.handle_kind for name, one in settings.channels.items()}
    trace = trace or tracing.asked(os.environ)
    clock = clock or SystemClock()
    core = build(settings, database, keyring, clock, modules, dispatcher, handle_kinds=kinds, trace=trace)
    return House(settings, core, dispatcher, [courtesy, *modules], adapters)
