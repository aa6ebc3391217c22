"""All that is kept of anybody: the bytes of the database, of what was logged, of files, and of queues in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import select

from buurtwacht.records.database import Database
from buurtwacht.records.schema import media, metadata
from buurtwacht.testing.process import Process


def traces(database: Database, files: Sequence[Path], log: str, process: Process) -> list[tuple[str, bytes]]:
    """Return what is kept, as (where, bytes), as it lies there: what is encrypted stays so."""
    found = [(f"database:{path.suffix}", path.read_bytes()) for path in files]
    if not files:
        found += _tables(database)
    found += _media(database)
    found.append(("logs", log.encode()))
    found += [(f"queue:{name}", content.encode()) for name, content in process.queues()]
    return found


def _tables(database: Database) -> Iterator[tuple[str, bytes]]:
    """On a server the files are not ours to read: every row of every table, the plugins' too."""
    with database.reading() as connection:
        names = connection.exec_driver_sql(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        ).scalars()
        for name in list(names):
            rows = connection.exec_driver_sql(f'SELECT * FROM "{name}"')
            yield f"database:{name}", b"\n".join(_raw(tuple(row)) for row in rows)


def _raw(row: Sequence[object]) -> bytes:
    return b"\t".join(value if isinstance(value, bytes) else str(value).encode() for value in row)


def _media(database: Database) -> Iterator[tuple[str, bytes]]:
    assert media.metadata is metadata
    with database.reading() as connection:
        for ident, content in connection.execute(select(media.c.id, media.c.content)):
            yield f"media:{ident}", content
