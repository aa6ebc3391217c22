"""Timers: what was cancelled does not go off, not even at the last moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from buurtwacht.app import LAST_HANDLERS, LAST_PAGES, LAST_SENDS
from buurtwacht.edge.delivery import LAST_CALL
from buurtwacht.records import timers
from buurtwacht.records.database import Database
from buurtwacht.records.schema import metadata
from buurtwacht.records.timers import Timer
from buurtwacht.vocabulary.errors import Replay

NOW = datetime(2026, 1, 16, 0, 42, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'town.db'}")
    metadata.create_all(database.engine)
    yield database
    database.close()


def test_a_timer_cancelled_while_it_is_taken_does_not_go_off(database: Database) -> None:
    unit = database.unit()
    for key in ("reminder", "check"):
        timers.set_timer(unit, NOW, "patrols", key, {}, key=f"patrols:{key}")
    unit.commit()
    rung: list[str] = []

    def cancel(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if statement.startswith("SELECT timer") and not rung:
            rung.append("cancelled")
            unit = database.unit()
            timers.cancel_timer(unit, "patrols:reminder")
            unit.commit()

    def write(connection: Connection, ripe: Sequence[Timer]) -> None:
        rung.extend(one.handler for one in ripe)

    event.listen(database.engine, "after_cursor_execute", cancel)
    for _ in range(2):
        with suppress(Replay):
            timers.ripen(database, NOW, write)
    assert rung == ["cancelled", "check"]


def test_many_timers_are_set_at_once_and_the_same_keys_are_replaced(database: Database) -> None:
    unit = database.unit()
    later = NOW + timedelta(days=1)
    timers.set_timers(unit, "patrols", "remind", {f"patrols:{one}": (NOW, {"shift": one}) for one in range(3)})
    unit.commit()
    unit = database.unit()
    timers.set_timers(unit, "patrols", "remind", {"patrols:1": (later, {"shift": 1})}, neighbourhood_id=7)
    unit.commit()
    kept = [(one.due, one.key, dict(one.payload), one.neighbourhood_id) for one in timers.all_timers(database)]
    assert kept == [
        (NOW, "patrols:0", {"shift": 0}, None),
        (NOW, "patrols:2", {"shift": 2}, None),
        (later, "patrols:1", {"shift": 1}, 7),
    ]


def test_what_was_not_sent_when_we_stop_is_queued_again_while_there_is_time() -> None:
    assert LAST_CALL + 1 < LAST_SENDS
    assert LAST_SENDS + LAST_PAGES + LAST_HANDLERS < 10
