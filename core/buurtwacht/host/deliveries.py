"""Deliveries as a plugin may read them: how each message about a record fared on its way to somebody."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from buurtwacht.records.audience import ARRIVED
from buurtwacht.records.schema import address, delivery, message
from buurtwacht.vocabulary.ids import MessageId, PersonId
from buurtwacht.vocabulary.messages import Thread

if TYPE_CHECKING:
    from buurtwacht.records.database import Unit


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
