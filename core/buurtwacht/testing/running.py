"""Our process through all its lives in a world, and the time that goes on whether it runs or not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from types import ModuleType
from typing import Any, TypeVar

from buurtwacht.records.database import Database
from buurtwacht.testing import stores
from buurtwacht.testing.interference import Crash, Interference
from buurtwacht.testing.messengers import Messenger, News
from buurtwacht.testing.outside import OutsideWorld
from buurtwacht.testing.process import Process
from buurtwacht.testing.stores import Store
from buurtwacht.vocabulary.clock import VirtualClock
from buurtwacht.vocabulary.settings import Settings

T = TypeVar("T")


class Running:
    """One process at a time on one store, which goes with it, also when the first life cannot begin.

    `settings` may change; the next life begins with what they are then.
    """

    def __init__(
        self,
        settings: Settings,
        modules: Sequence[ModuleType],
        store: Store,
        clock: VirtualClock,
        messengers: Mapping[str, Messenger],
        rate: float | None,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.interference = Interference(clock.now)
        self.outside = OutsideWorld()
        self.runs = False
        self._modules = modules
        self._store = store
        self._messengers = messengers
        self._rate = rate
        self._last: tuple[str, News] | None = None
        self.process: Process
        with ExitStack() as held:
            held.callback(store.drop)
            self.database: Database = store.open()
            held.callback(lambda: self.database.close())  # that of the last life
            self._runner = held.enter_context(asyncio.Runner())
            held.callback(self._close_process)
            self.begin()
            self._held = held.pop_all()

    # --- time --------------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Let everything happen that may happen now."""
        if self.runs:
            self._surviving(lambda: self.process.settle())

    def advance_to(self, moment: datetime) -> None:
        """Let time pass; what falls due happens at its own moment, in order."""
        self.settle()
        while self.runs:
            due = self.process.next_due()
            if due is None or due > moment:
                break
            self.clock.set(due)
            self.settle()
        self.clock.set(moment)
        self.settle()

    # --- what comes in -----------------------------------------------------------------------------------------------

    def tell(self, account: str, news: News) -> None:
        """Let a provider tell us something; what we cannot take it keeps, in order."""
        self._last = (account, news)
        self._messengers[account].held.append(news)
        self.deliver()
        self.settle()

    def tell_again(self) -> None:
        """Let a provider repeat the last thing it told us. Raises `LookupError` when there was none."""
        if self._last is None:
            raise LookupError("no provider has told us anything yet")
        self.tell(*self._last)

    def deliver(self) -> None:
        """Let providers tell what waits with them."""
        for messenger in self._messengers.values():
            while messenger.held and self.runs and not messenger.provider.down:
                kept = self._surviving(lambda: self.process.accept(messenger, messenger.held[0]))  # noqa: B023 # at once
                if kept is False:
                    raise AssertionError(f"{messenger.account}: our webhook did not take what the provider told")
                if kept:
                    messenger.held.pop(0)

    # --- life and death ----------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Start: nothing but what was kept is known."""
        self.process = Process(
            self.settings,
            self._modules,
            self.database,
            stores.keyring(),
            self.clock,
            self._messengers,
            rate=self._rate,
            interference=self.interference,
            outside=self.outside,
        )
        self.runs = True
        self._runner.run(self.process.start())

    def stop(self) -> None:
        """Die: from here on this process writes nothing."""
        self.runs = False
        self.process.dead = True

    def begin_again(self) -> None:
        """Start on the same store after a death, and hear what waited."""
        self._runner.run(self.process.close())
        self.database.close()
        self.database = self._store.open()
        self.interference.forget()
        self.begin()
        self.deliver()
        self.settle()

    def sent(self) -> None:
        """A provider took a message, of which we do not know yet: a moment to die."""
        if self.interference.crash_at == "send":
            self.process.dead = True
        self.interference.moment("send", "", None)

    def end(self) -> None:
        """Let go of everything, the store too."""
        self._held.close()

    def _close_process(self) -> None:
        if hasattr(self, "process"):
            self._runner.run(self.process.close())

    def _surviving(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T | None:
        """Do something; when we die of it, start again and return None."""
        done: T | None = None
        try:
            done = self._runner.run(work())
        except Crash:
            done = None
        if self.interference.crashed:
            self.interference.crashed = False
            self.stop()
            self.begin_again()
            return None
        return done
