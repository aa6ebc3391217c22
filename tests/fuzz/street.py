"""A street for the machine that fuzzes the outbox: neighbours on two messengers that answer anything, and processes
that die or lose their account. Everything that must hold at the moment of a send is looked at there.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, or_, select, update
from tests.core.quarter import CHAT, PHONE, PO, START, say

from buurtwacht.edge.delivery import Delivery
from buurtwacht.edge.desk import Desk
from buurtwacht.edge.rendering import Renderer
from buurtwacht.records import outbox, outcomes
from buurtwacht.records.audience import Audience
from buurtwacht.records.keys import Keyring
from buurtwacht.records.leases import Leases
from buurtwacht.records.neighbourhoods import Neighbourhoods
from buurtwacht.records.schema import address, delivery, handle, membership, message, person
from buurtwacht.testing import stores
from buurtwacht.vocabulary.channels import Capabilities, Handle, Outgoing, Receipt, Status
from buurtwacht.vocabulary.clock import VirtualClock
from buurtwacht.vocabulary.errors import Ambiguous, DeliveryError, StoreUnavailable
from buurtwacht.vocabulary.ids import MessageId, new_id
from buurtwacht.vocabulary.messages import Message, Reader, Severity, Thread
from buurtwacht.vocabulary.texts import Catalogues

#: Who lives here, and the messengers he uses, the preferred first.
PEOPLE: dict[str, tuple[str, ...]] = {
    "Fatima": ("telegram",),
    "Henk": ("whatsapp", "telegram"),
    "Riet": ("telegram", "whatsapp"),
    "Piet": ("whatsapp",),
    "Sanne": ("telegram",),
}
#: Messages a second on each account: few, so that a pace is felt.
RATE = 3
CAPABILITIES = {"telegram": CHAT, "whatsapp": PHONE}
FINAL = ("sent", "delivered", "read", "failed", "unknown", "withdrawn")
_RANK = {Severity.CRITICAL: 1, Severity.URGENT: 2, Severity.NOTICE: 3, Severity.INFO: 4}


@dataclass(frozen=True, slots=True)
class Fate:
    """What is to become of one send: the error it ends in, if any, and whether it is shown all the same."""

    error: DeliveryError | None = None
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """One send as the provider saw it."""

    at: datetime
    account: str
    to: str
    delivery: int
    text: str
    provider_id: str
    #: whether it stands on the screen now
    shown: bool
    edits: bool


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


class Provider:
    """A messenger that answers what it is told to, and writes down all that it sees."""

    def __init__(self, name: str, street: Street) -> None:
        self.account = name
        self.capabilities: Capabilities = CAPABILITIES[name]
        self.attempts: list[Attempt] = []
        #: answers to come, by recipient; "" for whoever is next
        self.fates: dict[str, list[Fate]] = {}
        self.out_of_order: DeliveryError | None = None
        self.in_flight: Counter[str] = Counter()
        #: set while nobody gets an answer
        self.hangs: asyncio.Event | None = None
        self._street = street

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Answer as told. What must hold whenever something leaves is looked at here."""
        to = outgoing.to[0].value
        try:
            self._street.look(self, outgoing)
        except AssertionError as error:  # whoever sends takes it for an answer
            self._street.complaints.append(str(error))
        fate = self._fate(to)
        shown = fate.shown or fate.error is None
        provider_id = f"{self.account}-{len(self.attempts)}"
        edits = outgoing.edit_of is not None
        self.attempts.append(
            Attempt(
                self._street.clock.now(), self.account, to, outgoing.delivery, outgoing.text, provider_id, shown, edits
            )
        )
        self.in_flight[to] += 1
        try:
            if self.hangs is not None:
                await self.hangs.wait()
            await asyncio.sleep(0)
        finally:
            self.in_flight[to] -= 1
        if fate.error is not None:
            raise fate.error
        return Receipt(outgoing.edit_of or provider_id)

    def _fate(self, to: str) -> Fate:
        for queue in (self.fates.get(to), self.fates.get("")):
            if queue:
                return queue.pop(0)
        return Fate(self.out_of_order)


class Street:
    """A database with neighbours in two neighbourhoods, and the deliveries of two messengers."""

    def __init__(self) -> None:
        self.clock = VirtualClock(START)
        self._store = stores.store("sqlite", [])
        self.database = self._store.open()
        self.keyring: Keyring = stores.keyring()
        self.providers = {name: Provider(name, self) for name in CAPABILITIES}
        self.deliveries: dict[str, Delivery] = {}
        #: what did not hold at the moment of a send
        self.complaints: list[str] = []
        self.runner = asyncio.Runner()
        #: when the last process started that does not know whom the one before it wrote to
        self.started = START - timedelta(days=1)
        self.token = Token(self.database)
        self.paces: dict[tuple[str, str], datetime] = {}
        self.catalogues = _catalogues()
        self.places = {code: self._neighbourhood(code) for code in ("TB", "LD")}
        self.people = {name: self._person(name, accounts) for name, accounts in PEOPLE.items()}
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

    def _person(self, name: str, accounts: Sequence[str]) -> int:
        ident = new_id()
        homes = ["TB"] if name in ("Fatima", "Henk") else ["LD"] if name == "Sanne" else ["TB", "LD"]
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
        self.started = self.clock.now()
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
                while outbox.expand(self.database, Neighbourhoods(self.database), self.clock.now()) >= 0:
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

    # --- what must hold at the moment of a send ---

    def look(self, provider: Provider, outgoing: Outgoing) -> None:
        """Look at a send as it leaves: still true, in order, in its turn, and at the pace."""
        now, to = self.clock.now(), outgoing.to[0].value
        assert not provider.in_flight[to], "two at once to one recipient"
        with self.database.reading() as connection:
            row = connection.execute(_said.where(delivery.c.id == outgoing.delivery)).one()
            assert row.state == "sending", f"sent while {row.state}"
            assert not row.withdrawn, "withdrawn, and sent all the same"
            assert row.expires_at is None or row.expires_at > now, "expired, and sent all the same"
            if row.repeat and "Herhaling" not in outgoing.text:
                raise AssertionError("a repeat that does not say so")
            assert not row.thread_id or row.digested or not _before(connection, row, now), "overtook an earlier one"
            self._in_its_turn(connection, provider, row, now)
        recent = sum(now - timedelta(seconds=1) < one.at for one in provider.attempts)
        assert recent < RATE, f"{recent + 1} in a second"
        pace = provider.capabilities.recipient_pace
        interval = timedelta(seconds=pace.interval)
        paid = self.paces.get((provider.account, to), now)
        assert paid - now <= interval * (pace.burst - 1), "too fast for one recipient"
        self.paces[provider.account, to] = max(paid, now) + interval

    def _in_its_turn(self, connection: Connection, provider: Provider, row: Row[Any], now: datetime) -> None:
        """What presses more and could leave now does not wait for this one."""
        if row.digested or now - self.started <= timedelta(minutes=1):
            return
        sending = select(delivery.c.address_id).where(delivery.c.state == "sending")
        query = _said.where(
            delivery.c.account == provider.account,
            delivery.c.state == "queued",
            delivery.c.not_before <= now,
            delivery.c.rank < row.rank,
            delivery.c.address_id.not_in(sending),
            message.c.withdrawn.is_(False),
            message.c.replaces.is_(None),
        )
        gate = self.deliveries[provider.account]._gate
        for other in connection.execute(query):
            is_due = (other.expires_at is None or other.expires_at > now) and gate.may(other.address_id, now)
            assert not is_due or _before(connection, other, now), "what presses more waited"


_said = select(
    delivery,
    message.c.withdrawn,
    message.c.expires_at,
    message.c.superseded_by,
    message.c.severity,
).join(message, message.c.id == delivery.c.message_id)


def _before(connection: Connection, row: Row[Any], now: datetime) -> bool:
    """Whether something stands before a delivery at its address: an earlier one about the same thing."""
    query = select(delivery.c.id).where(
        delivery.c.address_id == row.address_id,
        delivery.c.thread_id == row.thread_id,
        delivery.c.id < row.id,
        or_(delivery.c.thread_id != 0, delivery.c.rank <= row.rank),
        delivery.c.state.in_(("queued", "sending")),
        or_(
            delivery.c.put_off.is_(False),
            and_(delivery.c.put_off.is_(True), or_(delivery.c.not_before <= now, delivery.c.attempts > 0)),
        ),
    )
    return connection.execute(query).first() is not None


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


__all__ = ["FINAL", "PEOPLE", "Ambiguous", "Attempt", "Fate", "Provider", "Street"]
