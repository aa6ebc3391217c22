"""A town of which everybody is to get one message, and somebody who commits a small row all the time meanwhile."""

from __future__ import annotations

import resource
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import insert, select

from benchmarks import country
from benchmarks.updates import TOKEN
from buurtwacht import NeighbourhoodId
from buurtwacht.assembly import bring_up_to_date
from buurtwacht.records.database import Database
from buurtwacht.records.neighbourhoods import Neighbourhoods
from buurtwacht.records.schema import address, membership, person
from buurtwacht.vocabulary.ids import new_ids
from buurtwacht.vocabulary.settings import build

#: Seconds between two commits of the others.
_EVERY = 0.002
_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Town:
    """A database with one neighbourhood of many members, each with an address, and nobody's number."""

    database: Database
    neighbourhoods: Neighbourhoods
    where: NeighbourhoodId

    def people(self) -> list[tuple[int, int]]:
        """Return every member with his address."""
        query = select(address.c.person_id, address.c.id).order_by(address.c.person_id)
        with self.database.reading() as connection:
            return [(row[0], row[1]) for row in connection.execute(query)]


def build_town(folder: Path, members: int, *, postgresql: bool) -> Town:
    """Return a town in a new database."""
    url = _server() if postgresql else f"sqlite:///{folder / 'bench.db'}"
    table = {"code": "TB", "name": "Tolberg", "quiet_hours": ""}
    channels = {"telegram": {"token": TOKEN}}
    settings = build({"buurtwacht": {"database": url}, "channels": channels, "neighbourhoods": [table]}, folder=folder)
    database = Database(settings.instance.database)
    bring_up_to_date(settings, database, [], country.SINCE, lambda path: None)
    town = _founded(database)
    for start in range(0, members, _AT_ONCE):
        _move_in(town, min(_AT_ONCE, members - start))
    if postgresql:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    return town


def _founded(database: Database) -> Town:
    neighbourhoods = Neighbourhoods(database)
    empty: dict[str, object] = {name: [] for name in ("postcodes", "streets", "adjacent", "plugins_off")}
    values = {
        "name": "Tolberg",
        "language": "nl",
        "timezone": "Europe/Amsterdam",
        "borders": {},
        "settings": {},
        **empty,
    }
    return Town(database, neighbourhoods, neighbourhoods.write("TB", values))


def _move_in(town: Town, count: int) -> None:
    people, places, at = (new_ids(count) for _ in range(3))
    with town.database.writing() as connection:
        connection.execute(insert(person), [country.person_row(one, "Buur") for one in people])
        rows = [
            country.membership_row(*both, where=town.where, roles=(), street="Meidoornstraat", postcode="4707")
            for both in zip(places, people, strict=True)
        ]
        connection.execute(insert(membership), rows)
        rows = [country.address_row(*both, "telegram") for both in zip(at, people, strict=True)]
        connection.execute(insert(address), rows)


def _server() -> str:
    """Start a PostgreSQL server that keeps what it was told, and return the address of a new database."""
    from sqlalchemy import NullPool, create_engine

    from buurtwacht.testing import postgres

    address_of = postgres.address()
    control = create_engine(address_of.replace("NAME", "postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with control.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = on")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
        connection.exec_driver_sql("CREATE DATABASE queueing")
    return address_of.replace("NAME", "queueing")


class Others(threading.Thread):
    """Somebody else who commits a small row all the time; `worst` is the longest that one commit took, in seconds."""

    def __init__(self, commit: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self._commit = commit
        self._ended = threading.Event()
        self.worst = 0.0

    def run(self) -> None:
        """Commit until it is told to end."""
        while not self._ended.wait(_EVERY):
            began = time.perf_counter()
            self._commit()
            self.worst = max(self.worst, time.perf_counter() - began)

    def end(self) -> None:
        """End after the commit that is under way."""
        self._ended.set()
        self.join()


@contextmanager
def measured(commit: Callable[[], object], figures: dict[str, float]) -> Iterator[None]:
    """Do the work within, and write down its seconds, the worst commit of others, without it too, and bytes it took."""
    before = Others(commit)
    before.start()
    time.sleep(0.5)
    before.end()
    beside = Others(commit)
    peak, began = _peak(), time.perf_counter()
    beside.start()
    yield
    figures["queued"] = time.perf_counter() - began
    beside.end()
    figures |= {"held_up": beside.worst, "alone": before.worst, "memory": _peak() - peak}


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
