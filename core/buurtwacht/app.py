"""The app: one process that runs everything. Sockets, signals and real sleeps live here and nowhere else."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import httpx
import structlog
import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import Connection

from buurtwacht.accounts import Accounts
from buurtwacht.assembly import House, outdated
from buurtwacht.edge import serving
from buurtwacht.edge.heartbeat import Heartbeat
from buurtwacht.edge.outside import Sources
from buurtwacht.edge.receiving import Receiving
from buurtwacht.edge.watch import Watch
from buurtwacht.edge.web import Web
from buurtwacht.host import auditing, housekeeping, pauses, switching
from buurtwacht.host.health import place_of
from buurtwacht.host.overdue import Overdue
from buurtwacht.records import expansion, fetching, timers
from buurtwacht.records.findings import Change
from buurtwacht.records.inbox import Work
from buurtwacht.records.selfaudit import can_keep
from buurtwacht.records.timers import Timer
from buurtwacht.threads import Threads
from buurtwacht.vocabulary.errors import ConfigurationError, Replay, StoreUnavailable
from buurtwacht.workers import Workers

#: How often the clock is looked at for timers; a timer is at most this late.
TICK = timedelta(seconds=0.5)
#: Interface: SIGTERM ends it within ten seconds. Deliveries break off what is not finished (`LAST_CALL`) and need a
#: moment to write that down; then pages that are open, and handlers, have their seconds.
LAST_SENDS = 6.0
LAST_PAGES = 1
LAST_HANDLERS = 1.0
#: Seconds that leaving may take: what is not given back to the others runs out by itself.
LEAVING = 1.0
#: How often `settle` looks whether everything is done; work that takes longer goes on by itself.
SETTLING = 250
#: After this long, work that our dispatcher does not know was written by another process.
OVERLOOKED = timedelta(seconds=5)
#: Where several processes share a database: how often what another one was at is looked at again.
ELSEWHERE = timedelta(seconds=0.2)
#: So long a broadcast that cannot be fanned out is let be.
PASSED_OVER = timedelta(minutes=5)

log = structlog.get_logger("buurtwacht.app")


class App:
    """A house that runs: receiving, handling, sending, timers and housekeeping, until it is told to stop.

    `outside` makes what sources are reached through, when it is not simply the network.
    """

    def __init__(
        self,
        house: House,
        *,
        threads: int = 4,
        paced: bool = True,
        outside: Callable[[], httpx.AsyncBaseTransport] | None = None,
    ) -> None:
        self.house = house
        self.core = house.core
        self._pool = Threads(self.core.database.trouble)
        self.run_in_thread = self._pool.run
        self._workers = Workers(self.core, house.dispatcher, threads, self.wake)
        self._overdue = Overdue(self.core, house.dispatcher)
        self._tasks: list[asyncio.Task[None]] = []
        #: what the scheduler asked for and is not done
        self._looks: set[asyncio.Task[Any]] = set()
        self._expand = asyncio.Event()
        self._fetch = asyncio.Event()
        self._expanding_now = asyncio.Lock()
        #: broadcasts that could not be fanned out, and until when they are let be
        self._passed_over: dict[int, datetime] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        #: why this version may not go on with the database
        self._outdated: ConfigurationError | None = None
        self.receiving = Receiving(self.core, self._pool.run_to_answer)
        self.watch = Watch(self.core, self.run_in_thread)
        self.heartbeat = Heartbeat(self.core, self.run_in_thread, house.settings.web.heartbeat_url)
        self.sources = Sources(self.core, self.run_in_thread, lambda lease: self.accounts.leases.held(lease), outside)
        self.accounts = Accounts(
            house,
            self.receiving,
            self.watch,
            self.run_in_thread,
            patiently=self._patiently,
            paced=paced,
            beside=self.sources.leases,
        )
        self.web = Web(
            self.core,
            self._pool.run_in_time,
            [
                route
                for name, channel in house.channels.items()
                for route in channel.routes(self.receiving.accept_for(name))
            ],
            metrics_token=house.settings.web.metrics_token,
            waiting=house.dispatcher.waiting,
        )

    # --- running ---------------------------------------------------------------------------------------------------

    async def run(
        self,
        *,
        listens: bool = True,
        listening: socket.socket | None = None,
        started: Callable[[int], None] = lambda port: None,
        stopping: Callable[[], None] = lambda: None,
    ) -> None:
        """Run until SIGTERM or Ctrl-C: then nothing new is taken, and what is being sent is finished.

        `started` is called with the port once requests are answered; 0 where nothing `listens`. `listening` is a socket
        to answer on that somebody else opened, in place of one for the port of the settings. Whoever calls this holds
        the right to run on the database (`records.running`). `stopping` is called when the end begins, while pages
        are still open. Raises `ConfigurationError` when the port is taken, or when the schema became newer than this
        version knows while it ran.
        """
        loop = self._loop = asyncio.get_running_loop()
        for one in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(one, self._stopping.set)
        server = await self._serve(listening) if listens else None
        try:
            port = 0
            if server is not None:
                port = server.servers[0].sockets[0].getsockname()[1]
                self.core.url = self.house.settings.web.address(port)
            await self._start()
            started(port)
            if server is not None:
                self._tasks.append(asyncio.create_task(server.main_loop()))
            await self._stopping.wait()
            log.info("stopping: finishing what is being sent")
            stopping()
        finally:
            await self._stop(server)
        if self._outdated is not None:
            raise self._outdated

    def stop(self) -> None:
        """End `run`, as SIGTERM does; called on its event loop."""
        self._stopping.set()

    async def _serve(self, listening: socket.socket | None) -> uvicorn.Server:
        return await serving.begin(self.web.app, self.house.settings, listening, last_pages=LAST_PAGES)

    async def _start(self) -> None:
        self.core.database.broadcast = self._broadcast
        await self.run_in_thread(self._take_up)
        self._workers.begin()
        self.receiving.announced = self._fetch.set
        await self.accounts.start()
        self._spawn(self.accounts.keep(), "leases")
        self._spawn(self._expanding(), "expansion")
        self._spawn(self._fetching(), "files")
        self._spawn(self.sources.run(), "sources")
        # A look at the clock that is left out because the last one takes long is nothing to warn of.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler = AsyncIOScheduler(job_defaults={"misfire_grace_time": None, "coalesce": True})
        self._scheduler.add_job(self._tick, "interval", seconds=TICK.total_seconds())
        self._scheduler.add_job(self._overlooked, "interval", seconds=OVERLOOKED.total_seconds())
        if self.accounts.leases.are_shared:
            self._scheduler.add_job(self.house.dispatcher.look_again, "interval", seconds=ELSEWHERE.total_seconds())
        self._scheduler.add_job(self._sweep, "interval", hours=1)
        self._scheduler.add_job(self._look_after, "interval", minutes=1)
        self._scheduler.start()

    def _take_up(self) -> None:
        """Take up what the last process left: events that were not handled. Deliveries take up their own."""
        self.house.dispatcher.add(self.core.inbox.waiting())

    async def _stop(self, server: uvicorn.Server | None) -> None:
        if server is not None:
            server.should_exit = True
        if hasattr(self, "_scheduler"):
            self._scheduler.pause()
            await asyncio.sleep(0)  # what the scheduler has just given out begins, and is waited for
            if self._looks:
                await asyncio.wait(self._looks, timeout=LAST_HANDLERS)
            self._scheduler.shutdown(wait=False)
        self.house.dispatcher.close()
        try:
            await self.accounts.stop(LAST_SENDS)
        except TimeoutError:
            log.warning("some sends did not finish; they are taken up at the next start")
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if server is not None:
            await server.shutdown()
        with suppress(TimeoutError):
            async with asyncio.timeout(LEAVING):
                await self.accounts.close()
        await asyncio.to_thread(self._workers.join, LAST_HANDLERS)
        self._pool.close()
        self.core.database.close()

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.append(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Say so when something that should go on for ever fell over: the self-audit sees what it leaves undone."""
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a part of the app stopped", part=task.get_name(), exc_info=error)
        if task in self._tasks:
            self._tasks.remove(task)

    # --- handling --------------------------------------------------------------------------------------------------

    def wake(self) -> None:
        """Let delivery look for work; may be called from any thread."""
        self._soon(self.accounts.wake)

    def _broadcast(self) -> None:
        """Let expansion look for work; may be called from any thread."""
        self._soon(self._expand.set)

    def _soon(self, action: Callable[[], None]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(action)

    async def _expanding(self) -> None:
        while True:
            await _either(self._expand, 5.0)
            self._expand.clear()
            await self._patiently(self._expand_all)

    async def _expand_all(self) -> None:
        core = self.core
        async with self._expanding_now:
            more = True
            while more:
                now = core.clock.now()
                self._passed_over = {one: until for one, until in self._passed_over.items() if until > now}
                try:
                    found: int = await self.run_in_thread(
                        expansion.expand, core.database, core.neighbourhoods, now, self._passed_over.keys()
                    )
                    more = found >= 0
                except expansion.CannotExpand as one:
                    # What stands behind it must not wait for it; the self-audit says that it stands still.
                    why = one.__cause__ or one
                    where = {"message": one.broadcast, "error": type(why).__name__, "at": place_of(why)}
                    log.error("a broadcast cannot be fanned out", **where)
                    self._passed_over[one.broadcast] = now + PASSED_OVER
                except Replay:
                    pass  # another process wrote this chunk
                if more:
                    self.accounts.wake()

    async def _fetching(self) -> None:
        while True:
            await _either(self._fetch, 5.0)
            self._fetch.clear()
            await self._patiently(self._fetch_all)

    async def _fetch_all(self) -> None:
        while await self.receiving.fetch_step(self.house.channels):
            if await self.run_in_thread(fetching.next_due, self.core.database) is None:
                return

    async def _patiently(self, work: Callable[[], Awaitable[object]]) -> None:
        """Do something with the database; when it is gone, or anything else goes wrong, come back to it."""
        try:
            await work()
        except (StoreUnavailable, Replay):
            await asyncio.sleep(1.0)
        except Exception as error:
            # What should go on for ever goes on: one bad row must not end all expansion, timers or files.
            log.error("a part of the app failed", exc_info=error)
            await asyncio.sleep(1.0)

    # --- the clock -------------------------------------------------------------------------------------------------

    async def _at_its_time(self, work: Callable[[], Awaitable[object]]) -> None:
        """Do what the scheduler asks for; a stop waits for it."""
        look = asyncio.current_task()
        assert look is not None
        self._looks.add(look)
        try:
            await self._patiently(work)
        finally:
            self._looks.discard(look)

    async def _tick(self) -> None:
        if not self.house.dispatcher.idle:
            await self._at_its_time(lambda: self.run_in_thread(self._overdue.look, TICK.total_seconds()))
        await self._at_its_time(lambda: self.run_in_thread(self._ripen))
        if self.core.database.trouble.present:
            # Nobody may come to write for hours: whether it is over is found out, and said.
            await self._at_its_time(lambda: self.run_in_thread(can_keep, self.core.database, self.core.clock.now()))

    def _ripen(self) -> None:
        now = self.core.clock.now()
        while True:
            works: list[Work] = []

            def write(connection: Connection, ripe: list[Timer], works: list[Work] = works) -> None:
                works.extend(self.core.inbox.ripen(connection, ripe, now))

            try:
                if not timers.ripen(self.core.database, now, write):  # type: ignore[arg-type] # a list is a sequence
                    return
            except Replay:
                return  # the next look takes them
            self.house.dispatcher.add(works)

    async def _overlooked(self) -> None:
        await self._at_its_time(lambda: self.run_in_thread(self._take_in))

    def _take_in(self) -> None:
        """Take up what another process wrote: settings, and into the inbox (`members invite`) past our dispatcher."""
        self.core.settings.refresh()
        switching.take_over(self.core)
        self.core.health.forget()
        pauses.look(self.core)
        before = self.house.dispatcher.known()
        waiting = self.core.inbox.waiting(since_before=self.core.clock.now() - OVERLOOKED, without=before)
        known = before | self.house.dispatcher.known()
        self.house.dispatcher.add([work for work in waiting if work.id not in known])
        self.house.dispatcher.look_again()

    async def settle(self) -> None:
        """Let everything happen that is due now: for a clock that is moved by hand."""
        for _ in range(SETTLING):
            await self.run_in_thread(self._ripen)
            await self._expand_all()
            if await self._is_quiet():
                return
            await asyncio.sleep(0.02)

    async def _is_quiet(self) -> bool:
        due = await self.next_due()
        return self.house.dispatcher.idle and (due is None or due > self.core.clock.now())

    async def next_due(self) -> datetime | None:
        """Return the next moment at which something is to happen by itself."""
        database = self.core.database
        moments = [await self.run_in_thread(timers.next_due, database)]
        moments.append(await self.run_in_thread(fetching.next_due, database))
        for one in self.accounts.deliveries:
            moments.append(await self.run_in_thread(one.next_due))
        return min((one for one in moments if one is not None), default=None)

    async def _sweep(self) -> None:
        await self._at_its_time(lambda: self.run_in_thread(housekeeping.sweep, self.core, self.core.clock.now()))

    async def _look_after(self) -> None:
        self.core.health.forget()
        await self._at_its_time(lambda: self.run_in_thread(pauses.tell, self.core))
        await self._at_its_time(self._check_schema)
        await self._at_its_time(lambda: self.watch.step(self.accounts.channels))
        await self._at_its_time(self._audit)
        self.wake()

    async def _audit(self) -> None:
        change: Change | None = await self.run_in_thread(auditing.step, self.core)
        await self.heartbeat.after(change)

    async def _check_schema(self) -> None:
        """End when somebody upgraded the database under us: what this version does not know it would spoil."""
        if not self.accounts.leases.are_shared:
            return
        self._outdated = await self.run_in_thread(outdated, self.core.database, self.house.modules)
        if self._outdated is not None:
            log.error("the database has a newer schema: this process stops")
            self._stopping.set()


async def _either(event: asyncio.Event, seconds: float) -> None:
    """Wait for an event, but no longer than this."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
