"""Our own portable dump: every table of the core and of the plugins as lines of JSON, for either kind of database.

What is encrypted stays so: a dump is read with the key of the database it was made from, and holds no key.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    LargeBinary,
    MetaData,
    Table,
    Text,
    cast,
    delete,
    func,
    insert,
    select,
    type_coerce,
)

from buurtwacht.records import migration, moved
from buurtwacht.records.database import Database
from buurtwacht.records.keys import Keyring, wrong_key
from buurtwacht.records.migration import CORE, RESTORING, History
from buurtwacht.records.schema import lease, meta
from buurtwacht.vocabulary.errors import BuurtwachtError

#: The form of the file; a reader refuses what it does not know.
FORMAT = 1
#: Rows that one transaction restores.
CHUNK = 1000


class UnfitDump(BuurtwachtError):
    """A dump that cannot be restored here; the message is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a dump says of itself: when it was made, with which key, and how far each history was."""

    made_at: str
    key: str
    revisions: Mapping[str, str]


# --- writing -------------------------------------------------------------------------------------------------------


def write(database: Database, path: Path, *, at: datetime) -> int:
    """Write everything as it stood at one moment to a new file (mode 0600); return the number of rows.

    The database may be in use meanwhile. Raises `UnfitDump` when it holds nothing, `FileExistsError`, `OSError`,
    `StoreUnavailable`.
    """
    if path.exists():
        raise FileExistsError(path)
    if CORE.owner not in migration.revisions(database) or was_begun(database):
        raise UnfitDump("there is nothing to back up: the database is empty, or was restored in part only")
    unfinished = path.with_name(f"{path.name}.part")
    handle = os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as raw:
            with gzip.open(raw, "wt", encoding="utf-8", newline="\n") as out, _snapshot(database) as connection:
                header = {"buurtwacht": FORMAT, "made_at": at.isoformat(), "key": _key_of(connection)}
                # From the same moment as the rows: somebody may be upgrading.
                revisions = migration.revisions_seen(connection)
                count = _write_tables(connection, out, {**header, "revisions": revisions})
            raw.flush()
            os.fsync(raw.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def counts(database: Database) -> dict[str, int]:
    """Return how many rows each of our tables has, leases apart. Raises `StoreUnavailable`."""
    with database.reading() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in _tables(connection)
            if table.name != lease.name
        }


@contextmanager
def _snapshot(database: Database) -> Iterator[Connection]:
    """Give a connection on which every query sees the same moment."""
    with database.reading() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("BEGIN")
        else:
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection
        connection.rollback()


def _key_of(connection: Connection) -> str:
    return str(connection.execute(select(meta.c.value).where(meta.c.name == "key")).scalar() or "")


def _write_tables(connection: Connection, out: IO[str], header: Mapping[str, object]) -> int:
    _write_line(out, header)
    count = 0
    for table in _tables(connection):
        documents = [isinstance(column.type, JSON) for column in table.c]
        columns = [
            _as_text(connection, column) if is_json else column
            for column, is_json in zip(table.c, documents, strict=True)
        ]
        _write_line(out, {"table": table.name, "columns": [column.name for column in table.c]})
        query = select(*columns).order_by(*table.primary_key.columns).execution_options(yield_per=CHUNK)
        for row in connection.execute(query):
            _write_line(out, [_plain(value, is_json) for value, is_json in zip(row, documents, strict=True)])
            count += 1
    _write_line(out, {"rows": count})
    return count


def _write_line(out: IO[str], value: object) -> None:
    out.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")


def _as_text(connection: Connection, column: Column[Any]) -> ColumnElement[Any]:
    """Return a document as it is kept, unread. SQLite keeps one that is a bare number as a number."""
    return type_coerce(column, Text) if connection.dialect.name == "sqlite" else cast(column, Text)


def _plain(value: object, is_json: bool) -> object:
    if is_json and isinstance(value, int | float):
        return json.dumps(value)
    return {"bytes": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _tables(connection: Connection) -> list[Table]:
    """Return our tables as this database has them, at whatever revision: what others refer to comes first."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _: not name.startswith("alembic_version"))
    for table in found.tables.values():
        for column in table.c:
            if isinstance(column.type, JSON):
                # None is NULL; a JSON null is written as JSON.NULL
                column.type = JSON(none_as_null=True)
    return found.sorted_tables


# --- restoring -----------------------------------------------------------------------------------------------------


def examine(path: Path) -> Header:
    """Read a dump to its end and return its header. Raises `UnfitDump` when it is none, or not whole; `OSError`."""
    with _lines(path) as lines:
        first = next(lines, None)
        if not isinstance(first, dict) or "buurtwacht" not in first:
            raise UnfitDump(f"{path.name} is not a backup of Buurtwacht")
        if first["buurtwacht"] != FORMAT:
            raise UnfitDump(f"{path.name} was made by a newer version of Buurtwacht; install that version")
        count, last = 0, None
        for last in lines:
            count += isinstance(last, list)
        if last != {"rows": count}:
            raise UnfitDump(f"{path.name} is not whole: its end is missing")
        return Header(str(first["made_at"]), str(first["key"]), dict(first["revisions"]))


def restore(
    database: Database,
    histories: Sequence[History],
    keyring: Keyring,
    path: Path,
    *,
    finish: Callable[[Connection], object] = lambda connection: None,
    without: Collection[str] = (),
) -> int:
    """Fill an empty database from a dump and bring it to this version; return the number of rows.

    `finish` is called within the last transaction, before the database may be used.

    `histories` are the core's and those of all plugins of which the dump holds tables; the tables of plugins `without`
    which it is restored are passed over. Large tables take several
    transactions: until the last one the database refuses to be used, and restoring it again begins anew. Raises
    `UnfitDump`, `ConfigurationError` for another key or a newer schema, `OSError`, `StoreUnavailable`.
    """
    header = examine(path)
    if header.key and header.key != keyring.fingerprint:
        raise wrong_key()
    _check_histories(header, histories, without)
    begun = was_begun(database)
    if not begun and migration.revisions(database):
        raise UnfitDump("the database is not empty: restore into a new one, and keep this one until that is right")
    migration.upgrade(database, histories, header.revisions)
    with database.writing() as connection:
        tables = {table.name: table for table in _tables(connection)}
        for table in reversed(list(tables.values())):
            connection.execute(delete(table))
        connection.execute(insert(meta), {"name": RESTORING, "value": header.made_at})
    with _lines(path) as lines:
        count = _fill(database, tables, lines, tuple(f"{one}_" for one in without))
    migration.upgrade(database, histories)
    with database.writing() as connection:
        connection.execute(delete(lease))  # whoever ran there does not run here
        finish(connection)
        moved.take_back(connection)  # what is restored by hand is meant to be used
        connection.execute(delete(meta).where(meta.c.name == RESTORING))
    return count


def _check_histories(header: Header, histories: Sequence[History], without: Collection[str]) -> None:
    known = {one.owner: one for one in histories}
    wanted = {owner: revision for owner, revision in header.revisions.items() if owner not in without}
    missing = sorted(wanted.keys() - known.keys())
    if missing:
        options = " ".join(f"--without {one}" for one in missing)
        what = f"the backup holds tables of plugins that are not installed here: {', '.join(missing)}"
        raise UnfitDump(f"{what}; install them, or restore the rest: buurtwacht db restore FILE {options}")
    for owner, revision in wanted.items():
        script = known[owner].script()
        if script is None or revision not in {one.revision for one in script.walk_revisions()}:
            raise migration.newer_schema()
    if CORE.owner not in header.revisions:
        raise UnfitDump("the backup holds no tables of the core")


def was_begun(database: Database) -> bool:
    """Return whether an earlier restore into this database was broken off."""
    if CORE.owner not in migration.revisions(database):
        return False
    with database.reading() as connection:
        return connection.execute(select(meta.c.name).where(meta.c.name == RESTORING)).first() is not None


def _fill(database: Database, tables: Mapping[str, Table], lines: Iterator[Any], left_out: tuple[str, ...]) -> int:
    """Fill the tables, but for those that are not here and begin as those of a plugin that is left out."""
    count = 0
    next(lines)
    line = next(lines)
    while "table" in line:
        table = tables.get(line["table"])
        if table is None and line["table"].startswith(left_out):
            line = next(one for one in lines if not isinstance(one, list))
            continue
        if table is None or not set(line["columns"]) <= set(table.c.keys()):
            raise UnfitDump(f"the table {line['table']} of the backup does not fit this version")
        line, added = _fill_table(database, table, line["columns"], lines)
        count += added
    return count


def _fill_table(
    database: Database, table: Table, columns: Sequence[str], lines: Iterator[Any]
) -> tuple[Mapping[str, Any], int]:
    """Add the rows of one table; return the line behind them, and how many they were."""
    count = 0
    rows: list[dict[str, Any]] = []
    for line in lines:
        if isinstance(line, list):
            rows.append(_row(table, columns, line))
        if rows and (len(rows) == CHUNK or not isinstance(line, list)):
            with database.writing() as connection:
                connection.execute(insert(table), rows)
            count += len(rows)
            rows = []
        if not isinstance(line, list):
            return line, count
    raise UnfitDump("the backup ends too early")


def _row(table: Table, columns: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    return {name: _restored(table, name, value) for name, value in zip(columns, values, strict=True)}


def _restored(table: Table, column: str, value: Any) -> Any:
    kind = table.c[column].type
    if value is None:
        return None
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value["bytes"])
    if isinstance(kind, JSON):
        parsed = json.loads(value)
        return JSON.NULL if parsed is None else parsed
    return value


@contextmanager
def _lines(path: Path) -> Iterator[Iterator[Any]]:
    """Give the lines of a dump, read. Raises `UnfitDump` where it is broken."""

    def read(file: IO[str]) -> Iterator[Any]:
        try:
            for line in file:
                yield json.loads(line)
        except (gzip.BadGzipFile, zlib.error, EOFError, ValueError) as error:
            raise UnfitDump(f"{path.name} is not a whole backup of Buurtwacht") from error

    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield read(file)
