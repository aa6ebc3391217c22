"""The right to work on a database. On SQLite one process at a time has it: a second one by mistake does no harm.

On PostgreSQL processes that run share it, and what changes all of it (a restore, another key) has it alone.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from buurtwacht.records import leases
from buurtwacht.records.database import Database
from buurtwacht.vocabulary.errors import ConfigurationError, Fault

#: PostgreSQL's advisory lock, shared by running processes.
_LOCK = 0x62757572
#: … and the one of whoever changes the schema, for which others wait.
_UPGRADE = 0x62757573


@contextmanager
def beside_others(database: Database) -> Iterator[None]:
    """Hold the right to run: beside other processes on PostgreSQL. Raises `ConfigurationError` when it is not given."""
    if database.path is not None:
        with only_one(database):
            yield
        return
    with _locked(database, "pg_try_advisory_lock_shared"):
        yield


@contextmanager
def upgrading(database: Database) -> Iterator[None]:
    """Hold the right to change the schema, which on PostgreSQL does not stop those who run; they notice, and stop.

    Raises `ConfigurationError` where it is not given.
    """
    if database.path is not None:
        with only_one(database):
            yield
        return
    with _locked(database, "pg_advisory_lock", _UPGRADE):
        yield


@contextmanager
def only_one(database: Database) -> Iterator[None]:
    """Hold the right to work on a database alone. Raises `ConfigurationError` when another process has it."""
    path = database.path
    if path is not None:
        with path.with_name(f"{path.name}.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise _taken() from None
            yield
        return
    with _locked(database, "pg_try_advisory_lock"):
        _nobody_runs(database)
        yield


@contextmanager
def _locked(database: Database, how: str, key: int = _LOCK) -> Iterator[None]:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.execute(text(f"SELECT {how}(:key)"), {"key": key}).scalar() is False:
            raise _taken()
        # Where this machine is cut off, the server lets go of the lock within a minute, and not after two hours.
        for setting, seconds in (("idle", 30), ("interval", 10), ("count", 3)):
            connection.execute(text(f"SET tcp_keepalives_{setting} = {seconds}"))
        try:
            yield
        finally:
            # The connection goes back to the pool, and would hold it on. When it is gone, so is the lock.
            with suppress(SQLAlchemyError):
                connection.execute(text("SELECT pg_advisory_unlock_all()"))


def _nobody_runs(database: Database) -> None:
    """Look at the leases too: a process whose connection broke works on, without the lock that was bound to it."""
    with database.reading() as connection:
        if connection.execute(text("SELECT to_regclass('lease')")).scalar() is not None and leases.living(connection):
            raise _taken()


def _taken() -> ConfigurationError:
    return ConfigurationError(
        [Fault("buurtwacht.database", "is in use by another running process", "stop that process first")]
    )
