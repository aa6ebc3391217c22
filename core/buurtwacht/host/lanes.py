"""Lanes: what is to be handled of each sender, in its order, and what may go by when one piece takes long."""

from __future__ import annotations

from collections import deque
from operator import attrgetter

from buurtwacht.records.inbox import Work


class Lanes:
    """Work by lane, the first of each to be handled before the next. Whoever calls sees to it that nobody else does."""

    def __init__(self) -> None:
        self._lanes: dict[str, deque[Work]] = {}
        #: by lane: what the rest was let by, each with what is about the same message behind it
        self._passed: dict[str, list[deque[Work]]] = {}

    def add(self, work: Work) -> bool:
        """Take in a piece of work; return whether it is the first of its lane."""
        for beside in self._passed.get(work.lane, ()):
            if _is_about(work, beside[0]):
                beside.append(work)
                return False
        lane = self._lanes.setdefault(work.lane, deque())
        lane.append(work)
        return len(lane) == 1

    def done(self, work: Work) -> list[Work]:
        """Take away what was handled; return what may be handled after it. What is not a first was given out twice,
        and somebody was quicker.
        """
        lane = self._lane_of(work)
        if lane is None or lane[0].id != work.id:
            return []
        lane.popleft()
        if lane:
            return [lane[0]]
        self._drop(work.lane, lane)
        return []

    def is_first(self, work: Work) -> bool:
        """Return whether nothing is to be handled before this."""
        lane = self._lane_of(work)
        return lane is not None and lane[0].id == work.id

    def goes_by(self, work: Work) -> bool:
        """Return whether this is handled although something that came before it in its lane is not done."""
        return work.lane in self._passed and self._beside(work) is None

    def let_by(self, work: Work) -> list[Work]:
        """Let the rest of a lane go by its first piece; return what may be handled now.

        What somebody said goes by; what is about the same message, such as its photo, comes after it all the same.
        What we told ourselves keeps its order.
        """
        lane = self._lanes.get(work.lane)
        if work.inbound is None or lane is None or lane[0].id != work.id:
            return []
        beside = deque(one for one in lane if one.id == work.id or _is_about(one, work))
        rest = deque(one for one in lane if one not in beside)
        self._passed.setdefault(work.lane, []).append(beside)
        if not rest:
            del self._lanes[work.lane]
            return []
        self._lanes[work.lane] = rest
        return [rest[0]]

    def sorted_again(self, work: Work) -> Work:
        """Return the first of the lane of a piece of work, after what came in late has its place by its id."""
        lane = self._lane_of(work)
        if lane is None:
            return work
        ordered = sorted(lane, key=attrgetter("id"))
        lane.clear()
        lane.extend(ordered)
        return lane[0]

    def ids(self) -> set[int]:
        """Return the ids of all that is not done."""
        return {work.id for lane in self._all() for work in lane}

    def __len__(self) -> int:
        return sum(len(lane) for lane in self._all())

    def _all(self) -> list[deque[Work]]:
        return [*self._lanes.values(), *(one for beside in self._passed.values() for one in beside)]

    def _lane_of(self, work: Work) -> deque[Work] | None:
        return self._beside(work) or self._lanes.get(work.lane)

    def _beside(self, work: Work) -> deque[Work] | None:
        """Return what a piece of work is put aside with, if it is."""
        passed = self._passed.get(work.lane, ())
        return next((beside for beside in passed if any(one.id == work.id for one in beside)), None)

    def _drop(self, name: str, lane: deque[Work]) -> None:
        """Forget a lane of which nothing is left."""
        if self._lanes.get(name) is lane:
            del self._lanes[name]
            return
        passed = [one for one in self._passed[name] if one is not lane]
        if passed:
            self._passed[name] = passed
        else:
            del self._passed[name]


def _is_about(work: Work, earlier: Work) -> bool:
    """Return whether something came in about a message that somebody sent earlier: a photo of it, a change."""
    message = _message_of(earlier)
    return bool(message) and _message_of(work) == message


def _message_of(work: Work) -> str:
    return getattr(work.inbound.event, "message", "") if work.inbound is not None else ""
