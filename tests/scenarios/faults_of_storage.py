"""What can happen to a database while `buurtwacht run` goes on with it: its disk is full, or another program has it."""

from __future__ import annotations

import contextlib
import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager

from .doomed import Doomed
from .town_process import Server

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
