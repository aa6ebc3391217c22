"""The self-audit: what should not be, found in the tables: work that waits too long, timers that did not go off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, String, cast, func, select, update

from buurtwacht.records.database import Database
from buurtwacht.records.schema import account as accounts
from buurtwacht.records.schema import delivery, inbox, meta, timer

#: Nothing should be this late while a process runs.
LATE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class AccountState:
    """How an account does: ok, down (it cannot be reached now) or stopped (it is refused), and why."""

    name: str
    state: str
    reason: str
    since: datetime


def findings(database: Database, now: datetime) -> list[str]:
    """Return a sentence for each thing that is later than it may be; nothing when all is well."""
    late = now - LATE
    counts = {
        "events wait for a handler": select(func.count()).where(inbox.c.state == "new", inbox.c.received_at < late),
        "timers are overdue": select(func.count()).where(timer.c.due < late),
        "deliveries are being sent for too long": select(func.count()).where(
            delivery.c.state == "sending", delivery.c.sending_at < late
        ),
        "events were put aside after an error, in the last day": select(func.count()).where(
            inbox.c.state == "parked", inbox.c.done_at > now - timedelta(days=1)
        ),
    }
    with database.reading() as connection:
        found = {what: connection.execute(query).scalar_one() for what, query in counts.items()}
    return [f"{count} {what}" for what, count in found.items() if count]


def can_keep(database: Database, now: datetime) -> None:
    """Prove that something can be kept right now. Raises `StoreUnavailable`."""
    with database.writing() as connection:
        changed = connection.execute(update(meta).where(meta.c.name == "alive").values(value=now.isoformat()))
        if not changed.rowcount:
            connection.execute(meta.insert(), {"name": "alive", "value": now.isoformat()})


def account_states(database: Database) -> dict[str, AccountState]:
    """Return how each account does, by name."""
    query = select(accounts.c.name, accounts.c.state, accounts.c.reason, accounts.c.since).order_by(accounts.c.name)
    with database.reading() as connection:
        return {row[0]: AccountState(*row) for row in connection.execute(query)}


def set_account(connection: Connection, name: str, state: str, reason: str, now: datetime) -> None:
    """Write down how an account does, and since when."""
    known = connection.execute(select(accounts.c.state).where(accounts.c.name == name)).scalar()
    if known == state:
        return
    values = {"state": state, "reason": reason[:120], "since": now}
    if known is None:
        connection.execute(accounts.insert(), {"name": name, **values})
    else:
        connection.execute(update(accounts).where(accounts.c.name == name).values(values))


def counts(database: Database) -> Mapping[str, Mapping[tuple[str, ...], int]]:
    """Return what is counted for metrics: deliveries by account and state, those that left as a template by account,
    events by state, timers. Deliveries are kept for thirty days.
    """
    by_delivery = select(delivery.c.account, delivery.c.state, func.count()).group_by(
        delivery.c.account, delivery.c.state
    )
    # The parts of a digest left, and are paid for, as one. What was too long for one template left as several, of which
    # the delivery knows the last: it counts once, so a provider may count a little more.
    message_sent = func.coalesce(delivery.c.provider_id, cast(delivery.c.id, String))
    by_template = (
        select(delivery.c.account, func.count(message_sent.distinct()))
        .where(delivery.c.template.is_not(None))
        .group_by(delivery.c.account)
    )
    by_event = select(inbox.c.state, func.count()).group_by(inbox.c.state)
    with database.reading() as connection:
        return {
            "deliveries": {(row[0], row[1]): row[2] for row in connection.execute(by_delivery)},
            "templates": {(row[0],): row[1] for row in connection.execute(by_template)},
            "events": {(row[0],): row[1] for row in connection.execute(by_event)},
            "timers": {(): connection.execute(select(func.count()).select_from(timer)).scalar_one()},
        }
