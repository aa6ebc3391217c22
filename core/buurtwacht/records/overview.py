"""An overview of deliveries for whoever runs it: who got what, how it fared; trying again and dropping by hand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, update

from buurtwacht.records import audit, schema
from buurtwacht.records.database import AnyRow, Database, Unit
from buurtwacht.records.holds import ACCOUNT, waits_until
from buurtwacht.records.outbox import Place, places_of
from buurtwacht.records.schema import delivery, hold, message, person
from buurtwacht.vocabulary.errors import Replay, StoreUnavailable

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

#: How often a running process may be first.
_LOOKS = 5


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of one delivery that was to be tried again or dropped: `refused` says why it was not."""

    id: int
    refused: str = ""
    #: it may arrive twice: nobody knows whether it did before
    may_double: bool = False


def deliveries(
    database: Database,
    now: datetime,
    *,
    states: Sequence[str] = (),
    thread: str | None = None,
    neighbourhood: str | None = None,
    channel: str | None = None,
    limit: int = 1000,
) -> list[dict[str, Any]]:
    """Return the newest deliveries, the oldest of them first; `person` is a display name, never an address.

    What waits because a provider told us to has that for its reason.
    """
    query = _told(now).limit(limit)
    if states:
        query = query.where(delivery.c.state.in_(states))
    if thread is not None:
        query = query.where(message.c.thread_short == thread.upper())
    if neighbourhood is not None:
        query = query.where(schema.neighbourhood.c.code == neighbourhood.upper())
    if channel is not None:
        query = query.where(delivery.c.account == channel)
    with database.reading() as connection:
        rows = [dict(row._mapping) for row in connection.execute(query)][::-1]
    for row in rows:
        if until := row.pop("until"):
            row["reason"] = waits_until(until)
    return rows


def _told(now: datetime) -> Select[*tuple[Any, ...]]:
    """Return the query for all that an overview tells of a delivery, and until when it is held up; the newest first."""
    place = schema.neighbourhood
    return (
        select(
            delivery.c.id,
            message.c.thread_short.label("thread"),
            person.c.name.label("person"),
            place.c.code.label("neighbourhood"),
            delivery.c.account.label("channel"),
            delivery.c.state,
            delivery.c.reason,
            delivery.c.attempts,
            delivery.c.queued_at,
            delivery.c.sent_at,
            delivery.c.delivered_at,
            delivery.c.read_at,
            hold.c.until,
        )
        .select_from(delivery)
        .join(message, message.c.id == delivery.c.message_id)
        .outerjoin(person, person.c.id == delivery.c.person_id)
        .outerjoin(place, place.c.id == delivery.c.neighbourhood_id)
        .outerjoin(hold, _holds_up(now))
        .order_by(delivery.c.id.desc())
    )


def _holds_up(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a hold is the one that a queued delivery waits for; never two for one delivery."""
    whole = hold.alias()
    whole_waits = (whole.c.account == delivery.c.account, whole.c.address_id == ACCOUNT, whole.c.until > now)
    return and_(
        delivery.c.state == "queued",
        hold.c.account == delivery.c.account,
        hold.c.until > now,
        or_(
            hold.c.address_id == ACCOUNT,
            and_(hold.c.address_id == delivery.c.address_id, ~select(whole.c.until).where(*whole_waits).exists()),
        ),
    )


def retry(database: Database, ids: Collection[int], now: datetime) -> list[Moved]:
    """Queue deliveries again that failed or are unknown, at the best address their people have by now.

    They keep their lane. What nobody knows the fate of may arrive twice, and is marked as a repeat. Raises
    `StoreUnavailable`.
    """
    return _kept(lambda: _retry(database, ids, now))


def _retry(database: Database, ids: Collection[int], now: datetime) -> list[Moved]:
    unit = database.unit()
    found = _found(unit, ids)
    people = {row.person_id for row in found.values() if row.person_id is not None}
    places = places_of(unit, people)
    moved: list[Moved] = []
    for ident in dict.fromkeys(ids):
        row = found.get(ident)
        if row is None or row.state not in ("failed", "unknown"):
            moved.append(_refused(ident, row, "only failed and unknown ones can be tried again"))
            continue
        if row.person_id is None:  # a group has one address
            place = Place(row.address_id, row.account) if row.address_id is not None else None
        else:
            place = places.get(row.person_id)
        if place is None:
            moved.append(Moved(ident, "nobody knows an address that works: have him write to us, or import one"))
            continue
        again = {
            "state": "queued",
            "reason": "",
            "not_before": now,
            "attempts": 0,
            "tried": None,
            "turn": 0,
            "put_off": False,
            "address_id": place.address_id,
            "account": place.account,
            "provider_id": None,
            "repeat": row.repeat or row.state == "unknown",
        }
        _change(unit, row, again, "retried", now)
        moved.append(Moved(ident, may_double=row.state == "unknown"))
    unit.commit()
    return moved


def drop(database: Database, ids: Collection[int], now: datetime) -> list[Moved]:
    """Take deliveries back that did not leave. Raises `StoreUnavailable`."""
    return _kept(lambda: _drop(database, ids, now))


def _kept(move: Callable[[], list[Moved]]) -> list[Moved]:
    """Look again where a process that runs was first: what left meanwhile is refused, and the others are moved."""
    for _ in range(_LOOKS):
        with suppress(Replay):
            return move()
    raise StoreUnavailable("these deliveries change all the time")


def _drop(database: Database, ids: Collection[int], now: datetime) -> list[Moved]:
    unit = database.unit()
    found = _found(unit, ids)
    moved: list[Moved] = []
    for ident in dict.fromkeys(ids):
        row = found.get(ident)
        if row is None or row.state not in ("queued", "failed", "unknown"):
            moved.append(_refused(ident, row, "only queued, failed and unknown ones can be dropped"))
            continue
        _change(unit, row, {"state": "withdrawn", "reason": "by operator"}, "dropped", now)
        moved.append(Moved(ident))
    unit.commit()
    return moved


def _found(unit: Unit, ids: Collection[int]) -> dict[int, AnyRow]:
    columns = (
        delivery.c.id,
        delivery.c.state,
        delivery.c.person_id,
        delivery.c.address_id,
        delivery.c.account,
        delivery.c.repeat,
    )
    return {row.id: row for row in unit.read(select(*columns).where(delivery.c.id.in_(ids)))}


def _refused(ident: int, row: AnyRow | None, rule: str) -> Moved:
    return Moved(ident, "there is no such delivery" if row is None else f"it is {row.state}; {rule}")


def _change(unit: Unit, row: AnyRow, values: dict[str, Any], what: str, now: datetime) -> None:
    mine = update(delivery).where(delivery.c.id == row.id, delivery.c.state == row.state)
    unit.write(mine.values(values), expect=1)
    audit.note(unit, now, "operator", f"delivery_{what}", f"delivery:{row.id}")
