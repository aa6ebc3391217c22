"""What can go wrong on purpose in a world: crashes, handlers that hang, outages, a process that is not there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from buurtwacht.records.inbox import Work

#: Where a test can have us die, and at which moment of ours that is.
MOMENTS = {"handler": "commit", "send": "send", "receipt": "receipt"}


class Crash(BaseException):
    """The process dies here, without a goodbye. Nothing of ours may catch it."""


class Busy(BaseException):
    """A handler of this plugin began something that takes long; it is taken up again later."""

    def __init__(self, plugin: str) -> None:
        super().__init__(plugin)
        self.plugin = plugin


@dataclass(frozen=True, slots=True)
class Hanging:
    """Work whose handler takes long: when it began to wait for that, when the handler begins, and when it has run."""

    since: datetime
    begins: datetime
    until: datetime
    work: Work
    plugin: str


@dataclass(slots=True)
class Interference:
    """What a test has asked for. `moment` is called by the process wherever something may go wrong."""

    now: Callable[[], datetime]
    #: the moment at which we die next; empty: not at all
    crash_at: str = ""
    crashed: bool = False
    #: plugins whose handlers take long, and how long
    slow: dict[str, timedelta] = field(default_factory=dict)
    #: until when each plugin's own worker is occupied
    occupied: dict[str, datetime] = field(default_factory=dict)
    #: work whose long handling is over: it runs now
    ready: set[int] = field(default_factory=set)

    @property
    def is_slow(self) -> bool:
        """Whether any handler takes long now."""
        return bool(self.slow) or any(until > self.now() for until in self.occupied.values())

    def moment(self, what: str, who: str, work: Work | None) -> None:
        """Let happen what is to happen here. Raises `Crash` or `Busy`."""
        if what == self.crash_at:
            self.crash_at, self.crashed = "", True
            raise Crash
        if what == "handler" and work is not None and work.id not in self.ready and self._is_slow(who):
            raise Busy(who)

    def forget(self) -> None:
        """Forget what hangs: the process that it hung in is gone."""
        self.occupied.clear()
        self.ready.clear()

    def hang(self, work: Work, plugin: str) -> Hanging:
        """Return when the handler that hangs will run: after those of its plugin that hang already."""
        begins = max(self.now(), self.occupied.get(plugin, self.now()))
        ends = self.occupied[plugin] = begins + self.slow.get(plugin, timedelta(0))
        self.ready.add(work.id)
        return Hanging(self.now(), begins, ends, work, plugin)

    def _is_slow(self, plugin: str) -> bool:
        return plugin in self.slow or self.occupied.get(plugin, self.now()) > self.now()
