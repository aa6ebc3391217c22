"""An overview of deliveries for whoever runs it: who got what, how it fared; trying again and dropping by hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from buurtwacht.records import audit
from buurtwacht.records.database import Database
from buurtwacht.records.schema import delivery, message, neighbourhood, person

#: What an overview tells of a delivery (`interface.md`: deliveries --json).
KEYS = (
    "id",
    "thread",
    "person",
    "neighbourhood",
    "channel",
    "state",
    "reason",
    "attempts",
    "queued_at",
    "sent_at",
    "delivered_at",
    "read_at",
)


def deliveries(
    database: Database, *, states: Sequence[str] = (), thread: str | None = None, limit: int = 1000
) -> list[dict[str, Any]]:
    """Return the newest deliveries, the oldest of them first; `person` is a display name, never an address."""
    query = (
        select(
            delivery.c.id,
            message.c.thread_short.label("thread"),
            person.c.name.label("person"),
            neighbourhood.c.code.label("neighbourhood"),
            delivery.c.account.label("channel"),
            delivery.c.state,
            delivery.c.reason,
            delivery.c.attempts,
            delivery.c.queued_at,
            delivery.c.sent_at,
            delivery.c.delivered_at,
            delivery.c.read_at,
        )
        .select_from(delivery)
        .join(message, message.c.id == delivery.c.message_id)
        .outerjoin(person, person.c.id == delivery.c.person_id)
        .outerjoin(neighbourhood, neighbourhood.c.id == delivery.c.neighbourhood_id)
        .order_by(delivery.c.id.desc())
        .limit(limit)
    )
    if states:
        query = query.where(delivery.c.state.in_(states))
    if thread is not None:
        query = query.where(message.c.thread_short == thread.upper())
    with database.reading() as connection:
        return [dict(row._mapping) for row in connection.execute(query)][::-1]


def retry(database: Database, ids: Collection[int], now: datetime) -> set[int]:
    """Queue deliveries again that failed or are unknown; return which. They may arrive twice, and are marked so."""
    return _move(database, ids, ("failed", "unknown"), "retried", now, state="queued", not_before=now, reason="")


def drop(database: Database, ids: Collection[int], now: datetime) -> set[int]:
    """Take deliveries back that did not leave; return which."""
    return _move(
        database, ids, ("queued", "failed", "unknown"), "dropped", now, state="withdrawn", reason="by operator"
    )


def _move(
    database: Database, ids: Collection[int], states: Sequence[str], what: str, now: datetime, **values: Any
) -> set[int]:
    mine = (delivery.c.id.in_(ids), delivery.c.state.in_(states))
    unit = database.unit()
    found = {row[0]: row[1] for row in map(tuple, unit.read(select(delivery.c.id, delivery.c.state).where(*mine)))}
    for ident, state in found.items():
        change = {**values, "repeat": True} if what == "retried" and state == "unknown" else values
        unit.write(update(delivery).where(delivery.c.id == ident, delivery.c.state == state).values(change), expect=1)
        audit.note(unit, now, "operator", f"delivery_{what}", f"delivery:{ident}")
    unit.commit()
    return set(found)
