"""What became of deliveries: the one place that says what follows from each answer of a provider.

States only move forward. What a provider reports later (a status) is treated as what it could have said at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, insert, or_, select, update

from buurtwacht.records.database import AnyRow, Database
from buurtwacht.records.outbox import places_of
from buurtwacht.records.schema import address, delivery, early_receipt, message
from buurtwacht.vocabulary import errors
from buurtwacht.vocabulary.channels import Receipt, Status
from buurtwacht.vocabulary.errors import (
    Ambiguous,
    DeliveryError,
    Misconfigured,
    Throttled,
    Unavailable,
    Unreachable,
    WindowClosed,
)
from buurtwacht.vocabulary.ids import new_id
from buurtwacht.vocabulary.messages import Severity

#: An ambiguous message that presses is said once more after this (interface: "once more after 10 seconds").
REPEAT_AFTER = timedelta(seconds=10)
#: What a dead process was sending counts as ambiguous after this.
ABANDONED_AFTER = timedelta(seconds=15)
#: How long an address may be out of order before a pressing message takes another one (R19: within 3 minutes).
PATIENCE = timedelta(minutes=2)
#: After this long without the provider, a message is given up.
GIVE_UP_AFTER = timedelta(hours=72)
_LONGEST_WAIT = 300.0

#: Which states a report may move; failed only tells of what has not arrived.
_FORWARD = {
    "sent": ("queued", "sending", "unknown"),
    "delivered": ("queued", "sending", "unknown", "sent"),
    "read": ("queued", "sending", "unknown", "sent", "delivered"),
    "failed": ("queued", "sending", "unknown", "sent"),
}
_early = insert(early_receipt)
_open_states = ("sending", "queued", "unknown", "sent")
_update = update(delivery).where(delivery.c.id == bindparam("b_id"), delivery.c.state.in_(_open_states))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt ended: a receipt, or the error a channel raised. `template` is the template it was sent with."""

    delivery: int
    answer: Receipt | DeliveryError
    template: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """What settling changed, for logs and metrics: delivery id, state, reason."""

    delivery: int
    state: str
    reason: str


def settle(database: Database, account: str, outcomes: Sequence[Outcome], now: datetime) -> list[Settled]:
    """Record how attempts ended and queue what is to be tried again, in one transaction."""
    with database.writing() as connection:
        rows = _rows(connection, [one.delivery for one in outcomes])
        changes: dict[int, dict[str, Any]] = {}
        for one in outcomes:
            row = rows.get(one.delivery)
            if row is None or row.state in ("delivered", "read"):
                continue
            if isinstance(one.answer, Receipt):
                changes[row.id] = _sent(one, now)
            else:
                changes[row.id] = _after(connection, row, one.answer, now)
        _write(connection, changes)
        ids = {one.answer.provider_id for one in outcomes if isinstance(one.answer, Receipt)}
        _apply_early(connection, account, ids)
        return [Settled(ident, change["state"], change.get("reason", "")) for ident, change in changes.items()]


def recover(database: Database, now: datetime, *, older_than: timedelta = ABANDONED_AFTER) -> int:
    """Take up what a dead process was sending: nobody knows whether it arrived."""
    query = select(delivery.c.id).where(delivery.c.state == "sending", delivery.c.sending_at <= now - older_than)
    with database.writing() as connection:
        ids = [row[0] for row in connection.execute(query)]
        rows = _rows(connection, ids)
        _write(connection, {row.id: _after(connection, row, Ambiguous("interrupted"), now) for row in rows.values()})
    return len(ids)


def apply_statuses(connection: Connection, account: str, statuses: Iterable[Status], now: datetime) -> None:
    """Move deliveries forward by what the provider reports; a report that came before its message waits for it."""
    for one in statuses:
        where = delivery.c.provider_id == one.provider_id
        if one.delivery is not None:
            where = or_(where, and_(delivery.c.id == one.delivery, delivery.c.provider_id.is_(None)))
        found = connection.execute(
            select(delivery.c.id, delivery.c.state).where(delivery.c.account == account, where)
        ).first()
        if found is None:
            row = {"id": new_id(), "account": account, "provider_id": one.provider_id, "state": one.state}
            connection.execute(_early, {**row, "reason": one.reason[:120], "at": now})
            continue
        if found.state not in _FORWARD[one.state]:
            continue
        _report(connection, found.id, one, now)


def _report(connection: Connection, ident: int, status: Status, now: datetime) -> None:
    if status.state == "failed":
        row = _rows(connection, [ident])[ident]
        error = getattr(errors, status.error, errors.Rejected)
        reason = status.reason or "failed"
        answer = Throttled(status.retry_after or 60.0, "recipient", reason) if error is Throttled else error(reason)
        if isinstance(answer, Misconfigured | Ambiguous):
            answer = errors.Rejected(reason)
        _write(connection, {ident: _after(connection, row, answer, now)})
        return
    change: dict[str, Any] = {"state": status.state, "reason": ""}
    change["provider_id"] = status.provider_id
    if status.state in ("delivered", "read"):
        change[f"{status.state}_at"] = now
    connection.execute(update(delivery).where(delivery.c.id == ident).values(change))
    connection.execute(update(delivery).where(delivery.c.id == ident, delivery.c.sent_at.is_(None)).values(sent_at=now))


def _rows(connection: Connection, ids: Sequence[int]) -> dict[int, AnyRow]:
    query = (
        select(delivery, message.c.severity, message.c.replaces)
        .join(message, message.c.id == delivery.c.message_id)
        .where(delivery.c.id.in_(ids))
    )
    return {row.id: row for row in connection.execute(query)}


def _sent(outcome: Outcome, now: datetime) -> dict[str, Any]:
    assert isinstance(outcome.answer, Receipt)
    return {
        "state": "sent",
        "reason": "",
        "sent_at": now,
        "provider_id": outcome.answer.provider_id,
        "template": outcome.template or None,
    }


def _after(connection: Connection, row: AnyRow, error: DeliveryError, now: datetime) -> dict[str, Any]:
    """Return what a failed attempt changes: the whole policy of retries."""
    presses = Severity(row.severity).presses
    match error:
        case Throttled():
            return _again(row, error, now + timedelta(seconds=error.retry_after))
        case Misconfigured():
            return {"state": "queued", "reason": error.reason, "not_before": now}
        case Unavailable():
            if now - row.queued_at > GIVE_UP_AFTER:
                return _failed(error)
            if presses and now - row.queued_at >= PATIENCE:
                elsewhere = _elsewhere(connection, row, error, now)
                if elsewhere is not None:
                    return elsewhere
            return _again(row, error, now + timedelta(seconds=min(_LONGEST_WAIT, 2.0 ** min(row.attempts, 9))))
        case Ambiguous():
            if presses and not row.repeat:
                return {**_again(row, error, now + REPEAT_AFTER), "repeat": True}
            return {"state": "unknown", "reason": error.reason, "sent_at": now}
        case Unreachable():
            connection.execute(
                update(address).where(address.c.id == row.address_id).values(reachable=False, reason=error.reason[:80])
            )
            return _elsewhere(connection, row, error, now) or _failed(error)
        case WindowClosed():
            return _elsewhere(connection, row, error, now) or _failed(error)
        case _:
            return _failed(error)


def _again(row: AnyRow, error: DeliveryError, when: datetime) -> dict[str, Any]:
    return {"state": "queued", "reason": error.reason, "not_before": when, "attempts": row.attempts + 1}


def _failed(error: DeliveryError) -> dict[str, Any]:
    return {"state": "failed", "reason": error.reason}


def _elsewhere(connection: Connection, row: AnyRow, error: DeliveryError, now: datetime) -> dict[str, Any] | None:
    """Return the change that sends it to the person's next address, or None when there is none."""
    if row.person_id is None:
        return None
    tried = [*(row.tried or ()), row.address_id]
    place = places_of(connection, [row.person_id], without=tried).get(row.person_id)
    if place is None:
        return None
    return {
        "state": "queued",
        "reason": error.reason,
        "not_before": now,
        "attempts": 0,
        "tried": tried,
        "address_id": place.address_id,
        "account": place.account,
        "provider_id": None,
    }


def _write(connection: Connection, changes: Mapping[int, Mapping[str, Any]]) -> None:
    """Write changes in bulk, those of the same columns together."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for ident, change in changes.items():
        values = {**change, "reason": change.get("reason", "")[:120]}
        alike.setdefault(tuple(sorted(values)), []).append({"b_id": ident, **{f"v_{k}": v for k, v in values.items()}})
    for columns, rows in alike.items():
        connection.execute(_update.values({name: bindparam(f"v_{name}") for name in columns}), rows)


def _apply_early(connection: Connection, account: str, provider_ids: set[str]) -> None:
    """Apply the reports that had come before their messages were written down as sent."""
    if not provider_ids:
        return
    mine = and_(early_receipt.c.account == account, early_receipt.c.provider_id.in_(provider_ids))
    waiting = connection.execute(select(early_receipt).where(mine).order_by(early_receipt.c.id)).all()
    if not waiting:
        return
    connection.execute(delete(early_receipt).where(mine))
    for row in waiting:
        apply_statuses(connection, account, [Status(row.provider_id, row.state, reason=row.reason)], row.at)
