"""The outbox, by the clock: which deliveries of an account may leave now, besides what is taken already, and when the
next may.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, func, literal_column, or_, select

from buurtwacht.records.database import Database
from buurtwacht.records.prepared import Prepared
from buurtwacht.records.schema import address, delivery, person


@dataclass(frozen=True, slots=True)
class Taken:
    """What those who hold deliveries already leave to be claimed.

    Addresses in `busy` get nothing. At those in `between` a long message waits for its next part: what presses more
    may go before that. With `below`, only the lanes below it may leave.
    """

    busy: Collection[int] = ()
    between: Collection[int] = ()
    below: int | None = None


#: Nobody holds anything.
FREE = Taken()

# Written out, not bound: an index of only these states is used only for a condition that can be seen to be about them.
_QUEUED: ColumnElement[str] = literal_column("'queued'")
_SENDING: ColumnElement[str] = literal_column("'sending'")
_earlier = delivery.alias("earlier")
_long = delivery.alias("long")
#: Above all lanes, and the address of nobody: a list in a query is never empty.
_ABOVE = 99
_NOBODY = -1
_due = (
    select(
        delivery.c.id,
        delivery.c.message_id,
        delivery.c.person_id,
        delivery.c.address_id,
        delivery.c.neighbourhood_id,
        delivery.c.rank,
        delivery.c.turn,
        delivery.c.attempts,
        delivery.c.tried,
        delivery.c.put_off,
        delivery.c.repeat,
        delivery.c.reply_to,
        delivery.c.queued_at,
        person.c.language,
        person.c.formal,
        address.c.last_heard_at,
        address.c.is_group,
        address.c.neighbourhood_id.label("group_of"),
    )
    .select_from(delivery)
    .outerjoin(person, person.c.id == delivery.c.person_id)
    .outerjoin(address, address.c.id == delivery.c.address_id)
    .where(
        delivery.c.account == bindparam("b_account"),
        delivery.c.state == _QUEUED,
        delivery.c.not_before <= bindparam("b_now", type_=delivery.c.not_before.type),
        # Order holds per recipient and thread; across threads, and where there is none, the lane decides.
        ~exists().where(
            and_(
                _earlier.c.address_id == delivery.c.address_id,
                _earlier.c.thread_id == delivery.c.thread_id,
                or_(_earlier.c.thread_id != 0, _earlier.c.rank <= delivery.c.rank),
                _earlier.c.id < delivery.c.id,
                _earlier.c.state.in_((_QUEUED, _SENDING)),
                # What sleeps until the morning holds up nothing that is said at night.
                or_(
                    _earlier.c.put_off.is_(False),
                    _earlier.c.attempts > 0,
                    _earlier.c.not_before <= bindparam("b_now", type_=delivery.c.not_before.type),
                ),
            )
        ),
    )
    .order_by(delivery.c.rank, delivery.c.turn, delivery.c.id)
    .limit(bindparam("b_limit"))
)
_due_but = _due.where(delivery.c.address_id.not_in(bindparam("b_busy", expanding=True)))
_due_between = _due.where(
    delivery.c.rank < bindparam("b_below"),
    delivery.c.address_id.not_in(bindparam("b_busy", expanding=True)),
    or_(
        delivery.c.address_id.not_in(bindparam("b_between", expanding=True)),
        # A digest is gathered from several lanes and threads: it waits.
        and_(
            delivery.c.put_off.is_(False),
            ~exists().where(
                _long.c.address_id == delivery.c.address_id,
                _long.c.state.in_((_QUEUED, _SENDING)),
                _long.c.state == _SENDING,
                _long.c.rank <= delivery.c.rank,
            ),
        ),
    ),
)
#: By what is left to be claimed, and whether the rows are locked.
_CLAIMS = {
    (kind, locked): Prepared(query.with_for_update(of=delivery, skip_locked=True) if locked else query)
    for kind, query in (("all", _due), ("but", _due_but), ("between", _due_between))
    for locked in (False, True)
}
_any = Prepared(
    select(delivery.c.id).where(delivery.c.account == bindparam("b_account"), delivery.c.state == _QUEUED).limit(1)
)
_waits = select(func.min(delivery.c.not_before).label("soonest")).where(
    delivery.c.account == bindparam("b_account"), delivery.c.state == _QUEUED
)
_soonest = Prepared(_waits)
_soonest_after = Prepared(_waits.where(delivery.c.not_before > bindparam("b_after", type_=delivery.c.not_before.type)))


def due_now(
    account: str, now: datetime, taken: Taken, limit: int, *, locked: bool = False
) -> tuple[Prepared, dict[str, Any]]:
    """Return the query for up to `limit` deliveries that may leave now besides what is `taken`, and its values."""
    values: dict[str, Any] = {"b_account": account, "b_now": now, "b_limit": limit}
    if taken.between or taken.below is not None:
        values["b_busy"] = list(taken.busy) or [_NOBODY]
        values["b_between"] = list(taken.between) or [_NOBODY]
        values["b_below"] = _ABOVE if taken.below is None else taken.below
        return _CLAIMS["between", locked], values
    if taken.busy:
        values["b_busy"] = list(taken.busy)
        return _CLAIMS["but", locked], values
    return _CLAIMS["all", locked], values


def any_queued(connection: Connection, account: str) -> bool:
    """Return whether an account's outbox holds anything, now or for later; cheaper than a claim that finds nothing."""
    return _any.read(connection, {"b_account": account}).first() is not None


def any_due(database: Database, account: str, now: datetime, busy: Collection[int] = ()) -> bool:
    """Return whether a delivery of an account may leave now, addresses in `busy` being passed over."""
    query, values = due_now(account, now, Taken(busy), 1)
    with database.reading() as connection:
        return query.read(connection, values).first() is not None


def next_due(database: Database, account: str, after: datetime | None = None) -> datetime | None:
    """Return when the next delivery of an account may leave, or the next after `after`, whatever the pace says."""
    with database.reading() as connection:
        return soonest(connection, account, after)


def soonest(connection: Connection, account: str, after: datetime | None) -> datetime | None:
    """Return the same as `next_due`, over a connection that is open already."""
    values: dict[str, Any] = {"b_account": account}
    query = _soonest if after is None else _soonest_after
    moment: datetime | None = query.read(connection, values if after is None else {**values, "b_after": after}).scalar()
    return moment
