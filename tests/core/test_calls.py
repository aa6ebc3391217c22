"""Calls between processes on one PostgreSQL database: heard by the others, and again after a connection was lost."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from buurtwacht.records.calls import Calls
from buurtwacht.records.database import Database
from buurtwacht.testing import postgres

#: Seconds within which something is heard on a busy machine; nothing is told from how long it took.
PATIENCE = 60.0


@pytest.fixture
def large() -> Iterator[Database]:
    """The server's own database will do: calls leave nothing in it."""
    database = Database(postgres.address().replace("NAME", "postgres"))
    yield database
    database.close()


@contextmanager
def listening(calls: Calls, heard: Callable[[], None]) -> Iterator[None]:
    thread = threading.Thread(target=calls.listen, args=(heard,))
    thread.start()
    try:
        yield
    finally:
        calls.close()
        thread.join(PATIENCE)
        assert not thread.is_alive()


@pytest.mark.postgres
def test_a_call_is_heard_by_the_others_and_not_by_who_called(large: Database) -> None:
    heard: queue.Queue[str] = queue.Queue()
    north, south = Calls(large, "north"), Calls(large, "south")
    with listening(north, lambda: heard.put("north")), listening(south, lambda: heard.put("south")):
        # each looks once when it begins to listen
        assert {heard.get(timeout=PATIENCE), heard.get(timeout=PATIENCE)} == {"north", "south"}
        north.call()
        assert heard.get(timeout=PATIENCE) == "south"
        south.call()
        assert heard.get(timeout=PATIENCE) == "north", "nobody heard himself in between"


@pytest.mark.postgres
def test_who_lost_his_connection_looks_when_he_is_back_and_hears_again(large: Database) -> None:
    heard: queue.Queue[None] = queue.Queue()
    north, south = Calls(large, "north"), Calls(large, "south")
    with listening(south, lambda: heard.put(None)):
        heard.get(timeout=PATIENCE)
        with large.writing() as connection:
            query = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'LISTEN %'"
            assert connection.execute(text(query)).scalar_one() == 1
        heard.get(timeout=PATIENCE)
        north.call()
        heard.get(timeout=PATIENCE)
