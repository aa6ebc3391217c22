"""The outbox, writing side: messages as they are queued, each with its deliveries or with its audience."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, insert, or_, select, union, update

from buurtwacht.records.audience import Audience
from buurtwacht.records.content import dump_message
from buurtwacht.records.database import AnyRow, Unit
from buurtwacht.records.prepared import Prepared
from buurtwacht.records.schema import address, delivery, message, person
from buurtwacht.records.turns import FEW, GIVE, Turns, turns_for
from buurtwacht.vocabulary.ids import MessageId, PersonId, new_id, new_ids
from buurtwacht.vocabulary.messages import Message, Severity, Thread

_insert_message = Prepared(insert(message))
_insert_delivery = Prepared(insert(delivery))
_looked_at = message.alias("looked_at")
_senders = union(
    select(message.c.id, message.c.plugin).where(message.c.id == bindparam("b_id")),
    select(message.c.id, message.c.plugin)
    .join(
        _looked_at,
        and_(_looked_at.c.thread_plugin == message.c.thread_plugin, _looked_at.c.thread_id == message.c.thread_id),
    )
    .where(_looked_at.c.id == bindparam("b_id"), _looked_at.c.thread_id != 0),
)
_withdraw = update(message).where(message.c.id == bindparam("b_id")).values(withdrawn=True)
_withdraw_thread = (
    update(message)
    .where(
        message.c.plugin == bindparam("b_plugin"),
        message.c.thread_plugin == bindparam("b_plugin"),
        message.c.thread_id == bindparam("b_thread"),
    )
    .values(withdrawn=True)
)
_supersede = (
    update(message)
    .where(
        or_(
            message.c.id == bindparam("b_id"),
            and_(message.c.replaces == bindparam("b_id"), message.c.id != bindparam("b_by")),
        )
    )
    .values(superseded_by=bindparam("b_by"))
)
_renew = (
    update(message)
    .where(
        or_(
            message.c.id == bindparam("b_id"),
            # An update that is on its way to those who were shown the original stays true for them.
            and_(
                message.c.replaces == bindparam("b_id"),
                message.c.audience.is_(None),
                message.c.id != bindparam("b_by"),
            ),
        )
    )
    .values(superseded_by=bindparam("b_by"))
)
#: The lanes of severities, behind that of first words.
RANKS = {Severity.CRITICAL: 1, Severity.URGENT: 2, Severity.NOTICE: 3, Severity.INFO: 4}


def rank(severity: Severity, first_word: bool) -> int:
    """Return the lane: the first word of something new before everything, then by severity."""
    return 0 if first_word else RANKS[severity]


@dataclass(frozen=True, slots=True)
class Place:
    """Where one reader gets one message: an address of an account."""

    address_id: int
    account: str


def post(
    unit: Unit,
    content: Message,
    *,
    plugin: str,
    severity: Severity,
    now: datetime,
    neighbourhood_id: int | None = None,
    thread: Thread | None = None,
    first_word: bool = False,
    expires_at: datetime | None = None,
    audience: Audience | None = None,
    replaces: MessageId | None = None,
    included_in: Collection[MessageId] = (),
) -> MessageId:
    """Write a message with the unit's commit. With an audience it is a broadcast, expanded afterwards.

    One that replaces another and has no audience of its own is for whoever was not yet sent that other. Who is first
    shown one of `included_in`, or a newer version of it, gets no delivery of this one.
    """
    ident = MessageId(new_id())
    row = _message_row(
        ident,
        content,
        plugin=plugin,
        severity=severity,
        now=now,
        neighbourhood_id=neighbourhood_id,
        thread=thread,
        first_word=first_word,
        expires_at=expires_at,
        audience=audience,
        replaces=replaces,
        included_in=included_in,
    )
    unit.write(_insert_message, row)
    if audience is not None:
        unit.after_commit(unit.database.broadcast)
    if replaces is not None:
        unit.write(_renew if audience is None else _supersede, {"b_id": replaces, "b_by": ident})
    return ident


def _message_row(
    ident: MessageId,
    content: Message,
    *,
    plugin: str,
    severity: Severity,
    now: datetime,
    neighbourhood_id: int | None,
    thread: Thread | None,
    first_word: bool = False,
    expires_at: datetime | None = None,
    audience: Audience | None = None,
    replaces: MessageId | None = None,
    included_in: Collection[MessageId] = (),
) -> dict[str, Any]:
    return {
        "id": ident,
        "plugin": plugin,
        "neighbourhood_id": neighbourhood_id,
        "thread_plugin": thread.plugin if thread else "",
        "thread_id": thread.record if thread else 0,
        "thread_short": thread.short if thread else "",
        "standing": content.standing,
        "content": dump_message(content),
        "severity": severity,
        "first_word": first_word,
        "created_at": now,
        "expires_at": expires_at,
        "withdrawn": False,
        "replaces": replaces,
        "included_in": list(included_in) or None,
        "audience": audience.dump() if audience is not None else None,
        "cursor": 0,
        "expanded": audience is None,
    }


def post_each(
    unit: Unit,
    letters: Mapping[PersonId, Message],
    places: Mapping[int, Place],
    *,
    plugin: str,
    severity: Severity,
    now: datetime,
    neighbourhood_id: int | None,
    thread: Thread | None,
    not_before: Mapping[PersonId, datetime],
) -> dict[PersonId, MessageId]:
    """Write a message for each reader alone, and queue it, in two statements. Returns the messages by reader."""
    sent = {one: MessageId(ident) for one, ident in zip(letters, new_ids(len(letters)), strict=True)}
    rows = [
        _message_row(
            sent[one],
            content,
            plugin=plugin,
            severity=severity,
            now=now,
            neighbourhood_id=neighbourhood_id,
            thread=thread,
        )
        for one, content in letters.items()
    ]
    about, lane = thread.record if thread else 0, rank(severity, first_word=False)
    turns = _turns(unit, [places.get(one) for one in letters], lane, neighbourhood_id)
    deliveries = [
        _row(
            ident,
            sent[one],
            one,
            places.get(one),
            lane,
            now,
            not_before.get(one) or now,
            neighbourhood_id,
            about,
            turns,
        )
        for ident, one in zip(new_ids(len(letters)), letters, strict=True)
    ]
    unit.write_all(_insert_message, rows)
    unit.write_all(_insert_delivery, deliveries)
    if turns is not None:
        unit.write_all(GIVE, turns.given())
    return sent


def sent_by(unit: Unit, plugin: str, message_id: MessageId) -> AnyRow | None:
    """Return a message that a plugin sent in an earlier unit."""
    query = select(message).where(message.c.id == message_id, message.c.plugin == plugin)
    row: AnyRow | None = unit.read(query).first()
    return row


def sender_of(unit: Unit, message_id: int) -> str | None:
    """Return the plugin that sent a message in an earlier unit; None where there is none.

    The other messages of its thread are looked up with it: who changes one often changes all.
    """
    if message_id not in unit.senders:
        rows = unit.read(_senders, {"b_id": message_id}).all()
        unit.senders.update({row.id: row.plugin for row in rows})
    return unit.senders.get(message_id)


def withdraw(unit: Unit, message_id: int) -> None:
    """Take a message back from all who were not yet sent it."""
    unit.write(_withdraw, {"b_id": message_id})


def withdraw_thread(unit: Unit, thread: Thread) -> None:
    """Take back all that a plugin said so far about a record of its own, from all who were not yet sent it."""
    unit.write(_withdraw_thread, {"b_plugin": thread.plugin, "b_thread": thread.record})


def queue(
    unit: Unit,
    message_id: MessageId,
    to: Sequence[tuple[int | None, Place | None]],
    *,
    severity: Severity,
    now: datetime,
    neighbourhood_id: int | None = None,
    thread_id: int = 0,
    first_word: bool = False,
    not_before: datetime | None = None,
    reply_to: str | None = None,
) -> None:
    """Queue a message for people, each at a place; somebody without a place is on record as not reached."""
    lane = rank(severity, first_word)
    turns = _turns(unit, [place for _, place in to], lane, neighbourhood_id)
    rows = [
        _row(
            ident,
            message_id,
            person_id,
            place,
            lane,
            now,
            not_before or now,
            neighbourhood_id,
            thread_id,
            turns,
            reply_to,
        )
        for ident, (person_id, place) in zip(new_ids(len(to)), to, strict=True)
    ]
    unit.write_all(_insert_delivery, rows)
    if turns is not None:
        unit.write_all(GIVE, turns.given())


def _turns(
    connection: Connection | Unit, places: Collection[Place | None], lane: int, neighbourhood_id: int | None
) -> Turns | None:
    """Return the turns that deliveries at these places take; None when they are few, and take none."""
    if len(places) <= FEW:
        return None
    return turns_for(connection, {place.account for place in places if place}, lane, neighbourhood_id)


def _row(
    ident: int,
    message_id: int,
    person_id: int | None,
    place: Place | None,
    lane: int,
    now: datetime,
    not_before: datetime,
    neighbourhood_id: int | None,
    thread_id: int,
    turns: Turns | None = None,
    reply_to: str | None = None,
) -> dict[str, Any]:
    return {
        "id": ident,
        "message_id": message_id,
        "person_id": person_id,
        "address_id": place.address_id if place else None,
        "account": place.account if place else "",
        "neighbourhood_id": neighbourhood_id,
        "thread_id": thread_id,
        "rank": lane,
        "turn": turns.next(place.account) if turns and place else 0,
        "state": "queued" if place else "failed",
        "reason": "" if place else "no address",
        "attempts": 0,
        "repeat": False,
        "reply_to": reply_to,
        "put_off": False,
        "not_before": not_before,
        "queued_at": now,
    }


def places_of(
    connection: Connection | Unit, people: Collection[int], *, without: Iterable[int] = (), second: bool = False
) -> dict[int, Place]:
    """Return the best address that works of each person: the one he prefers, else the next.

    With `second`, the one after that, for who has more than one.
    """
    if not people:
        return {}
    query = (
        select(address.c.person_id, address.c.id, address.c.account)
        .where(address.c.person_id.in_(people), address.c.reachable.is_(True), address.c.is_group.is_(False))
        .order_by(address.c.position, address.c.id)
    )
    excluded = set(without)
    if excluded:
        query = query.where(address.c.id.not_in(excluded))
    rows = connection.read(query) if isinstance(connection, Unit) else connection.execute(query)
    found: dict[int, list[Place]] = {}
    for who, ident, account in map(tuple, rows):
        found.setdefault(who, []).append(Place(ident, account))
    return {who: own[1] if second and len(own) > 1 else own[0] for who, own in found.items()}


def people_names(connection: Connection, ids: Collection[int]) -> dict[int, str]:
    """Return display names by id; who was erased is absent."""
    if not ids:
        return {}
    query = select(person.c.id, person.c.name).where(person.c.id.in_(ids), person.c.erased_at.is_(None))
    return {row[0]: row[1] for row in connection.execute(query)}
