"""Calls: one process tells the others on the same PostgreSQL database that it queued something. They only save waiting.

Not within the commit that queues: the server lets commits that notify through one by one. A call that is lost costs a
second, when the others look by themselves.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from buurtwacht.records.database import Database

_CHANNEL = "buurtwacht"
#: Seconds for which a call is waited for before it is looked whether to stop.
_LISTENS = 1.0

_call = text(f"SELECT pg_notify('{_CHANNEL}', :caller)")
_log = structlog.get_logger("buurtwacht.calls")


class Calls:
    """The calls of one process, which does not hear its own. `listen` takes a thread and a connection of its own."""

    def __init__(self, database: Database, caller: str) -> None:
        self._database = database
        self._caller = caller
        self._closed = threading.Event()
        #: whether the connection to listen with is lost, which is said once
        self._deaf = False

    def call(self) -> None:
        """Tell the others, once what they are to find is committed. Raises `StoreUnavailable`."""
        with self._database.reading() as connection:
            connection.execute(_call, {"caller": self._caller})

    def listen(self, heard: Callable[[], None]) -> None:
        """Call `heard` whenever another process called, until `close`; a connection that is lost is made anew."""
        dbapi = self._database.engine.dialect.loaded_dbapi
        while not self._closed.is_set():
            try:
                self._listen(heard)
            except (SQLAlchemyError, dbapi.Error) as error:
                if not self._deaf:
                    _log.info("calls of other processes are not heard for a moment", why=type(error).__name__)
                self._deaf = True
                self._closed.wait(_LISTENS)

    def _listen(self, heard: Callable[[], None]) -> None:
        with self._database.connect_to_read() as connection:
            driver: Any = connection.connection.dbapi_connection
            # It is not given back to the pool: whoever took it then would hear calls.
            connection.detach()
            driver.execute(f"LISTEN {_CHANNEL}")
            self._deaf = False
            heard()  # whatever was called while nobody listened
            while not self._closed.is_set():
                for one in driver.notifies(timeout=_LISTENS, stop_after=1):
                    if one.payload != self._caller:
                        heard()

    def close(self) -> None:
        """Hear no more."""
        self._closed.set()
