"""How many members of some neighbourhoods were reached by what was said about a thread: one query, each person once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, case, cast, func, or_, select

from buurtwacht.records.audience import ARRIVED
from buurtwacht.records.database import Unit
from buurtwacht.records.schema import delivery, membership, message, person
from buurtwacht.vocabulary.messages import Thread
from buurtwacht.vocabulary.mutes import Mute


@dataclass(frozen=True, slots=True)
class Fared:
    """How the members of some neighbourhoods fared with the messages about a thread. The parts add up to `members`."""

    #: distinct people
    members: int = 0
    #: shown at least one of the messages (sent, delivered, read)
    delivered: int = 0
    #: no way to reach them was left
    failed: int = 0
    #: they want nothing from this kind of sender
    refused: int = 0
    #: they muted
    muted: int = 0
    #: put off, on its way, not begun yet, or nobody knows whether it arrived
    under_way: int = 0


def fared(unit: Unit, thread: Thread, neighbourhoods: Collection[int], now: datetime, *, refusing: str = "") -> Fared:
    """Count the active members of neighbourhoods by how they fared: the best state of any message about the thread.

    Who refuses the kind of sender `refusing`, or is muted, counts as that when nothing was on its way to him.
    """
    if not neighbourhoods:
        return Fared()
    order = case((delivery.c.state.in_(ARRIVED), 0), (delivery.c.state.in_(("failed", "withdrawn")), 2), else_=1)
    best = (
        select(delivery.c.person_id, func.min(order).label("best"))
        .join(message, message.c.id == delivery.c.message_id)
        .where(message.c.thread_plugin == thread.plugin, message.c.thread_id == thread.record)
        .where(delivery.c.person_id.is_not(None))
        .group_by(delivery.c.person_id)
        .subquery()
    )
    here = select(membership.c.person_id).where(
        membership.c.neighbourhood_id.in_(list(neighbourhoods)), membership.c.state == "active"
    )
    how = case(
        (best.c.best == 0, "delivered"),
        (best.c.best == 1, "under_way"),
        (best.c.best == 2, "failed"),
        (_refuses(refusing), "refused"),
        (_is_muted(now), "muted"),
        else_="under_way",
    )
    each = (
        select(how.label("how"))
        .select_from(person)
        .outerjoin(best, best.c.person_id == person.c.id)
        .where(person.c.id.in_(here), person.c.erased_at.is_(None))
        .subquery()
    )
    rows = unit.read(select(each.c.how, func.count()).group_by(each.c.how))
    counts = {str(row[0]): int(row[1]) for row in rows}
    return Fared(members=sum(counts.values()), **counts)


def _refuses(kind: str) -> ColumnElement[bool]:
    # As JSON it stands between quotes, so that no kind is found in the name of another.
    return cast(person.c.refuses, String).contains(f'"{kind or "-"}"', autoescape=True)


def _is_muted(now: datetime) -> ColumnElement[bool]:
    return and_(person.c.mutes != Mute.NOTHING, or_(person.c.muted_until.is_(None), person.c.muted_until > now))
