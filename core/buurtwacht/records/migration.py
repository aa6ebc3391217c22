"""Migration: bringing a database to the schema of this version, the core's and each plugin's by a history of its own.

With branches of one history, taking one plugin away would break everybody's upgrade; so each has its own version table.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.operations.ops import CreateTableOp
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, delete, insert, inspect, select, update

from buurtwacht.records import moved
from buurtwacht.records.database import Database
from buurtwacht.records.keys import Keyring, wrong_key
from buurtwacht.records.schema import Moment, meta, metadata
from buurtwacht.vocabulary.errors import BuurtwachtError, ConfigurationError, Fault

_FOLDER = Path(__file__).parent / "migrations"
#: Stands in `meta` while a backup is being restored.
RESTORING = "restoring"
#: Where, after a change of key, stands by which secret events are recognised; sealed.
RECOGNITION = "recognition"


class SchemaState(StrEnum):
    """How a database stands to this version."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


@dataclass(frozen=True, slots=True)
class History:
    """One history of migrations: whose it is, where its scripts lie, and the tables it leads to."""

    owner: str
    folder: Path
    metadata: MetaData

    @property
    def version_table(self) -> str:
        """The table that remembers how far this database is."""
        return "alembic_version" if self.owner == "core" else f"alembic_version_{self.owner}"

    def script(self) -> ScriptDirectory | None:
        """Return the scripts, or None for a plugin that keeps nothing."""
        return ScriptDirectory(str(self.folder)) if (self.folder / "versions").is_dir() else None


CORE = History("core", _FOLDER, metadata)


def state(database: Database, histories: Iterable[History]) -> SchemaState:
    """Say how the database stands: the newest of all histories decides, then the oldest.

    Raises `ConfigurationError` for migrations of a plugin that cannot be read.
    """
    states: set[SchemaState] = set()
    with database.reading() as connection:
        for history in histories:
            script = history.script()
            if script is None:
                continue
            current = _context(connection, history).get_current_revision()
            with _running(history):
                heads = script.get_heads()
                known = {one.revision for one in script.walk_revisions()}
            if current is None:
                states.add(SchemaState.EMPTY if history.owner == "core" else SchemaState.OLDER)
            elif current in heads:
                states.add(SchemaState.CURRENT)
            elif current in known:
                states.add(SchemaState.OLDER)
            else:
                states.add(SchemaState.NEWER)
    for decisive in (SchemaState.NEWER, SchemaState.EMPTY, SchemaState.OLDER):
        if decisive in states:
            return decisive
    return SchemaState.CURRENT


def revisions(database: Database) -> dict[str, str]:
    """Return how far this database is, by owner of a history: those of plugins that are switched off too."""
    with database.reading() as connection:
        return revisions_seen(connection)


def is_version_table(name: str) -> bool:
    """Return whether a table says which revision of a schema is here: the core's, or a plugin's."""
    return name == "alembic_version" or name.startswith("alembic_version_")


def revisions_seen(connection: Connection) -> dict[str, str]:
    """Return the same as this connection sees it."""
    found = {}
    for table in inspect(connection).get_table_names():
        if is_version_table(table):
            owner = table.removeprefix("alembic_version").removeprefix("_") or CORE.owner
            current = MigrationContext.configure(connection, opts={"version_table": table}).get_current_revision()
            if current is not None:
                found[owner] = current
    return found


def upgrade(database: Database, histories: Iterable[History], targets: Mapping[str, str] | None = None) -> list[str]:
    """Bring the database to this version; return whose tables changed. Each history is one transaction.

    With `targets`, revisions by owner, no further than those; a history that is not among them is left alone.
    Raises `ConfigurationError` when the database is newer than this program, or a migration of a plugin fails.
    """
    histories = [one for one in histories if targets is None or one.owner in targets]
    if state(database, histories) is SchemaState.NEWER:
        raise newer_schema()
    changed: list[str] = []
    for history in histories:
        script = history.script()
        if script is None:
            continue
        with _running(history), database.writing() as connection:
            before = _context(connection, history).get_current_revision()
            target = targets[history.owner] if targets is not None else "head"
            context = _context(connection, history, script, target=target)
            with Operations.context(context):
                context.run_migrations()
            if before != _context(connection, history).get_current_revision():
                changed.append(history.owner)
    return changed


@contextmanager
def _running(history: History) -> Iterator[None]:
    """Say of what a plugin's migrations raise whose it is and where; what is not its doing is let through."""
    try:
        yield
    except BuurtwachtError:
        raise
    except Exception as error:
        if history.owner == CORE.owner:
            raise
        told = error.msg if isinstance(error, SyntaxError) else getattr(error, "orig", None) or error
        reason = " ".join(str(told).partition("\n")[0].split())
        what = f"{_place(history, error)} cannot be run: {type(error).__name__}: {reason}"
        mend = f"mend it; buurtwacht plugins check {history.owner} looks at all of them"
        raise ConfigurationError([Fault(f"plugin {history.owner}", what, mend)]) from error


def _place(history: History, error: Exception) -> str:
    """Return file and line of a migration that failed, as seen from its package, or what they are together."""
    places = [(one.filename, one.lineno) for one in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError) and error.filename:
        places.append((error.filename, error.lineno))
    for file, line in reversed(places):
        if Path(file).is_relative_to(history.folder):
            return f"its migration {Path(file).relative_to(history.folder.parent.parent)}:{line}"
    return "the order of its migrations"


def newer_schema() -> ConfigurationError:
    """Return the error for a database that a newer version has changed."""
    return ConfigurationError(
        [
            Fault(
                "buurtwacht.database",
                "was changed by a newer version of Buurtwacht",
                "install that version again, or restore the backup that was made before the upgrade",
            )
        ]
    )


def bind_key(database: Database, keyring: Keyring) -> None:
    """Remember which key this database is made with. Raises `ConfigurationError` when it is another one, when a backup
    was being restored and that was not finished, or when everything was moved elsewhere.
    """
    with database.writing() as connection:
        moved.refuse(connection)
        if connection.execute(select(meta.c.value).where(meta.c.name == RESTORING)).first() is not None:
            raise _half_restored()
        known = connection.execute(select(meta.c.value).where(meta.c.name == "key")).scalar()
        if known is None:
            connection.execute(insert(meta), {"name": "key", "value": keyring.fingerprint})
        elif known != keyring.fingerprint:
            raise wrong_key()
        kept = connection.execute(select(meta.c.value).where(meta.c.name == RECOGNITION)).scalar()
        if kept is not None:
            keyring.recognition = keyring.unseal(kept.encode())


def check_in_use(database: Database) -> None:
    """Raise `ConfigurationError` when a database that is about to be changed was moved elsewhere."""
    if CORE.owner in revisions(database):
        with database.reading() as connection:
            moved.refuse(connection)


def _half_restored() -> ConfigurationError:
    mend = "run the same `buurtwacht db restore` or `db move` again"
    return ConfigurationError([Fault("buurtwacht.database", "holds a part of a backup only", mend)])


def rebind_key(connection: Connection, keyring: Keyring) -> None:
    """Let another key be the one this database is made with, within the transaction that rewrites what it protects.

    Its `recognition` is kept, so that what a messenger repeats is recognised after the change too.
    """
    connection.execute(update(meta).where(meta.c.name == "key").values(value=keyring.fingerprint))
    connection.execute(delete(meta).where(meta.c.name == RECOGNITION))
    row = {"name": RECOGNITION, "value": keyring.seal(keyring.recognition).decode()}
    connection.execute(insert(meta), row)


def unmade(database: Database, history: History) -> list[str]:
    """Return, in words, what keeps a plugin's records out of its tables; for every start, so one look and no more.

    It knows of what makes a handler fail: a table or column that is not there, or one that must be filled and is not.
    `differences` knows all of it, and takes ten times as long.
    """
    tables = history.metadata.tables
    with database.reading() as connection:
        found = inspect(connection).get_multi_columns(filter_names=list(tables))
    made = {table: {one["name"]: one for one in columns} for (_, table), columns in found.items()}
    lacking: list[str] = []
    for name, table in sorted(tables.items()):
        columns = made.get(name)
        if not columns:
            lacking.append(f"there is no table {name}")
            continue
        for column in table.columns:
            there = columns.pop(column.name, None)
            if there is None:
                lacking.append(f"there is no column {name}.{column.name}")
            elif column.nullable and not there["nullable"]:
                lacking.append(f"the column {name}.{column.name} may not be empty")
        lacking += [
            f"the column {name}.{one} must be filled, and no record has it"
            for one, there in columns.items()
            if not there["nullable"] and there["default"] is None
        ]
    return lacking


def differences(database: Database, history: History) -> list[str]:
    """Return, in words, how the migrated tables differ from the declared ones; for tests and `plugins check`."""
    mine = set(history.metadata.tables)
    with database.reading() as connection:
        context = _context(connection, history, options={"include_name": _only(mine), "compare_type": True})
        return [str(one) for one in compare_metadata(context, history.metadata)]


def draft(database: Database, history: History) -> str:
    """Return Python for the body of `upgrade()` that leads from the database to the declared tables.

    Changes of tables that exist are written as batches, which SQLite needs.
    """
    mine = set(history.metadata.tables)
    with database.reading() as connection:
        context = _context(connection, history, options={"include_name": _only(mine)})
        operations = produce_migrations(context, history.metadata).upgrade_ops
        assert operations is not None
        batch = not isinstance(operations.ops[0], CreateTableOp) if operations.ops else False
        for one in operations.ops:
            if isinstance(one, CreateTableOp):
                one.info = {}  # from which class it came is our own affair
        return render_python_code(operations, migration_context=context, render_as_batch=batch, render_item=_plain)


def _only(tables: set[str]) -> Any:
    return lambda name, kind, parents: kind != "table" or name in tables


def _plain(kind: str, item: Any, context: AutogenContext) -> str | Literal[False]:
    """Write our own column types as what they are in the database, so that a migration outlives our code."""
    if kind != "type":
        return False
    if isinstance(item, Moment):
        return "sa.BigInteger()"
    if type(item).__name__ == "_Chosen":
        return "sa.String(length=40)"
    return False


def _context(
    connection: Connection,
    history: History,
    script: ScriptDirectory | None = None,
    options: dict[str, Any] | None = None,
    target: str = "head",
) -> MigrationContext:
    chosen: dict[str, Any] = {"version_table": history.version_table, **(options or {})}
    if script is not None:
        chosen["fn"] = lambda revision, context: script._upgrade_revs(target, revision)
    return MigrationContext.configure(connection, opts=chosen)


def histories_of(plugins: Sequence[tuple[str, Path | None, MetaData]]) -> list[History]:
    """Return the core's history and those of plugins, by id, folder of the package and declared tables."""
    found = [CORE]
    for ident, folder, tables in plugins:
        if folder is not None and tables.tables:
            found.append(History(ident, folder / "migrations", tables))
    return found
