"""The outbox, reading side: which deliveries of an account may leave now, and everything needed to send them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import Connection, bindparam, select, update

from buurtwacht.records.content import load_message, people_named, people_numbered
from buurtwacht.records.database import AnyRow
from buurtwacht.records.digests import DIGEST, Part, parts_of, pending
from buurtwacht.records.due import FREE, Taken, due_now
from buurtwacht.records.handles import handles_of
from buurtwacht.records.keys import Keyring
from buurtwacht.records.numbers import people_numbers
from buurtwacht.records.outbox import people_names
from buurtwacht.records.prepared import Prepared
from buurtwacht.records.schema import delivery
from buurtwacht.records.turns import serve
from buurtwacht.records.versions import Standing, Versions, versions
from buurtwacht.vocabulary.events import Handle
from buurtwacht.vocabulary.messages import Message, Severity

#: An update waits this long for the message it is to change, while that is being sent.
_WAIT_FOR_ORIGINAL = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours to send now, with its message, its reader and where he stands.

    Several that leave as one digest are one of these: it bears the name of the first, and `parts` holds all of them.
    """

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
    #: what it is about: an opaque key, and behind a space the short id that people type
    thread: str = ""
    parts: tuple[Part, ...] = ()
    #: telephone numbers by person, of those that are shown
    numbers: Mapping[int, str] = field(default_factory=dict)
    #: its lane: what is lower leaves before it
    rank: int = 0

    @property
    def beside(self) -> tuple[int, ...]:
        """The deliveries that leave within the same message, without the one it is named after."""
        return tuple(one.delivery for one in self.parts if one.delivery != self.id)


#: Says which parts of a digest fit into one message, and can be said at all.
Fitting: TypeAlias = Callable[[Claimed], tuple[Part, ...]]


_sending = Prepared(
    update(delivery)
    .where(delivery.c.id == bindparam("b_id"), delivery.c.state == "queued")
    .values(
        state="sending",
        sending_at=bindparam("b_now"),
        shows=bindparam("b_shows"),
        digested=bindparam("b_digested", type_=delivery.c.digested.type),
    )
)
_drop = update(delivery).where(delivery.c.id == bindparam("b_id")).values(state="withdrawn", reason=bindparam("b_why"))
_wait = update(delivery).where(delivery.c.id == bindparam("b_id")).values(not_before=bindparam("b_until"))
_give_back = update(delivery).where(delivery.c.id == bindparam("b_id")).values(state="queued")


def claim(
    connection: Connection,
    keyring: Keyring,
    account: str,
    now: datetime,
    limit: int,
    taken: Taken = FREE,
    fitting: Fitting = lambda digest: digest.parts,
) -> tuple[list[Claimed], bool]:
    """Take up to `limit` deliveries of an account that may leave now, and mark them `sending`; return also whether
    there may be more.

    `taken` says what is passed over, `fitting` how much goes into one digest. What is no longer true (withdrawn,
    expired) is put aside here. On SQLite the lock for writing is taken only once there is something to
    write.
    """
    query, values = due_now(account, now, taken, limit, locked=connection.dialect.name != "sqlite")
    while True:
        rows = query.read(connection, values).all()
        mine = _one_an_address(rows)
        claimed = _sort_out(connection, keyring, mine, now, fitting) if mine else []
        # When some of them were put aside, what stands behind them may be due as well.
        if claimed or not rows:
            serve(connection, account, mine if claimed else ())
            return claimed, len(rows) == limit or len(claimed) < len(mine)


def _one_an_address(rows: Sequence[AnyRow]) -> list[AnyRow]:
    """Keep the first row of each address: what follows waits for its answer, so that order holds."""
    return list({row.address_id: row for row in reversed(rows)}.values())[::-1]


def _sort_out(
    connection: Connection, keyring: Keyring, rows: Sequence[AnyRow], now: datetime, fitting: Fitting
) -> list[Claimed]:
    sleepers = {row.address_id for row in rows if row.put_off}
    waiting = pending(connection, sleepers) if sleepers else {}
    known = versions(connection, [*rows, *(one for others in waiting.values() for one in others)])
    handles = handles_of(connection, keyring, {row.address_id for row in rows})
    contents = [row.content for row in known.messages.values()]
    names = people_names(connection, {one for content in contents for one in people_named(content)})
    numbers = people_numbers(connection, keyring, {one for content in contents for one in people_numbered(content)})
    claimed: list[Claimed] = []
    dropped: list[dict[str, Any]] = []
    delayed: list[dict[str, Any]] = []
    loaded: dict[int, Message] = {}
    for row in rows:
        standing = known.standing(row, now)
        if standing.reason:
            dropped.append({"b_id": row.id, "b_why": standing.reason})
            continue
        if standing.waits:
            delayed.append({"b_id": row.id, "b_until": now + _WAIT_FOR_ORIGINAL})
            continue
        shown = known.newest(known.messages[row.message_id])
        if shown.id not in loaded:
            loaded[shown.id] = load_message(shown.content)
        one = _claimed(row, known, standing, loaded[shown.id], handles.get(row.address_id, []), names, numbers)
        parts = parts_of(waiting[row.address_id], row.person_id, known, now) if row.put_off else ()
        claimed.append(_digest(one, parts, fitting))
    if dropped:
        connection.execute(_drop, dropped)
    if delayed:
        connection.execute(_wait, delayed)
    return _mark(connection, claimed, now) if claimed else []


def _mark(connection: Connection, claimed: list[Claimed], now: datetime) -> list[Claimed]:
    """Mark them as being sent; return those that still waited when we had the right to write."""
    rows = [row for one in claimed for row in _marks(one, now)]
    if _sending.write(connection, rows) == len(rows):
        return claimed
    query = select(delivery.c.id).where(
        delivery.c.id.in_([row["b_id"] for row in rows]), delivery.c.state == "sending", delivery.c.sending_at == now
    )
    ours = set(connection.execute(query).scalars())
    whole = [one for one in claimed if ours.issuperset((one.id, *one.beside))]
    # Of a digest that somebody took a part from, the rest is gathered anew.
    left = ours - {ident for one in whole for ident in (one.id, *one.beside)}
    if left:
        connection.execute(_give_back, [{"b_id": ident} for ident in left])
    return whole


def take_back(connection: Connection, marked: Mapping[int, datetime]) -> set[int]:
    """Queue again what we marked as being sent, each at its moment, in transactions of whose end we did not hear: none
    of it has left. Return those whose end is known now; what such a transaction still locks is not among them.
    """
    ours = delivery.c.id.in_(marked)
    there = set(connection.execute(select(delivery.c.id).where(ours)).scalars())
    query = select(delivery.c.id, delivery.c.state, delivery.c.sending_at).where(ours)
    free = connection.execute(query.with_for_update(skip_locked=True)).all()
    # Of another moment: somebody else took it since, and may have sent it.
    back = [row.id for row in free if row.state == "sending" and row.sending_at == marked[row.id]]
    if back:
        connection.execute(_give_back, [{"b_id": ident} for ident in back])
    return (marked.keys() - there) | {row.id for row in free}


def _marks(one: Claimed, now: datetime) -> list[dict[str, Any]]:
    shown: list[tuple[int, int]] = [(part.delivery, part.shows) for part in one.parts] or [(one.id, one.shows)]
    return [{"b_id": ident, "b_now": now, "b_shows": shows, "b_digested": bool(one.parts)} for ident, shows in shown]


def _claimed(
    row: AnyRow,
    known: Versions,
    standing: Standing,
    content: Message,
    handles: Sequence[Handle],
    names: Mapping[int, str],
    numbers: Mapping[int, str],
) -> Claimed:
    said, original = known.messages[row.message_id], standing.original
    # A digest is never edited into one of its parts.
    can_edit = original is not None and original.address_id == row.address_id and not original.digested
    return Claimed(
        id=row.id,
        message_id=said.id,
        shows=known.newest(said).id,
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
        edit_of=original.provider_id if original is not None and can_edit else None,
        is_update=said.replaces is not None,
        names=names,
        numbers=numbers,
        rank=row.rank,
        queued_at=row.queued_at,
        thread=f"{said.thread_plugin}:{said.thread_id} {said.thread_short}".rstrip() if said.thread_plugin else "",
    )


def _digest(one: Claimed, parts: tuple[Part, ...], fitting: Fitting) -> Claimed:
    """Return the digest that leaves in place of one delivery, or that delivery as it is when nothing goes with it."""
    if len(parts) < 2 or one.id not in {part.delivery for part in parts}:
        return one
    fit = fitting(_named_after_first(one, parts))
    return _named_after_first(one, fit) if len(fit) > 1 else one


def _named_after_first(one: Claimed, parts: tuple[Part, ...]) -> Claimed:
    first = parts[0]
    return replace(
        one,
        id=first.delivery,
        message_id=first.message_id,
        shows=first.shows,
        content=DIGEST,
        severity=min((part.severity for part in parts), key=list(Severity).index),
        plugin="core",
        neighbourhood_id=first.neighbourhood_id,
        reply_to=None,
        edit_of=None,
        is_update=False,
        queued_at=first.queued_at,
        thread="",
        parts=parts,
    )
