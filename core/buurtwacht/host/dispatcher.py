"""The dispatcher: which work may run now, in order of its lanes, and which thread takes it.

It is kept in memory; what it schedules stands in the inbox, so nothing is lost with the process.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from time import monotonic

from buurtwacht.host.lanes import Lanes
from buurtwacht.host.scene import Plan
from buurtwacht.records.inbox import Work

#: After so many seconds at one piece of work the thread that empties the queue gets help. Threads that empty it side by
#: side only take turns at being let on, and share no commit.
_STEP_IN = 0.005


@dataclass(frozen=True, slots=True)
class Running:
    """A handler that runs: of which plugin, on which thread, and the work it was begun for. `keep` commits what was
    done before it, and waits for it.
    """

    work: Work
    plugin: str
    what: str
    thread: int
    keep: Callable[[], None]


class Dispatcher:
    """Which work may run now: one piece of each lane at a time, in order; a plugin on at most half of the threads,
    and one thread kept for reports and calls for help.
    """

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads
        self._changed = threading.Condition()
        self._lanes = Lanes()
        self._ready: deque[Work] = deque()
        self._running: dict[str, int] = {}
        #: what each thread is at
        self._at: dict[int, Running] = {}
        #: by the id of work that was begun, or waits for a place: whose it is
        self._whose: dict[int, str] = {}
        self._postponed: list[Work] = []
        #: the heads of lanes that another process is at
        self._elsewhere: list[Work] = []
        #: the thread that took work last and did not come back to wait, and when; how many are about to step in for it
        self._drainer = 0
        self._taken_at = 0.0
        self._standing_by = 0
        self._closed = False
        self._over = threading.Event()

    def add(self, works: Sequence[Work]) -> None:
        """Take in new work, in order."""
        with self._changed:
            self._offer([one for work in works for one in self._lanes.add(work)])

    def take(self, *, wait: bool = False) -> Work | None:
        """Return work that may run, or None when there is none (or, waiting, when the dispatcher is closed)."""
        with self._changed:
            while wait and not self._closed and (delay := self._delay()) != 0.0:
                self._stand_by(delay)
            if not self._ready or self._closed:
                return None
            self._drainer, self._taken_at = threading.get_ident(), monotonic()
            work = self._ready.popleft()
            self._call_one()
            return work

    def take_more(self, fits: Callable[[Work], bool], most: int) -> list[Work]:
        """Return what comes next as far as it fits, at most so many pieces: to be done with what was taken last."""
        with self._changed:
            more: list[Work] = []
            while self._ready and not self._closed and len(more) < most and fits(self._ready[0]):
                more.append(self._ready.popleft())
            return more

    def coming(self, count: int) -> list[Work]:
        """Return what will be given out next, without giving it out."""
        with self._changed:
            return list(islice(self._ready, count))

    def _delay(self) -> float | None:
        """Return how many seconds this thread leaves the queue to the one that empties it; None: nothing is there."""
        if not self._ready:
            return None
        if self._drainer in (0, threading.get_ident()):
            return 0.0
        return max(0.0, self._taken_at + _STEP_IN - monotonic())

    def _stand_by(self, delay: float | None) -> None:
        if delay is None:
            if self._drainer == threading.get_ident():
                self._drainer = 0
            self._changed.wait()
        else:
            self._standing_by += 1
            self._changed.wait(delay)
            self._standing_by -= 1

    def _call_one(self) -> None:
        """Have somebody look at what is ready, unless one empties the queue and another stands by."""
        if self._ready and not (self._drainer and self._standing_by):
            self._changed.notify()

    def done(self, work: Work) -> None:
        """Let the next of the lane run."""
        with self._changed:
            self._whose.pop(work.id, None)
            self._offer(self._lanes.done(work))

    def enter(
        self, work: Work, plan: Plan, others: Sequence[Work] = (), keep: Callable[[], None] = lambda: None
    ) -> bool:
        """Take a place for a plugin's handler; when it has its share of the threads already, put the work aside until
        a place is free, with the `others` and those of its lane behind it, and return False. `keep`: see `Running`.
        """
        with self._changed:
            self._whose[work.id] = plan.plugin
            mine = self._running.get(plan.plugin, 0)
            busy = sum(self._running.values())
            share = max(1, self._threads // 2)
            kept = 0 if plan.presses or self._threads == 1 else 1
            if mine >= share or busy >= max(1, self._threads - kept):
                # Under the same lock: a place given back in between would find nobody waiting, and wake nobody.
                self._postponed += [work, *others]
                return False
            self._running[plan.plugin] = mine + 1
            thread = threading.get_ident()
            self._at[thread] = Running(work, plan.plugin, plan.what, thread, keep)
            return True

    def leave(self, plan: Plan) -> None:
        """Give the place back; who waited for one is looked at again."""
        with self._changed:
            self._running[plan.plugin] -= 1
            self._at.pop(threading.get_ident(), None)
            waiting, self._postponed = self._postponed, []
            self._ready.extend(waiting)
            self._call_one()

    def put_off(self, work: Work) -> None:
        """Put work aside that another process handles, or for which it handles what comes before; see `look_again`."""
        with self._changed:
            self._elsewhere.append(work)

    def look_again(self) -> None:
        """Offer again what was put off: the other process may be done, or dead.

        What it left behind came to us after what waits for it, and goes before that.
        """
        with self._changed:
            waiting, self._elsewhere = self._elsewhere, []
            self._offer([self._lanes.sorted_again(work) for work in waiting])

    def give_back(self, works: Sequence[Work]) -> None:
        """Offer work again that could not be done just now; what is done, or waits already, is left alone."""
        with self._changed:
            waiting = {work.id for work in (*self._ready, *self._postponed, *self._elsewhere)}
            self._offer([work for work in works if work.id not in waiting and self._lanes.is_out(work)])

    def running(self) -> list[Running]:
        """Return the handlers that run now."""
        with self._changed:
            return list(self._at.values())

    def put_aside(self) -> tuple[list[Work], list[Work]]:
        """Return the work that waits for a place of its plugin, and what waits for another process."""
        with self._changed:
            return list(self._postponed), list(self._elsewhere)

    def let_by(self, work: Work, *, itself: bool = False) -> None:
        """Have what came after this from the same sender, or `itself`, looked at before its turn: see `is_to_wait`."""
        with self._changed:
            self._offer(self._lanes.let_by(work, itself=itself))

    def goes_by(self, work: Work) -> bool:
        """Return whether it is not its turn yet."""
        with self._changed:
            return self._lanes.goes_by(work)

    def is_to_wait(self, work: Work, plan: Plan, *, vital: bool) -> bool:
        """Return whether this may not go by what takes long before it, and is to be given to `wait`.

        Where another plugin takes long, what presses may, and what is meant for a vital plugin.
        """
        with self._changed:
            if not self._lanes.goes_by(work):
                return False
            # Of what another process is at, nobody here knows whose it is.
            whose = self._whose.get(self._lanes.first(work).id, "" if plan.presses else plan.plugin)
            return whose == plan.plugin or not (plan.presses or vital)

    def wait(self, work: Work) -> None:
        """Have work that was looked at before its turn wait for it."""
        with self._changed:
            self._offer(self._lanes.wait(work))

    def _offer(self, works: Sequence[Work]) -> None:
        self._ready.extend(works)
        self._call_one()

    @property
    def idle(self) -> bool:
        """Whether nothing waits and nothing runs."""
        with self._changed:
            return not len(self._lanes)

    def waiting(self) -> int:
        """Return how much work is not done yet, for metrics."""
        with self._changed:
            return len(self._lanes)

    def known(self) -> set[int]:
        """Return the ids of all work that is not done yet."""
        with self._changed:
            return self._lanes.ids()

    @property
    def closed(self) -> bool:
        """Whether nothing is given out any more."""
        return self._closed

    def pause(self, seconds: float) -> None:
        """Wait for a while, for a thread that could not do its work; whatever others give back meanwhile."""
        self._over.wait(seconds)

    def close(self) -> None:
        """Give nothing out any more; who waits is let go."""
        with self._changed:
            self._closed = True
            self._over.set()
            self._changed.notify_all()
