"""What was never sent because it was over by then: counted, so that it can be said to those whom it concerns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, func, literal_column, or_, select

from buurtwacht.records.database import Unit
from buurtwacht.records.schema import delivery, message


def is_waited_for(unit: Unit, account: str) -> bool:
    """Return whether anything is still to be sent over an account, what waits for the morning apart."""
    query = select(delivery.c.id).where(
        delivery.c.state.in_((literal_column("'queued'"), literal_column("'sending'"))),
        delivery.c.account == account,
        delivery.c.put_off.is_(False),
    )
    return unit.read(query.limit(1)).first() is not None


def dropped(unit: Unit, account: str, since: datetime, now: datetime) -> Mapping[int, Mapping[str, int]]:
    """Return how many people were to be told over an account and no longer are, by neighbourhood and short id.

    Of what was put aside since a moment, and of what waits and will be: withdrawn because it is over, or expired. What
    a newer message replaced is not among it, nor what only waited for the morning.
    """
    is_over = or_(message.c.withdrawn.is_(True), and_(message.c.expires_at.is_not(None), message.c.expires_at <= now))
    query = (
        select(message.c.neighbourhood_id, message.c.thread_short, func.count(delivery.c.person_id.distinct()))
        .join(message, message.c.id == delivery.c.message_id)
        .where(
            delivery.c.account == account,
            delivery.c.put_off.is_(False),
            message.c.neighbourhood_id.is_not(None),
            message.c.thread_short != "",
            or_(
                and_(delivery.c.state == "queued", is_over),
                and_(
                    delivery.c.state == "withdrawn",
                    delivery.c.reason.in_(("withdrawn", "expired")),
                    # It waited while the account was of no use, or was on its way when that began.
                    or_(delivery.c.queued_at >= since, delivery.c.not_before >= since),
                ),
            ),
        )
        .group_by(message.c.neighbourhood_id, message.c.thread_short)
        .order_by(message.c.thread_short)
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for place, short, count in map(tuple, unit.read(query)):
        if count:
            found[place][short] = count
    return found
