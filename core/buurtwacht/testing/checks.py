"""The checks at the end of a world: what no test has to ask for, because it must never happen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select

from buurtwacht.host.auditing import suspicions
from buurtwacht.records.database import Database
from buurtwacht.records.schema import delivery, message, person
from buurtwacht.testing.messengers import complaints
from buurtwacht.testing.sightings import ARRIVED

if TYPE_CHECKING:
    from buurtwacht.testing.world import World

#: What says the same about the same thing within this is a copy; later it is a reminder.
_TOGETHER = timedelta(minutes=1)
#: States that say what became of something that a provider took.
_STATED = (*ARRIVED, "failed", "unknown", "withdrawn")


def problems(world: World) -> list[str]:
    """Return everything that is wrong, in words; nothing when the world ended well."""
    return [
        *_loose_ends(world),
        *_copies(world.database),
        *_torn_digests(world.database),
        *_stateless(world),
        *(f"logged by {plugin or 'the core'}: {line}" for plugin, line in world.journal.errors),
        *(f"a provider would have refused it: {one}" for one in complaints(list(world.messengers.values()))),
    ]


def _loose_ends(world: World) -> Iterator[str]:
    """What the self-audit would find: something that is under way and does not go on, or counts that differ."""
    found, _ = suspicions(world._core, world._core.clock.now())
    for one in found:
        yield f"the self-audit found {one.code}: {one.plugin or 'the core'} {one.short or one.record} ({one.called})"


def _copies(database: Database) -> Iterator[str]:
    """Two copies of one thing: a message twice, two first words of one thing, or the same said twice at once."""
    query = (
        select(delivery, message, person.c.name)
        .join(message, message.c.id == delivery.c.message_id)
        .join(person, person.c.id == delivery.c.person_id)
        .where(
            delivery.c.state.in_(ARRIVED),
            delivery.c.repeat.is_(False),
            message.c.replaces.is_(None),
            or_(message.c.audience.is_not(None), message.c.thread_id != 0),
        )
        .order_by(delivery.c.person_id, delivery.c.sent_at)
    )
    with database.reading() as connection:
        rows: list[Any] = list(connection.execute(query))
    earlier: dict[int, list[Any]] = {}
    for row in rows:
        for other in earlier.setdefault(row.person_id, []):
            if reason := _why_copy(other, row):
                key = row.content["text"]["t"]
                yield f"{row.name} has two copies of one thing ({row.plugin}: {key}): {reason}"
        earlier[row.person_id].append(row)


def _why_copy(one: Any, other: Any) -> str:
    if one.message_id == other.message_id:
        return "the same message twice"
    same_thread = one.thread_id and (one.thread_plugin, one.thread_id) == (other.thread_plugin, other.thread_id)
    if not same_thread:
        return ""
    if one.first_word and other.first_word:
        return "two first words about it"
    is_broadcast = one.audience is not None or other.audience is not None
    if is_broadcast and one.content == other.content and other.created_at - one.created_at < _TOGETHER:
        return "the same words twice within a minute"
    return ""


def _torn_digests(database: Database) -> Iterator[str]:
    """Digests of which one part is said to have arrived and another not: they were one message."""
    query = (
        select(delivery.c.account, delivery.c.provider_id)
        .where(delivery.c.digested.is_(True), delivery.c.provider_id.is_not(None))
        .group_by(delivery.c.account, delivery.c.provider_id)
        .having(func.count(delivery.c.state.distinct()) > 1)
    )
    with database.reading() as connection:
        for account, _ in connection.execute(query):
            yield f"the parts of one digest on {account} are in different states"


def _stateless(world: World) -> Iterator[str]:
    """Deliveries of which nobody can say what became of them, although a provider has answered."""
    taken = {one.outgoing.delivery for one in world.attempts if one.provider_id is not None}
    stuck = delivery.c.state == "sending"
    lost = and_(delivery.c.id.in_(taken), delivery.c.state.not_in(_STATED), delivery.c.repeat.is_(False))
    query = select(delivery.c.id, delivery.c.account, delivery.c.state).where(or_(stuck, lost))
    with world.database.reading() as connection:
        for ident, account, state in connection.execute(query):
            yield f"delivery {ident} on {account} was answered by the provider and is still {state}"
