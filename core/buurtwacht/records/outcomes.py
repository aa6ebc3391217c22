"""What became of deliveries: the one place where each answer of a provider is written down.

States only move forward. What a provider reports later (a status) is treated as what it could have said at once.
What follows from a failure is decided in `retries`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    delete,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from buurtwacht.records.database import AnyRow, Database
from buurtwacht.records.prepared import Prepared
from buurtwacht.records.retries import change_after
from buurtwacht.records.schema import delivery, early_receipt, message
from buurtwacht.vocabulary import errors
from buurtwacht.vocabulary.channels import Receipt
from buurtwacht.vocabulary.errors import Ambiguous, DeliveryError, Misconfigured, Throttled
from buurtwacht.vocabulary.events import Status
from buurtwacht.vocabulary.ids import new_id
from buurtwacht.vocabulary.messages import PRESSING, Severity

#: What a dead process was sending counts as ambiguous after this.
ABANDONED_AFTER = timedelta(seconds=15)
#: Which states a report may move; failed only tells of what has not arrived.
_FORWARD = {
    "sent": ("queued", "sending", "unknown"),
    "delivered": ("queued", "sending", "unknown", "sent"),
    "read": ("queued", "sending", "unknown", "sent", "delivered"),
    "failed": ("queued", "sending", "unknown", "sent"),
}
# Written out, not bound, for the indexes of only these states.
_QUEUED: ColumnElement[str] = literal_column("'queued'")
_SENDING: ColumnElement[str] = literal_column("'sending'")
#: Says of what arrived that it may have done so twice.
TWICE = "may have arrived twice"
_twice = case((delivery.c.repeat, TWICE), else_="")
# Not narrowed down to the account: that index holds all that was ever sent, this one only what is pending.
_being_sent = select(delivery.c.id, delivery.c.account).where(
    delivery.c.state.in_((_QUEUED, _SENDING)), delivery.c.state == _SENDING
)
_left = Prepared(_being_sent)
_left_before = Prepared(
    _being_sent.where(delivery.c.sending_at <= bindparam("b_before", type_=delivery.c.sending_at.type))
)
_early = insert(early_receipt)
_open_states = ("sending", "queued", "unknown", "sent")
#: What the provider's receipt may still tell something about.
_unanswered = ("sending", "unknown", "sent")
_update = update(delivery).where(
    delivery.c.id == bindparam("b_id"), delivery.c.state.in_([literal_column(f"'{state}'") for state in _open_states])
)
_arrived = Prepared(
    update(delivery)
    .where(
        delivery.c.id == bindparam("b_id"),
        delivery.c.account == bindparam("b_account"),
        delivery.c.state.in_([literal_column(f"'{state}'") for state in _unanswered]),
    )
    .values(
        state="sent",
        reason=_twice,
        sent_at=bindparam("b_now"),
        provider_id=bindparam("b_provider_id"),
        template=bindparam("b_template"),
    )
)
_expected = Prepared(
    select(early_receipt)
    .where(
        early_receipt.c.account == bindparam("b_account"),
        early_receipt.c.provider_id.in_(bindparam("b_ids", expanding=True)),
    )
    .order_by(early_receipt.c.id)
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt ended: a receipt, or the error a channel raised. `template` is the template it was sent with.

    `beside` are the deliveries that were parts of the same digest: what became of it became of all of them.
    """

    delivery: int
    answer: Receipt | DeliveryError
    template: str = ""
    beside: tuple[int, ...] = ()

    @property
    def deliveries(self) -> tuple[int, ...]:
        """All that this was the end of."""
        return self.delivery, *self.beside


@dataclass(frozen=True, slots=True)
class Settled:
    """What settling changed, for logs and metrics: delivery id, state, reason."""

    delivery: int
    state: str
    reason: str


def settle(
    connection: Connection,
    account: str,
    outcomes: Sequence[Outcome],
    now: datetime,
    repeats: Collection[Severity] = PRESSING,
) -> list[Settled]:
    """Record how attempts ended and queue what is to be tried again; `repeats` is said once more when nobody knows."""
    receipts = {one.delivery: one.answer.provider_id for one in outcomes if isinstance(one.answer, Receipt)}
    settled = _arrive(connection, account, outcomes, now) if len(receipts) == len(outcomes) else None
    if settled is None:
        settled = _settle_each(connection, account, outcomes, now, repeats)
    _apply_early(connection, account, receipts.values())
    return settled


def _arrive(connection: Connection, account: str, outcomes: Sequence[Outcome], now: datetime) -> list[Settled] | None:
    """Record that all of these were sent, without looking at them first; None when reports overtook some of them."""
    rows = [
        {
            "b_id": ident,
            "b_account": account,
            "b_now": now,
            "b_provider_id": one.answer.provider_id,
            "b_template": one.template or None,
        }
        for one in outcomes
        if isinstance(one.answer, Receipt)
        for ident in one.deliveries
    ]
    if _arrived.write(connection, rows) != len(rows):
        return None
    return [Settled(ident, "sent", "") for one in outcomes for ident in one.deliveries]


def _settle_each(
    connection: Connection, account: str, outcomes: Sequence[Outcome], now: datetime, repeats: Collection[Severity]
) -> list[Settled]:
    rows = _rows(connection, [ident for one in outcomes for ident in one.deliveries])
    changes: dict[int, dict[str, Any]] = {}
    for one in outcomes:
        answer = one.answer
        mine = [row for ident in one.deliveries if (row := rows.get(ident)) is not None and row.account == account]
        taking = [row for row in mine if _takes(row, answer)]
        if taking:
            if isinstance(answer, Receipt):
                changes |= {row.id: _sent(row, one, now) for row in taking}
            else:
                changes |= dict.fromkeys(
                    (row.id for row in taking), change_after(connection, taking[0], answer, now, repeats)
                )
    write(connection, changes)
    return [Settled(ident, change["state"], change.get("reason", "")) for ident, change in changes.items()]


def _takes(row: AnyRow, answer: Receipt | DeliveryError) -> bool:
    """Whether an answer tells anything new: not when a report came before it, by which it arrived, failed, or is to
    be sent another way by now; nor when it was written down already, by a commit of which we did not hear.
    """
    return row.state == "sending" or (isinstance(answer, Receipt) and row.state in _unanswered)


def recover(
    database: Database,
    account: str,
    now: datetime,
    *,
    older_than: timedelta = ABANDONED_AFTER,
    without: Collection[int] = (),
    repeats: Collection[Severity] = PRESSING,
) -> int:
    """Take up what a dead process was sending for an account: nobody knows whether it arrived.

    `without` are the deliveries that are being sent here; `repeats` as in `settle`. With an `older_than` of zero it
    counts for all, also what was taken by a clock that was ahead of this one.
    """
    query, values = (_left_before, {"b_before": now - older_than}) if older_than else (_left, {})
    with database.reading() as connection:
        ids = [row.id for row in query.read(connection, values) if row.account == account and row.id not in without]
    if not ids:
        return 0
    with database.writing() as connection:
        rows = [row for row in _rows(connection, ids).values() if row.state == "sending"]
        lost = Ambiguous("interrupted")
        write(connection, {row.id: change_after(connection, row, lost, now, repeats) for row in rows})
    return len(rows)


def apply_statuses(connection: Connection, account: str, statuses: Iterable[Status], now: datetime) -> None:
    """Move deliveries forward by what the provider reports; a report that came before its message waits for it."""
    for one in statuses:
        about = _told_of(connection, account, one)
        if not about:
            row = {"id": new_id(), "account": account, "provider_id": one.provider_id, "state": one.state}
            connection.execute(_early, {**row, "error": one.error, "reason": one.reason[:120], "at": now})
        if ids := [row.id for row in about if row.state in _FORWARD[one.state]]:
            _report(connection, ids, one, now)


def _told_of(connection: Connection, account: str, status: Status) -> list[AnyRow]:
    """Return the delivery that a report is about, and all that left in the same digest, the oldest first."""
    query = select(
        delivery.c.id,
        delivery.c.state,
        delivery.c.digested,
        delivery.c.provider_id,
        delivery.c.person_id,
        delivery.c.address_id,
        delivery.c.sending_at,
    )
    where = delivery.c.provider_id == status.provider_id
    if status.delivery is not None:
        where = or_(where, and_(delivery.c.id == status.delivery, delivery.c.provider_id.is_(None)))
    found = sorted(connection.execute(query.where(delivery.c.account == account, where)), key=lambda row: row.id)
    if not found or not found[0].digested:
        return found[:1]
    first = found[0]
    if first.provider_id is not None:
        return [row for row in found if row.digested]
    # Nobody has written down yet what the provider calls it: what left with it left at the same moment.
    together = (
        delivery.c.person_id == first.person_id,
        delivery.c.address_id == first.address_id,
        delivery.c.sending_at == first.sending_at,
        delivery.c.state == first.state,
        delivery.c.digested.is_(True),
        delivery.c.provider_id.is_(None),
    )
    return sorted(connection.execute(query.where(*together)), key=lambda row: row.id)


def _report(connection: Connection, ids: Sequence[int], status: Status, now: datetime) -> None:
    if status.state == "failed":
        error = getattr(errors, status.error, errors.Rejected)
        reason = status.reason or "failed"
        answer = Throttled(status.retry_after or 60.0, "recipient", reason) if error is Throttled else error(reason)
        if isinstance(answer, Misconfigured | Ambiguous):
            answer = errors.Rejected(reason)
        change = change_after(connection, _rows(connection, ids)[ids[0]], answer, now)
        write(connection, dict.fromkeys(ids, change))
        return
    reported: dict[str, Any] = {"state": status.state, "reason": _twice, "provider_id": status.provider_id}
    if status.state in ("delivered", "read"):
        reported[f"{status.state}_at"] = now
    mine = delivery.c.id.in_(ids)
    connection.execute(update(delivery).where(mine).values(reported))
    connection.execute(update(delivery).where(mine, delivery.c.sent_at.is_(None)).values(sent_at=now))


def _rows(connection: Connection, ids: Sequence[int]) -> dict[int, AnyRow]:
    query = (
        select(delivery, message.c.severity, message.c.replaces)
        .join(message, message.c.id == delivery.c.message_id)
        .where(delivery.c.id.in_(ids))
    )
    return {row.id: row for row in connection.execute(query)}


def _sent(row: AnyRow, outcome: Outcome, now: datetime) -> dict[str, Any]:
    assert isinstance(outcome.answer, Receipt)
    return {
        "state": "sent",
        "reason": TWICE if row.repeat else "",
        "sent_at": now,
        "provider_id": outcome.answer.provider_id,
        "template": outcome.template or None,
    }


def write(connection: Connection, changes: Mapping[int, Mapping[str, Any]]) -> None:
    """Write changes in bulk, those of the same columns together."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for ident, change in changes.items():
        values = {**change, "reason": change.get("reason", "")[:120]}
        alike.setdefault(tuple(sorted(values)), []).append({"b_id": ident, **{f"v_{k}": v for k, v in values.items()}})
    for columns, rows in alike.items():
        connection.execute(_update.values({name: bindparam(f"v_{name}") for name in columns}), rows)


def _apply_early(connection: Connection, account: str, provider_ids: Collection[str]) -> None:
    """Apply the reports that had come before their messages were written down as sent."""
    values = {"b_account": account, "b_ids": list(provider_ids)}
    waiting = _expected.read(connection, values).all() if provider_ids else ()
    if not waiting:
        return
    connection.execute(delete(early_receipt).where(early_receipt.c.id.in_([row.id for row in waiting])))
    for row in waiting:
        status = Status(row.provider_id, row.state, error=row.error, reason=row.reason)
        apply_statuses(connection, account, [status], row.at)
