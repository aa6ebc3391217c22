"""What is looked for all the time is found by an index: a month of messages must not be read for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from buurtwacht.records import expansion, migration, selfaudit
from buurtwacht.records.database import Database
from buurtwacht.records.neighbourhoods import Neighbourhoods

NOW = datetime(2026, 1, 16, 0, 42, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/town.db")
    migration.upgrade(database, [migration.CORE])
    yield database
    database.close()


@pytest.mark.parametrize(
    "look",
    [
        lambda database: expansion.expand(database, Neighbourhoods(database), NOW),
        lambda database: selfaudit.late(database, NOW),
    ],
    ids=["the next broadcast to expand", "what is late"],
)
def test_no_table_is_read_from_end_to_end(database: Database, look: Callable[[Database], object]) -> None:
    asked: list[tuple[str, Any]] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        asked.append((statement, parameters))

    look(database)
    event.remove(database.engine, "before_cursor_execute", note)
    with database.reading() as connection:
        plans = [
            row[3]
            for statement, parameters in asked
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    assert plans
    assert [plan for plan in plans if plan.startswith("SCAN") and "INDEX" not in plan] == []
