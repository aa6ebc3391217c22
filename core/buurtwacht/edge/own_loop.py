"""A loop of its own: a coroutine of a plugin runs on an event loop and a thread that nobody else is on.

What blocks there, where it should wait with `await`, holds up itself and nothing else, not even the end of the process.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, Future
from contextlib import suppress
from typing import Any, Generic, TypeVar, TypeVarTuple, Unpack

from buurtwacht.host.in_time import hand_over
from buurtwacht.host.permissions import place_in

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class LeftBehind(Exception):
    """A coroutine neither ended nor stopped when it was told to. `at` is where in a plugin's code it is."""

    def __init__(self, at: str) -> None:
        super().__init__(at)
        self.at = at


class OwnLoop(Generic[T]):
    """Runs the coroutine that `make` returns, once."""

    def __init__(self, make: Callable[[], Coroutine[Any, Any, T]]) -> None:
        self._make = make
        self._loop = _Loop()
        self._thread = 0
        self._stop: Callable[[], object] | None = None
        self._ended: Future[T] = Future()
        self._ended.set_running_or_notify_cancel()

    @property
    def is_over(self) -> bool:
        """Whether no thread is at it any more, nor at what it gave to threads."""
        return self._ended.done() and self._loop.is_idle

    async def result(self, seconds: float) -> T:
        """Begin, and return what it returns or raise what it raises. Raises `LeftBehind` when that takes longer.

        It is told to stop when nobody waits for it any longer.
        """
        ended = asyncio.wrap_future(self._ended)
        hand_over(self._run)
        try:
            await asyncio.wait([ended], timeout=seconds)
            if not ended.done():
                raise LeftBehind(place_in(sys._current_frames().get(self._thread)))
            return ended.result()
        finally:
            if not ended.done():
                ended.cancel()
                if self._stop is not None:
                    self._stop()

    def _run(self) -> None:
        self._thread = threading.get_ident()
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                answer = runner.run(self._stoppable())
        except Exception as error:
            self._ended.set_exception(error)
        except BaseException as end:
            # On the loop of the app to raise these would end the app, or whoever waits here.
            told = RuntimeError(f"it raises {type(end).__name__}")
            self._ended.set_exception(told.with_traceback(end.__traceback__))
        else:
            self._ended.set_result(answer)

    async def _stoppable(self) -> T:
        task = asyncio.current_task()
        assert task is not None

        def stop() -> None:
            with suppress(RuntimeError):  # it ended just now, and its loop is closed
                self._loop.call_soon_threadsafe(task.cancel)

        self._stop = stop
        return await self._make()


class _Loop(asyncio.SelectorEventLoop):
    """A loop that looks up names, and has things done in threads, on threads that no end waits for.

    Those of a pool are waited for when the process ends, for as long as a name server takes.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lent: list[Future[Any]] = []

    @property
    def is_idle(self) -> bool:
        """Whether all that was given to threads is done."""
        return all(one.done() for one in self._lent)

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Ts]], T], *args: *Ts
    ) -> asyncio.Future[T]:
        """Have a function called on a thread."""
        if executor is not None:
            return super().run_in_executor(executor, func, *args)
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                answer = func(*args)
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(answer)

        self._lent.append(future)
        hand_over(run)
        return asyncio.wrap_future(future, loop=self)
