"""One run of our process in a world: the same parts as the app's, stepped by hand, without threads or waiting."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any, TypeVar

from sqlalchemy import Connection

from buurtwacht.edge.delivery import Delivery
from buurtwacht.edge.outside import Sources
from buurtwacht.edge.receiving import Receiving
from buurtwacht.edge.sending import delivery_for
from buurtwacht.edge.watch import Watch
from buurtwacht.host import housekeeping, pauses, tracing
from buurtwacht.host.building import build
from buurtwacht.host.dispatcher import Dispatcher, Running
from buurtwacht.host.overdue import AGAIN, LET_BY, LONG, Overdue
from buurtwacht.host.worker import Hooks, Worker
from buurtwacht.records import expansion, fetching, selfaudit, timers
from buurtwacht.records.database import Database
from buurtwacht.records.inbox import Work
from buurtwacht.records.keys import Keyring
from buurtwacht.records.timers import Timer
from buurtwacht.testing.interference import Busy, Crash, Hanging, Interference
from buurtwacht.testing.journal import HANGS
from buurtwacht.testing.loading import kit
from buurtwacht.testing.messengers import Messenger, News
from buurtwacht.testing.outside import OutsideWorld
from buurtwacht.vocabulary.channels import Channel
from buurtwacht.vocabulary.clock import Clock
from buurtwacht.vocabulary.events import Inbound, Status
from buurtwacht.vocabulary.settings import Settings

T = TypeVar("T")

#: A world that is not quiet after so many rounds never will be.
_ROUNDS = 10_000
#: As in the app: how often accounts are asked how they are, and how often what is over is swept away.
_WATCH = timedelta(minutes=1)
_SWEEP = timedelta(hours=1)


class _Watched(Dispatcher):
    """A dispatcher that remembers what it gave out last: the work of a handler that does not come back.

    With `alone`, one piece is given out at each step, so that one that hangs takes nothing else with it. What hangs
    runs on a worker of its plugin's own, or waits for that.
    """

    current: Work | None = None
    alone = False

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._now = now
        self.hanging: list[Hanging] = []

    def running(self) -> list[Running]:
        """Return the handlers that hang."""
        begun = (one for one in self.hanging if one.begins <= self._now())
        return [Running(one.work, one.plugin, HANGS, 0, lambda: None) for one in begun]

    def put_aside(self) -> tuple[list[Work], list[Work]]:
        """Return the work that waits for a handler of its plugin that hangs."""
        return [one.work for one in self.hanging if one.begins > self._now()], []

    def begin(self, *, alone: bool) -> None:
        """Begin a step."""
        self.current, self.alone = None, alone

    def take(self, *, wait: bool = False) -> Work | None:
        """Return work that may run."""
        if self.alone and self.current is not None:
            return None
        work = super().take(wait=wait)
        self.current = work or self.current
        return work

    def take_more(self, fits: Callable[[Work], bool], most: int) -> list[Work]:
        """Return what comes next as far as it fits."""
        return [] if self.alone else super().take_more(fits, most)


class Process:
    """A house that stands on a database, and everything that moves in it.

    `interference` is asked wherever a test may have something go wrong.
    """

    def __init__(
        self,
        settings: Settings,
        modules: Sequence[ModuleType],
        database: Database,
        keyring: Keyring,
        clock: Clock,
        messengers: Mapping[str, Messenger],
        *,
        rate: float | None,
        interference: Interference,
        outside: OutsideWorld,
    ) -> None:
        self.dispatcher = _Watched(clock.now)
        kinds = {name: one.capabilities.handle_kind for name, one in messengers.items()}
        trace = tracing.asked(os.environ, tracing.to_standard_error)
        self._kit = kit(modules, trace)
        self.core = build(
            settings,
            database,
            keyring,
            clock,
            modules,
            self.dispatcher,
            handle_kinds=kinds,
            trace=trace,
            loaded=self._kit.loaded,
        )
        self.channels: dict[str, Channel] = {}
        self.core.invite = lambda account, payload, text: self.channels[account].invite(payload, text)
        self.dead = False
        self._settings = settings
        self._clock = clock
        self._interference = interference
        self._messengers = messengers
        self._rate = rate
        self.worker = Worker(self.core, self.dispatcher, Hooks(self._moment, (Crash, Busy)))
        self.receiving = Receiving(self.core, self.inline)
        self.watch = Watch(self.core, self.inline)
        self.sources = Sources(self.core, self.inline, transport=outside.transport)
        self._outside = outside
        self.deliveries: list[Delivery] = []
        #: accounts that are not ok, as far as we know
        self._troubled: set[str] = set()
        self._changes: list[tuple[str, str, str]] = []
        self._watched = self._swept = self._looked = clock.now()
        self._overdue = Overdue(self.core, self.dispatcher)

    def _moment(self, what: str, who: str) -> None:
        self._interference.moment(what, who, self.dispatcher.current)

    async def inline(self, function: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """Run what the app runs in a thread; a dead process writes nothing any more."""
        if self.dead:
            raise Crash
        return function(*arguments, **named)

    async def start(self) -> None:
        """Start the accounts and take up what an earlier process left.

        Channels are opened here, so that `close` knows those that were when a later one cannot be.
        """
        now = self._clock.now()
        for name, messenger in self._messengers.items():
            self.channels[name] = messenger.open()
            self.deliveries.append(self._delivery(name))
        with self.core.database.writing() as connection:
            for name in self._messengers:
                selfaudit.set_account(connection, name, "ok", "", now)
        for name, messenger in self._messengers.items():
            if messenger.is_wired:
                messenger.judge(self._kit.templates(self._prefix(name), self.core.country))
                await self.channels[name].start()
        self.dispatcher.add(self.core.inbox.waiting())

    def _prefix(self, account: str) -> str:
        return str(self._settings.channels[account].options.get("templates", "buurtwacht"))

    async def accept(self, messenger: Messenger, news: News) -> bool:
        """Take in what a provider tells; return whether we said that we have it."""

        async def accept(events: Sequence[Inbound]) -> int:
            if any(isinstance(one.event, Status) for one in events):
                self._moment("receipt", messenger.account)
            return await self.receiving.accept_for(messenger.account)(events)

        return await messenger.deliver(news, self.channels[messenger.account], accept)

    # --- stepping ----------------------------------------------------------------------------------------------------

    async def settle(self) -> None:
        """Do everything that may be done now."""
        for _ in range(_ROUNDS):
            if not await self._round():
                return
        raise AssertionError("the world does not come to rest: something sets itself off again and again")

    async def _round(self) -> bool:
        moved = self._handle()
        moved = self._ripen() or moved
        database, now = self.core.database, self._clock.now()
        while expansion.expand(database, self.core.neighbourhoods, now) >= 0:
            moved = True
        for one in self.deliveries:
            moved = await one.step() or moved
        moved = pauses.tell(self.core) or moved
        moved = self._resume() or moved
        moved = await self._look_after() or moved
        if self._outside.is_there:
            moved = await self.sources.step() or moved
        return await self.receiving.fetch_step(self.channels) or moved

    def _resume(self) -> bool:
        """Let plugins go on that were resumed; what comes after what they were told meanwhile is looked at again."""
        moved = pauses.look(self.core)
        if moved or self.core.inbox.is_catching_up:
            self.dispatcher.look_again()
        return moved

    async def _look_after(self) -> bool:
        """Tell of accounts that changed; every minute ask them how they are; sweep when an hour has gone by."""
        now = self._clock.now()
        changes, self._changes = self._changes, []
        for account, state, reason in changes:
            (self._troubled.discard if state == "ok" else self._troubled.add)(account)
            await self.watch.account(account, state, reason)
        if now - self._swept >= _SWEEP:
            self._swept = now
            housekeeping.sweep(self.core, now)
        if now - self._watched < _WATCH:
            return bool(changes)
        self._watched = now
        if not self._is_troubled():
            return bool(changes)
        await self.watch.step(self.channels)
        states = selfaudit.account_states(self.core.database)
        self._troubled = {name for name, one in states.items() if one.state == "down"}
        return True

    def _is_troubled(self) -> bool:
        """Say whether asking an account how it is could tell anything: a week of minutes would take long otherwise."""
        return bool(self._troubled) or any(one.provider.down for one in self._messengers.values())

    def _handle(self) -> bool:
        moved = self._take_up_hanging()
        while True:
            self.dispatcher.begin(alone=self._interference.is_slow)
            try:
                if not self.worker.step():
                    return moved
            except Busy as busy:
                assert self.dispatcher.current is not None
                self.dispatcher.hanging.append(self._interference.hang(self.dispatcher.current, busy.plugin))
            moved = True

    def _take_up_hanging(self) -> bool:
        now = self._clock.now()
        ready = [one for one in self.dispatcher.hanging if one.until <= now]
        for one in ready:
            self.dispatcher.hanging.remove(one)
            self.dispatcher.give_back([one.work])
        self._overdue.look((now - self._looked).total_seconds())
        self._looked = now
        return bool(ready)

    def _ripen(self) -> bool:
        now = self._clock.now()
        works: list[Work] = []

        def write(connection: Connection, ripe: Sequence[Timer]) -> None:
            works.extend(self.core.inbox.ripen(connection, ripe, now))

        due = timers.next_due(self.core.database)
        if due is None or due > now or not timers.ripen(self.core.database, now, write):
            return False
        self.dispatcher.add(works)
        return True

    def next_due(self) -> datetime | None:
        """Return the next moment, later than now, at which something is to happen by itself."""
        now = self._clock.now()
        database = self.core.database
        moments = [timers.next_due(database), fetching.next_due(database)]
        moments += [one.next_due() for one in self.deliveries]
        moments += [one for hanging in self.dispatcher.hanging for one in _looks(hanging) if one > self._looked]
        if self._is_troubled():
            moments.append(self._watched + _WATCH)
        if self._outside.is_there:
            moments.append(self.sources.next_due())
        later = [one for one in moments if one is not None]
        # What says it is due and yet did nothing is asked again a second later.
        return min((one if one > now else now + timedelta(seconds=1) for one in later), default=None)

    def _delivery(self, account: str) -> Delivery:
        return delivery_for(
            self.core,
            self.channels[account],
            self.inline,
            rate=self._rate,
            prefix=self._prefix(account),
            on_state=lambda state, reason: self._changes.append((account, state, reason)),
        )

    async def close(self) -> None:
        """Let go of everything but the database; one channel that cannot leaves none of the others open."""
        async with AsyncExitStack() as held:
            for channel in self.channels.values():
                held.push_async_callback(channel.close)


def _looks(hanging: Hanging) -> list[datetime]:
    """Return when it is to be looked at a handler that hangs, and what waits for it."""
    looks = [hanging.since + timedelta(seconds=LET_BY), hanging.begins, hanging.begins + timedelta(seconds=LET_BY)]
    while looks[-1] < hanging.until:
        looks.append(hanging.begins + timedelta(seconds=LONG + (len(looks) - 3) * AGAIN))
    return [one for one in looks if one < hanging.until] + [hanging.until]
