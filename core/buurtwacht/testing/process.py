"""One run of our process in a world: the same parts as the app's, stepped by hand, without threads or waiting."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any, TypeVar

from sqlalchemy import Connection

from buurtwacht.edge.delivery import Delivery
from buurtwacht.edge.desk import Desk
from buurtwacht.edge.receiving import Receiving
from buurtwacht.edge.rendering import Renderer
from buurtwacht.host.building import build
from buurtwacht.host.worker import Dispatcher, Hooks, Worker
from buurtwacht.records import fetching, outbox, selfaudit, timers
from buurtwacht.records.database import Database
from buurtwacht.records.inbox import Work
from buurtwacht.records.keys import Keyring
from buurtwacht.records.timers import Timer
from buurtwacht.testing.messengers import Messenger, News
from buurtwacht.vocabulary.channels import Inbound, Status
from buurtwacht.vocabulary.clock import Clock
from buurtwacht.vocabulary.messages import Reader
from buurtwacht.vocabulary.settings import Settings

T = TypeVar("T")

#: A world that is not quiet after so many rounds never will be.
_ROUNDS = 10_000


class Crash(BaseException):
    """The process dies here, without a goodbye. Nothing of ours may catch it."""


class Busy(BaseException):
    """A handler of this plugin began something that takes long; it is taken up again later."""

    def __init__(self, plugin: str) -> None:
        super().__init__(plugin)
        self.plugin = plugin


@dataclass(frozen=True, slots=True)
class Hanging:
    """Work whose handler takes long, and when it is taken up again."""

    until: datetime
    work: Work
    plugin: str


class _Watched(Dispatcher):
    """A dispatcher that remembers what it gave out last: the work of a handler that does not come back."""

    current: Work | None = None

    def take(self, *, wait: bool = False) -> Work | None:
        """Return work that may run."""
        self.current = super().take(wait=wait)
        return self.current


class Process:
    """A house that stands on a database, and everything that moves in it.

    `moment` is called where a test may interfere (handler, commit, receipt), with the plugin or account and the work;
    `hang` says until when a handler that begins something long takes.
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
        moment: Callable[[str, str, Work | None], None],
        hang: Callable[[Work, str], Hanging],
    ) -> None:
        self.dispatcher = _Watched()
        kinds = {name: one.capabilities.handle_kind for name, one in messengers.items()}
        self.core = build(settings, database, keyring, clock, modules, self.dispatcher, handle_kinds=kinds)
        self.channels = {name: one.open() for name, one in messengers.items()}
        self.core.invite = lambda account, payload, text: self.channels[account].invite(payload, text)
        self.dead = False
        self._settings = settings
        self._clock = clock
        self._moment = moment
        self._hang = hang
        self._messengers = messengers
        self.worker = Worker(
            self.core, self.dispatcher, Hooks(lambda what, plugin: moment(what, plugin, self.dispatcher.current))
        )
        self.receiving = Receiving(self.core, self.inline)
        self.deliveries = [self._delivery(name, rate) for name in messengers]
        self.hanging: list[Hanging] = []

    async def inline(self, function: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """Run what the app runs in a thread; a dead process writes nothing any more."""
        if self.dead:
            raise Crash
        return function(*arguments, **named)

    async def start(self) -> None:
        """Start the accounts and take up what an earlier process left."""
        now = self._clock.now()
        with self.core.database.writing() as connection:
            for name in self._messengers:
                selfaudit.set_account(connection, name, "ok", "", now)
        for name, messenger in self._messengers.items():
            if messenger.is_wired:
                await self.channels[name].start()
        self.dispatcher.add(self.core.inbox.waiting())

    async def accept(self, messenger: Messenger, news: News) -> bool:
        """Take in what a provider tells; return whether we said that we have it."""

        async def accept(events: Sequence[Inbound]) -> int:
            if any(isinstance(one.event, Status) for one in events):
                self._moment("receipt", messenger.account, None)
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
        while outbox.expand(database, self.core.neighbourhoods, now) >= 0:
            moved = True
        for one in self.deliveries:
            moved = await one.step() or moved
        return await self.receiving.fetch_step(self.channels) or moved

    def _handle(self) -> bool:
        moved = self._take_up_hanging()
        while True:
            try:
                if not self.worker.step():
                    return moved
            except Busy as busy:
                assert self.dispatcher.current is not None
                self.hanging.append(self._hang(self.dispatcher.current, busy.plugin))
            moved = True

    def _take_up_hanging(self) -> bool:
        now = self._clock.now()
        ready = [one for one in self.hanging if one.until <= now]
        for one in ready:
            self.hanging.remove(one)
            self.dispatcher.retry(one.work)
        return bool(ready)

    def _ripen(self) -> bool:
        now = self._clock.now()
        works: list[Work] = []

        def write(connection: Connection, ripe: Sequence[Timer]) -> None:
            works.extend(self.core.inbox.ripen(connection, ripe, now))

        if timers.next_due(self.core.database) is None or not timers.ripen(self.core.database, now, write):
            return False
        self.dispatcher.add(works)
        return True

    def next_due(self) -> datetime | None:
        """Return the next moment, later than now, at which something is to happen by itself."""
        now = self._clock.now()
        database = self.core.database
        moments = [timers.next_due(database), fetching.next_due(database)]
        moments += [one.next_due() for one in self.deliveries]
        moments += [one.until for one in self.hanging]
        later = [one for one in moments if one is not None]
        return min((max(one, now + timedelta(microseconds=1)) for one in later), default=None)

    def _delivery(self, account: str, rate: float | None) -> Delivery:
        core = self.core
        channel = self.channels[account]
        renderer = Renderer(
            core.catalogues,
            channel.capabilities,
            core.neighbourhoods,
            defaults=Reader(core.language, country=core.country),
            load=lambda media: fetching.content_of(core.database, core.keyring, media),
            templates={(plugin.id, key) for plugin in core.plugins for key in plugin.manifest.templates},
            prefix=str(self._settings.channels[account].options.get("templates", "buurtwacht")),
        )
        desk = Desk(account, core.database, core.keyring, renderer, named=False)
        return Delivery(channel, desk, self._clock, self.inline, rate=rate)

    def queues(self) -> list[tuple[str, str]]:
        """Return what waits in memory, in words, for whoever looks for traces of a person."""
        found = [("work", repr(work)) for lane in self.dispatcher._lanes.values() for work in lane]
        for one in self.deliveries:
            found += [("sending", repr(job)) for job in one._jobs.values()]
        return found

    async def close(self) -> None:
        """Let go of everything but the database."""
        for channel in self.channels.values():
            await channel.close()
