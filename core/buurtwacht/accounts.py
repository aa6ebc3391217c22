"""The accounts that this process runs: each is started, received from and sent for while we hold its lease."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import structlog

from buurtwacht.assembly import House
from buurtwacht.edge.delivery import Delivery
from buurtwacht.edge.receiving import Receiving, RunInThread, introduce
from buurtwacht.edge.sending import delivery_for
from buurtwacht.edge.watch import Watch
from buurtwacht.records import selfaudit
from buurtwacht.records.calls import Calls
from buurtwacht.records.leases import RENEWED, Leases
from buurtwacht.vocabulary.channels import Channel, MenuCommand
from buurtwacht.vocabulary.errors import DeliveryError, Misconfigured, Replay, StoreUnavailable
from buurtwacht.vocabulary.messages import Reader, Text
from buurtwacht.vocabulary.texts import LANGUAGES

#: How long to wait before an account that could not be reached is started again.
START_AGAIN = 10.0
#: How long after a call to other processes the next one may go out: what is queued meanwhile needs no call of its own.
CALLED = 0.02

log = structlog.get_logger("buurtwacht.accounts")


@dataclass(slots=True)
class _Run:
    """An account while this process runs it."""

    delivery: Delivery
    halt: asyncio.Event
    receiving: asyncio.Task[None]
    sending: asyncio.Task[None]
    leaving: asyncio.Task[None] | None = None
    #: nothing is received because nobody knows whether the lease is still ours
    deaf: bool = False


class Accounts:
    """Takes accounts up and lets them go, as the leases say. Everything here happens on the event loop.

    `patiently` does something with the database, and says so when that goes wrong. `beside` are the names of what else
    is shared out by leases: whoever does that asks `leases.held`.
    """

    def __init__(
        self,
        house: House,
        receiving: Receiving,
        watch: Watch,
        run_in_thread: RunInThread,
        *,
        patiently: Callable[[Callable[[], Awaitable[object]]], Awaitable[None]],
        paced: bool = True,
        beside: Collection[str] = (),
    ) -> None:
        self._house = house
        self._core = house.core
        self._receiving = receiving
        self._watch = watch
        self._run_in_thread = run_in_thread
        self._patiently = patiently
        self._paced = paced
        self._beside = beside
        self.leases = Leases(house.core.database)
        self._runs: dict[str, _Run] = {}
        self._calls = Calls(house.core.database, self.leases.holder)
        self._to_call = asyncio.Event()
        self._telling: set[asyncio.Task[None]] = set()
        self._stopping = False

    @property
    def deliveries(self) -> list[Delivery]:
        """The deliveries of the accounts that this process runs now."""
        return [one.delivery for one in self._runs.values()]

    @property
    def channels(self) -> dict[str, Channel]:
        """The channels of the accounts that this process runs now."""
        return {name: self._house.channels[name] for name in self._runs}

    def wake(self) -> None:
        """Have every delivery look at the outbox: ours, and those of accounts that other processes run."""
        self._wake_own()
        if not self.leases.alone:
            self._to_call.set()

    def _wake_own(self) -> None:
        for one in self._runs.values():
            one.delivery.wake()

    async def start(self) -> None:
        """Take up what is ours from the beginning; learn the names of the others, which links to them need."""
        await self._look()
        for name, channel in self._house.channels.items():
            if name not in self._runs:
                self._tell(self._introduced(channel))

    async def keep(self) -> None:
        """Renew what we hold, take up what became free, and let go of what is not ours any more; for ever."""
        if not self.leases.are_shared:
            return
        loop = asyncio.get_running_loop()

        def heard() -> None:
            with suppress(RuntimeError):  # the loop is closed already
                loop.call_soon_threadsafe(self._wake_own)

        threading.Thread(target=self._calls.listen, args=(heard,), name="calls", daemon=True).start()
        calling = asyncio.create_task(self._calling(), name="calls")
        try:
            while True:
                await asyncio.sleep(RENEWED)
                await self._look()
        finally:
            self._calls.close()
            calling.cancel()

    async def _calling(self) -> None:
        """Tell the others that something was queued, perhaps for an account of theirs."""
        while True:
            await self._to_call.wait()
            self._to_call.clear()
            await self._patiently(partial(self._run_in_thread, self._calls.call))
            await asyncio.sleep(CALLED)

    async def _look(self) -> None:
        try:
            held: set[str] = await self._run_in_thread(self.leases.renew, [*self._house.channels, *self._beside])
        except (StoreUnavailable, Replay):
            self._wait_for_leases()
            return
        for name, run in self._runs.items():
            if name in held and run.deaf and run.leaving is None:
                run.deaf = False
                run.receiving = self._begin_to_receive(name, run.delivery)
            if name not in held and run.leaving is None:
                log.warning("account is run elsewhere from now on", account=name)
                run.leaving = asyncio.create_task(self._let_go(name, run), name=f"leaving {name}")
        for name in sorted((held & self._house.channels.keys()) - self._runs.keys()):
            if not self._stopping:  # what another process leaves behind meanwhile is for those who stay
                await self._take_up(name)

    def _wait_for_leases(self) -> None:
        """Receive nothing for an account whose lease ran out while the database was gone: another may do so by now.

        Nothing is sent without a lease either; but what was answered stays in memory, to be written down if nobody took
        the account meanwhile.
        """
        for name, run in self._runs.items():
            if not self.leases.held(name) and not run.deaf and run.leaving is None:
                run.deaf = True
                run.receiving.cancel()

    def _begin_to_receive(self, name: str, delivery: Delivery) -> asyncio.Task[None]:
        work = self._receive(name, self._house.channels[name], delivery)
        return asyncio.create_task(work, name=f"account {name}")

    async def _take_up(self, name: str) -> None:
        await self._patiently(partial(self._run_in_thread, self._begin, name))
        channel, table = self._house.channels[name], self._house.settings.channels[name]
        delivery = delivery_for(
            self._core,
            channel,
            self._run_in_thread,
            rate=(table.rate or channel.capabilities.rate) if self._paced else None,
            prefix=str(table.options.get("templates", "buurtwacht")),
            on_state=partial(self._changed, name),
            leases=self.leases,
        )
        if self.leases.are_shared:
            delivery.take_over()
        halt = asyncio.Event()
        self._runs[name] = _Run(
            delivery,
            halt,
            self._begin_to_receive(name, delivery),
            asyncio.create_task(delivery.run(halt), name=f"delivery {name}"),
        )

    async def _let_go(self, name: str, run: _Run) -> None:
        """End an account here: what was being sent is finished, then another process may have it at once."""
        run.halt.set()
        run.receiving.cancel()
        await asyncio.gather(run.sending, run.receiving, return_exceptions=True)
        self._runs.pop(name, None)
        await self._patiently(partial(self._run_in_thread, self.leases.release, [name]))

    async def stop(self, seconds: float) -> None:
        """Take nothing more and finish what is being sent within so many seconds. Raises `TimeoutError`."""
        self._stopping = True
        for one in self._runs.values():
            one.halt.set()
        async with asyncio.timeout(seconds):
            await asyncio.gather(*(one.sending for one in self._runs.values()))

    async def close(self) -> None:
        """Stop receiving, let go of connections, and leave the accounts to others."""
        ending = [*(one.receiving for one in self._runs.values()), *self._telling]
        ending += [one.leaving for one in self._runs.values() if one.leaving is not None]
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        for name, channel in self._house.channels.items():
            try:
                await channel.close()
            except Exception as error:
                log.warning("account not closed", account=name, error=type(error).__name__)
        try:
            await self._run_in_thread(self.leases.leave)
        except (StoreUnavailable, Replay) as gone:
            log.warning("leases were not given back; they run out", reason=str(gone))

    # --- one account -----------------------------------------------------------------------------------------------

    async def _receive(self, name: str, channel: Channel, delivery: Delivery) -> None:
        """Start an account and receive from it; one that cannot be reached is tried again, one refused is stopped."""
        while True:
            try:
                await channel.start()
                waits = delivery.waits  # we were told to, before this start: hearing well does not end that
                await self._watch.account(name, "down" if waits else "ok", waits)
                await self._show_menu(channel)
                await channel.receive(self._receiving.accept_for(name))
                return
            except Misconfigured as refused:
                log.error("account stopped", account=name, reason=refused.reason)
                delivery.stop(refused.reason)
                await self._patiently(partial(self._watch.account, name, "stopped", refused.reason))
                return
            except DeliveryError as gone:
                log.warning("account cannot be reached", account=name, reason=gone.reason)
                await self._patiently(partial(self._watch.account, name, "down", gone.reason))
            except (StoreUnavailable, Replay):
                pass  # the database says so itself
            except Exception as error:
                # Whatever an adapter trips over: an account that hears nothing is no account.
                log.error("account fell over; it is started again", account=name, exc_info=error)
            await asyncio.sleep(START_AGAIN)

    def _begin(self, name: str) -> None:
        with self._core.database.writing() as connection:
            selfaudit.set_account(connection, name, "ok", "", self._core.clock.now())

    async def _introduced(self, channel: Channel) -> None:
        try:
            await introduce(channel)
        except DeliveryError as error:
            log.warning("an account did not say its name", account=channel.account, reason=error.reason)

    def _changed(self, name: str, state: str, reason: str) -> None:
        """Sending met trouble, or got over it: those who look after the neighbourhoods are told another way."""
        self._tell(self._patiently(partial(self._watch.account, name, state, reason)))

    def _tell(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _show_menu(self, channel: Channel) -> None:
        """Show the commands in the messenger's menu; what fails there never keeps an account from starting."""
        try:
            await channel.set_menu({language: self._menu(language) for language in LANGUAGES})
        except Exception as error:
            log.warning("menu not set", account=channel.account, error=type(error).__name__)

    def _menu(self, language: str) -> list[MenuCommand]:
        catalogues = self._core.catalogues
        found = []
        for plugin, command in self._core.plugins.phrases.commands():
            words = catalogues.words(plugin, f"command.{command.name}.words", language)
            if command.menu and not (command.roles or command.menu_for) and words:
                help_text = Text(f"command.{command.name}.help", domain=plugin)
                found.append(MenuCommand(words[0], catalogues.render(help_text, Reader(language))))
        return found
