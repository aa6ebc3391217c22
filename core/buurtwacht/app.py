"""The app: one process that runs everything. Threads, sockets, signals and real sleeps live here and nowhere else."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any, TypeVar

import structlog
import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import Connection

from buurtwacht.assembly import House
from buurtwacht.edge.receiving import Receiving
from buurtwacht.edge.sending import delivery_for
from buurtwacht.edge.watch import Watch
from buurtwacht.edge.web import Web
from buurtwacht.host import housekeeping
from buurtwacht.host.worker import Worker
from buurtwacht.records import fetching, outbox, selfaudit, timers
from buurtwacht.records.inbox import Work
from buurtwacht.records.timers import Timer
from buurtwacht.vocabulary.channels import Channel, MenuCommand
from buurtwacht.vocabulary.errors import ConfigurationError, DeliveryError, Misconfigured, Replay, StoreUnavailable
from buurtwacht.vocabulary.messages import Reader, Text
from buurtwacht.vocabulary.texts import LANGUAGES

T = TypeVar("T")

#: How often the clock is looked at for timers; a timer is at most this late.
TICK = timedelta(seconds=0.5)
#: Interface: SIGTERM ends it within ten seconds. Deliveries break off what is not finished (`LAST_CALL`) and need a
#: moment to write that down; then pages that are open, and handlers, have their seconds.
LAST_SENDS = 6.0
LAST_PAGES = 1
LAST_HANDLERS = 1.0
#: How often `settle` looks whether everything is done; work that takes longer goes on by itself.
SETTLING = 250
#: After this long, work that our dispatcher does not know was written by another process.
OVERLOOKED = timedelta(seconds=5)
#: How long to wait before an account that could not be reached is started again.
START_AGAIN = 10.0

log = structlog.get_logger("buurtwacht.app")


class App:
    """A house that runs: receiving, handling, sending, timers and housekeeping, until it is told to stop."""

    def __init__(self, house: House, *, threads: int = 4) -> None:
        self.house = house
        self.core = house.core
        self._threads = threads
        self._pool = ThreadPoolExecutor(8, thread_name_prefix="database")
        self._workers: list[threading.Thread] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._sending: list[asyncio.Task[None]] = []
        #: what the scheduler asked for and is not done
        self._looks: set[asyncio.Task[Any]] = set()
        self._expand = asyncio.Event()
        self._fetch = asyncio.Event()
        self._expanding_now = asyncio.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.receiving = Receiving(self.core, self.run_in_thread)
        self._halt = asyncio.Event()
        self.deliveries = {
            name: delivery_for(
                self.core,
                channel,
                self.run_in_thread,
                rate=house.settings.channels[name].rate or channel.capabilities.rate,
                prefix=str(house.settings.channels[name].options.get("templates", "buurtwacht")),
                on_state=partial(self._account_changed, name),
            )
            for name, channel in house.channels.items()
        }
        self.watch = Watch(self.core, self.run_in_thread)
        self.web = Web(
            self.core,
            self.run_in_thread,
            [
                route
                for name, channel in house.channels.items()
                for route in channel.routes(self.receiving.accept_for(name))
            ],
            metrics_token=house.settings.web.metrics_token,
            waiting=house.dispatcher.waiting,
        )

    async def run_in_thread(self, function: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """Run something that touches the database away from the event loop."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: function(*arguments, **named))

    # --- running ---------------------------------------------------------------------------------------------------

    async def run(self, *, started: Callable[[int], None] = lambda port: None) -> None:
        """Run until SIGTERM or Ctrl-C: then nothing new is taken, and what is being sent is finished.

        `started` is called with the port once requests are answered. Whoever calls this holds the right to run on the
        database (`records.running`). Raises `ConfigurationError` when the port is taken.
        """
        stop = asyncio.Event()
        loop = self._loop = asyncio.get_running_loop()
        for one in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(one, stop.set)
        server = await self._open_web()
        try:
            port = server.servers[0].sockets[0].getsockname()[1]
            self.core.url = self.house.settings.web.address(port)
            await self._start()
            started(port)
            serving = asyncio.create_task(server.main_loop())
            self._tasks.append(serving)
            await stop.wait()
            log.info("stopping: finishing what is being sent")
        finally:
            await self._stop(server)

    async def _open_web(self) -> uvicorn.Server:
        """Listen first: a provider that comes early is answered, and a port that is taken is told at once."""
        web = self.house.settings.web
        config = uvicorn.Config(
            self.web.app,
            host=web.host,
            port=web.port,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",  # we have no sockets, and what opens one would log the path, which may hold a token
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=LAST_PAGES,
        )
        config.load()
        server = uvicorn.Server(config)
        server.lifespan = config.lifespan_class(config)
        loud = logging.getLogger("uvicorn.error")
        loud.disabled = True  # what it says of a port that is taken is said below, in one line with a mend
        try:
            await server.startup()
        except (OSError, SystemExit) as error:
            mend = "stop what listens there, or choose another web.port"
            raise ConfigurationError(
                [self.house.settings.fault("web.port", f"{web.host}:{web.port} cannot be listened on", mend)]
            ) from error
        finally:
            loud.disabled = False
        return server

    async def _start(self) -> None:
        await self.run_in_thread(self._take_up)
        for number in range(self._threads):
            thread = threading.Thread(target=self._work, name=f"worker-{number}", daemon=True)
            thread.start()
            self._workers.append(thread)
        self.receiving.announced = self._fetch.set
        for name, channel in self.house.channels.items():
            self._spawn(self._account(name, channel), f"account {name}")
            self._sending.append(asyncio.create_task(self.deliveries[name].run(self._halt), name=f"delivery {name}"))
        self._spawn(self._expanding(), "expansion")
        self._spawn(self._fetching(), "files")
        # A look at the clock that is left out because the last one takes long is nothing to warn of.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler = AsyncIOScheduler(job_defaults={"misfire_grace_time": None, "coalesce": True})
        self._scheduler.add_job(self._tick, "interval", seconds=TICK.total_seconds())
        self._scheduler.add_job(self._overlooked, "interval", seconds=OVERLOOKED.total_seconds())
        self._scheduler.add_job(self._sweep, "interval", hours=1)
        self._scheduler.add_job(self._look_after, "interval", minutes=1)
        self._scheduler.start()

    def _take_up(self) -> None:
        """Take up what the last process left: events that were not handled. Deliveries take up their own."""
        database, now = self.core.database, self.core.clock.now()
        with database.writing() as connection:
            for name in self.house.channels:
                selfaudit.set_account(connection, name, "ok", "", now)
        self.house.dispatcher.add(self.core.inbox.waiting())

    async def _stop(self, server: uvicorn.Server) -> None:
        server.should_exit = True
        if hasattr(self, "_scheduler"):
            self._scheduler.pause()
            if self._looks:
                await asyncio.wait(self._looks, timeout=LAST_HANDLERS)
            self._scheduler.shutdown(wait=False)
        self.house.dispatcher.close()
        self._halt.set()
        try:
            async with asyncio.timeout(LAST_SENDS):
                await asyncio.gather(*self._sending)
        except TimeoutError:
            log.warning("some sends did not finish; they are taken up at the next start")
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await server.shutdown()
        for name, channel in self.house.channels.items():
            try:
                await channel.close()
            except Exception as error:
                log.warning("account not closed", account=name, error=type(error).__name__)
        until = monotonic() + LAST_HANDLERS
        for thread in self._workers:
            await asyncio.to_thread(thread.join, max(0.0, until - monotonic()))
        self._pool.shutdown(wait=False)
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

    def _work(self) -> None:
        """One worker thread: handle events until the dispatcher is closed."""
        worker = Worker(self.core, self.house.dispatcher)
        while not self.house.dispatcher.closed:
            if worker.step(wait=True):
                self.wake()
            else:
                self.house.dispatcher.pause(1.0)

    def wake(self) -> None:
        """Let expansion and delivery look for work; may be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake_here)

    def _wake_here(self) -> None:
        self._expand.set()
        for one in self.deliveries.values():
            one.wake()

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
                with suppress(Replay):  # another process wrote this chunk
                    found: int = await self.run_in_thread(
                        outbox.expand, core.database, core.neighbourhoods, core.clock.now()
                    )
                    more = found >= 0
                if more:
                    self._wake_deliveries()

    def _wake_deliveries(self) -> None:
        for one in self.deliveries.values():
            one.wake()

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
        """Do something with the database; when it is gone, or anything else goes wrong, say so and come back to it."""
        try:
            await work()
        except (StoreUnavailable, Replay) as gone:
            log.error("database unavailable", reason=str(gone))
            await asyncio.sleep(1.0)
        except Exception as error:
            # What should go on for ever goes on: one bad row must not end all expansion, timers or files.
            log.error("a part of the app failed", exc_info=error)
            await asyncio.sleep(1.0)

    # --- accounts --------------------------------------------------------------------------------------------------

    async def _account(self, name: str, channel: Channel) -> None:
        """Start an account and receive from it; one that cannot be reached is tried again, one refused is stopped."""
        while True:
            try:
                await channel.start()
                await self.watch.account(name, "ok", "")
                await self._show_menu(channel)
                await channel.receive(self.receiving.accept_for(name))
                return
            except Misconfigured as refused:
                log.error("account stopped", account=name, reason=refused.reason)
                self.deliveries[name].stop(refused.reason)
                await self._patiently(partial(self.watch.account, name, "stopped", refused.reason))
                return
            except DeliveryError as gone:
                log.warning("account cannot be reached", account=name, reason=gone.reason)
                await self._patiently(partial(self.watch.account, name, "down", gone.reason))
            except (StoreUnavailable, Replay) as gone:
                log.error("database unavailable", reason=str(gone))
            except Exception as error:
                # Whatever an adapter trips over: an account that hears nothing is no account.
                log.error("account fell over; it is started again", account=name, exc_info=error)
            await asyncio.sleep(START_AGAIN)

    def _account_changed(self, name: str, state: str, reason: str) -> None:
        """Sending met trouble, or got over it: those who look after the neighbourhoods are told another way."""
        telling = self._patiently(partial(self.watch.account, name, state, reason))
        self._spawn(telling, f"telling of {name}")

    async def _show_menu(self, channel: Channel) -> None:
        """Show the commands in the messenger's menu; what fails there never keeps an account from starting."""
        try:
            await channel.set_menu({language: self._menu(language) for language in LANGUAGES})
        except Exception as error:
            log.warning("menu not set", account=channel.account, error=type(error).__name__)

    def _menu(self, language: str) -> list[MenuCommand]:
        catalogues = self.core.catalogues
        found = []
        for plugin, command in self.core.plugins.commands():
            words = catalogues.words(plugin, f"command.{command.name}.words", language)
            if command.menu and not (command.roles or command.menu_for) and words:
                help_text = Text(f"command.{command.name}.help", domain=plugin)
                found.append(MenuCommand(words[0], catalogues.render(help_text, Reader(language))))
        return found

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
        await self._at_its_time(lambda: self.run_in_thread(self._ripen))

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
        before = self.house.dispatcher.known()
        waiting = self.core.inbox.waiting(since_before=self.core.clock.now() - OVERLOOKED, without=before)
        known = before | self.house.dispatcher.known()
        self.house.dispatcher.add([work for work in waiting if work.id not in known])

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
        for one in self.deliveries.values():
            moments.append(await self.run_in_thread(one.next_due))
        return min((one for one in moments if one is not None), default=None)

    async def _sweep(self) -> None:
        await self._at_its_time(lambda: self.run_in_thread(housekeeping.sweep, self.core, self.core.clock.now()))

    async def _look_after(self) -> None:
        self.core.health.forget()
        await self._at_its_time(lambda: self.watch.step(self.house.channels))
        self.wake()


async def _either(event: asyncio.Event, seconds: float) -> None:
    """Wait for an event, but no longer than this."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
