"""What the core's own tables tell of its health: what is late, whether anything can be kept, accounts, figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, String, cast, false, func, literal_column, select, update

from buurtwacht.records.database import Database
from buurtwacht.records.schema import account as accounts
from buurtwacht.records.schema import delivery, inbox, message, meta, timer

#: Nothing should be this late while a process runs.
LATE = timedelta(minutes=2)
#: What can be late, by codes that stay the same.
LATE_CODES = ("events_wait", "timers_overdue", "sending_stands", "fan_out_stands")
# Written out, not bound, for the index of only these states: this is asked for every minute, and by whoever watches.
_PENDING = delivery.c.state.in_([literal_column("'queued'"), literal_column("'sending'")])


@dataclass(frozen=True, slots=True)
class AccountState:
    """How an account does: ok, down (it cannot be reached now) or stopped (it is refused), and why."""

    name: str
    state: str
    reason: str
    since: datetime


def late(database: Database, now: datetime) -> dict[str, str]:
    """Return what is later than it may be, by a stable code, in a sentence; nothing when all is well."""
    late = now - LATE
    queries = {
        "events_wait": (
            "events wait for a handler",
            select(func.count()).where(inbox.c.state == "new", inbox.c.received_at < late),
        ),
        "timers_overdue": ("timers are overdue", select(func.count()).where(timer.c.due < late)),
        "sending_stands": (
            "deliveries are being sent for too long",
            select(func.count()).where(_PENDING, delivery.c.state == "sending", delivery.c.sending_at < late),
        ),
        "fan_out_stands": (
            "broadcasts are not fanned out",
            select(func.count()).where(message.c.expanded == false(), message.c.created_at < late),
        ),
    }
    with database.reading() as connection:
        counted = {code: (what, connection.execute(query).scalar_one()) for code, (what, query) in queries.items()}
    return {code: f"{count} {what}" for code, (what, count) in counted.items() if count}


def put_aside(database: Database, now: datetime) -> list[str]:
    """Return, in a sentence, how many events no handler could deal with in the last day; they hold up nothing."""
    query = select(func.count()).where(inbox.c.state == "parked", inbox.c.done_at > now - timedelta(days=1))
    with database.reading() as connection:
        count = connection.execute(query).scalar_one()
    return [f"{count} events were put aside after an error, in the last day"] if count else []


def can_keep(database: Database, now: datetime) -> None:
    """Prove that something can be kept right now. Raises `StoreUnavailable`."""
    with database.writing() as connection:
        changed = connection.execute(update(meta).where(meta.c.name == "alive").values(value=now.isoformat()))
        if not changed.rowcount:
            connection.execute(meta.insert(), {"name": "alive", "value": now.isoformat()})


def account_states(database: Database, names: Collection[str] | None = None) -> dict[str, AccountState]:
    """Return how each of these accounts does, by name, or every one there ever was: what was taken out of the file
    leaves its last state behind.
    """
    query = select(accounts.c.name, accounts.c.state, accounts.c.reason, accounts.c.since)
    if names is not None:
        query = query.where(accounts.c.name.in_(names))
    with database.reading() as connection:
        return {row[0]: AccountState(*row) for row in connection.execute(query.order_by(accounts.c.name))}


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
    """Return what is counted for metrics: deliveries by account and state, those of which nobody knew whether they
    arrived (`repeated` when they were said again, else `unknown`), those that left as a template by account,
    events by state, timers. Deliveries are kept for thirty days.
    """
    by_delivery = select(delivery.c.account, delivery.c.state, delivery.c.repeat, func.count()).group_by(
        delivery.c.account, delivery.c.state, delivery.c.repeat
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
        deliveries: Counter[tuple[str, ...]] = Counter()
        ambiguous: Counter[tuple[str, ...]] = Counter()
        for account, state, repeat, count in map(tuple, connection.execute(by_delivery)):
            deliveries[account, state] += count
            if repeat or state == "unknown":
                ambiguous[account, "unknown" if state == "unknown" else "repeated"] += count
        return {
            "deliveries": deliveries,
            "ambiguous": ambiguous,
            "templates": {(row[0],): row[1] for row in connection.execute(by_template)},
            "events": {(row[0],): row[1] for row in connection.execute(by_event)},
            "timers": {(): connection.execute(select(func.count()).select_from(timer)).scalar_one()},
        }
