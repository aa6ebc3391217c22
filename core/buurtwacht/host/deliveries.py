"""Deliveries as a plugin may read them: how messages about a record fared on their way to people."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from buurtwacht.records.audience import ARRIVED
from buurtwacht.records.schema import address, delivery, message
from buurtwacht.vocabulary.ids import MessageId, PersonId, RecordId
from buurtwacht.vocabulary.messages import Thread

if TYPE_CHECKING:
    from buurtwacht.records.database import Unit

#: What can become of a delivery.
_BEST_FIRST = ("read", "delivered", "sent", "unknown", "sending", "queued", "failed", "withdrawn")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message on its way to one person: over which account, and how far it came. It holds no address (R58).

    `state` is queued, sending, sent, delivered, read, failed, unknown or withdrawn, `reason` why it is not further.
    Times are aware, in UTC; None: not, or not that anybody knows.
    """

    message: MessageId
    person: PersonId
    #: empty when there was no address that works
    account: str
    #: the accounts that were tried in vain before
    tried: tuple[str, ...]
    state: str
    reason: str
    #: whether it has been tried
    attempted: bool
    #: left as a part of a digest
    digested: bool
    queued_at: datetime
    #: it leaves no earlier than this
    not_before: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None

    @property
    def arrived(self) -> bool:
        """Whether it counts as arrived (sent, delivered or read)."""
        return self.state in ARRIVED


@dataclass(frozen=True, slots=True)
class Reached:
    """How one person fared with the messages about a thread: the best state of any of them, and the last reason."""

    person: PersonId
    state: str
    reason: str
    #: put off until the end of his quiet hours
    put_off: bool = False

    @property
    def arrived(self) -> bool:
        """Whether it counts as arrived (sent, delivered or read)."""
        return self.state in ARRIVED


def deliveries_of(unit: Unit, thread: Thread, people: Collection[PersonId]) -> list[Delivery]:
    """Return the deliveries to some people of the messages about a thread, the oldest first."""
    query = (
        select(delivery)
        .join(message, message.c.id == delivery.c.message_id)
        .where(
            message.c.thread_plugin == thread.plugin,
            message.c.thread_id == thread.record,
            delivery.c.person_id.in_(people),
        )
        .order_by(delivery.c.id)
    )
    rows = unit.read(query).all()
    tried = {one for row in rows for one in row.tried or ()}
    names: dict[int, str] = {}
    if tried:
        found = unit.read(select(address.c.id, address.c.account).where(address.c.id.in_(tried)))
        names = dict(map(tuple, found))
    return [
        Delivery(
            message=MessageId(row.message_id),
            person=PersonId(row.person_id),
            account=row.account,
            tried=tuple(names[one] for one in row.tried or () if one in names),
            state=row.state,
            reason=row.reason,
            attempted=bool(row.attempts or row.tried or row.sending_at),
            digested=row.digested,
            queued_at=row.queued_at,
            not_before=row.not_before,
            sent_at=row.sent_at,
            delivered_at=row.delivered_at,
            read_at=row.read_at,
        )
        for row in rows
    ]


def reached_of(unit: Unit, thread: Thread, since: datetime | None) -> list[Reached]:
    """Return how everybody fared with the messages about a thread, or only those `since` then."""
    recent = () if since is None else (message.c.created_at >= since,)
    query = (
        select(delivery.c.person_id, delivery.c.state, delivery.c.reason, delivery.c.put_off)
        .join(message, message.c.id == delivery.c.message_id)
        .where(
            message.c.thread_plugin == thread.plugin,
            message.c.thread_id == thread.record,
            delivery.c.person_id.is_not(None),
            *recent,
        )
        .order_by(delivery.c.id)
    )
    best: dict[int, Reached] = {}
    for person_id, state, reason, put_off in map(tuple, unit.read(query)):
        known = best.get(person_id)
        if known is None or _BEST_FIRST.index(state) < _BEST_FIRST.index(known.state):
            best[person_id] = Reached(PersonId(person_id), state, reason, put_off)
    return list(best.values())


def shown_to(unit: Unit, who: PersonId, plugin: str, since: datetime) -> list[RecordId]:
    """Return the records of a plugin about which somebody was shown something since a moment, the newest first."""
    newest = func.max(message.c.created_at)
    query = (
        select(message.c.thread_id)
        .join(delivery, delivery.c.message_id == message.c.id)
        .where(
            delivery.c.person_id == who,
            delivery.c.state.in_((*ARRIVED, "unknown")),
            message.c.thread_plugin == plugin,
            message.c.created_at >= since,
        )
        .group_by(message.c.thread_id)
        .order_by(newest.desc(), message.c.thread_id.desc())
    )
    return [RecordId(row[0]) for row in unit.read(query)]
