"""The threads that touch the database: away from the event loop, and never all of them at what nobody waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from buurtwacht.records.trouble import Trouble
from buurtwacht.vocabulary.containment import contained
from buurtwacht.vocabulary.errors import StoreUnavailable

T = TypeVar("T")

_THREADS = 8
#: At so many of them may be what was given up: the others are for deliveries, leases and timers.
_GIVEN_UP = 4
#: Seconds after which whoever called us is answered, kept or not: a provider that waits longer may give us up. What was
#: kept all the same is recognised when it comes again.
ANSWERED = 5.0


class Threads:
    """Eight threads. `trouble` hears when the database lets a messenger wait."""

    def __init__(self, trouble: Trouble) -> None:
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="database")
        self._trouble = trouble
        #: what nobody waits for any more, and is at it all the same
        self._given_up: set[Future[Any]] = set()

    async def run(self, function: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """Run something that touches the database away from the event loop.

        What would end the thread is raised as `Quit`: from there it would end the event loop too.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: contained(lambda: function(*arguments, **named)))

    async def run_in_time(self, function: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """Run something for whoever waits for a page. Raises `StoreUnavailable` when that would take too long (it may
        be done nevertheless), and at once while half of the threads are at what others waited for in vain.
        """
        self._given_up = {one for one in self._given_up if not one.done()}
        if len(self._given_up) >= _GIVEN_UP:
            raise _TooLateError("it is at what others asked")
        work = self._pool.submit(lambda: contained(lambda: function(*arguments, **named)))
        try:
            async with asyncio.timeout(ANSWERED):
                return await asyncio.wrap_future(work)
        except TimeoutError:
            self._given_up.add(work)
            raise _TooLateError("it does not answer") from None

    async def run_to_answer(self, function: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """The same for a messenger, whose events take a moment: where they do not, the database is in trouble."""
        try:
            return await self.run_in_time(function, *arguments, **named)
        except _TooLateError as late:
            self._trouble.met(str(late))
            raise

    def close(self) -> None:
        """Begin nothing any more; what is under way is not waited for."""
        self._pool.shutdown(wait=False)


class _TooLateError(StoreUnavailable):
    """Nobody waits for it any longer."""
