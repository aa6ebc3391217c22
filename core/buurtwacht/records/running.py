"""The right to run on a database: one process at a time has it, so that a second one by mistake does no harm."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from buurtwacht.records.database import Database
from buurtwacht.vocabulary.errors import ConfigurationError, Fault

#: PostgreSQL's advisory lock that one running process holds.
_LOCK = 0x62757572


@contextmanager
def only_one(database: Database) -> Iterator[None]:
    """Hold the right to run on a database. Raises `ConfigurationError` when another process has it."""
    path = database.path
    if path is not None:
        with path.with_name(f"{path.name}.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise _taken() from None
            yield
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _LOCK}).scalar():
            raise _taken()
        yield


def _taken() -> ConfigurationError:
    return ConfigurationError(
        [Fault("buurtwacht.database", "is in use by another running process", "stop that process first")]
    )
