"""Trouble of the store: what counts as such among all that drivers say, and that it is told once, and once when over.

Whoever meets it keeps what he has and comes back; he need not say so again.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import structlog
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError

from buurtwacht.vocabulary.errors import Replay, StoreUnavailable

#: PostgreSQL's "serialization failure", "deadlock detected" and "lock not available".
_TRY_AGAIN = {"40001", "40P01", "55P03"}
#: … and "read-only transaction": the server that answers is a standby, or has been set to keep nothing.
_READ_ONLY = "25006"
#: What SQLite says of statements and values that are wrong in themselves, which no waiting mends.
_OF_STATEMENTS = ("SQLITE_ERROR", "SQLITE_MISMATCH", "SQLITE_MISUSE", "SQLITE_RANGE", "SQLITE_TOOBIG")
#: Seconds without a failure after which it is over: of a disk that is full, what is small still finds room at times.
OVER_AFTER = 3.0

log = structlog.get_logger("buurtwacht.database")


class Trouble:
    """Whether the database keeps what it is given, as far as is known. Any thread may tell and ask."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        #: whether something could not be kept or read a moment ago
        self.present = False
        self._clock = clock
        self._lock = threading.Lock()
        self._began = self._last = 0.0

    def met(self, reason: str) -> None:
        """Note that something could not be kept or read. `reason` holds nothing of what it was."""
        with self._lock:
            self._last = self._clock()
            if self.present:
                return
            self.present, self._began = True, self._last
        log.error("the database is unavailable: nothing is acknowledged, and what is under way waits", reason=reason)

    def kept(self) -> None:
        """Note that something was kept."""
        if not self.present:
            return
        with self._lock:
            now = self._clock()
            if not self.present or now - self._last < OVER_AFTER:
                return
            self.present = False
        log.info("the database is back", seconds=round(now - self._began))

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn what drivers say into what callers act upon: try the handler again, or tell the provider to come back.

        Raises `Replay` and `StoreUnavailable`; what is wrong in a statement itself goes through as it is.
        """
        try:
            yield
        except StaleDataError as error:
            raise Replay(str(error)) from error
        except IntegrityError as error:
            # "First come" rules rest on unique constraints: who comes second runs again and finds the first.
            raise Replay("somebody else was first") from error
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) in _TRY_AGAIN:
                raise Replay("the database was busy with another transaction") from error
            if not _is_trouble(error):
                raise
            raise self._unavailable(_reason(error.orig)) from error
        except sqlite3.Error as error:
            # Our own commit is not the driver's caller's: SQLAlchemy gives its error no other name.
            raise self._unavailable(_reason(error)) from error
        except PoolTimeout as error:
            raise self._unavailable("no connection is free") from error
        except PendingRollbackError as error:
            raise self._unavailable("the connection was lost") from error

    def _unavailable(self, reason: str) -> StoreUnavailable:
        self.met(reason)
        return StoreUnavailable(reason)


def _is_trouble(error: DBAPIError) -> bool:
    """Whether the store is to blame, and not the statement: it is gone, full, damaged, locked or may not be written."""
    if isinstance(error.orig, sqlite3.Error):
        # One that the driver itself raises, not SQLite, has no name: a value or a statement it cannot use.
        return getattr(error.orig, "sqlite_errorname", _OF_STATEMENTS[0]) not in _OF_STATEMENTS
    state = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or isinstance(error, OperationalError) or state == _READ_ONLY


def _reason(error: BaseException | None) -> str:
    lines = str(error).splitlines()
    return f"{type(error).__name__}: {lines[0] if lines else ''}"
