"""Prepared statements give what SQLAlchemy gives, on the way in and on the way out, and fail as it fails."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, bindparam, event, insert, select, update
from sqlalchemy.exc import IntegrityError, InvalidRequestError

from buurtwacht.records.database import Database
from buurtwacht.records.prepared import Prepared
from buurtwacht.records.schema import inbox, meta, person
from buurtwacht.testing.stores import VARIABLE, store
from buurtwacht.vocabulary.errors import Replay

_insert = Prepared(insert(person))
_by_id = select(person).where(person.c.id.in_(bindparam("b_ids", expanding=True))).order_by(person.c.id)
_rename = Prepared(update(meta).where(meta.c.name == bindparam("b_name")).values(value=bindparam("b_value")))

_FATIMA = {"id": 1, "name": "Fatima", "language": "nl", "refuses": ["info"], "opted_in": []}
_UNTIL = datetime(2026, 1, 16, 1, 42, 0, 7, tzinfo=UTC)


@pytest.fixture
def database() -> Iterator[Database]:
    kept = store(os.environ.get(VARIABLE) or "sqlite", [])
    database = kept.open()
    yield database
    database.close()
    kept.drop()


def test_it_reads_and_writes_what_sqlalchemy_does(database: Database) -> None:
    rows = [{**_FATIMA, "id": place, "muted_until": _UNTIL if place % 2 else None} for place in range(1, 8)]
    with database.writing() as connection:
        assert _insert.write(connection, rows[:1]) == 1
        assert _insert.write(connection, rows[1:]) == 6
    with database.reading() as connection:
        for ids in ([1], [1, 2, 3], [7, 5, 3, 1, 99], list(range(1, 8))):
            values = {"b_ids": ids}
            expected = connection.execute(_by_id, values).all()
            found = Prepared(_by_id).read(connection, values).all()
            assert [row._asdict() for row in found] == [row._asdict() for row in expected]
    assert (found[0].muted_until, found[1].muted_until) == (_UNTIL, None)
    assert (found[0].formal, found[0].refuses, found[0].version) == (False, ["info"], 1)


def test_a_list_needs_few_texts_whatever_its_length(database: Database) -> None:
    asked: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def ask(connection: Connection, cursor: object, sql: str, given: object, context: object, many: bool) -> None:
        asked.append(sql)

    query = Prepared(_by_id)
    with database.reading() as connection:
        for length in range(1, 65):
            assert query.read(connection, {"b_ids": range(length)}).all() == []
    assert (len(asked), len(set(asked))) == (64, 7)


def test_it_says_how_many_rows_it_changed(database: Database) -> None:
    with database.writing() as connection:
        Prepared(insert(meta)).write(connection, [{"name": name, "value": ""} for name in ("a", "b")])
        assert _rename.write(connection, [{"b_name": name, "b_value": "x"} for name in ("a", "b", "c")]) == 2
        assert _rename.write(connection, [{"b_name": "c", "b_value": "x"}]) == 0


def test_its_errors_are_sqlalchemys_and_undo_what_was_written(database: Database) -> None:
    with pytest.raises(IntegrityError) as told, database.engine.connect() as connection, connection.begin():
        _insert.write(connection, [_FATIMA, _FATIMA])
    assert "Fatima" not in str(told.value)
    with database.reading() as connection:
        assert connection.execute(select(person.c.id).where(person.c.id == 1)).all() == []


def test_who_comes_second_in_a_unit_runs_again(database: Database) -> None:
    first, second = database.unit(), database.unit()
    for unit in (first, second):
        unit.write(_insert, _FATIMA)
    first.commit()
    with pytest.raises(Replay):
        second.commit()
    assert database.unit().read(Prepared(_by_id), {"b_ids": [1]}).one().name == "Fatima"


def test_a_value_that_is_missing_is_named(database: Database) -> None:
    with database.reading() as connection, pytest.raises(InvalidRequestError, match="b_name"):
        Prepared(select(inbox.c.id).where(inbox.c.lane == bindparam("b_name"))).read(connection, {})
