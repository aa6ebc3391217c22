"""Overdue: a handler that takes long holds up no report and nobody's reply, and is an error of its plugin (R51)."""

from __future__ import annotations

import sys

from buurtwacht.host import pauses
from buurtwacht.host.core import Core
from buurtwacht.host.dispatcher import Dispatcher
from buurtwacht.host.in_time import TooSlow
from buurtwacht.host.permissions import place_in

#: Seconds at one piece of somebody's work, or before it can be begun, until his reports go by it, and until what waits
#: to be kept with it is kept: a critical alert may not come two seconds late (design §4).
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
        #: by the id of work: for how many seconds it waits or runs already, and for how many of them it ran
        self._waited: dict[int, float] = {}
        self._ran: dict[int, float] = {}

    def look(self, passed: float) -> None:
        """Do what is to be done about all that takes long; `passed` is how many seconds ago it was looked at last.

        Raises `StoreUnavailable` and `Replay`.
        """
        running = self._dispatcher.running()
        postponed, elsewhere = self._dispatcher.put_aside()
        works = {one.id: one for one in (*postponed, *elsewhere, *(each.work for each in running))}
        waited, self._waited = self._waited, {one: _more(self._waited.get(one), passed) for one in works}
        ran, self._ran = self._ran, {one.work.id: _more(self._ran.get(one.work.id), passed) for one in running}
        late = {one for one, seconds in self._waited.items() if waited.get(one, 0.0) < LET_BY <= seconds}
        for ident in late:
            self._dispatcher.let_by(works[ident], itself=works[ident] in elsewhere)
        overdue = [one for one in running if _times(ran.get(one.work.id, 0.0)) < _times(self._ran[one.work.id])]
        # The places first: what comes then takes its time, and a handler that ended meanwhile is nowhere any more.
        frames = sys._current_frames() if overdue else {}
        places = [place_in(frames.get(one.thread)) for one in overdue]
        for one in running:
            if one.work.id in late:
                one.keep()
        # While the store is gone every handler that needs it waits: that is no fault of the plugin's.
        for one, at in zip(overdue, places, strict=True) if not self._core.database.trouble.present else ():
            slow = TooSlow(one.plugin, f"takes longer than {LONG:g} seconds")
            self._core.health.failed(one.plugin, one.what, slow, at=at)
        if overdue:
            pauses.tell(self._core)


def _more(seconds: float | None, passed: float) -> float:
    """Return how long something takes by now; nobody knows since when what is new does."""
    return 0.0 if seconds is None else seconds + passed


def _times(seconds: float) -> int:
    """Return how often it is to be said by now that something takes long."""
    return 0 if seconds < LONG else 1 + int((seconds - LONG) // AGAIN)
