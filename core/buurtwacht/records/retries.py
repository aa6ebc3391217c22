"""Retry policy, all of it: what follows for a delivery from an attempt that failed.

Nothing is written here but that an address cannot be reached: `outcomes` writes the rest.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, update

from buurtwacht.records.database import AnyRow
from buurtwacht.records.outbox import places_of
from buurtwacht.records.schema import address
from buurtwacht.vocabulary.errors import (
    Ambiguous,
    DeliveryError,
    Misconfigured,
    Needless,
    Throttled,
    Unavailable,
    Unreachable,
    WindowClosed,
)
from buurtwacht.vocabulary.messages import PRESSING, Severity

#: An ambiguous message that presses is said once more after this (interface: "once more after 10 seconds").
REPEAT_AFTER = timedelta(seconds=10)
#: How long an address may be out of order before a pressing message takes another one (R19: within 3 minutes).
PATIENCE = timedelta(minutes=2)
#: After this long without the provider, a message is given up.
GIVE_UP_AFTER = timedelta(hours=72)
#: The longest wait between two attempts, in seconds; what presses is tried more often.
_LONGEST_WAIT = 300.0
_LONGEST_WAIT_PRESSED = 60.0


def change_after(
    connection: Connection,
    row: AnyRow,
    error: DeliveryError,
    now: datetime,
    repeats: Collection[Severity] = PRESSING,
) -> dict[str, Any]:
    """Return what a failed attempt changes; `repeats` is said once more when nobody knows whether it arrived."""
    presses = Severity(row.severity).presses
    match error:
        case Throttled():
            until = now + timedelta(seconds=error.retry_after)
            # Of an account that must wait, `rerouting` moves what presses: those who were not tried yet, too.
            if presses and error.scope == "recipient" and until > row.queued_at + PATIENCE:
                elsewhere = _elsewhere(connection, row, error, now)
                if elsewhere is not None:
                    return elsewhere
            return _again(row, error, until)
        case Misconfigured():
            return {"state": "queued", "reason": error.reason, "not_before": now}
        case Unavailable():
            if now - row.queued_at > GIVE_UP_AFTER:
                return _failed(error)
            if presses and now - row.queued_at >= PATIENCE:
                elsewhere = _elsewhere(connection, row, error, now)
                if elsewhere is not None:
                    return elsewhere
            longest = _LONGEST_WAIT_PRESSED if presses else _LONGEST_WAIT
            return _again(row, error, now + timedelta(seconds=min(longest, 2.0 ** min(row.attempts, 9))))
        case Ambiguous():
            if Severity(row.severity) in repeats and not row.repeat:
                return {**_again(row, error, now + REPEAT_AFTER), "repeat": True}
            return {"state": "unknown", "reason": error.reason, "sent_at": now}
        case Unreachable():
            connection.execute(
                update(address).where(address.c.id == row.address_id).values(reachable=False, reason=error.reason[:80])
            )
            return _elsewhere(connection, row, error, now) or _failed(error)
        case WindowClosed():
            return _elsewhere(connection, row, error, now) or _failed(error)
        case Needless():
            return {"state": "withdrawn", "reason": error.reason}
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
        # What another account's lane had come to means nothing here, and it waited long enough.
        "turn": 0,
        "address_id": place.address_id,
        "account": place.account,
        "provider_id": None,
    }
