"""Removal: taking out all that is kept of one plugin, after writing it to a file that people can read.

A plugin is known here by its id alone: its code may be gone. Its tables are those that begin with the id.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Select, String, Table, cast, delete, func, insert, inspect, select, update
from sqlalchemy.schema import DropTable

from buurtwacht.records.database import Database
from buurtwacht.records.keys import Keyring
from buurtwacht.records.migration import is_version_table, revisions_seen
from buurtwacht.records.record import tables_of
from buurtwacht.records.schema import (
    feed,
    finding,
    inbox,
    media,
    media_link,
    message,
    meta,
    metadata,
    person,
    plugin_error,
    plugin_state,
    plugin_switch,
    question,
    setting,
    source,
    timer,
)
from buurtwacht.records.sweeping import leave_no_trace
from buurtwacht.vocabulary.ids import new_id

#: The form of the file.
FORMAT = 1
#: Tables of the core with rows of plugins, those that hang on others first. Deliveries go with their message.
_SHARED = (
    question,
    media_link,
    media,
    message,
    timer,
    inbox,
    feed,
    finding,
    source,
    setting,
    plugin_switch,
    plugin_error,
    plugin_state,
)
#: Those of which the rows are exported; the others lead nowhere once the plugin is gone.
_EXPORTED = (media, setting, plugin_switch)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a plugin: how many rows by table, its own and the core's, who asked to hear from it, and the
    revision of its schema (empty: none).
    """

    own: Mapping[str, int]
    shared: Mapping[str, int]
    opted_in: int = 0
    revision: str = ""
    tables: tuple[Table, ...] = field(default=(), repr=False)

    @property
    def is_nothing(self) -> bool:
        """Whether nothing of it is here."""
        return not (self.tables or self.shared or self.opted_in or self.revision)

    @property
    def exported(self) -> int:
        """How many rows an export has."""
        return sum(self.own.values()) + sum(self.shared.get(one.name, 0) for one in _EXPORTED) + self.opted_in


def kept(database: Database, plugin: str, others: Collection[str]) -> Kept:
    """Return what is kept of a plugin. `others` are ids of other plugins: one may begin with the id of this one."""
    with database.reading() as connection:
        known = revisions_seen(connection)
        tables = _tables(connection, plugin, {*others, *known})
        rows = {table.name: _count(connection, table) for table in tables}
        shared = {
            table.name: number for table in _SHARED if (number := _count(connection, table, table.c.plugin == plugin))
        }
        opted_in = len(_opted_in(connection, plugin))
        return Kept(rows, shared, opted_in, known.get(plugin, ""), tuple(tables))


def export(
    database: Database, keyring: Keyring, plugin: str, found: Kept, version: str | None, path: Path, at: datetime
) -> int:
    """Write what a plugin keeps to a new file (mode 0600), a line of JSON for each row; return how many they were.

    The rows of its own tables, its files as they are when nobody hides them, what was set and switched by command, and
    for each who asked to hear from it one of the table `person`. The first line says what it is: `version` is that of
    its manifest, null where its code is gone. Moments are UTC microseconds since 1970. Raises `FileExistsError`,
    `OSError`.
    """
    unfinished = path.with_name(f"{path.name}.part")
    handle = os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    header = {"buurtwacht_plugin": plugin, "format": FORMAT, "version": version, "revision": found.revision}
    count = 0
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            out.write(_line({**header, "made_at": at.isoformat(), "rows": found.exported}))
            # A transaction, though it only reads: so PostgreSQL gives the rows a few at a time.
            with database.writing() as connection:
                for name, row in _rows(connection, keyring, plugin, found):
                    out.write(_line({"table": name, "row": row}))
                    count += 1
            out.flush()
            os.fsync(out.fileno())
        os.link(unfinished, path)  # never over a file that came there meanwhile
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def _rows(
    connection: Connection, keyring: Keyring, plugin: str, found: Kept
) -> Iterator[tuple[str, dict[str, object]]]:
    """Give what is exported, by table: a few rows at a time, as one file may be large."""
    for table in found.tables:
        for row in connection.execute(_in_order(table)).mappings():
            yield table.name, dict(row)
    for known in _EXPORTED:
        # As the database has it: moments as numbers, like those in the plugin's own tables.
        table = Table(known.name, MetaData(), autoload_with=connection, resolve_fks=False)
        for row in connection.execute(_in_order(table).where(table.c.plugin == plugin)).mappings():
            opened = {"content": keyring.unseal(row["content"])} if known is media else {}
            yield table.name, {**row, **opened}
    for ident in sorted(_opted_in(connection, plugin)):
        yield person.name, {"id": ident, "opted_in": [plugin]}


def _in_order(table: Table) -> Select[Any]:
    return select(table).order_by(*table.primary_key.columns).execution_options(yield_per=100)


def erase(database: Database, plugin: str, found: Kept) -> None:
    """Erase all that is kept of a plugin, in one transaction. What the audit log says of it stays."""
    with database.writing() as connection:
        for table in _SHARED:
            connection.execute(delete(table).where(table.c.plugin == plugin))
        for ident, opted_in in _opted_in(connection, plugin).items():
            left = [one for one in opted_in if one != plugin]
            connection.execute(update(person).where(person.c.id == ident).values(opted_in=left))
        for table in reversed(found.tables):
            connection.execute(DropTable(table))
        version_table = f"alembic_version_{plugin}"
        if version_table in inspect(connection).get_table_names():
            connection.execute(DropTable(Table(version_table, MetaData())))
        for name in ("settings", "switches"):
            connection.execute(delete(meta).where(meta.c.name == name))
            connection.execute(insert(meta), {"name": name, "value": str(new_id())})
    leave_no_trace(database, [table.name for table in _SHARED])


def _tables(connection: Connection, plugin: str, known: Collection[str]) -> list[Table]:
    """Return the tables of a plugin as this database has them, what others refer to first."""

    declared = {table for one in known if one != plugin for table in tables_of(one)}
    longer = tuple(f"{one}_" for one in known if one.startswith(f"{plugin}_"))

    def is_mine(name: str, _: object) -> bool:
        # Whose code is here says what is his; of the rest the longest id that a name begins with decides.
        if name in metadata.tables or name in declared or is_version_table(name):
            return False
        return name in tables_of(plugin) or (name.startswith(f"{plugin}_") and not name.startswith(longer))

    found = MetaData()
    found.reflect(connection, only=is_mine, resolve_fks=False)
    return list(found.sorted_tables)


def _opted_in(connection: Connection, plugin: str) -> dict[int, list[str]]:
    """Return what those asked to hear from who asked to hear from this plugin, by person."""
    query = select(person.c.id, person.c.opted_in).where(cast(person.c.opted_in, String).contains(f'"{plugin}"'))
    return {ident: asked for ident, asked in map(tuple, connection.execute(query)) if plugin in asked}


def _count(connection: Connection, table: Table, *where: object) -> int:
    return connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one()  # type: ignore[arg-type]


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain) + "\n"


def _plain(value: object) -> object:
    if isinstance(value, bytes | memoryview):
        return {"bytes": base64.b64encode(bytes(value)).decode()}
    return str(value)
