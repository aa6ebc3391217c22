"""All that is kept of anybody: the bytes of the database, of what was logged, of files, and of queues in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType

from sqlalchemy import select

from buurtwacht.records.database import Database
from buurtwacht.records.keys import Keyring
from buurtwacht.records.neighbourhoods import Neighbourhoods
from buurtwacht.records.schema import media
from buurtwacht.testing.process import Process
from buurtwacht.testing.recorder import RecordedChannel
from buurtwacht.vocabulary.clock import VirtualClock
from buurtwacht.vocabulary.texts import Catalogues

#: What our queues work with and do not keep: the provider's side, what was configured, and the database itself.
_TOOLS = (RecordedChannel, Catalogues, Database, Keyring, VirtualClock, Neighbourhoods, ModuleType)


def traces(database: Database, files: Sequence[Path], log: str, process: Process) -> list[tuple[str, bytes]]:
    """Return what is kept, as (where, bytes), as it lies there: what is encrypted stays so."""
    found = [(f"database:{path.suffix}", path.read_bytes()) for path in files]
    if not files:
        found += _tables(database)
    found += _media(database)
    found.append(("logs", log.encode()))
    found += [("queue:work", one) for one in _held(process.dispatcher)]
    for delivery in process.deliveries:
        found += [(f"queue:{delivery.account}", one) for one in _held(delivery)]
    return found


def _held(root: object) -> Iterator[bytes]:
    """Yield every text that an object holds, however deep; what it only works with is passed by."""
    seen: set[int] = set()
    left = [root]
    while left:
        one = left.pop()
        if isinstance(one, str | bytes):
            yield one if isinstance(one, bytes) else one.encode()
            continue
        if id(one) in seen or isinstance(one, _TOOLS) or callable(one):
            continue
        seen.add(id(one))
        if isinstance(one, Mapping):
            left += [*one.keys(), *one.values()]
        elif isinstance(one, Collection):
            left += one
        else:
            slots = [name for kind in type(one).__mro__ for name in getattr(kind, "__slots__", ())]
            left += [*getattr(one, "__dict__", {}).values(), *(getattr(one, name, None) for name in slots)]


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
    with database.reading() as connection:
        for ident, content in connection.execute(select(media.c.id, media.c.content)):
            yield f"media:{ident}", content
