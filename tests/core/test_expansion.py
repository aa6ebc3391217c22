"""A broadcast becomes one delivery for each reader, whatever way these are found, and holds up nobody for long."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, event, func, insert, select, update

from buurtwacht.records import expansion, outbox
from buurtwacht.records.audience import Audience
from buurtwacht.records.database import Database
from buurtwacht.records.neighbourhoods import Neighbourhoods
from buurtwacht.records.schema import address, delivery, membership, message, person
from buurtwacht.testing.stores import VARIABLE, store
from buurtwacht.vocabulary.ids import new_ids
from buurtwacht.vocabulary.messages import Message, Severity, Text

NOW = datetime(2026, 1, 16, 12, 0, tzinfo=UTC)
NEIGHBOUR = {"name": "Buur", "language": "nl", "refuses": [], "opted_in": []}
VALUES: dict[str, object] = {
    "name": "Tolberg",
    "language": "nl",
    "timezone": "Europe/Amsterdam",
    "quiet_hours": "",
    "postcodes": [],
    "streets": [],
    "borders": {},
    "adjacent": [],
    "plugins_off": [],
    "settings": {},
}


@pytest.fixture
def database() -> Iterator[Database]:
    kept = store(os.environ.get(VARIABLE) or "sqlite", [])
    database = kept.open()
    yield database
    database.close()
    kept.drop()


def _move_in(database: Database, where: int, count: int, roles: str = " member ") -> list[int]:
    people = list(new_ids(count))
    with database.writing() as connection:
        connection.execute(insert(person), [{"id": one, **NEIGHBOUR} for one in people])
        lives = {"neighbourhood_id": where, "roles": roles, "state": "active", "since": NOW}
        at = {"account": "telegram", "created_at": NOW}
        for table, row in ((membership, lives), (address, at)):
            connection.execute(
                insert(table),
                [{"id": ident, "person_id": one, **row} for ident, one in zip(new_ids(count), people, strict=True)],
            )
    return people


def _broadcast(database: Database, audience: Audience) -> list[int]:
    """Say something to an audience; return whom it is queued for."""
    unit = database.unit()
    ident = outbox.post(
        unit, Message(Text("pong")), plugin="core", severity=Severity.NOTICE, now=NOW, audience=audience
    )
    unit.commit()
    while expansion.expand(database, Neighbourhoods(database), NOW) >= 0:
        pass
    with database.reading() as connection:
        query = select(delivery.c.person_id).where(delivery.c.message_id == ident).order_by(delivery.c.person_id)
        return list(connection.execute(query).scalars())


def test_readers_are_the_same_however_they_are_found(database: Database) -> None:
    neighbourhoods = Neighbourhoods(database)
    here, there, away = (neighbourhoods.write(code, VALUES) for code in ("TB", "KR", "BA"))
    walkers = _move_in(database, here, 3, " member patroller ")
    others = _move_in(database, here, 4)
    beside = _move_in(database, there, 5)
    _move_in(database, away, 2)
    nowhere = tuple(range(1, 200))
    assert _broadcast(database, Audience((here,))) == walkers + others
    assert _broadcast(database, Audience((here, there))) == walkers + others + beside
    assert _broadcast(database, Audience((here, there, *nowhere))) == walkers + others + beside
    for beyond in ((), (there,), nowhere):
        assert _broadcast(database, Audience((here, *beyond), roles=("patroller",))) == walkers
        assert _broadcast(database, Audience((here, *beyond), without_people=tuple(others[1:]))) == sorted(
            walkers + others[:1] + (beside if there in beyond else [])
        )


def test_a_crowd_is_queued_once_each_in_transactions_of_some_hundreds(database: Database) -> None:
    where = Neighbourhoods(database).write("TB", VALUES)
    people = _move_in(database, where, 2 * expansion.LOOK + 7)
    added: list[int] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(connection: Connection, cursor: object, sql: str, given: object, context: object, many: bool) -> None:
        if sql.startswith("INSERT INTO delivery "):
            assert isinstance(given, list)
            added.append(len(given))

    assert _broadcast(database, Audience((where,))) == people
    assert sum(added) == len(people)
    assert max(added) <= expansion.CHUNK <= 500
    with database.reading() as connection:
        readers, done = connection.execute(select(message.c.readers, message.c.expanded)).one()
        turns = connection.execute(select(func.count(delivery.c.turn.distinct()))).scalar_one()
    assert (readers, done) == (len(people), True)
    assert turns == len(people)


def test_one_that_cannot_be_fanned_out_holds_up_nobody(database: Database) -> None:
    here = Neighbourhoods(database).write("TB", VALUES)
    people = _move_in(database, here, 3)
    unit = database.unit()
    for audience in (Audience((here,)), Audience((here,))):
        outbox.post(unit, Message(Text("pong")), plugin="core", severity=Severity.NOTICE, now=NOW, audience=audience)
    unit.commit()
    with database.writing() as connection:
        broken, whole = sorted(connection.execute(select(message.c.id)).scalars())
        connection.execute(update(message).where(message.c.id == broken).values(audience={"nobody": "knows"}))
    with pytest.raises(expansion.CannotExpand) as met:
        expansion.expand(database, Neighbourhoods(database), NOW)
    assert met.value.broadcast == broken
    while expansion.expand(database, Neighbourhoods(database), NOW, {broken}) >= 0:
        pass
    with database.reading() as connection:
        found = connection.execute(select(delivery.c.message_id, delivery.c.person_id)).all()
    assert sorted((row.message_id, row.person_id) for row in found) == [(whole, one) for one in sorted(people)]
