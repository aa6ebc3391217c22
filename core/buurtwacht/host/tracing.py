"""Tracing: each call of a plugin's code, with whose it is, how long it took and whether it failed.

All that calls a plugin does so within `Trace.called`; with BUURTWACHT_TRACE=1 somebody is listening there. A line holds
names of code and a number, never what was said or by whom.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from time import perf_counter
from types import TracebackType

import structlog

from buurtwacht.vocabulary.errors import ConfigurationError, Fault, Refusal
from buurtwacht.vocabulary.logs import TRACE

#: The environment variable: 1 shows every call, 0 or nothing does not.
VARIABLE = "BUURTWACHT_TRACE"

log = structlog.get_logger(TRACE)


@dataclass(frozen=True, slots=True)
class Call:
    """A call that ended. `what` is a hook ("recognise") or a handler ("tell alert_opened", "timer due", "page /join").

    `failed` is the kind of error it raised, empty where it raised none; to refuse is no failure.
    """

    plugin: str
    what: str
    ms: float
    failed: str = ""


Write = Callable[[Call], None]


class Trace:
    """Where calls of plugins are made known; without anybody to write to it is off, and costs nothing to speak of."""

    def __init__(self, *writers: Write) -> None:
        self._writers = list(writers)

    @property
    def on(self) -> bool:
        """Whether anybody listens. What is called often is wrapped only then."""
        return bool(self._writers)

    def add(self, write: Write) -> None:
        """Have each call written here too."""
        self._writers.append(write)

    def called(self, plugin: str, what: str) -> AbstractContextManager[None]:
        """Return the place to call a plugin's code in: `with trace.called("pets", "timer expire"): …`."""
        return _Timed(self._writers, plugin, what) if self._writers else _UNSEEN


class _Timed(AbstractContextManager[None]):
    """Takes the time of one call."""

    __slots__ = ("_began", "_plugin", "_what", "_writers")

    def __init__(self, writers: list[Write], plugin: str, what: str) -> None:
        self._writers, self._plugin, self._what = writers, plugin, what

    def __enter__(self) -> None:
        self._began = perf_counter()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        ms = (perf_counter() - self._began) * 1000
        failed = "" if kind is None or issubclass(kind, Refusal) else kind.__name__
        call = Call(self._plugin, self._what, ms, failed)
        for write in self._writers:
            write(call)


_UNSEEN = nullcontext()


def asked(environ: Mapping[str, str], write: Write | None = None) -> Trace:
    """Return the trace that the environment asks for, written to the log unless said otherwise.

    Raises `ConfigurationError` for a value that is neither 1, 0 nor empty.
    """
    if found := faults(environ):
        raise ConfigurationError(found)
    return Trace(write or to_log) if environ.get(VARIABLE) == "1" else Trace()


def faults(environ: Mapping[str, str]) -> list[Fault]:
    """Return what is wrong with the variable."""
    value = environ.get(VARIABLE, "")
    if value in ("", "0", "1"):
        return []
    return [Fault(VARIABLE, f"is {value!r}", "1 shows each call of a plugin and how long it took, 0 does not")]


def to_log(call: Call) -> None:
    """Write a call as a line of the log."""
    log.info("call", plugin=call.plugin, hook=call.what, ms=round(call.ms, 3), **_failure(call))


def to_standard_error(call: Call) -> None:
    """Write a call as a line for whoever runs a test: there the log is kept, and shown to nobody."""
    failed = f" failed: {call.failed}" if call.failed else ""
    sys.stderr.write(f"trace {call.plugin}: {call.what} {call.ms:.3f} ms{failed}\n")


def _failure(call: Call) -> dict[str, str]:
    return {"failed": call.failed} if call.failed else {}
