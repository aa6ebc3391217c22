"""Accounts that several processes share on PostgreSQL: received from once, and sent for at once when another calls."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from buurtwacht import Capabilities, Context, Outgoing, Receipt, Text
from buurtwacht.accounts import Accounts
from buurtwacht.assembly import House
from buurtwacht.edge import delivery
from buurtwacht.edge.receiving import Receiving
from buurtwacht.edge.watch import Watch
from buurtwacht.host.building import build
from buurtwacht.host.dispatcher import Dispatcher
from buurtwacht.host.worker import Worker
from buurtwacht.records import migration, people
from buurtwacht.records.database import Database
from buurtwacht.records.keys import Keyring, new_key
from buurtwacht.records.leases import Leases
from buurtwacht.records.schema import delivery as deliveries
from buurtwacht.testing.mock import MockChannel
from buurtwacht.vocabulary.channels import Channel
from buurtwacht.vocabulary.clock import SystemClock
from buurtwacht.vocabulary.errors import StoreUnavailable
from buurtwacht.vocabulary.events import Accept, Handle, Inbound, Said
from buurtwacht.vocabulary.settings import build as settings_of

from .test_several_processes import url
from .test_worker import a_plugin

__all__ = ["url"]

ACCOUNT = "telegram"


class Polled(MockChannel):
    """A messenger that is polled, and answers what is sent when it is let."""

    def __init__(self) -> None:
        super().__init__(ACCOUNT, Capabilities(), SystemClock().now)
        #: how many receive at this moment
        self.heard_by = 0
        self.asked = asyncio.Event()
        self.answers = asyncio.Event()

    async def receive(self, accept: Accept) -> None:
        """Poll until cancelled."""
        self.heard_by += 1
        try:
            await asyncio.Event().wait()
        finally:
            self.heard_by -= 1

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Take it, and answer later."""
        self.asked.set()
        await self.answers.wait()
        return Receipt("1")


@pytest.fixture
def house(url: str, tmp_path: Path) -> Iterator[House]:
    """One process of several: a neighbour, and a plugin that repeats what was said."""

    def repeat(ctx: Context, what: str) -> None:
        ctx.reply(Text("said", what=what))

    echo = a_plugin("echo", tmp_path, repeat, "zeg")
    database = Database(url)
    migration.upgrade(database, [migration.CORE])
    tables = {"channels": {ACCOUNT: {}}, "neighbourhoods": [{"code": "TB", "name": "Tolberg"}]}
    keyring, dispatcher, settings = Keyring([new_key()]), Dispatcher(1), settings_of(tables, folder=tmp_path)
    core = build(settings, database, keyring, SystemClock(), [echo], dispatcher)
    home = core.neighbourhoods.by_code("TB")
    assert home is not None
    unit, now = database.unit(), core.clock.now()
    person = people.add_person(unit, "Fatima", "nl")
    people.add_membership(unit, person, home.id, now, roles=["member"])
    people.add_address(unit, keyring, ACCOUNT, [Handle("chat", "7")], now, person_id=person)
    unit.commit()
    made = House(settings, core, dispatcher, [echo], {})
    says(made, 1)
    yield made
    dispatcher.close()
    database.close()


def says(house: House, number: int) -> None:
    """Have Fatima say something, and queue what she is answered."""
    core, event = house.core, Said(str(number), f"zeg {number}")
    core.inbox.accept(ACCOUNT, [Inbound(f"u{number}", event, core.clock.now(), (Handle("chat", "7"),))])
    worker = Worker(core, house.dispatcher)
    while worker.step():
        pass


async def _at_once(work: Callable[[], Awaitable[object]]) -> None:
    await work()


@pytest.mark.postgres
def test_an_account_that_comes_back_while_it_is_being_let_go_is_heard_by_nobody_twice(house: House) -> None:
    gone = False

    async def run(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        if gone:
            raise StoreUnavailable("the database is gone")
        return await asyncio.to_thread(function, *arguments, **named)

    async def story() -> None:
        nonlocal gone
        channel = Polled()
        house.channels[ACCOUNT] = channel
        accounts = Accounts(house, Receiving(house.core, run), Watch(house.core, run), run, patiently=_at_once)
        await accounts.start()
        await channel.asked.wait()
        assert channel.heard_by == 1

        accounts.leases.release([ACCOUNT])  # as it runs out while the database is gone
        elsewhere = Leases(house.core.database, "elsewhere")
        assert elsewhere.renew([ACCOUNT]) == {ACCOUNT}
        gone = True
        await accounts._look()
        gone = False
        await accounts._look()  # it is another's now: what is being sent is finished first
        await asyncio.sleep(0)
        assert channel.heard_by == 0

        elsewhere.leave()
        await accounts._look()  # ours again, before that is finished
        for _ in range(20):
            await asyncio.to_thread(house.core.clock.now)
        assert channel.heard_by == 0, "it is being let go: nobody would ever end this"

        channel.answers.set()
        [leaving] = [one.leaving for one in accounts._runs.values() if one.leaving is not None]
        await leaving
        await accounts._look()
        while not channel.heard_by:
            await asyncio.to_thread(house.core.clock.now)
        assert channel.heard_by == 1
        await accounts.stop(5)
        await accounts.close()
        assert channel.heard_by == 0

    asyncio.run(asyncio.wait_for(story(), 60))


@pytest.mark.postgres
def test_who_is_called_looks_at_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """No timer, event or look of his own wakes him here, as each of them may in a process that runs."""
    monkeypatch.setattr(delivery, "_IDLE", 600.0)

    def sent() -> int:
        query = select(func.count()).select_from(deliveries).where(deliveries.c.state == "sent")
        with house.core.database.reading() as connection:
            return connection.execute(query).scalar_one()

    async def run(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return await asyncio.to_thread(function, *arguments, **named)

    def process(channels: dict[str, Channel]) -> Accounts:
        here = replace(house, channels=channels)
        return Accounts(here, Receiving(here.core, run), Watch(here.core, run), run, patiently=_at_once)

    async def story() -> None:
        channel = Polled()
        channel.answers.set()
        other, one = process({ACCOUNT: channel}), process({})
        await other.start()
        await one.start()
        keeping = [asyncio.create_task(each.keep()) for each in (other, one)]
        # He also looks when he begins to hear calls: whoever sent the second has begun, and was called for the third.
        for number in (1, 2, 3):
            if number > 1:
                await run(says, house, number)
                one.wake()
            while await run(sent) < number:
                await asyncio.sleep(0)
        for task in keeping:
            task.cancel()
        await asyncio.gather(*keeping, return_exceptions=True)
        await other.stop(5)
        await other.close()
        await one.close()

    asyncio.run(asyncio.wait_for(story(), 60))
