"""What left a moment ago over an account: where its process, before it ended, or another one stopped in its pace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from buurtwacht.records.database import Database
from buurtwacht.records.schema import delivery
from buurtwacht.vocabulary.ids import oldest_id

#: The longest an answer takes (an upload that is waited for), so that what was taken before it may have left after it.
_ANSWER = timedelta(minutes=2)
#: What was queued longer ago than this and leaves only now is so rare that no start looks through a month for it.
_QUEUED_WITHIN = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Departure:
    """A message that left for an address, when it was answered at the latest."""

    at: datetime
    address: int
    is_group: bool


def departures(database: Database, account: str, now: datetime, memory: timedelta) -> Sequence[Departure]:
    """Return what left within `memory` before `now`, in order; what is being sent counts as leaving now."""
    row = delivery.c
    query = select(row.address_id, row.person_id, row.state, row.sending_at, row.sent_at, row.digested).where(
        row.id >= oldest_id(_QUEUED_WITHIN),
        row.account == account,
        row.sending_at > now - memory - _ANSWER,
        row.address_id.is_not(None),
    )
    found: set[tuple[datetime, int, bool, int]] = set()
    with database.reading() as connection:
        for serial, one in enumerate(connection.execute(query), 1):
            at = now if one.state == "sending" else min(now, max(one.sending_at, one.sent_at or one.sending_at))
            if at > now - memory:
                # The parts of a digest left as one message.
                found.add((at, one.address_id, one.person_id is None, 0 if one.digested else serial))
    return [Departure(at, address, is_group) for at, address, is_group, _ in sorted(found)]
