"""Overdue: a handler that takes long holds up nobody's next words, and is an error of its plugin (R51)."""

from __future__ import annotations

import sys

from buurtwacht.host import pauses
from buurtwacht.host.core import Core
from buurtwacht.host.dispatcher import Dispatcher, Running
from buurtwacht.host.in_time import TooSlow
from buurtwacht.host.permissions import place_in

#: Seconds at one piece of somebody's work, or before it can be begun, until his next words go by it: a critical alert
#: may not come two seconds late (design §4).
LET_BY = 1.0
#: Seconds that a handler may take, and after how many more that is said once again of one that goes on and on.
LONG, AGAIN = 10.0, 60.0


class Overdue:
    """Looks at what runs, every half second or so. What counts is how often it looked, not the clock: on a machine that
    had no time for us, or that slept, no handler is slow by that.
    """

    def __init__(self, core: Core, dispatcher: Dispatcher) -> None:
        self._core = core
        self._dispatcher = dispatcher
        #: by the id of work: how many seconds it waits or runs already, and for how many of them it ran
        self._waited: dict[int, float] = {}
        self._ran: dict[int, float] = {}

    def let_by(self, passed: float) -> list[Running]:
        """Let go by what waits behind work that takes long; return the handlers that are overdue since this look.

        `passed` is how many seconds ago it was looked at last.
        """
        running = self._dispatcher.running()
        works = {one.id: one for one in (*self._dispatcher.put_aside(), *(each.work for each in running))}
        waited, self._waited = self._waited, {one: self._waited.get(one, 0.0) + passed for one in works}
        for ident, seconds in self._waited.items():
            if waited.get(ident, 0.0) < LET_BY <= seconds:
                self._dispatcher.let_by(works[ident])
        ran, self._ran = self._ran, {one.work.id: self._ran.get(one.work.id, 0.0) + passed for one in running}
        return [one for one in running if _times(ran.get(one.work.id, 0.0)) < _times(self._ran[one.work.id])]

    def name(self, overdue: list[Running]) -> None:
        """Count these as errors of their plugins, with the place where they are now, and tell of a pause.

        Raises `StoreUnavailable` and `Replay`.
        """
        frames = sys._current_frames()
        for one in overdue:
            failed(self._core, one.plugin, one.what, place_in(frames.get(one.thread)))
        if overdue:
            pauses.tell(self._core)


def failed(core: Core, plugin: str, what: str, at: str = "") -> None:
    """Count that a handler of a plugin takes long as its error. Raises `StoreUnavailable` and `Replay`."""
    # While the store is gone every handler that needs it waits: that is no fault of the plugin's.
    if not core.database.trouble.present:
        core.health.failed(plugin, what, TooSlow(plugin, f"takes longer than {LONG:g} seconds"), at=at)


def _times(seconds: float) -> int:
    """Return how often it is to be said by now that something takes long."""
    return 0 if seconds < LONG else 1 + int((seconds - LONG) // AGAIN)
