"""Lanes: what is to be handled of each sender, in its order, and what may go by a piece that takes long."""

from __future__ import annotations

from collections import deque
from operator import attrgetter

from buurtwacht.records.inbox import Work


class Lanes:
    """Work by lane, the first of each to be handled before the next. Whoever calls sees to it that nobody else does."""

    def __init__(self) -> None:
        self._lanes: dict[str, deque[Work]] = {}
        #: lanes whose first piece takes long
        self._open: set[str] = set()
        #: ids of what was offered before its turn, and of those that are not back yet
        self._tried: set[int] = set()
        self._out: set[int] = set()
        #: ids of what takes long itself
        self._long: set[int] = set()

    def add(self, work: Work) -> list[Work]:
        """Take in a piece of work; return what may be handled now."""
        lane = self._lanes.setdefault(work.lane, deque())
        lane.append(work)
        return [work] if len(lane) == 1 else self._next(work.lane)

    def done(self, work: Work) -> list[Work]:
        """Take away what was handled; return what may be handled after it. What was given out twice, and done by
        somebody quicker, changes nothing.
        """
        lane = self._lanes.get(work.lane)
        if lane is None or not self.is_out(work):
            return []
        if lane[0].id != work.id:
            self._lanes[work.lane] = deque(one for one in lane if one.id != work.id)
            self._forget(work)
            return self._next(work.lane)
        lane.popleft()
        self._forget(work)
        self._open.discard(work.lane)
        if not lane:
            del self._lanes[work.lane]
            return []
        return [] if lane[0].id in self._out else [lane[0]]

    def is_out(self, work: Work) -> bool:
        """Return whether this may be handled: it is the first of its lane, or was offered before its turn."""
        lane = self._lanes.get(work.lane)
        return lane is not None and (lane[0].id == work.id or work.id in self._out)

    def first(self, work: Work) -> Work:
        """Return the first of the lane of a piece of work that is not done."""
        return self._lanes[work.lane][0]

    def goes_by(self, work: Work) -> bool:
        """Return whether this was offered before its turn: what may not go by, is to wait for that."""
        return work.id in self._out

    def let_by(self, work: Work, *, itself: bool = False) -> list[Work]:
        """Offer what comes behind a piece of work that takes long, one after the other; return what may be looked at
        now. With `itself` this one too, which waits for another process.

        What we told ourselves keeps its order.
        """
        if work.inbound is None or not self.is_out(work):
            return []
        self._open.add(work.lane)
        self._long.add(work.id)
        if itself and work.id not in self._tried:
            self._tried.add(work.id)
            self._out.add(work.id)
        return self._next(work.lane)

    def wait(self, work: Work) -> list[Work]:
        """Have something that was offered before its turn wait for it; return what may be handled now."""
        self._out.discard(work.id)
        lane = self._lanes[work.lane]
        return [work] if lane[0].id == work.id else self._next(work.lane)

    def sorted_again(self, work: Work) -> Work:
        """Return what is to be handled in place of a piece that waited for another process: the first of its lane,
        after what came in late has its place by its id.
        """
        lane = self._lanes.get(work.lane)
        if lane is None or work.id in self._out:
            return work
        ordered = sorted(lane, key=attrgetter("id"))
        lane.clear()
        lane.extend(ordered)
        return lane[0]

    def ids(self) -> set[int]:
        """Return the ids of all that is not done."""
        return {work.id for lane in self._lanes.values() for work in lane}

    def __len__(self) -> int:
        return sum(len(lane) for lane in self._lanes.values())

    def _next(self, name: str) -> list[Work]:
        """Return what may be tried next in a lane that is open: one at a time, unless that takes long too.

        What is about the message that takes long, such as its photo, comes after it in any case.
        """
        if name not in self._open:
            return []
        lane = self._lanes[name]
        if any(one.id in self._out and one.id not in self._long for one in lane):
            return []
        for one in lane:
            if one is not lane[0] and one.id not in self._tried and not _is_about(one, lane[0]):
                self._tried.add(one.id)
                self._out.add(one.id)
                return [one]
        return []

    def _forget(self, work: Work) -> None:
        self._tried.discard(work.id)
        self._out.discard(work.id)
        self._long.discard(work.id)


def _is_about(work: Work, earlier: Work) -> bool:
    """Return whether something came in about a message that somebody sent earlier: a photo of it, a change."""
    message = _message_of(earlier)
    return bool(message) and _message_of(work) == message


def _message_of(work: Work) -> str:
    return getattr(work.inbound.event, "message", "") if work.inbound is not None else ""
