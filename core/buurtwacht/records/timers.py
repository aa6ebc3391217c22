"""Timers: what is to happen later, as rows beside the things they belong to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from buurtwacht.records.database import Database, Unit
from buurtwacht.records.prepared import Prepared
from buurtwacht.records.schema import timer
from buurtwacht.vocabulary.errors import Replay
from buurtwacht.vocabulary.ids import new_id, new_ids

_insert = insert(timer)
_by_key = delete(timer).where(timer.c.key == bindparam("b_key"))
_soonest = Prepared(select(func.min(timer.c.due).label("soonest")))

#: How many timers one transaction takes.
_CHUNK = 1000
#: When a timer that is held goes off: never, by any clock of ours.
_NEVER = datetime(3000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Timer:
    """One thing that falls due."""

    id: int
    due: datetime
    plugin: str
    handler: str
    key: str | None
    payload: Mapping[str, Any]
    neighbourhood_id: int | None
    person_id: int | None
    #: when it was due, of one that waits because its plugin is off there, or paused
    held: datetime | None = None


def set_timer(
    unit: Unit,
    due: datetime,
    plugin: str,
    handler: str,
    payload: Mapping[str, Any],
    *,
    key: str | None = None,
    neighbourhood_id: int | None = None,
    person_id: int | None = None,
) -> None:
    """Set a timer with the unit's commit; one with the same key is replaced."""
    if key is not None:
        unit.write(_by_key, {"b_key": key})
    unit.write(
        _insert,
        {
            "id": new_id(),
            "due": due,
            "plugin": plugin,
            "handler": handler,
            "key": key,
            "payload": dict(payload),
            "neighbourhood_id": neighbourhood_id,
            "person_id": person_id,
        },
    )


def set_timers(
    unit: Unit,
    plugin: str,
    handler: str,
    moments: Mapping[str, tuple[datetime, Mapping[str, Any]]],
    *,
    neighbourhood_id: int | None = None,
) -> None:
    """Set many timers of one handler, each (due, payload) by its key, in two statements; same keys are replaced."""
    unit.write_all(_by_key, [{"b_key": key} for key in moments])
    rows = [
        {
            "id": ident,
            "due": due,
            "plugin": plugin,
            "handler": handler,
            "key": key,
            "payload": dict(payload),
            "neighbourhood_id": neighbourhood_id,
            "person_id": None,
        }
        for ident, (key, (due, payload)) in zip(new_ids(len(moments)), moments.items(), strict=True)
    ]
    unit.write_all(_insert, rows)


def cancel_timer(unit: Unit, key: str) -> None:
    """Take a timer away with the unit's commit; nothing happens when it has gone off."""
    unit.write(_by_key, {"b_key": key})


def cancel_timers(unit: Unit, keys: Sequence[str]) -> None:
    """Take several timers away with the unit's commit, in one statement."""
    unit.write_all(_by_key, [{"b_key": key} for key in keys])


def hold(unit: Unit, one: Timer) -> None:
    """Put a timer that went off back, to wait until `release`, with the unit's commit.

    Where another one with its key was set since, that one holds.
    """
    if one.key is not None and unit.read(select(timer.c.id).where(timer.c.key == one.key)).first() is not None:
        return
    row = {
        "id": one.id,
        "due": _NEVER,
        "held": one.due,
        "plugin": one.plugin,
        "handler": one.handler,
        "key": one.key,
        "payload": dict(one.payload),
        "neighbourhood_id": one.neighbourhood_id,
        "person_id": one.person_id,
    }
    unit.write(_insert, row)


def release(unit: Unit, plugin: str, neighbourhood_id: int | None) -> None:
    """Let the timers of a plugin that were held in a neighbourhood (None: about none) go off, late, with the commit."""
    mine = (timer.c.plugin == plugin, timer.c.neighbourhood_id == neighbourhood_id, timer.c.held.is_not(None))
    unit.write(update(timer).where(*mine).values(due=timer.c.held, held=None))


def held_places(database: Database) -> list[tuple[str, int | None]]:
    """Return for which plugins timers are held, and in which neighbourhoods; None: about none."""
    query = select(timer.c.plugin, timer.c.neighbourhood_id).where(timer.c.held.is_not(None)).distinct()
    with database.reading() as connection:
        return [(plugin, place) for plugin, place in map(tuple, connection.execute(query))]


def ripen(database: Database, now: datetime, write: Callable[[Connection, Sequence[Timer]], None]) -> int:
    """Take away what is due, the earliest first, and hand it to `write` within the same transaction.

    On PostgreSQL several processes may do this side by side: each timer is taken once. Raises `Replay` when one of them
    was cancelled at that moment.
    """
    query = select(timer).where(timer.c.due <= now).order_by(timer.c.due, timer.c.id).limit(_CHUNK)
    with database.writing(briefly=True) as connection:
        ripe = [Timer(**row._mapping) for row in connection.execute(query.with_for_update(skip_locked=True))]
        if ripe:
            taken = connection.execute(delete(timer).where(timer.c.id.in_([one.id for one in ripe])))
            if taken.rowcount != len(ripe):
                # On SQLite they were read before we had the right to write: one was cancelled or replaced meanwhile.
                raise Replay("a timer was taken away meanwhile")
            write(connection, ripe)
        return len(ripe)


def next_due(database: Database) -> datetime | None:
    """Return when the next timer goes off; those that are held do not."""
    with database.reading() as connection:
        moment: datetime | None = _soonest.read(connection, {}).scalar()
        return moment if moment != _NEVER else None


def all_timers(database: Database) -> list[Timer]:
    """Return every timer, the earliest first."""
    with database.reading() as connection:
        return [Timer(**row._mapping) for row in connection.execute(select(timer).order_by(timer.c.due, timer.c.id))]
