"""Expansion: a broadcast becomes a delivery for each of its readers, some hundreds in a transaction.

What is read, and what each row says, is settled before the lock of all who write is taken: it is held while rows are
added, and no longer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, false, func, insert, select, update

from buurtwacht.records.audience import Audience
from buurtwacht.records.database import AnyRow, Database
from buurtwacht.records.neighbourhoods import Neighbourhoods
from buurtwacht.records.outbox import RANKS, rank
from buurtwacht.records.prepared import Prepared
from buurtwacht.records.schema import address, delivery, membership, message, person
from buurtwacht.records.turns import FEW, GIVE, Turns, turns_for
from buurtwacht.vocabulary.errors import Replay, StoreUnavailable
from buurtwacht.vocabulary.ids import new_ids
from buurtwacht.vocabulary.messages import Severity

#: For how many people one transaction adds deliveries, so that no other commit waits long: a few milliseconds' worth.
CHUNK = 500
#: How many people are looked up at once. Something more pressing waits for no more than these.
LOOK = 2000

_unexpanded = (
    select(
        message.c.id,
        message.c.audience,
        message.c.cursor,
        message.c.severity,
        message.c.first_word,
        message.c.neighbourhood_id,
        message.c.thread_id,
        message.c.replaces,
    )
    # "= false" and not "IS false", for the index of only these.
    .where(message.c.expanded == false())
    .order_by(
        case(
            (message.c.first_word.is_(True), 0), *((message.c.severity == one, place) for one, place in RANKS.items())
        ),
        message.c.id,
    )
    .limit(1)
)
_next = Prepared(_unexpanded)
_next_but = Prepared(_unexpanded.where(message.c.id.not_in(bindparam("b_without", expanding=True))))
_advance = Prepared(
    update(message)
    .where(message.c.id == bindparam("b_id"), message.c.cursor == bindparam("b_cursor"))
    .values(
        cursor=bindparam("b_next"),
        expanded=bindparam("b_expanded"),
        # counted apart, so that the self-audit can prove that each of them has a delivery
        readers=func.coalesce(message.c.readers, 0) + bindparam("b_readers"),
    )
)
_insert = Prepared(insert(delivery))
#: In what the deliveries of one broadcast differ.
_OWN = (
    "id",
    "person_id",
    "address_id",
    "account",
    "neighbourhood_id",
    "turn",
    "state",
    "reason",
    "put_off",
    "not_before",
)
_best_address = (
    select(address.c.id)
    .where(address.c.person_id == person.c.id, address.c.reachable.is_(True), address.c.is_group.is_(False))
    .order_by(address.c.position, address.c.id)
    .limit(1)
    .correlate(person)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class _Look:
    """A broadcast, and what is known of the people who are its next readers."""

    broadcast: AnyRow
    audience: Audience
    severity: Severity
    lane: int
    people: Sequence[AnyRow]
    home: Mapping[int, int]
    groups: Sequence[tuple[int, str, int]]
    #: None when so few are told that they take none
    turns: Turns | None


class CannotExpand(Exception):
    """One broadcast cannot be expanded, for a reason of its own; those behind it can."""

    def __init__(self, broadcast: int) -> None:
        super().__init__(f"broadcast {broadcast}")
        self.broadcast = broadcast


def expand(
    database: Database, neighbourhoods: Neighbourhoods, now: datetime, without: Collection[int] = frozenset()
) -> int:
    """Write the next deliveries of the most pressing broadcast; return how many people were looked at.

    `without` are broadcasts to pass over. Returns -1 when nothing waits to be expanded. Safe beside other processes: a
    chunk is written once, and `Replay` is raised by whoever comes second. Raises `StoreUnavailable` and `CannotExpand`.
    """
    with database.reading() as connection:
        if without:
            broadcast = _next_but.read(connection, {"b_without": list(without)}).one_or_none()
        else:
            broadcast = _next.read(connection, {}).one_or_none()
    if broadcast is None:
        return -1
    try:
        return _expand(database, broadcast, neighbourhoods, now)
    except (StoreUnavailable, Replay):
        raise
    except Exception as error:
        raise CannotExpand(broadcast.id) from error


def _expand(database: Database, broadcast: AnyRow, neighbourhoods: Neighbourhoods, now: datetime) -> int:
    with database.reading() as connection:
        look = _look(connection, broadcast)
    cursor = broadcast.cursor
    same = _same(broadcast, look.lane, now)
    for start in range(0, max(1, len(look.people)), CHUNK):
        part = look.people[start : start + CHUNK]
        rows = [*_personal(look, part, neighbourhoods, now), *(_posted(look, now) if start == 0 else ())]
        following = part[-1].id if part else cursor
        progress = {
            "b_id": broadcast.id,
            "b_cursor": cursor,
            "b_next": following,
            "b_expanded": len(look.people) < LOOK and start + CHUNK >= len(look.people),
            "b_readers": len(rows),
        }
        with database.writing(briefly=True) as connection:
            if _advance.write(connection, [progress]) != 1:
                raise Replay("another process wrote this chunk")
            if rows:
                _insert.write_alike(connection, same, _OWN, rows)
            if look.turns is not None and (given := look.turns.given()):
                connection.execute(GIVE, given)
        cursor = following
    return len(look.people)


def _look(connection: Connection, broadcast: AnyRow) -> _Look:
    audience, severity = Audience.load(broadcast.audience), Severity(broadcast.severity)
    query = audience.people_after(broadcast.cursor, LOOK).add_columns(
        address.c.id.label("address_id"), address.c.account
    )
    people = connection.execute(query.outerjoin(address, address.c.id == _best_address)).all()
    lane = rank(severity, broadcast.first_word)
    few = not broadcast.cursor and len(people) <= FEW
    accounts = {one.account for one in people if one.account is not None}
    return _Look(
        broadcast,
        audience,
        severity,
        lane,
        people,
        _homes(connection, audience, [one.id for one in people], broadcast.neighbourhood_id),
        _groups(connection, audience) if audience.groups and not broadcast.cursor else (),
        None if few else turns_for(connection, accounts, lane, broadcast.neighbourhood_id),
    )


def _same(broadcast: AnyRow, lane: int, now: datetime) -> dict[str, Any]:
    """Return what the deliveries of one broadcast have in common."""
    return {
        "message_id": broadcast.id,
        "thread_id": broadcast.thread_id,
        "rank": lane,
        "attempts": 0,
        "repeat": False,
        "reply_to": None,
        "queued_at": now,
    }


def _personal(
    look: _Look, people: Sequence[AnyRow], neighbourhoods: Neighbourhoods, now: datetime
) -> list[tuple[Any, ...]]:
    """Return the values of `_OWN` for each of these people who is to get it."""
    told_in, severity, audience = look.broadcast.neighbourhood_id, look.severity, look.audience
    # What changes an earlier message goes to whoever was shown that, whatever he muted since.
    new = look.broadcast.replaces is None
    held: dict[tuple[str | None, int | None], datetime | None] = {}
    rows = []
    for ident, one in zip(new_ids(len(people)), people, strict=True):
        if not audience.wants(one) or (new and audience.passes_over(severity, one.mutes, one.muted_until, now)):
            continue
        where = look.home.get(one.id, told_in)
        hours = (one.quiet_hours, where)
        if hours not in held:
            held[hours] = _held_until(neighbourhoods, severity, one.quiet_hours, where, now)
        until = held[hours]
        reached = one.address_id is not None
        rows.append(
            (
                ident,
                one.id,
                one.address_id,
                one.account or "",
                where,
                look.turns.next(one.account) if look.turns is not None and reached else 0,
                "queued" if reached else "failed",
                "" if reached else "no address",
                until is not None,
                until or now,
            )
        )
    return rows


def _posted(look: _Look, now: datetime) -> list[tuple[Any, ...]]:
    """Return the values of `_OWN` for each group: it is posted there before all that has a turn."""
    return [
        (ident, None, address_id, account, where, 0, "queued", "", False, now)
        for ident, (address_id, account, where) in zip(new_ids(len(look.groups)), look.groups, strict=True)
    ]


def _homes(
    connection: Connection, audience: Audience, people: Collection[int], told_in: int | None
) -> Mapping[int, int]:
    """Through which of the audience's neighbourhoods, or of his own where it names none, each person gets a broadcast.

    It is the one it was `told_in` if he is a member there, else the first he joined; who is in none is absent.
    """
    if len(audience.neighbourhoods) == 1:
        return dict.fromkeys(people, audience.neighbourhoods[0])
    first = (membership.c.neighbourhood_id == told_in, membership.c.id.desc())
    query = (
        select(membership.c.person_id, membership.c.neighbourhood_id)
        .where(membership.c.person_id.in_(people), membership.c.state == "active")
        .order_by(*(first if told_in is not None else first[1:]))
    )
    if audience.neighbourhoods:
        query = query.where(membership.c.neighbourhood_id.in_(audience.neighbourhoods))
    return {row[0]: row[1] for row in connection.execute(query)}


def _groups(connection: Connection, audience: Audience) -> list[tuple[int, str, int]]:
    query = select(address.c.id, address.c.account, address.c.neighbourhood_id).where(
        address.c.is_group.is_(True),
        address.c.reachable.is_(True),
        address.c.neighbourhood_id.in_(audience.neighbourhoods),
    )
    return [(row[0], row[1], row[2]) for row in connection.execute(query)]


def _held_until(
    neighbourhoods: Neighbourhoods, severity: Severity, own: str | None, neighbourhood_id: int | None, now: datetime
) -> datetime | None:
    """Return until when a broadcast waits for this reader's quiet hours to end; what presses waits for nobody (R53)."""
    if severity.presses or neighbourhood_id is None:
        return None
    return neighbourhoods.get(neighbourhood_id).quiet_until(own, now)
