"""Sweeping: what may no longer be kept goes, in small bites, so that no other commit waits long.

What plugins keep they sweep themselves; here are the tables of the core. It may run as often as one likes, and by
several processes at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, and_, delete, func, or_, select, text, update

from buurtwacht.records.database import Database
from buurtwacht.records.schema import (
    address,
    audit,
    delivery,
    early_receipt,
    inbox,
    media,
    media_link,
    message,
    person,
    plugin_error,
    question,
)

#: Rows that one transaction takes.
CHUNK = 1000

#: Interface: what is kept of a stranger goes after seven days.
STRANGER = timedelta(days=7)
#: Design §4: the key by which a repeat is recognised stays eight days; so does what was put aside with an error.
SEEN = timedelta(days=8)
#: Domain §4.4.6: texts and receipts 30 days, the audit log twelve months.
TEXTS = timedelta(days=30)
LOG = timedelta(days=366)
#: A report about a message of which we never learnt that we sent it.
EARLY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class SweepReport:
    """How many rows went, by what they were; only what there was is named."""

    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())


def sweep(database: Database, now: datetime, *, still_open: Collection[int] = ()) -> SweepReport:
    """Take away all whose time is over, and what it left in the files of the database. `now` is aware.

    What was said about the records in `still_open`, and to whom, stays: its end is for who was shown it (R15).
    On SQLite what was deleted is overwritten and the write-ahead log is emptied; on PostgreSQL the tables are vacuumed.
    """
    counts = {
        "files": _delete(database, media, media.c.expires_at <= now),
        "links": _delete(database, media_link, or_(media_link.c.expires_at <= now, media_link.c.used_at.is_not(None))),
        "addresses": _forget_addresses(database, now),
        "events": _delete(database, inbox, inbox.c.done_at <= now - SEEN),
        "receipts": _delete_oldest(database, delivery, delivery.c.queued_at, now - TEXTS, still_open),
        "messages": _delete_oldest(database, message, message.c.created_at, now - TEXTS, still_open),
        "early receipts": _delete_oldest(database, early_receipt, early_receipt.c.at, now - EARLY),
        "log lines": _delete_oldest(database, audit, audit.c.at, now - LOG),
        "plugin errors": _delete_oldest(database, plugin_error, plugin_error.c.at, now - TEXTS),
        "erased people": _delete(database, person, person.c.erased_at <= now - TEXTS),
        "questions": _expire_questions(database, now),
    }
    report = SweepReport({name: count for name, count in counts.items() if count})
    leave_no_trace(database, [table for name, table in _VACUUMED if name in report.counts])
    return report


#: What personal data was deleted from, by its name in the report.
_VACUUMED: tuple[tuple[str, str], ...] = (
    ("files", "media"),
    ("addresses", "address"),
    ("addresses", "handle"),
    ("addresses", "delivery"),
    ("events", "inbox"),
    ("receipts", "delivery"),
    ("messages", "message"),
    ("messages", "question"),
    ("log lines", "audit"),
    ("erased people", "person"),
)


def _forget_addresses(database: Database, now: datetime) -> int:
    """Delete addresses whose time is over, and what messengers called the messages sent there: it holds the number."""
    gone = 0
    while True:
        with database.reading() as connection:
            ids = list(connection.scalars(select(address.c.id).where(_over(now)).limit(CHUNK)))
            told = or_(delivery.c.provider_id.is_not(None), delivery.c.reply_to.is_not(None))
            query = select(delivery.c.id).where(delivery.c.address_id.in_(ids), told)
            sent = list(connection.scalars(query)) if ids else []
        for first in range(0, len(sent), CHUNK):
            chunk = delivery.c.id.in_(sent[first : first + CHUNK])
            with database.writing() as connection:
                connection.execute(update(delivery).where(chunk).values(provider_id=None, reply_to=None))
        gone += _delete_ids(database, address, ids)
        if len(ids) < CHUNK:
            return gone


def _over(now: datetime) -> ColumnElement[bool]:
    """Addresses of people who were erased, and of strangers who stayed strangers. A bound group is neither."""
    heard = func.coalesce(address.c.last_heard_at, address.c.created_at)
    stranger = and_(
        address.c.person_id.is_(None),
        address.c.neighbourhood_id.is_(None),
        address.c.is_group.is_(False),
        heard <= now - STRANGER,
    )
    return or_(address.c.erase_at <= now, stranger)


def _delete(database: Database, table: Table, condition: ColumnElement[bool]) -> int:
    """Delete the rows that fit, a chunk at a time."""
    gone = 0
    while True:
        with database.reading() as connection:
            ids = list(connection.scalars(select(table.c.id).where(condition).limit(CHUNK)))
        gone += _delete_ids(database, table, ids)
        if len(ids) < CHUNK:
            return gone


def _delete_oldest(
    database: Database,
    table: Table,
    moment: ColumnElement[datetime],
    before: datetime,
    still_open: Collection[int] = (),
) -> int:
    """Delete rows older than a moment. Ids rise with time, so the oldest rows are the first: no search through all."""
    gone = 0
    kept = (table.c.thread_id.not_in(still_open),) if still_open else ()
    for rows in _from_the_oldest(database, table, moment, *kept):
        old = [ident for ident, at in rows if at <= before]
        gone += _delete_ids(database, table, old)
        if len(old) < CHUNK:
            break
    return gone


def _from_the_oldest(
    database: Database, table: Table, moment: ColumnElement[datetime], *conditions: ColumnElement[bool]
) -> Iterator[Sequence[tuple[int, datetime]]]:
    query = select(table.c.id, moment).where(*conditions).order_by(table.c.id).limit(CHUNK)
    while True:
        with database.reading() as connection:
            yield [(row[0], row[1]) for row in connection.execute(query)]


def _delete_ids(database: Database, table: Table, ids: Sequence[int]) -> int:
    if ids:
        with database.writing() as connection:
            connection.execute(delete(table).where(table.c.id.in_(ids)))
    return len(ids)


def _expire_questions(database: Database, now: datetime) -> int:
    over = (question.c.state == "open", question.c.expires_at <= now)
    with database.reading() as connection:
        ids = list(connection.scalars(select(question.c.id).where(*over)))
    for first in range(0, len(ids), CHUNK):
        with database.writing() as connection:
            chunk = question.c.id.in_(ids[first : first + CHUNK])
            connection.execute(update(question).where(chunk, *over).values(state="expired", payload={}))
    return len(ids)


def leave_no_trace(database: Database, tables: Sequence[str]) -> None:
    """See to it that what was deleted is in no file of the database any more."""
    if database.is_sqlite:
        # The pages are overwritten already (secure_delete); the write-ahead log still holds them as they were. Somebody
        # who reads at this moment keeps part of it: the next sweep, within the hour, takes that too.
        with database.reading() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        return
    if tables:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in dict.fromkeys(tables):
                connection.execute(text(f"VACUUM {table}"))
