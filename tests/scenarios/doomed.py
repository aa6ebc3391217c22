"""A town whose process will be killed: its stand-in, its database to look into, fresh copies of both for a round."""

from __future__ import annotations

import itertools
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Executable, NullPool, create_engine, func, select, text
from sqlalchemy.exc import DBAPIError

from buurtwacht.records.schema import delivery, inbox, message, person
from buurtwacht.testing import postgres

from .town_process import Server, Telegram, Town, free_port, server, telegram

TOKEN = "123456789:stand-in-for-telegram"
SECRET = "geheim-van-tolberg"
#: Messages a second, of ours and as Telegram allows them; seconds that each answer takes.
RATE = 200
LATENCY = 0.12
#: Seconds within which a process is ready.
STARTED = 90.0
#: Neighbours who are to be told.
FAN_OUT = 500
_serial = itertools.count(1)


@dataclass(slots=True)
class Doomed(Town):
    """A town with its own stand-in."""

    messenger: Telegram = field(kw_only=True)
    #: who reports; a co-ordinator, so that drills can be begun too
    fatima: str = ""
    #: by chat: the name of a neighbour
    neighbours: dict[str, str] = field(default_factory=dict)
    _seen: list[dict[str, Any]] = field(default_factory=list)

    @contextmanager
    def started(self) -> Iterator[Server]:
        """Begin a process, and do not wait until it is ready."""
        with server("-m", "buurtwacht", "run", "--config", str(self.config)) as process:
            yield process

    @contextmanager
    def running(self) -> Iterator[Server]:
        """Run a process that is ready; several start side by side, on a machine that has more to do."""
        with self.started() as process:
            process.wait_for("listens at", STARTED)
            yield process

    def shown(self) -> list[dict[str, Any]]:
        """Return what stands on screens; only what is new is asked for."""
        self._seen += self.messenger.http.get("/seen", params={"from": len(self._seen)}).json()["seen"]
        return self._seen

    def told(self) -> Counter[str]:
        """Return how many messages each neighbour got, by name."""
        return Counter(self.neighbours[one["to"]] for one in self.shown() if one["to"] in self.neighbours)

    def rows(self, query: Executable) -> list[Any]:
        """Return rows of the database, whoever writes in it at the moment."""
        engine = create_engine(self.database, poolclass=NullPool)
        for _ in range(100):
            try:
                with engine.connect() as connection:
                    return list(connection.execute(query))
            except DBAPIError:
                time.sleep(0.05)
        raise AssertionError("the database cannot be read")

    def change(self, statement: Executable) -> int:
        """Change the database while no process runs; return how many rows."""
        engine = create_engine(self.database, poolclass=NullPool)
        with engine.begin() as connection:
            return int(connection.execute(statement).rowcount)

    def deliveries(self) -> dict[str, tuple[str, bool]]:
        """Return the state of the one delivery to each neighbour, and whether it is marked as a repeat, by name."""
        query = (
            select(person.c.name, delivery.c.state, delivery.c.repeat)
            .join(delivery, delivery.c.person_id == person.c.id)
            .where(person.c.name.startswith("Buur "))
        )
        rows = self.rows(query)
        found = {row.name: (row.state, bool(row.repeat)) for row in rows}
        assert len(found) == len(rows), "a neighbour has one delivery"
        return found

    def at_rest(self) -> bool:
        """Whether nothing is left to be handled, expanded or sent."""
        left = (
            select(func.count()).select_from(inbox).where(inbox.c.state == "new"),
            select(func.count()).select_from(message).where(message.c.expanded.is_(False)),
            select(func.count()).select_from(delivery).where(delivery.c.state.in_(("queued", "sending"))),
        )
        return all(self.rows(one)[0][0] == 0 for one in left)


class Ground:
    """Where towns of one kind of database are copied from: 500 neighbours who have joined.

    `address` is that of the databases of a server but for their name; empty: the server of all tests.
    """

    def __init__(self, kind: str, folder: Path, neighbours: int = FAN_OUT, address: str = "") -> None:
        self.kind = kind
        self._address = address
        self._folder = folder
        self._count = neighbours
        self._template = ""
        with self._standing(folder / "template", self._empty("template")) as town:
            town.members(
                [f"TB,Fatima,nl,member coordinator,Meidoornstraat,telegram,{town.fatima}"]
                + [f"TB,{name},nl,member,Esdoornlaan,telegram,{chat}" for chat, name in town.neighbours.items()]
            )
            self._template = town.database

    @contextmanager
    def town(self, *, empty: bool = False, webhook: bool = False) -> Iterator[Doomed]:
        """Give a fresh town, with its members, or with nothing at all."""
        number = next(_serial)
        folder = self._folder / f"{self.kind}{number}"
        folder.mkdir()
        database = self._empty(folder.name) if empty else self._copy(folder)
        with self._standing(folder, database, webhook=webhook) as town:
            yield town
        self._drop(database, folder)

    @contextmanager
    def _standing(self, folder: Path, database: str, *, webhook: bool = False) -> Iterator[Doomed]:
        folder.mkdir(exist_ok=True)
        with telegram("--token", TOKEN, "--latency", str(LATENCY), "--rate", str(RATE)) as messenger:
            town = Doomed(folder, free_port(), database, messenger=messenger)
            chats = messenger.post("people", count=self._count)
            town.neighbours = {str(chat): f"Buur {number}" for number, chat in enumerate(chats)}
            town.fatima = str(messenger.post("opens", person="Fatima")["handles"][0])
            account = (
                f'[channels.telegram]\ntoken = "{TOKEN}"\nwebhook_secret = "{SECRET}"\n'
                f'api_url = "{messenger.url}"\nrate = {RATE}\n'
            )
            town.write(f'public_url = "{town.url}"' if webhook else "", account)
            yield town

    def _empty(self, name: str) -> str:
        if self.kind == "sqlite":
            return f"sqlite:///{self._folder / name / 'buurtwacht.db'}"
        return self._order(f"CREATE DATABASE {self._name(name)}", self._name(name))

    def _copy(self, folder: Path) -> str:
        if self.kind == "sqlite":
            shutil.copyfile(self._template.removeprefix("sqlite:///"), folder / "buurtwacht.db")
            return f"sqlite:///{folder / 'buurtwacht.db'}"
        name = self._name(folder.name)
        return self._order(f"CREATE DATABASE {name} TEMPLATE {self._name('template')}", name)

    def _name(self, name: str) -> str:
        return f"doomed_{abs(hash(self._folder)) % 10**8}_{name}"

    def _drop(self, database: str, folder: Path) -> None:
        if self.kind != "sqlite":
            self._order(f"DROP DATABASE {self._name(folder.name)} WITH (FORCE)", folder.name)
        shutil.rmtree(folder)

    def _order(self, statement: str, name: str) -> str:
        """Have the server do something; return the address of the database of this name."""
        address = self._address or postgres.address()
        engine = create_engine(address.replace("NAME", "postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text(statement))
        return address.replace("NAME", name)
