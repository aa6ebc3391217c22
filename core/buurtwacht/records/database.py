"""The database: connections, the one way to write, and the unit of work in which a handler runs.

Handlers read without a transaction. All that they write waits in their `Unit` and is carried out in one short
transaction after they returned, so a handler that takes its time holds nobody up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from pydantic_core import from_json
from sqlalchemy import Connection, Executable, Result, Row, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from buurtwacht.records import sqlite
from buurtwacht.records.prepared import Prepared
from buurtwacht.records.signs import written
from buurtwacht.records.trouble import Trouble
from buurtwacht.vocabulary.errors import Replay

#: Values by column name, to be written.
Values: TypeAlias = Mapping[str, Any]
#: What holds for either kind of database.
_ALIKE: Values = {"hide_parameters": True, "pool_size": 24, "json_deserializer": from_json, "json_serializer": written}
#: What a query gives, whatever its columns.
AnyRow: TypeAlias = "Row[*tuple[Any, ...]]"

#: How long a connection to PostgreSQL may give no sign of life (libpq, in seconds; `tcp_user_timeout` in milliseconds).
#: Without these a link that is cut keeps a statement waiting for a quarter of an hour, and a lease holds four seconds.
_PATIENCE = {
    "connect_timeout": 3,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": 5000,
}

#: On PostgreSQL, of a process that hangs in the middle of a short transaction: others wait for what it locked. Longer
#: than any machine of ours takes from one statement to the next, shorter than anybody should wait for an alert.
_BREAK_OFF = "SET LOCAL idle_in_transaction_session_timeout = '10s'"


def patience(url: URL) -> dict[str, int]:
    """Return how long libpq waits for a server that does not answer; what the address itself says is left to it."""
    return {name: value for name, value in _PATIENCE.items() if name not in url.query}


@dataclass(slots=True)
class Write:
    """A statement that waits for the end of its unit; `expect` rows must change, or the unit is replayed."""

    statement: Executable | Prepared
    rows: list[Values] | None = None
    expect: int | None = None


class Database:
    """One database, SQLite or PostgreSQL, with the rules for writing to it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        #: called after each commit with a broadcast, so that its expansion need not be looked for all the time
        self.broadcast: Callable[[], None] = lambda: None
        #: what keeps anything from being kept at present
        self.trouble = Trouble()
        if self.is_sqlite:
            # Last in, first out: the connection that was used last still has in memory what was read and written.
            self.engine = create_engine(
                url,
                **_ALIKE,
                pool_use_lifo=True,
                connect_args=sqlite.CONNECTING,
            )
            sqlite.OneWriter(self.trouble).watch(self.engine)
        else:
            self.engine = create_engine(
                url,
                **_ALIKE,
                pool_pre_ping=True,
                connect_args=patience(make_url(url)),
            )

        self._closed = False
        event.listen(self.engine, "checkin", self._given_back)

    @property
    def path(self) -> Path | None:
        """Where the SQLite file lies; None on PostgreSQL."""
        name = self.engine.url.database
        return Path(name) if self.is_sqlite and name else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection to read with. Raises `StoreUnavailable` when the database cannot be had."""
        with self.trouble.translated(), self.connect_to_read() as connection:
            yield connection

    def connect_to_read(self) -> Connection:
        """Return a connection whose statements stand each by itself, on PostgreSQL as on SQLite.

        Without a transaction there is none to begin, to end, and to be spoilt by a statement that failed.
        """
        connection = self.engine.connect()
        return connection if self.is_sqlite else connection.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def writing(self, *, briefly: bool = False) -> Iterator[Connection]:
        """Give a connection whose statements are committed together at the end. Raises `StoreUnavailable`.

        `briefly`: nothing takes long between them, so that a process that hangs there is broken off after ten seconds.
        """
        with self.trouble.translated(), self.engine.connect() as connection, connection.begin():
            if briefly:
                self.break_off(connection)
            yield connection
        self.trouble.kept()

    def break_off(self, connection: Connection) -> None:
        """Have the server end this transaction, and let go of what it locked, when we hang in the middle of it."""
        if not self.is_sqlite:
            connection.exec_driver_sql(_BREAK_OFF)

    def unit(self) -> Unit:
        """Begin a unit of work."""
        return Unit(self)

    def commit_together(self, units: Sequence[Unit]) -> bool:
        """Keep what several units wrote in one transaction: one flush of the disk, and few statements, serve them all.

        Return False, with nothing kept, when any of them cannot be: then each is to be tried by itself. The units must
        be light (`ValueError`). Raises `StoreUnavailable`.
        """
        if not all(unit.is_light for unit in units):
            raise ValueError("units with records to keep cannot be kept together")
        for unit in units:
            unit.let_go_of_reader()
        try:
            with self.trouble.translated(), self.engine.connect() as connection, connection.begin():
                self.break_off(connection)
                if len({unit.shape for unit in units}) == 1:
                    for writes in zip(*(unit.writes for unit in units), strict=True):
                        _execute(connection, _merged(writes))
                else:
                    for unit in units:
                        unit.execute(connection)
        except Replay:
            return False
        self.trouble.kept()
        for unit in units:
            unit.finish()
        return True

    def close(self) -> None:
        """Close every connection: one that a thread still works with, once it is given back."""
        self._closed = True
        self.engine.dispose()

    def _given_back(self, connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        if self._closed and connection is not None:
            connection.close()


class Unit:
    """All that one handler reads and writes. Reads are at once; writes wait for `commit`."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._session: Session | None = None
        self._reader: Connection | None = None
        self._holder: Connection | None = None
        #: what waits for the commit, in order
        self.writes: list[Write] = []
        #: the first number that a further question of this unit may print, by person
        self.numbers: dict[int, int] = {}
        #: the plugins that sent messages which this unit looked at, by message
        self.senders: dict[int, str] = {}
        self._after: list[Callable[[], None]] = []

    @property
    def session(self) -> Session:
        """The ORM session for a plugin's own records; flushed once, at the end."""
        if self._session is None:
            self._session = Session(self.database.engine, autoflush=False, expire_on_commit=False)
        return self._session

    @property
    def is_light(self) -> bool:
        """Whether there are no records to flush, so that the writes may join another unit's transaction."""
        return self._session is None or not (self._session.new or self._session.dirty or self._session.deleted)

    @property
    def shape(self) -> tuple[int, ...]:
        """The sequence of its statements: units of one shape can be carried out row by row together."""
        return tuple(id(write.statement) for write in self.writes)

    def read(self, statement: Executable | Prepared, parameters: Values | None = None) -> Result[*tuple[Any, ...]]:
        """Run a query now; it does not see what this unit has yet to write. Raises `StoreUnavailable` and `Replay`."""
        with self.database.trouble.translated():
            if self._session is not None:
                if isinstance(statement, Prepared):
                    return statement.read(self._session.connection(), parameters or {})
                return self._session.execute(statement, parameters)
            if self._reader is None:
                self._reader = self.database.connect_to_read()
            if isinstance(statement, Prepared):
                return statement.read(self._reader, parameters or {})
            return self._reader.execute(statement, parameters)

    def hold(self, statement: Executable, parameters: Values | None = None) -> AnyRow | None:
        """Run a query that locks rows, and return the first: they are held until this unit writes or is closed.

        Raises `StoreUnavailable` and `Replay`.
        """
        with self.database.trouble.translated():
            if self._holder is None:
                self._holder = self.database.engine.connect()
            return self._holder.execute(statement, parameters).first()

    def write(self, statement: Executable | Prepared, row: Values | None = None, *, expect: int | None = None) -> None:
        """Let a statement wait for the commit. With `expect`, another number of changed rows replays the handler."""
        last = self.writes[-1] if self.writes else None
        if (
            row is not None
            and last is not None
            and last.rows
            and last.statement is statement
            and last.expect is expect is None
            and last.rows[0].keys() == row.keys()
        ):
            last.rows.append(row)
            return
        self.writes.append(Write(statement, None if row is None else [row], expect))

    def write_all(self, statement: Executable | Prepared, rows: Sequence[Values], *, expect: int | None = None) -> None:
        """Let a statement wait for the commit, with many rows of the same columns; `expect` as in `write`."""
        if rows:
            self.writes.append(Write(statement, list(rows), expect))

    def after_commit(self, action: Callable[[], None]) -> None:
        """Have something done once all is kept, such as waking who waits for it."""
        self._after.append(action)

    def commit(self) -> None:
        """Keep everything, or nothing. Raises `Replay` when somebody else was first, and `StoreUnavailable`."""
        self.let_go_of_reader()
        try:
            with self.database.trouble.translated():
                if self._session is not None:
                    self._commit_session(self._session)
                elif self.writes:
                    with self.database.engine.connect() as connection, connection.begin():
                        self.database.break_off(connection)
                        self.execute(connection)
        finally:
            self.close()
        self.database.trouble.kept()
        self.finish()

    def _commit_session(self, session: Session) -> None:
        try:
            self.database.break_off(session.connection())
            session.flush()
            self.execute(session.connection())
            session.commit()
        except BaseException:
            session.rollback()
            raise

    def execute(self, connection: Connection) -> None:
        """Run the waiting statements. Raises `Replay` when one changed another number of rows than it must."""
        for write in self.writes:
            _execute(connection, write)

    def finish(self) -> None:
        """Do what was to be done once all is kept."""
        for action in self._after:
            action()

    def close(self) -> None:
        """Let go of connections; what was not committed is forgotten."""
        self.let_go_of_reader()
        if self._session is not None:
            session, self._session = self._session, None
            _let_go(session)

    def recover(self) -> None:
        """Let reading go on after a query failed: PostgreSQL answers nothing more in a transaction where one did.

        For units in which nothing waits to be kept but statements: records that were added would be forgotten.
        """
        self.let_go_of_reader()
        if self._session is not None:
            self._session.rollback()

    def rest(self) -> None:
        """Give back every connection until the commit, where nothing is bound to it: the handler has returned."""
        if self.is_light:
            self.close()

    def let_go_of_reader(self) -> None:
        """Give back the connection that was read with, and that which held rows: our own writes may be of those."""
        for one in (self._reader, self._holder):
            if one is not None:
                _let_go(one)
        self._reader = self._holder = None


def _let_go(one: Connection | Session) -> None:
    """Give back what was read with. It was read, so a connection that breaks only now takes nothing along."""
    with suppress(DBAPIError):
        one.close()


def _execute(connection: Connection, write: Write) -> None:
    rows = write.rows
    if isinstance(write.statement, Prepared):
        changed = write.statement.write(connection, rows or [{}])
    else:
        given = rows[0] if rows is not None and len(rows) == 1 else rows
        changed = connection.execute(write.statement, given).rowcount
    if write.expect is not None and changed != write.expect:
        raise Replay(f"expected {write.expect} rows, changed {changed}")


def _merged(writes: Sequence[Write]) -> Write:
    """Return one write with the rows of all, of the same statement. Statements without rows are the same once."""
    rows = [row for write in writes for row in write.rows or ()]
    expected = [write.expect for write in writes if write.expect is not None]
    return Write(writes[0].statement, rows or None, sum(expected) if expected else None)
