"""Holds: what a provider told us to wait for, kept so that neither a restart nor another process provokes it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, select, text

from buurtwacht.records.database import Database
from buurtwacht.records.schema import hold

#: A hold so long is no matter of pace: what presses goes another way meanwhile (R19), and it is said.
LONG = timedelta(minutes=2)
#: The hold of one recipient is kept from this long on; it is over before anything starts again otherwise.
KEPT_FROM = timedelta(seconds=30)
#: In place of an address: the whole account.
ACCOUNT = 0

_keep = text(
    "INSERT INTO hold (account, address_id, until, reason) VALUES (:b_account, :b_address, :b_until, :b_reason)"
    " ON CONFLICT (account, address_id) DO UPDATE SET until = excluded.until, reason = excluded.reason"
    " WHERE hold.until < excluded.until"
).bindparams(bindparam("b_until", type_=hold.c.until.type))


@dataclass(frozen=True, slots=True)
class Hold:
    """Until when nothing may be sent to an address (`ACCOUNT`: over the whole account), and what was answered."""

    address: int
    until: datetime
    reason: str


def keep(connection: Connection, account: str, holds: Sequence[Hold]) -> None:
    """Keep holds of an account; of two of the same address the longer."""
    rows = [
        {"b_account": account, "b_address": one.address, "b_until": one.until, "b_reason": one.reason[:120]}
        for one in holds
    ]
    connection.execute(_keep, rows)


def lift(connection: Connection, account: str, now: datetime) -> None:
    """Forget the holds of an account that are over."""
    connection.execute(delete(hold).where(hold.c.account == account, hold.c.until <= now))


def holds_of(database: Database, account: str) -> list[Hold]:
    """Return what is kept of an account, also what is over by now."""
    query = select(hold.c.address_id, hold.c.until, hold.c.reason).where(hold.c.account == account)
    with database.reading() as connection:
        return [Hold(*row) for row in map(tuple, connection.execute(query))]


def waits_until(until: datetime) -> str:
    """Return a hold in words for whoever runs it."""
    return f"told to wait until {until:%Y-%m-%d %H:%M} UTC"
