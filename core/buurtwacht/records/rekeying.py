"""Another key: everything that is encrypted or hashed with the key is written anew, in one transaction."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Table, bindparam, select, update

from buurtwacht.records.database import Database
from buurtwacht.records.inbox import TELL, TIMER
from buurtwacht.records.keys import Keyring
from buurtwacht.records.migration import rebind_key
from buurtwacht.records.schema import fetch, handle, inbox, media, question
from buurtwacht.vocabulary.events import Handle, Inbound

#: Rows that are in memory at once.
_CHUNK = 1000

_codec: TypeAdapter[Inbound] = TypeAdapter(Inbound)


def rekey(database: Database, old: Keyring, new: Keyring) -> int:
    """Write anew what the old key protects, and make the new key the database's; return how many rows changed.

    All or nothing. No process may run on the database meanwhile. Raises `ConfigurationError` when something was
    sealed with neither key, `StoreUnavailable`.
    """
    with database.writing() as connection:
        # Handles are found by a hash: it must not meet a hash that is still to be replaced, and cannot, as both keys
        # would have to give the same 160 bits.
        count = _handles(connection, old, new) + _inbox(connection, old, new)
        count += _sealed(connection, media, "content", old, new) + _sealed(connection, fetch, "payload", old, new)
        count += _questions(connection, old, new)
        new.recognition = old.recognition
        rebind_key(connection, new)
    return count


def _handles(connection: Connection, old: Keyring, new: Keyring) -> int:
    change = (
        update(handle)
        .where(handle.c.id == bindparam("b_id"))
        .values(secret=bindparam("b_secret"), lookup=bindparam("b_lookup"))
    )
    count = 0
    for rows in _chunks(connection, handle, "account", "kind", "secret"):
        changes = []
        for row in rows:
            value = old.unseal(row.secret)
            lookup = new.lookup(row.account, Handle(row.kind, value.decode()))
            changes.append({"b_id": row.id, "b_secret": new.seal(value), "b_lookup": lookup})
        connection.execute(change, changes)
        count += len(changes)
    return count


def _inbox(connection: Connection, old: Keyring, new: Keyring) -> int:
    """The payloads of what is still to be handled, and the lanes, which are hashes of the sender's handle."""
    change = (
        update(inbox)
        .where(inbox.c.id == bindparam("b_id"))
        .values(payload=bindparam("b_payload"), lane=bindparam("b_lane"))
    )
    count = 0
    for rows in _chunks(connection, inbox, "account", "payload", "lane"):
        changes = []
        for row in rows:
            if row.payload is None:
                continue
            payload, lane = old.unseal(row.payload), row.lane
            if row.account not in (TELL, TIMER):
                event = _codec.validate_json(payload)
                lane = new.lookup(row.account, event.sender[0]) if event.sender else lane
            changes.append({"b_id": row.id, "b_payload": new.seal(payload), "b_lane": lane})
        if changes:
            connection.execute(change, changes)
        count += len(changes)
    return count


def _sealed(connection: Connection, table: Table, column: str, old: Keyring, new: Keyring) -> int:
    change = update(table).where(table.c.id == bindparam("b_id")).values({column: bindparam("b_content")})
    count = 0
    for rows in _chunks(connection, table, column):
        changes = [{"b_id": row.id, "b_content": new.seal(old.unseal(getattr(row, column)))} for row in rows]
        connection.execute(change, changes)
        count += len(changes)
    return count


def _questions(connection: Connection, old: Keyring, new: Keyring) -> int:
    """What the core's own questions carry: words that somebody typed, kept as text (`Core.sealed`)."""
    change = update(question).where(question.c.id == bindparam("b_id")).values(payload=bindparam("b_payload"))
    count = 0
    for rows in _chunks(connection, question, "payload"):
        changes = [
            {"b_id": row.id, "b_payload": {"sealed": new.seal(old.unseal(row.payload["sealed"].encode())).decode()}}
            for row in rows
            if "sealed" in row.payload
        ]
        if changes:
            connection.execute(change, changes)
        count += len(changes)
    return count


def _chunks(connection: Connection, table: Table, *columns: str) -> Any:
    """Yield all rows in chunks by id: not one result for all, as the rows change meanwhile."""
    last = -1
    while True:
        query = (
            select(table.c.id, *(table.c[name] for name in columns))
            .where(table.c.id > last)
            .order_by(table.c.id)
            .limit(_CHUNK)
        )
        rows = connection.execute(query).all()
        if not rows:
            return
        yield rows
        last = rows[-1].id
