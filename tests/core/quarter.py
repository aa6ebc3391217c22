"""A quarter of a town for tests of delivery: people in a database, and two messengers in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from buurtwacht.edge.delivery import Delivery
from buurtwacht.edge.desk import Desk
from buurtwacht.edge.rendering import Renderer
from buurtwacht.records import outbox
from buurtwacht.records.database import Database
from buurtwacht.records.keys import Keyring, new_key
from buurtwacht.records.neighbourhoods import Neighbourhoods
from buurtwacht.records.schema import address, delivery, handle, metadata, person
from buurtwacht.vocabulary.channels import Capabilities, Glimpse, Outgoing, Pace, Receipt
from buurtwacht.vocabulary.clock import Clock, VirtualClock
from buurtwacht.vocabulary.events import Handle
from buurtwacht.vocabulary.ids import MessageId, new_id
from buurtwacht.vocabulary.messages import Message, Reader, Severity, Text, Thread
from buurtwacht.vocabulary.texts import Catalogues

START = datetime(2026, 1, 16, 0, 42, tzinfo=UTC)
KEY = new_key()
CHAT = Capabilities(buttons=100, button_title=64, edit=True, groups=True)
PHONE = Capabilities(
    interactive_text=1024,
    buttons=3,
    button_title=20,
    templates=True,
    window=timedelta(hours=24),
    receipts=True,
    recipient_pace=Pace(6.0, 45),
)
PO = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"

msgid "words"
msgstr "{words}"

msgid "brief"
msgstr "kort: {words}"

msgid "alert"
msgstr "Alarm: {words}"
"""


class Messenger:
    """A messenger in memory: it takes what it is sent, unless it was told to answer something else."""

    def __init__(self, name: str, capabilities: Capabilities, clock: Clock) -> None:
        self.account = name
        self.capabilities = capabilities
        self.clock = clock
        #: (when, recipient, text) of all it accepted
        self.shown: list[tuple[datetime, str, str]] = []
        self.outgoing: list[Outgoing] = []
        #: answers to come, by recipient; "" for whoever is next
        self.answers: dict[str, list[Exception]] = {}
        self.out_of_order: Exception | None = None
        self.in_flight: list[str] = []
        self.hold: asyncio.Event | None = None
        self.on_show: Callable[[], None] = lambda: None

    async def send(self, outgoing: Outgoing) -> Receipt:
        to = outgoing.to[0].value
        assert to not in self.in_flight, "two at once to one recipient"
        self.in_flight.append(to)
        try:
            if self.hold is not None:
                await self.hold.wait()
            await asyncio.sleep(0)
            for queue in (self.answers.get(to), self.answers.get("")):
                if queue:
                    raise queue.pop(0)
            if self.out_of_order is not None:
                raise self.out_of_order
        finally:
            self.in_flight.remove(to)
        self.outgoing.append(outgoing)
        self.shown.append((self.clock.now(), to, outgoing.text))
        self.on_show()
        return Receipt(f"{self.account}-{len(self.outgoing)}")

    @property
    def texts(self) -> list[str]:
        return [text for _, _, text in self.shown]


class Quarter:
    """A database with people, and one delivery for each messenger."""

    def __init__(self, folder: Path, clock: Clock | None = None) -> None:
        self.virtual = VirtualClock(START)
        self.clock = clock or self.virtual
        self.database = Database(f"sqlite:///{folder / 'quarter.db'}")
        metadata.create_all(self.database.engine)
        self.keyring = Keyring([KEY])
        (folder / "nl.po").write_text(PO)
        self.catalogues = Catalogues()
        self.catalogues.add("watch", folder)
        self.chat = Messenger("telegram", CHAT, self.clock)
        self.phone = Messenger("whatsapp", PHONE, self.clock)
        self.glimpses: list[Glimpse] = []
        self.states: list[tuple[str, str, str]] = []
        self.deliveries: dict[str, Delivery] = {}
        self.desks: dict[str, Desk] = {}
        #: what the next visits to the database end in, by the name of what is done there; None: nothing special
        self.troubles: dict[str, list[Exception | None]] = {}
        self.runner = asyncio.Runner()
        self.start()

    def start(self, rate: float | None = None) -> None:
        """Start the process, or start it again on the same database."""
        for messenger in (self.chat, self.phone):
            renderer = Renderer(
                self.catalogues,
                messenger.capabilities,
                Neighbourhoods(self.database),
                defaults=Reader(),
                load=lambda media: b"",
                templates={("watch", "alert"), ("core", "message.digest")},
                prefix="bw",
            )
            name = messenger.account
            self.desks[name] = Desk(name, self.database, self.keyring, renderer, named=True)
            self.deliveries[name] = Delivery(
                messenger,  # type: ignore[arg-type] # the part of a channel that delivery uses
                self.desks[name],
                self.clock,
                self.inline,
                rate=rate,
                look=self.glimpses.append,
                on_state=lambda state, reason, name=name: self.states.append((name, state, reason)),  # type: ignore[misc]
            )

    async def inline(self, function: Callable[..., Any], *arguments: Any) -> Any:
        troubles = self.troubles.get(function.__name__)
        if troubles and (trouble := troubles.pop(0)) is not None:
            raise trouble
        return function(*arguments)

    def play(self, story: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(story)

    def close(self) -> None:
        self.runner.close()
        self.database.close()

    # --- people and messages ---

    def person(self, name: str, *accounts: str, heard: bool = True) -> int:
        ident = new_id()
        with self.database.writing() as connection:
            row = {"id": ident, "name": name, "language": "nl", "formal": False, "refuses": [], "opted_in": []}
            connection.execute(insert(person), row)
            for position, one in enumerate(accounts or ["telegram"]):
                place, known = new_id(), Handle("chat", f"{name}@{one}")
                values = {"id": place, "person_id": ident, "account": one, "position": position, "created_at": START}
                connection.execute(insert(address), {**values, "last_heard_at": self.clock.now() if heard else None})
                lookup = self.keyring.lookup(one, known)
                secret = self.keyring.seal(known.value.encode())
                values = {"id": new_id(), "address_id": place, "account": one, "kind": "chat"}
                connection.execute(insert(handle), {**values, "lookup": lookup, "secret": secret})
        return ident

    def queue(
        self,
        words: str | Message,
        *to: int,
        severity: Severity = Severity.URGENT,
        thread: int = 0,
        replaces: MessageId | None = None,
        first_word: bool = False,
        expires_at: datetime | None = None,
    ) -> MessageId:
        message = words if isinstance(words, Message) else Message(say("words", words))
        unit = self.database.unit()
        ident = outbox.post(
            unit,
            message,
            plugin="watch",
            severity=severity,
            now=self.clock.now(),
            thread=Thread("watch", thread) if thread else None,
            replaces=replaces,
            expires_at=expires_at,
        )
        places = outbox.places_of(unit, to)
        outbox.queue(
            unit,
            ident,
            [(one, places.get(one)) for one in to],
            severity=severity,
            now=self.clock.now(),
            thread_id=thread,
            first_word=first_word,
        )
        unit.commit()
        return ident

    def put_off(self, seconds: float, *messages: int) -> None:
        """Let the quiet hours of their readers hold these messages for so long."""
        until = self.clock.now() + timedelta(seconds=seconds)
        with self.database.writing() as connection:
            asleep = update(delivery).where(delivery.c.message_id.in_(messages))
            connection.execute(asleep.values(put_off=True, not_before=until))

    # --- time ---

    def settle(self) -> None:
        """Let everything happen that may at this moment."""

        async def steps() -> None:
            while any([await one.step() for one in self.deliveries.values()]):
                pass

        self.play(steps())

    def advance(self, seconds: float) -> None:
        """Let time go by, stopping wherever something falls due."""
        end = self.clock.now() + timedelta(seconds=seconds)
        self.settle()
        while True:
            due = [one for one in (each.next_due() for each in self.deliveries.values()) if one is not None]
            if not due or min(due) > end:
                break
            assert min(due) > self.clock.now(), "due now, and yet a step did nothing"
            self.virtual.set(min(due))
            self.settle()
        self.virtual.set(end)

    # --- what became of it ---

    def states_of(self, message: int) -> list[tuple[str, str]]:
        query = select(delivery.c.state, delivery.c.reason).where(delivery.c.message_id == message)
        with self.database.reading() as connection:
            return [(row[0], row[1]) for row in connection.execute(query.order_by(delivery.c.id))]

    def state(self, message: int) -> str:
        ((state, _),) = self.states_of(message)
        return state


def say(key: str, words: str) -> Text:
    return Text(key, domain="watch", words=words)
