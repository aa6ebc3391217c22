"""What a restored backup had waiting: it may have left since the backup was made, and nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, or_, update

from buurtwacht.records.schema import delivery, message

#: Why such a delivery is unknown.
REASON = "restored from a backup"


@dataclass(frozen=True, slots=True)
class Held:
    """How much was held back: deliveries, and messages whose readers were not listed yet."""

    deliveries: int
    messages: int


def hold_back(connection: Connection, now: datetime) -> Held:
    """Mark as unknown what waited to be sent when the backup was made, and say how much that was.

    What is not to leave before `now`, such as a digest of the morning to come, cannot have left: it is kept waiting.
    """
    waited = or_(
        delivery.c.state == "sending",
        and_(delivery.c.state == "queued", delivery.c.not_before <= now),
    )
    deliveries = connection.execute(update(delivery).where(waited).values(state="unknown", reason=REASON)).rowcount
    unlisted = update(message).where(message.c.expanded.is_(False)).values(expanded=True)
    return Held(deliveries, connection.execute(unlisted).rowcount)
