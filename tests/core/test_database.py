"""One way to write: units, replays, the fair lock, and readers that nobody holds up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import bindparam, insert, select, update

from buurtwacht.records import migration
from buurtwacht.records.database import Database
from buurtwacht.records.fair_lock import FairLock
from buurtwacht.records.schema import meta
from buurtwacht.testing import postgres
from buurtwacht.vocabulary.errors import Replay, StoreUnavailable

_insert = insert(meta)
_rename = update(meta).where(meta.c.name == bindparam("b_name")).values(value=bindparam("b_value"))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/town.db")
    migration.upgrade(database, [migration.CORE])
    yield database
    database.close()


def values(database: Database) -> dict[str, str]:
    with database.reading() as connection:
        return {row[0]: row[1] for row in connection.execute(select(meta.c.name, meta.c.value))}


def test_a_unit_keeps_everything_or_nothing(database: Database) -> None:
    unit = database.unit()
    unit.write(_insert, {"name": "street", "value": "Meidoornstraat"})
    unit.write(_rename, {"b_name": "nobody", "b_value": "x"}, expect=1)
    with pytest.raises(Replay):
        unit.commit()
    assert values(database) == {}


def test_a_unit_does_not_see_what_it_has_yet_to_write(database: Database) -> None:
    unit = database.unit()
    unit.write(_insert, {"name": "street", "value": "Meidoornstraat"})
    assert unit.read(select(meta)).all() == []
    unit.commit()
    assert values(database) == {"street": "Meidoornstraat"}


def test_who_comes_second_to_a_unique_row_runs_again(database: Database) -> None:
    first, second = database.unit(), database.unit()
    for unit in (first, second):
        unit.write(_insert, {"name": "stand-in", "value": "Henk"})
    first.commit()
    with pytest.raises(Replay):
        second.commit()


def test_what_waits_for_the_commit_happens_only_after_it(database: Database) -> None:
    told: list[str] = []
    unit = database.unit()
    unit.write(_rename, {"b_name": "nobody", "b_value": "x"}, expect=1)
    unit.after_commit(lambda: told.append("woken"))
    with pytest.raises(Replay):
        unit.commit()
    assert told == []


def test_units_of_one_shape_are_kept_together(database: Database) -> None:
    units = [database.unit() for _ in range(5)]
    for number, unit in enumerate(units):
        unit.write(_insert, {"name": f"street {number}", "value": ""})
        unit.write(_rename, {"b_name": f"street {number}", "b_value": "seen"}, expect=1)
    assert database.commit_together(units)
    assert values(database) == {f"street {number}": "seen" for number in range(5)}


def test_one_unit_that_cannot_be_kept_spoils_nobody_elses(database: Database) -> None:
    good, bad = database.unit(), database.unit()
    good.write(_insert, {"name": "good", "value": ""})
    bad.write(_rename, {"b_name": "nobody", "b_value": ""}, expect=1)
    assert not database.commit_together([good, bad])
    assert values(database) == {}
    good.commit()
    assert values(database) == {"good": ""}


def test_a_reader_that_takes_its_time_holds_up_no_writer(database: Database) -> None:
    slow = database.unit()
    slow.read(select(meta)).all()
    quick = database.unit()
    quick.write(_insert, {"name": "quick", "value": ""})
    quick.commit()
    slow.write(_insert, {"name": "slow", "value": ""})
    slow.commit()
    assert set(values(database)) == {"quick", "slow"}


def test_the_lock_serves_in_order_of_arrival() -> None:
    lock, order = FairLock(), list[int]()
    lock.acquire()
    threads = []
    for number in range(5):
        arrived = threading.Event()

        def take(number: int = number, arrived: threading.Event = arrived) -> None:
            arrived.set()
            lock.acquire()
            order.append(number)
            lock.release()

        threads.append(threading.Thread(target=take))
        threads[-1].start()
        arrived.wait()
        while len(lock._queue) <= number:  # until it stands in the queue
            pass
    lock.release()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_a_database_that_is_gone_is_said_so(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/nowhere/town.db")
    with pytest.raises(StoreUnavailable), database.reading():
        pass


def test_many_threads_lose_nothing(database: Database) -> None:
    def write(number: int) -> None:
        for turn in range(20):
            unit = database.unit()
            unit.write(_insert, {"name": f"{number}.{turn}", "value": ""})
            unit.commit()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(values(database)) == 120


def test_a_commit_that_fails_is_told_as_a_database_that_is_gone(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE town (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql(
            "CREATE TABLE street (town INTEGER REFERENCES town(id) DEFERRABLE INITIALLY DEFERRED)"
        )
    with pytest.raises(StoreUnavailable), database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO street VALUES (1)")
    with database.writing() as connection:
        connection.execute(_insert, {"name": "street", "value": "Meidoornstraat"})
    assert values(database) == {"street": "Meidoornstraat"}


def test_a_unit_at_rest_holds_no_connection_and_can_still_be_kept(database: Database) -> None:
    unit = database.unit()
    unit.read(select(meta)).all()
    unit.session.execute(select(meta)).all()
    unit.write(_insert, {"name": "street", "value": "Meidoornstraat"})
    unit.rest()
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined] # a queue pool
    unit.commit()
    assert values(database) == {"street": "Meidoornstraat"}


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_connection_that_is_given_back_after_the_end_is_closed(kind: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/town.db" if kind == "sqlite" else postgres.address().replace("NAME", "postgres")
    database = Database(url)
    unit = database.unit()
    assert unit.read(select(1)).scalar() == 1
    assert unit._reader is not None
    driver = unit._reader.connection.dbapi_connection
    database.close()
    unit.close()
    with pytest.raises(Exception, match="closed"):
        driver.execute("SELECT 1")  # type: ignore[union-attr] # both drivers have it
