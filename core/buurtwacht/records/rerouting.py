"""What waits for a messenger that fails: let go when it works again, or sent to another address meanwhile (R19)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, literal_column, select, update

from buurtwacht.records.database import Database
from buurtwacht.records.outcomes import write
from buurtwacht.records.retries import PATIENCE
from buurtwacht.records.schema import address, delivery, message
from buurtwacht.vocabulary.messages import Severity

#: How many are moved to other addresses in one transaction.
_AT_ONCE = 500
# Written out, not bound, for the index of only this state.
_QUEUED: ColumnElement[str] = literal_column("'queued'")


def release(connection: Connection, account: str, now: datetime) -> None:
    """Let everything that waits for its next attempt leave at once: the messenger works again.

    Repeats still wait for a receipt, and what was never tried waits for its own reasons (quiet hours).
    """
    connection.execute(
        update(delivery)
        .where(
            delivery.c.account == account,
            delivery.c.state == _QUEUED,
            delivery.c.not_before > now,
            delivery.c.attempts > 0,
            delivery.c.repeat.is_(False),
        )
        .values(not_before=now)
    )


def reroute(
    database: Database,
    account: str,
    now: datetime,
    *,
    older_than: timedelta = PATIENCE,
    idle: Collection[int] | None = None,
) -> int:
    """Send what presses by another address, when it waits for an account that does not work (R19); return how many.

    With `idle`, only what waits for these addresses. Each is moved once. Who has no other address keeps waiting.
    """
    query = (
        _stuck(account, select(delivery.c.id, delivery.c.person_id, delivery.c.address_id), idle)
        .where(delivery.c.queued_at <= now - older_than)
        .limit(_AT_ONCE)
    )
    with database.reading() as connection:
        if connection.execute(query.limit(1)).first() is None:
            return 0
    with database.writing() as connection:
        rows = connection.execute(query).all()
        others = _other_addresses(account).where(address.c.person_id.in_({row.person_id for row in rows}))
        # The last one written for a person is the lowest position, the one he prefers.
        places = {row.person_id: row for row in connection.execute(others.order_by(address.c.position.desc()))}
        changes = {
            row.id: {
                "state": "queued",
                "reason": "messenger fails",
                # It waited longer than anything of its lane there.
                "turn": 0,
                "not_before": now,
                "attempts": 0,
                "tried": [row.address_id],
                "address_id": places[row.person_id].id,
                "account": places[row.person_id].account,
            }
            for row in rows
        }
        write(connection, changes)
    return len(rows)


def reroute_due(database: Database, account: str, idle: Collection[int] | None = None) -> datetime | None:
    """Return when `reroute` will have something to move, should the account go on failing."""
    query = _stuck(account, select(func.min(delivery.c.queued_at)), idle)
    with database.reading() as connection:
        oldest: datetime | None = connection.execute(query).scalar()
        return None if oldest is None else oldest + PATIENCE


def _other_addresses(account: str) -> Select[*tuple[Any, ...]]:
    return select(address.c.id, address.c.account, address.c.person_id).where(
        address.c.account != account, address.c.reachable.is_(True), address.c.is_group.is_(False)
    )


def _stuck(
    account: str, query: Select[*tuple[Any, ...]], idle: Collection[int] | None = None
) -> Select[*tuple[Any, ...]]:
    """Narrow a query down to what presses, waits at its first address, and could go to another."""
    if idle is not None:
        query = query.where(delivery.c.address_id.in_(idle))
    return query.join(message, message.c.id == delivery.c.message_id).where(
        delivery.c.account == account,
        delivery.c.state == _QUEUED,
        delivery.c.tried.is_(None),
        message.c.severity.in_([one for one in Severity if one.presses]),
        _other_addresses(account).where(address.c.person_id == delivery.c.person_id).exists(),
    )
