"""Loose ends: records of plugins of which the core's tables do not hold what should be there, found in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from string import Formatter

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Select,
    String,
    Table,
    bindparam,
    cast,
    func,
    literal,
    select,
)

from buurtwacht.records.schema import delivery, inbox, message, timer

#: So many of one kind are found at once, the oldest first: that there are more, these tell as well.
MOST = 200
#: A fan-out is counted while it is so young; what was lost later was lost by hand.
_COUNTED = timedelta(minutes=10)
_STATES = ("queued", "sending", "sent", "delivered", "read", "failed", "unknown", "withdrawn")


#: Put together once: these are asked every minute, in the same words.
_readers_found = (
    select(func.count()).where(delivery.c.message_id == message.c.id, delivery.c.state.in_(_STATES)).scalar_subquery()
)
_uneven = select(message.c.id, message.c.thread_short, func.coalesce(message.c.neighbourhood_id, 0)).where(
    message.c.created_at > bindparam("since"),
    message.c.audience.is_not(None),
    message.c.expanded.is_(True),
    message.c.readers.is_not(None),
    message.c.readers != _readers_found,
)


@dataclass(frozen=True, slots=True)
class LooseEnd:
    """One record that something is missing of: its id, its short id (may be empty) and its neighbourhood (0: none)."""

    record: int
    short: str
    neighbourhood: int


def without_step(
    connection: Connection,
    plugin: str,
    table: Table,
    where: Sequence[ColumnElement[bool]],
    steps: Sequence[str],
    parent: tuple[str, Table] | None,
) -> list[LooseEnd]:
    """Return the records for which none of the timers is set whose keys `steps` say. Raises `KeyError`."""
    # One condition for each key: that is a join for PostgreSQL, where "one of these" would be a search for each row.
    missing = [_unset(f"{plugin}:{one}", table) for one in steps]
    return _found(connection, _named(table, parent).where(*where, *missing))


def under_way_at(
    connection: Connection,
    neighbourhood: int,
    table: Table,
    where: Sequence[ColumnElement[bool]],
    parent: tuple[str, Table] | None,
) -> list[LooseEnd]:
    """Return the records that are under way in a neighbourhood, those of none included. Raises `KeyError`."""
    query = _named(table, parent).where(*where)
    place = query.selected_columns[2]
    return _found(connection, query.where(place.in_((neighbourhood, 0))))


def without_delivery(
    connection: Connection,
    table: Table,
    where: Sequence[ColumnElement[bool]],
    person: str,
    thread: str,
    parent: tuple[str, Table] | None,
) -> list[LooseEnd]:
    """Return the records whose person has no delivery about that thread. Raises `KeyError`."""
    sent = select(delivery.c.id).where(delivery.c.person_id == table.c[person], delivery.c.thread_id == table.c[thread])
    return _found(connection, _named(table, parent).where(*where, table.c[person].is_not(None), ~sent.exists()))


def uneven_broadcasts(connection: Connection, now: datetime) -> list[LooseEnd]:
    """Return the broadcasts of late that are fanned out and have not one delivery, in a known state, for each reader
    that was counted then.
    """
    query = _uneven.order_by(message.c.id).limit(MOST)
    return [LooseEnd(*row) for row in connection.execute(query, {"since": now - _COUNTED})]


def busy_plugins(connection: Connection, since: datetime) -> set[str]:
    """Return the plugins for which something waits to be handled that came after a moment: it may be the next step."""
    query = select(inbox.c.plugin).where(inbox.c.state == "new", inbox.c.received_at > since).distinct()
    return set(connection.execute(query).scalars())


def _found(connection: Connection, query: Select[int, str, int]) -> list[LooseEnd]:
    first = query.selected_columns[0]
    return [LooseEnd(*row) for row in connection.execute(query.order_by(first).limit(MOST))]


@lru_cache(maxsize=256)
def _unset(pattern: str, table: Table) -> ColumnElement[bool]:
    """Return the condition that no timer of a record's key is set."""
    return ~select(timer.c.id).where(timer.c.key == _key(pattern, table)).exists()


@lru_cache(maxsize=256)
def _named(table: Table, parent: tuple[str, Table] | None) -> Select[int, str, int]:
    """Select id, short id and neighbourhood of records, or of what they are part of."""
    owner = table if parent is None else parent[1]
    short: ColumnElement[str] = owner.c["short"] if "short" in owner.c else literal("")
    where = func.coalesce(owner.c["neighbourhood"], 0) if "neighbourhood" in owner.c else literal(0, BigInteger)
    query = select(table.c["id"], short, where)
    return query if parent is None else query.join_from(table, owner, owner.c["id"] == table.c[parent[0]])


def _key(pattern: str, table: Table) -> ColumnElement[str]:
    """Return "due:{id}" as an expression of the columns it names."""
    parts: list[ColumnElement[str]] = []
    for text, name, _, _ in Formatter().parse(pattern):
        if text:
            parts.append(literal(text))
        if name:
            parts.append(_text(table.c[name]))
    whole = parts[0]
    for one in parts[1:]:
        whole = whole.concat(one)
    return whole


def _text(column: Column[object]) -> ColumnElement[str]:
    return cast(column, String)
