"""Connections to PostgreSQL: a server that falls silent is given up, and who still works is seen without its lock."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import make_url

from buurtwacht.records import migration
from buurtwacht.records.database import Database, patience
from buurtwacht.records.leases import Leases
from buurtwacht.records.running import only_one
from buurtwacht.testing import postgres
from buurtwacht.vocabulary.errors import ConfigurationError, StoreUnavailable


@pytest.fixture
def large() -> Iterator[Database]:
    """An empty town on PostgreSQL."""
    name = f"connecting_{time.monotonic_ns()}"
    control = create_engine(
        postgres.address().replace("NAME", "postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    with control.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    database = Database(postgres.address().replace("NAME", name))
    migration.upgrade(database, [migration.CORE])
    yield database
    database.close()
    with control.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def test_a_server_that_takes_the_call_and_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        database = Database(f"postgresql+psycopg://buurtwacht@127.0.0.1:{port}/town")
        with pytest.raises(StoreUnavailable), database.reading():
            pass
        database.close()


def test_what_the_address_says_of_waiting_is_left_to_it() -> None:
    mine = patience(make_url("postgresql+psycopg://db.internal/town?connect_timeout=10"))
    assert "connect_timeout" not in mine
    assert mine["tcp_user_timeout"] == 5000


@pytest.mark.postgres
def test_who_works_on_without_its_lock_keeps_others_from_having_the_database_alone(large: Database) -> None:
    leases = Leases(large, "elsewhere")
    leases.renew(["telegram"])
    with pytest.raises(ConfigurationError, match="in use"), only_one(large):
        pass
    leases.leave()
    with only_one(large):
        pass
