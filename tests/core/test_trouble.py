"""What counts as trouble of the store; it is said once when it begins and once when it is over."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import insert, text

from buurtwacht.records import migration
from buurtwacht.records.database import Database
from buurtwacht.records.fair_lock import FairLock
from buurtwacht.records.schema import meta
from buurtwacht.records.trouble import OVER_AFTER, Trouble
from buurtwacht.vocabulary.errors import Replay, StoreUnavailable


class Clock:
    """Seconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path}/town.db")
    migration.upgrade(made, [migration.CORE])
    yield made
    made.close()


def keep(database: Database, name: str, value: str = "") -> None:
    with database.writing() as connection:
        connection.execute(insert(meta), {"name": name, "value": value})


def test_it_is_said_once_when_it_begins_and_once_when_it_is_over() -> None:
    clock = Clock()
    trouble = Trouble(clock)
    with structlog.testing.capture_logs() as lines:
        trouble.kept()
        for _ in range(100):
            trouble.met("disk full")
            trouble.kept()  # what is small still finds room
            clock.now += OVER_AFTER / 2
        clock.now += OVER_AFTER
        trouble.kept()
        trouble.kept()
    assert [(one["log_level"], one.get("reason"), one.get("seconds")) for one in lines] == [
        ("error", "disk full", None),
        ("info", None, round(100 * OVER_AFTER / 2 + OVER_AFTER)),
    ]
    assert not trouble.present


def test_a_disk_that_is_full_keeps_nothing_and_later_everything(database: Database) -> None:
    with database.engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    for _ in range(3):
        with database.engine.connect() as connection:
            connection.execute(text(f"PRAGMA max_page_count={pages}"))
        with pytest.raises(StoreUnavailable):
            keep(database, "large", "x" * 100_000)
        assert database.trouble.present
    with database.engine.connect() as connection:
        connection.execute(text(f"PRAGMA max_page_count={pages + 1000}"))
    keep(database, "large", "x" * 100_000)


def test_a_file_that_another_process_holds_is_trouble_and_found_out_quickly(tmp_path: Path, database: Database) -> None:
    other = sqlite3.connect(tmp_path / "town.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    database.trouble.met("known")
    failed: list[str] = []

    def write(number: int) -> None:
        try:
            keep(database, str(number))
        except StoreUnavailable:
            failed.append(str(number))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(20)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(failed) == 20
    other.execute("ROLLBACK")
    other.close()
    for number in range(20):
        keep(database, str(number))


def test_who_waits_for_the_lock_hears_that_it_is_of_no_use() -> None:
    lock, heard = FairLock(), list[bool]()
    assert lock.acquire()
    threads = [threading.Thread(target=lambda: heard.append(lock.acquire())) for _ in range(5)]
    for one in threads:
        one.start()
    while len(lock._queue) < 5:
        pass
    lock.break_off()
    for one in threads:
        one.join()
    assert heard == [False] * 5
    assert lock.acquire(), "the next one may try"


def test_a_statement_that_is_wrong_is_no_trouble_of_the_store(database: Database) -> None:
    for wrong in ("SELECT * FROM nowhere", "SELEKT 1"):
        with pytest.raises(Exception, match=r"nowhere|syntax") as found, database.reading() as connection:
            connection.execute(text(wrong))
        assert not isinstance(found.value, StoreUnavailable | Replay)
    assert not database.trouble.present


def test_a_file_that_is_no_database_is_trouble(tmp_path: Path) -> None:
    (tmp_path / "town.db").write_bytes(b"nonsense " * 1000)
    spoilt = Database(f"sqlite:///{tmp_path}/town.db")
    with pytest.raises(StoreUnavailable), spoilt.reading() as connection:
        connection.execute(text("SELECT * FROM meta"))
    spoilt.close()
