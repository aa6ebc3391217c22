"""SQLite, as we use it: reads run in autocommit, and one connection of this process at a time writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection

from buurtwacht.records.fair_lock import FairLock
from buurtwacht.records.trouble import Trouble
from buurtwacht.vocabulary.errors import StoreUnavailable

#: Milliseconds that SQLite waits for another process that has the file; and while it is known that one does.
_BUSY = 3000
_BRIEF = 100


class _Writing(sqlite3.Connection):
    """A connection that knows whether it holds our lock, and how long it waits for other processes."""

    writing = False
    patience = 0


#: How the driver connects.
CONNECTING: Mapping[str, Any] = {"timeout": _BUSY / 1000, "check_same_thread": False, "factory": _Writing}


class OneWriter:
    """Has the first writing statement of a transaction take our lock and begin at once; its end gives the lock back."""

    def __init__(self, trouble: Trouble) -> None:
        self._trouble = trouble
        self._lock = FairLock()

    def watch(self, engine: Engine) -> None:
        """See to all connections of an engine."""
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "before_cursor_execute", self._begin)
        # The lock is given back after the driver has ended the transaction: SQLAlchemy calls these just before,
        # so the driver is told here; its own call afterwards finds nothing to do.
        event.listen(engine, "commit", self._commit)
        event.listen(engine, "rollback", self._roll_back)

    def _begin(
        self, connection: Connection, cursor: Any, statement: str, parameters: object, context: Any, many: bool
    ) -> None:
        driver: _Writing = cursor.connection
        if driver.writing:
            return
        # Once it is known that another process has the file, nobody else waits long to find that out.
        if driver.patience != (wanted := _BRIEF if self._trouble.present else _BUSY):
            driver.patience = wanted
            cursor.execute(f"PRAGMA busy_timeout={wanted}")
        if not _writes(statement):
            return
        if not self._lock.acquire():
            raise StoreUnavailable("who came before found that nothing can be written")
        try:
            cursor.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._lock.break_off()
            raise
        driver.writing = True

    def _commit(self, connection: Connection) -> None:
        driver = _driver(connection)
        if driver.writing:
            try:
                driver.commit()
            except BaseException:
                driver.rollback()
                raise
            finally:
                self._end(driver)

    def _roll_back(self, connection: Connection) -> None:
        driver = _driver(connection)
        if driver.writing:
            try:
                driver.rollback()
            finally:
                self._end(driver)

    def _end(self, driver: _Writing) -> None:
        driver.writing = False
        self._lock.release()


def _set_up(connection: DBAPIConnection, record: object) -> None:
    """Set up a new connection."""
    connection.isolation_level = None
    cursor = connection.cursor()
    # FULL: what a provider was told we have survives a power cut. secure_delete: erased is gone from the file.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _driver(connection: Connection) -> _Writing:
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, _Writing)
    return driver


def _writes(statement: str) -> bool:
    word = statement.lstrip()[:8].upper()
    return word.startswith(("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "ALTER", "DROP", "VACUUM "))
