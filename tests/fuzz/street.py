"""A street for the machine that fuzzes the outbox: neighbours on two messengers that answer anything, and processes
that die or lose their account. What must hold at the moment of a send stands in `leaving`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from tests.core.quarter import CHAT, PHONE, PO, START, say

from buurtwacht.edge.delivery import Delivery
from buurtwacht.edge.desk import Desk
from buurtwacht.edge.rendering import Renderer
from buurtwacht.records import expansion, outbox, outcomes
from buurtwacht.records.audience import Audience
from buurtwacht.records.keys import Keyring
from buurtwacht.records.leases import Leases
from buurtwacht.records.neighbourhoods import Neighbourhoods
from buurtwacht.records.schema import address, delivery, handle, membership, person
from buurtwacht.records.turns import FEW
from buurtwacht.testing import stores
from buurtwacht.vocabulary.clock import VirtualClock
from buurtwacht.vocabulary.errors import StoreUnavailable
from buurtwacht.vocabulary.events import Handle, Status
from buurtwacht.vocabulary.ids import MessageId, new_id
from buurtwacht.vocabulary.messages import Message, Reader, Severity, Thread
from buurtwacht.vocabulary.texts import Catalogues

from .leaving import RATE, Leaving
from .messenger import Attempt, Provider

#: Who lives here, and the messengers he uses, the preferred first.
PEOPLE: dict[str, tuple[str, ...]] = {
    "Fatima": ("telegram",),
    "Henk": ("whatsapp", "telegram"),
    "Riet": ("telegram", "whatsapp"),
    "Piet": ("whatsapp",),
    "Sanne": ("telegram",),
}
#: So many more in each neighbourhood, all on Telegram, who are told things at once: neighbourhoods take turns then.
CROWD = FEW + 2
CAPABILITIES = {"telegram": CHAT, "whatsapp": PHONE}
FINAL = ("sent", "delivered", "read", "failed", "unknown", "withdrawn")


class Token(Leases):
    """The lease of one process, which is lost when the test says so."""

    lost = False

    def held(self, account: str) -> bool:
        """Return whether the process may still send."""
        return not self.lost

    def prove(self, connection: Connection, account: str) -> None:
        """Refuse to write for a process that lost its accounts."""
        if self.lost:
            raise StoreUnavailable(f"another process runs {account} now")


class Street:
    """A database with neighbours in two neighbourhoods, and the deliveries of two messengers."""

    def __init__(self) -> None:
        self.clock = VirtualClock(START)
        self._store = stores.store(stores.kind_of("sqlite"), [])
        self.database = self._store.open()
        self.keyring: Keyring = stores.keyring()
        self.deliveries: dict[str, Delivery] = {}
        #: what did not hold at the moment of a send
        self.complaints: list[str] = []
        self._leaving = Leaving(self.database, self.clock, lambda name, to, at: self.deliveries[name]._gate.may(to, at))
        self.providers = {
            name: Provider(name, able, self.clock, self._leaving.look, self.complaints)
            for name, able in CAPABILITIES.items()
        }
        self.runner = asyncio.Runner()
        self.token = Token(self.database)
        self.catalogues = _catalogues()
        self.places = {code: self._neighbourhood(code) for code in ("TB", "LD")}
        self.people = {name: self._person(name, accounts, _homes(name)) for name, accounts in PEOPLE.items()}
        crowd = {code: [f"{code}{number}" for number in range(CROWD)] for code in self.places}
        self.crowds = {code: [self._person(name, ("telegram",), ()) for name in names] for code, names in crowd.items()}
        self.open()

    def close(self) -> None:
        """Throw everything away."""
        self._kill()
        self.runner.close()
        self.database.close()
        self._store.drop()

    def _neighbourhood(self, code: str) -> int:
        values = {"name": code, "language": "nl", "timezone": "Europe/Amsterdam", "quiet_hours": "22:30-07:00"}
        empty = {"postcodes": [], "streets": [], "borders": {}, "adjacent": [], "plugins_off": [], "settings": {}}
        return Neighbourhoods(self.database).write(code, {**values, **empty, "municipality": ""})

    def _person(self, name: str, accounts: Sequence[str], homes: Sequence[str]) -> int:
        ident = new_id()
        with self.database.writing() as connection:
            row = {"id": ident, "name": name, "language": "nl", "formal": False, "refuses": [], "opted_in": []}
            connection.execute(insert(person), row)
            for home in homes:
                values = {"id": new_id(), "person_id": ident, "neighbourhood_id": self.places[home], "since": START}
                connection.execute(insert(membership), {**values, "roles": " member ", "state": "active"})
            for position, one in enumerate(accounts):
                place, known = new_id(), Handle("chat", f"{name}@{one}")
                values = {"id": place, "person_id": ident, "account": one, "position": position, "created_at": START}
                connection.execute(insert(address), {**values, "last_heard_at": START + timedelta(days=30)})
                values = {"id": new_id(), "address_id": place, "account": one, "kind": "chat"}
                lookup, secret = self.keyring.lookup(one, known), self.keyring.seal(known.value.encode())
                connection.execute(insert(handle), {**values, "lookup": lookup, "secret": secret})
        return ident

    # --- processes ---

    def open(self) -> None:
        """Start a process that runs both accounts."""
        self.token = Token(self.database)
        for name, provider in self.providers.items():
            renderer = Renderer(
                self.catalogues,
                provider.capabilities,
                Neighbourhoods(self.database),
                defaults=Reader(),
                load=lambda media: b"",
                templates={("watch", "alert"), ("core", "message.digest")},
                prefix="bw",
            )
            desk = Desk(name, self.database, self.keyring, renderer, named=False, leases=self.token)
            held = self.token.held
            self.deliveries[name] = Delivery(
                provider,  # type: ignore[arg-type] # the part of a channel that delivery uses
                desk,
                self.clock,
                _inline,
                rate=RATE,
                held=lambda name=name, held=held: held(name),  # type: ignore[misc]
            )

    def replace(self) -> None:
        """Start another process where one was a moment ago."""
        self._leaving.begin_again()
        for provider in self.providers.values():
            provider.begin_again()
        self.open()
        for one in self.deliveries.values():
            one.take_over()

    def crash(self) -> None:
        """Kill the process in the middle of what it sends, and start another."""
        self._leave_hanging()
        self._kill()
        for provider in self.providers.values():
            provider.hangs = None
        self.replace()

    def hand_over(self) -> None:
        """Let the process lose its accounts while it sends; it gets its answers when another runs them already."""
        self._leave_hanging()
        self.token.lost = True
        hanging = [provider.hangs for provider in self.providers.values() if provider.hangs is not None]
        for provider in self.providers.values():
            provider.hangs = None
            provider.in_flight.clear()
        self.replace()
        self.settle()
        for event in hanging:
            event.set()
        self.runner.run(_turns(30))
        for provider in self.providers.values():
            provider.in_flight.clear()
        self._kill()

    def _leave_hanging(self) -> None:
        async def begin() -> None:
            for provider in self.providers.values():
                provider.hangs = asyncio.Event()
            self._tasks = [asyncio.create_task(_quietly(one.step())) for one in self.deliveries.values()]
            await _turns(10)

        self.runner.run(begin())

    def _kill(self) -> None:
        async def end() -> None:
            mine = asyncio.current_task()
            others = [task for task in asyncio.all_tasks() if task is not mine]
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        self.runner.run(end())

    # --- time ---

    def settle(self) -> None:
        """Let everything happen that may at this moment."""

        async def steps() -> None:
            for _ in range(200):
                while expansion.expand(self.database, Neighbourhoods(self.database), self.clock.now()) >= 0:
                    pass
                if not any([await one.step() for one in self.deliveries.values()]):
                    return
            raise AssertionError("it does not come to rest")

        self.runner.run(steps())

    def advance(self, span: timedelta) -> None:
        """Let time go by, stopping wherever something falls due."""
        end = self.clock.now() + span
        self.settle()
        while True:
            due = [one for one in (each.next_due() for each in self.deliveries.values()) if one is not None]
            if not due or min(due) > end:
                break
            assert min(due) > self.clock.now(), "due now, and yet a step did nothing"
            self.clock.set(min(due))
            self.settle()
        self.clock.set(end)

    # --- what is said ---

    def post(
        self,
        words: str,
        severity: Severity,
        *,
        to: Sequence[str] = (),
        audience: Audience | None = None,
        thread: int = 0,
        first_word: bool = False,
        replaces: MessageId | None = None,
        expires: timedelta | None = None,
    ) -> MessageId:
        """Queue a message for some neighbours, or for an audience."""
        now = self.clock.now()
        unit = self.database.unit()
        ident = outbox.post(
            unit,
            Message(say("words", words), brief=say("brief", words)),
            plugin="watch",
            severity=severity,
            now=now,
            neighbourhood_id=None if audience is None else audience.neighbourhoods[0],
            thread=Thread("watch", thread) if thread else None,
            first_word=first_word,
            expires_at=None if expires is None else now + expires,
            audience=audience,
            replaces=replaces,
        )
        if audience is None:
            people = [self.people[one] for one in to]
            places = outbox.places_of(unit, people)
            readers = [(one, places.get(one)) for one in people]
            outbox.queue(unit, ident, readers, severity=severity, now=now, thread_id=thread, first_word=first_word)
        unit.commit()
        return ident

    def tell_crowd(self, code: str, words: str, severity: Severity) -> MessageId:
        """Queue a message of a neighbourhood for all of its crowd."""
        unit = self.database.unit()
        now, home = self.clock.now(), self.places[code]
        content = Message(say("words", words), brief=say("brief", words))
        ident = outbox.post(unit, content, plugin="watch", severity=severity, now=now, neighbourhood_id=home)
        places = outbox.places_of(unit, self.crowds[code])
        readers = [(one, places.get(one)) for one in self.crowds[code]]
        outbox.queue(unit, ident, readers, severity=severity, now=now, neighbourhood_id=home)
        unit.commit()
        return ident

    def withdraw(self, ident: MessageId) -> None:
        """Take a message back."""
        unit = self.database.unit()
        outbox.withdraw(unit, ident)
        unit.commit()

    def report(self, account: str, status: Status) -> None:
        """Let a provider report."""
        with self.database.writing() as connection:
            outcomes.apply_statuses(connection, account, [status], self.clock.now())

    def change_person(self, name: str, **values: Any) -> None:
        """Change what we know of a neighbour."""
        with self.database.writing() as connection:
            connection.execute(update(person).where(person.c.id == self.people[name]).values(values))

    def change_address(self, name: str, account: str, reachable: bool) -> None:
        """Switch an address off, or on again."""
        mine = update(address).where(address.c.person_id == self.people[name], address.c.account == account)
        with self.database.writing() as connection:
            connection.execute(mine.values(reachable=reachable))

    def rows(self) -> list[Row[Any]]:
        """Return all deliveries."""
        with self.database.reading() as connection:
            return list(connection.execute(select(delivery)))

    @property
    def attempts(self) -> list[Attempt]:
        """Return all that providers saw."""
        return [one for provider in self.providers.values() for one in provider.attempts]


def _homes(name: str) -> list[str]:
    return ["TB"] if name in ("Fatima", "Henk") else ["LD"] if name == "Sanne" else ["TB", "LD"]


def _catalogues() -> Catalogues:
    folder = stores.folder() / "street"
    folder.mkdir(exist_ok=True)
    (folder / "nl.po").write_text(PO)
    found = Catalogues()
    found.add("watch", folder)
    return found


async def _inline(function: Callable[..., Any], *arguments: Any) -> Any:
    return function(*arguments)


async def _turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def _quietly(step: Any) -> None:
    with suppress(StoreUnavailable):
        await step
