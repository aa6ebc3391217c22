"""The dispatcher: which work may run now, in order of its lanes, and which thread takes it.

It is kept in memory; what it schedules stands in the inbox, so nothing is lost with the process.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from operator import attrgetter
from time import monotonic

from buurtwacht.host.scene import Plan
from buurtwacht.records.inbox import Work

#: After so many seconds at one piece of work the thread that empties the queue gets help. Threads that empty it side by
#: side only take turns at being let on, and share no commit.
_STEP_IN = 0.005


class Dispatcher:
    """Which work may run now: one piece of each lane at a time, in order; a plugin on at most half of the threads,
    and one thread kept for reports and calls for help.
    """

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads
        self._changed = threading.Condition()
        self._lanes: dict[str, deque[Work]] = {}
        self._ready: deque[Work] = deque()
        self._running: dict[str, int] = {}
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
            for work in works:
                lane = self._lanes.get(work.lane)
                if lane is None:
                    self._lanes[work.lane] = deque([work])
                    self._ready.append(work)
                else:
                    lane.append(work)
            self._call_one()

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
            lane = self._lanes.get(work.lane)
            if not lane or lane[0].id != work.id:
                return  # it was given out twice, and the other one was quicker
            lane.popleft()
            if lane:
                self._ready.append(lane[0])
                self._call_one()
            else:
                del self._lanes[work.lane]

    def enter(self, work: Work, plan: Plan, others: Sequence[Work] = ()) -> bool:
        """Take a place for a plugin's handler; when it has its share of the threads already, put the work aside until
        a place is free, with the `others` and those of its lane behind it, and return False.
        """
        with self._changed:
            mine = self._running.get(plan.plugin, 0)
            busy = sum(self._running.values())
            share = max(1, self._threads // 2)
            kept = 0 if plan.presses or self._threads == 1 else 1
            if mine >= share or busy >= max(1, self._threads - kept):
                # Under the same lock: a place given back in between would find nobody waiting, and wake nobody.
                self._postponed += [work, *others]
                return False
            self._running[plan.plugin] = mine + 1
            return True

    def leave(self, plan: Plan) -> None:
        """Give the place back; who waited for one is looked at again."""
        with self._changed:
            self._running[plan.plugin] -= 1
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
            for work in waiting:
                lane = self._lanes[work.lane] = deque(sorted(self._lanes[work.lane], key=attrgetter("id")))
                self._ready.append(lane[0])
            self._call_one()

    def give_back(self, works: Sequence[Work]) -> None:
        """Offer work again that could not be done just now; what is done, or waits already, is left alone."""
        with self._changed:
            waiting = {work.id for work in (*self._ready, *self._postponed, *self._elsewhere)}
            for work in works:
                lane = self._lanes.get(work.lane)
                if lane and lane[0].id == work.id and work.id not in waiting:
                    self._ready.append(work)
            self._call_one()

    @property
    def idle(self) -> bool:
        """Whether nothing waits and nothing runs."""
        with self._changed:
            return not self._lanes

    def waiting(self) -> int:
        """Return how much work is not done yet, for metrics."""
        with self._changed:
            return sum(len(lane) for lane in self._lanes.values())

    def known(self) -> set[int]:
        """Return the ids of all work that is not done yet."""
        with self._changed:
            return {work.id for lane in self._lanes.values() for work in lane}

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
