"""The outbox, reading side: which deliveries of an account may leave now, and everything needed to send them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)

from buurtwacht.records.content import load_message, people_named
from buurtwacht.records.database import AnyRow, Database
from buurtwacht.records.keys import Keyring
from buurtwacht.records.outbox import people_names
from buurtwacht.records.people import handles_of
from buurtwacht.records.schema import address, delivery, message, person
from buurtwacht.vocabulary.channels import Handle
from buurtwacht.vocabulary.messages import Message, Severity

#: An update waits this long for the message it is to change, while that is being sent.
_WAIT_FOR_ORIGINAL = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours to send now, with its message, its reader and where he stands."""

    id: int
    message_id: int
    #: the message whose content is shown: `message_id`, or the newer one that superseded it before it left
    shows: int
    content: Message
    severity: Severity
    plugin: str
    person_id: int | None
    address_id: int
    handles: tuple[Handle, ...]
    is_group: bool
    language: str
    formal: bool
    neighbourhood_id: int | None
    last_heard_at: datetime | None
    attempts: int
    tried: tuple[int, ...]
    repeat: bool
    reply_to: str | None
    #: provider id of the earlier message that this one changes
    edit_of: str | None
    #: this is an update and the earlier message stands on another address: the short line is said instead
    is_update: bool
    names: Mapping[int, str]
    queued_at: datetime


# Written out, not bound: an index of only these states is used only for a condition that can be seen to be about them.
_QUEUED: ColumnElement[str] = literal_column("'queued'")
_SENDING: ColumnElement[str] = literal_column("'sending'")
_earlier = delivery.alias("earlier")
_due = (
    select(
        delivery.c.id,
        delivery.c.message_id,
        delivery.c.person_id,
        delivery.c.address_id,
        delivery.c.neighbourhood_id,
        delivery.c.attempts,
        delivery.c.tried,
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
            )
        ),
    )
    .order_by(delivery.c.rank, delivery.c.id)
    .limit(bindparam("b_limit"))
)
_due_but = _due.where(delivery.c.address_id.not_in(bindparam("b_busy", expanding=True)))
_due_locked = _due.with_for_update(of=delivery, skip_locked=True)
_due_but_locked = _due_but.with_for_update(of=delivery, skip_locked=True)
_by_id = select(message).where(message.c.id.in_(bindparam("b_ids", expanding=True)))
_soonest = select(func.min(delivery.c.not_before)).where(
    delivery.c.account == bindparam("b_account"), delivery.c.state == _QUEUED
)
_soonest_after = _soonest.where(delivery.c.not_before > bindparam("b_after", type_=delivery.c.not_before.type))
_sending = (
    update(delivery)
    .where(delivery.c.id == bindparam("b_id"), delivery.c.state == "queued")
    .values(state="sending", sending_at=bindparam("b_now"), shows=bindparam("b_shows"))
)
_drop = update(delivery).where(delivery.c.id == bindparam("b_id")).values(state="withdrawn", reason=bindparam("b_why"))
_wait = update(delivery).where(delivery.c.id == bindparam("b_id")).values(not_before=bindparam("b_until"))


def claim(
    connection: Connection, keyring: Keyring, account: str, now: datetime, limit: int, busy: Collection[int] = ()
) -> tuple[list[Claimed], bool]:
    """Take up to `limit` deliveries of an account that may leave now, and mark them `sending`; return also whether
    there may be more.

    Addresses in `busy` are passed over. What is no longer true (withdrawn, expired) is put aside here. On SQLite the
    lock for writing is taken only once there is something to write.
    """
    query, values = _due_now(account, now, busy, limit, locked=connection.dialect.name != "sqlite")
    while True:
        rows = connection.execute(query, values).all()
        mine = _one_an_address(rows)
        claimed = _sort_out(connection, keyring, mine, now) if mine else []
        # When some of them were put aside, what stands behind them may be due as well.
        if claimed or not rows:
            return claimed, len(rows) == limit or len(claimed) < len(mine)


def any_due(database: Database, account: str, now: datetime, busy: Collection[int] = ()) -> bool:
    """Return whether a delivery of an account may leave now, addresses in `busy` being passed over."""
    query, values = _due_now(account, now, busy, 1)
    with database.reading() as connection:
        return connection.execute(query, values).first() is not None


def _due_now(
    account: str, now: datetime, busy: Collection[int], limit: int, *, locked: bool = False
) -> tuple[Select[*tuple[Any, ...]], dict[str, Any]]:
    values: dict[str, Any] = {"b_account": account, "b_now": now, "b_limit": limit}
    if not busy:
        return _due_locked if locked else _due, values
    return _due_but_locked if locked else _due_but, {**values, "b_busy": list(busy)}


def _one_an_address(rows: Sequence[AnyRow]) -> list[AnyRow]:
    """Keep the first row of each address: what follows waits for its answer, so that order holds."""
    return list({row.address_id: row for row in reversed(rows)}.values())[::-1]


def _sort_out(connection: Connection, keyring: Keyring, rows: Sequence[AnyRow], now: datetime) -> list[Claimed]:
    messages = _messages(connection, {row.message_id for row in rows})
    originals = _originals(connection, messages, rows)
    handles = handles_of(connection, keyring, {row.address_id for row in rows})
    names = people_names(connection, {one for row in messages.values() for one in people_named(row.content)})
    claimed: list[Claimed] = []
    dropped: list[dict[str, Any]] = []
    waiting: list[dict[str, Any]] = []
    loaded: dict[int, Message] = {}
    for row in rows:
        said = messages[row.message_id]
        original = originals.get((said.replaces, row.person_id, row.address_id if row.person_id is None else None))
        if reason := _obsolete(said, original, now):
            dropped.append({"b_id": row.id, "b_why": reason})
            continue
        if original is not None and original.state == "sending":
            waiting.append({"b_id": row.id, "b_until": now + _WAIT_FOR_ORIGINAL})
            continue
        shown = _newest(said, messages)
        if shown.id not in loaded:
            loaded[shown.id] = load_message(shown.content)
        claimed.append(_claimed(row, said, shown, original, loaded[shown.id], handles.get(row.address_id, []), names))
    if dropped:
        connection.execute(_drop, dropped)
    if waiting:
        connection.execute(_wait, waiting)
    return _mark(connection, claimed, now) if claimed else []


def _mark(connection: Connection, claimed: list[Claimed], now: datetime) -> list[Claimed]:
    """Mark them as being sent; return those that still waited when we had the right to write."""
    marked = connection.execute(_sending, [{"b_id": one.id, "b_now": now, "b_shows": one.shows} for one in claimed])
    if marked.rowcount == len(claimed):
        return claimed
    ids = [one.id for one in claimed]
    query = select(delivery.c.id).where(delivery.c.id.in_(ids), delivery.c.state == "sending")
    ours = set(connection.execute(query).scalars())
    return [one for one in claimed if one.id in ours]


def _claimed(
    row: AnyRow,
    said: AnyRow,
    shown: AnyRow,
    original: AnyRow | None,
    content: Message,
    handles: Sequence[Handle],
    names: Mapping[int, str],
) -> Claimed:
    edit_of = original.provider_id if original is not None and original.address_id == row.address_id else None
    return Claimed(
        id=row.id,
        message_id=said.id,
        shows=shown.id,
        content=content,
        severity=Severity(said.severity),
        plugin=said.plugin,
        person_id=row.person_id,
        address_id=row.address_id,
        handles=tuple(handles),
        is_group=bool(row.is_group),
        language=row.language or "",
        formal=bool(row.formal),
        neighbourhood_id=row.neighbourhood_id or row.group_of,
        last_heard_at=row.last_heard_at,
        attempts=row.attempts,
        tried=tuple(row.tried or ()),
        repeat=row.repeat,
        reply_to=row.reply_to,
        edit_of=edit_of,
        is_update=said.replaces is not None,
        names=names,
        queued_at=row.queued_at,
    )


def _messages(connection: Connection, ids: Collection[int]) -> dict[int, AnyRow]:
    """Return the messages, and those that superseded them."""
    found: dict[int, AnyRow] = {}
    wanted = set(ids)
    while wanted:
        rows = connection.execute(_by_id, {"b_ids": list(wanted)}).all()
        found |= {row.id: row for row in rows}
        wanted = {row.superseded_by for row in rows if row.superseded_by} - found.keys()
    return found


def _newest(said: AnyRow, messages: Mapping[int, AnyRow]) -> AnyRow:
    """What an unsent first message shows: the newest text that superseded it. An update shows itself."""
    if said.replaces is None:
        while said.superseded_by and said.superseded_by in messages:
            said = messages[said.superseded_by]
    return said


def _originals(
    connection: Connection, messages: Mapping[int, AnyRow], rows: Sequence[AnyRow]
) -> dict[tuple[int, int | None, int | None], AnyRow]:
    """Return the deliveries that the updates among `rows` are to change, by message and reader."""
    replaced = {messages[row.message_id].replaces for row in rows} - {None}
    if not replaced:
        return {}
    query = select(
        delivery.c.message_id,
        delivery.c.person_id,
        delivery.c.address_id,
        delivery.c.state,
        delivery.c.provider_id,
        delivery.c.shows,
    ).where(
        delivery.c.message_id.in_(replaced),
        or_(
            delivery.c.person_id.in_({row.person_id for row in rows}),
            and_(delivery.c.person_id.is_(None), delivery.c.address_id.in_({row.address_id for row in rows})),
        ),
    )
    return {
        (row.message_id, row.person_id, row.address_id if row.person_id is None else None): row
        for row in connection.execute(query)
    }


def _obsolete(said: AnyRow, original: AnyRow | None, now: datetime) -> str:
    """Return why a message need not be sent any more, or nothing."""
    if said.withdrawn:
        return "withdrawn"
    if said.expires_at is not None and said.expires_at <= now:
        return "expired"
    if said.replaces is not None:
        if said.superseded_by is not None:
            return "superseded"
        if original is None or original.state in ("queued", "failed", "withdrawn"):
            return "replaced what was not sent yet"
        if original.shows == said.id:
            return "shown already"
    return ""


def next_due(database: Database, account: str, after: datetime | None = None) -> datetime | None:
    """Return when the next delivery of an account may leave, or the next after `after`, whatever the pace says."""
    with database.reading() as connection:
        return soonest(connection, account, after)


def soonest(connection: Connection, account: str, after: datetime | None) -> datetime | None:
    """Return the same as `next_due`, over a connection that is open already."""
    values: dict[str, Any] = {"b_account": account}
    query = _soonest if after is None else _soonest_after
    moment: datetime | None = connection.execute(
        query, values if after is None else {**values, "b_after": after}
    ).scalar()
    return moment
