"""Digests: what quiet hours put off leaves together, as one message for each reader (R53)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, literal_column, select

from buurtwacht.records.content import load_message
from buurtwacht.records.database import AnyRow
from buurtwacht.records.schema import delivery
from buurtwacht.records.versions import Versions
from buurtwacht.vocabulary.messages import Message, Severity, Text

#: What a digest is called where one message has one text, such as in a log line.
DIGEST = Message(Text("message.digest", domain="core"))

_pending = (
    select(
        delivery.c.id,
        delivery.c.message_id,
        delivery.c.person_id,
        delivery.c.address_id,
        delivery.c.neighbourhood_id,
        delivery.c.thread_id,
        delivery.c.state,
        delivery.c.put_off,
        delivery.c.attempts,
        delivery.c.repeat,
        delivery.c.not_before,
        delivery.c.queued_at,
    )
    .where(
        delivery.c.address_id.in_(bindparam("b_addresses", expanding=True)),
        # Written out, not bound, for the index of only these states.
        delivery.c.state.in_((literal_column("'queued'"), literal_column("'sending'"))),
    )
    .order_by(delivery.c.id)
)


@dataclass(frozen=True, slots=True)
class Part:
    """One delivery within a digest: what it shows, and through which neighbourhood its reader gets it."""

    delivery: int
    message_id: int
    shows: int
    content: Message
    severity: Severity
    neighbourhood_id: int | None
    queued_at: datetime


def pending(connection: Connection, addresses: Collection[int]) -> Mapping[int, Sequence[AnyRow]]:
    """Return all that waits for these addresses, by address, the oldest first."""
    found: dict[int, list[AnyRow]] = defaultdict(list)
    for row in connection.execute(_pending, {"b_addresses": list(addresses)}):
        found[row.address_id].append(row)
    return found


def parts_of(waiting: Sequence[AnyRow], reader: int, known: Versions, now: datetime) -> tuple[Part, ...]:
    """Return what of all that waits for an address may leave now in one digest for this reader, the oldest first.

    Order holds within a thread: what stands behind something that goes by itself waits for it.
    """
    parts: list[Part] = []
    blocked: set[int] = set()
    for row in waiting:
        standing = known.standing(row, now)
        if standing.reason:
            continue
        content = None if standing.waits else _content(row, reader, known, now)
        if content is not None and row.thread_id not in blocked:
            parts.append(_part(row, known, content))
        elif row.thread_id and _is_in_the_way(row, now):
            blocked.add(row.thread_id)
    return tuple(parts)


def _content(row: AnyRow, reader: int, known: Versions, now: datetime) -> Message | None:
    """Return what a delivery adds to a digest, or None when it goes by itself."""
    said = known.messages[row.message_id]
    is_due = row.put_off and row.state == "queued" and row.not_before <= now and row.person_id == reader
    if not is_due or row.repeat or said.replaces is not None:
        return None
    content = load_message(known.newest(said).content)
    return None if content.choices or content.attachments or content.location is not None else content


def _is_in_the_way(row: AnyRow, now: datetime) -> bool:
    """Whether what comes later in the same thread waits for this: not for what sleeps until the morning."""
    return not (row.put_off and row.attempts == 0 and row.not_before > now)


def _part(row: AnyRow, known: Versions, content: Message) -> Part:
    said = known.messages[row.message_id]
    return Part(
        delivery=row.id,
        message_id=said.id,
        shows=known.newest(said).id,
        content=content,
        severity=Severity(said.severity),
        neighbourhood_id=row.neighbourhood_id,
        queued_at=row.queued_at,
    )
