"""Databases for worlds: each a copy of a template that was migrated once in this process."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, Protocol
from weakref import WeakKeyDictionary

from sqlalchemy import Dialect, Table, event
from sqlalchemy.engine.interfaces import DBAPIConnection

from buurtwacht.assembly import histories, unmade
from buurtwacht.records import migration
from buurtwacht.records.database import Database
from buurtwacht.records.keys import Keyring, new_key
from buurtwacht.records.record import metadata_of
from buurtwacht.vocabulary.errors import ConfigurationError

#: The kind of database for worlds that do not say.
VARIABLE = "BUURTWACHT_TEST_DATABASE"
_serial = count(1)
#: By kind of database: the dialect, and the statements compiled for it; a third of a world's time went there.
_shared: dict[str, tuple[Dialect, dict[Any, Any]]] = {}
#: What each declared table looks like; it goes with the table.
_descriptions: WeakKeyDictionary[Table, str] = WeakKeyDictionary()


@cache
def keyring() -> Keyring:
    """Return the key of all worlds of this process."""
    return Keyring([new_key()])


class Store(Protocol):
    """Where one world keeps everything."""

    url: str

    def open(self) -> Database:
        """Connect; several times, as a process that starts again does."""
        ...

    def files(self) -> list[Path]:
        """Return the files in which the database keeps its rows; none where that is a server's affair."""
        ...

    def drop(self) -> None:
        """Throw everything away."""
        ...


def store(kind: str, modules: Sequence[ModuleType]) -> Store:
    """Return a fresh store for these plugins; `kind` is sqlite or postgresql."""
    match kind:
        case "sqlite":
            return SqliteStore(modules)
        case "postgresql":
            from buurtwacht.testing.postgres import PostgresStore

            return PostgresStore(modules)
    raise ValueError(f"a world runs on sqlite or postgresql, not on {kind!r}")


def kind_of(asked: str) -> str:
    """Return the kind of database a world gets: the variable, when it is set, wins over the default."""
    return os.environ.get(VARIABLE, asked) if asked == "sqlite" else asked


def opened(url: str) -> Database:
    """Connect to one of many alike: statements that were compiled for another world are not compiled again."""
    database = Database(url)
    dialect, compiled = _shared.setdefault(database.engine.name, (database.engine.dialect, {}))
    database.engine.dialect = dialect
    database.engine.update_execution_options(compiled_cache=compiled)
    return database


def prepare(database: Database, modules: Sequence[ModuleType]) -> None:
    """Bring a new database to the schema: migrations, and the tables of plugins that have no migrations yet.

    Raises `ConfigurationError` for a plugin whose migrations do not make what it keeps.
    """
    mine = histories(modules)
    migration.upgrade(database, mine)
    scripted = [history for history in mine if history.script() is not None]
    if faults := unmade(database, scripted):
        raise ConfigurationError(faults)
    migrated = {history.owner for history in scripted}
    for ident in sorted({module.manifest.id for module in modules} - migrated):
        with database.writing() as connection:
            metadata_of(ident).create_all(connection)
    migration.bind_key(database, keyring())


def schema_key(modules: Sequence[ModuleType]) -> tuple[object, ...]:
    """Return what two worlds must have in common to share a template: plugins with the same tables and migrations."""
    return tuple(
        (one.manifest.id, id(metadata_of(one.manifest.id)), tables_of(one), _migrations_of(one)) for one in modules
    )


def _migrations_of(module: ModuleType) -> str:
    """Return where the migrations of a plugin lie; nothing where it has none."""
    file = getattr(module, "__file__", None)
    folder = Path(file).parent / "migrations" if file else None
    return str(folder) if folder is not None and folder.is_dir() else ""


def tables_of(module: ModuleType) -> tuple[str, ...]:
    """Return what tells the tables that a plugin has declared from others: a class can be defined again."""
    return tuple(_described(one) for one in metadata_of(module.manifest.id).sorted_tables)


def _described(table: Table) -> str:
    """Describe a table, which does not change once it was declared: many worlds ask."""
    known = _descriptions.get(table)
    if known is None:
        known = f"{table!r} {sorted(map(repr, table.constraints))} {sorted(map(repr, table.indexes))}"
        _descriptions[table] = known
    return known


@cache
def folder() -> Path:
    """Return this process's folder for templates and worlds; in memory where the machine has such a place."""
    shared = Path("/dev/shm")
    at = shared if shared.is_dir() and os.access(shared, os.W_OK) else None
    made = Path(tempfile.mkdtemp(prefix="buurtwacht-worlds-", dir=at))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


class SqliteStore:
    """A file, copied from a template."""

    _templates: ClassVar[dict[tuple[object, ...], Path]] = {}

    def __init__(self, modules: Sequence[ModuleType]) -> None:
        template = self._template(modules)
        self._path = folder() / f"world{next(_serial)}.db"
        shutil.copyfile(template, self._path)
        self.url = f"sqlite:///{self._path}"

    def open(self) -> Database:
        """Connect. What a power cut would lose does not matter to a test."""
        database = opened(self.url)

        @event.listens_for(database.engine, "connect")
        def hurry(connection: DBAPIConnection, record: Any) -> None:
            connection.cursor().execute("PRAGMA synchronous=OFF")

        return database

    def files(self) -> list[Path]:
        """Return the file and its write-ahead log."""
        names = (self._path.name, f"{self._path.name}-wal")
        return [path for name in names if (path := self._path.with_name(name)).exists()]

    def drop(self) -> None:
        """Remove the files."""
        for ending in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)

    @classmethod
    def _template(cls, modules: Sequence[ModuleType]) -> Path:
        key = schema_key(modules)
        path = cls._templates.get(key)
        if path is None:
            path = folder() / f"template{next(_serial)}.db"
            database = Database(f"sqlite:///{path}")
            try:
                prepare(database, modules)
            finally:
                database.close()
            cls._templates[key] = path
        return path


def at_start() -> datetime:
    """Return when a world begins unless it says otherwise: noon on a Wednesday in winter, in the Netherlands."""
    return datetime(2026, 1, 14, 11, 0, tzinfo=UTC)
