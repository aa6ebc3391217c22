"""The workers: threads that handle events, for as long as there are any; none of them ends before the others."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic

import structlog

from buurtwacht.host.core import Core
from buurtwacht.host.dispatcher import Dispatcher
from buurtwacht.host.health import place_of
from buurtwacht.host.worker import Worker

#: Seconds until a worker that could do nothing tries again.
_AGAIN = 1.0

log = structlog.get_logger("buurtwacht.app")


class Workers:
    """So many threads, which call `handled` after each piece of work. They end when the dispatcher is closed."""

    def __init__(self, core: Core, dispatcher: Dispatcher, count: int, handled: Callable[[], None]) -> None:
        self._core = core
        self._dispatcher = dispatcher
        self._handled = handled
        self._threads = [
            threading.Thread(target=self._work, name=f"worker-{number}", daemon=True) for number in range(count)
        ]

    def begin(self) -> None:
        """Start the threads."""
        for thread in self._threads:
            thread.start()

    def join(self, seconds: float) -> None:
        """Wait for the last handlers, for so long at most."""
        until = monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until - monotonic()))

    def _work(self) -> None:
        worker = Worker(self._core, self._dispatcher)
        while not self._dispatcher.closed:
            try:
                if worker.step(wait=True):
                    self._handled()
                    continue
            except BaseException as error:
                # A thread that ended here would be missed by nobody, until none is left to handle anything.
                log.error("a worker fell over; it begins anew", error=type(error).__name__, at=place_of(error))
            self._dispatcher.pause(_AGAIN)
