"""How plugins are doing: what failed is counted, and a plugin that keeps failing is paused (R51)."""

from __future__ import annotations

import secrets
import threading
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import structlog
from sqlalchemy import delete, func, insert, select

from buurtwacht.host.permissions import is_ours
from buurtwacht.records import audit
from buurtwacht.records.database import Database, Unit
from buurtwacht.records.schema import plugin_error, plugin_state
from buurtwacht.vocabulary.clock import Clock
from buurtwacht.vocabulary.containment import contained, kind_of
from buurtwacht.vocabulary.errors import PluginError, Replay, StoreUnavailable
from buurtwacht.vocabulary.ids import new_id

T = TypeVar("T")

#: R51: five errors within ten minutes pause a plugin.
ERRORS_TO_PAUSE = 5
WITHIN = timedelta(minutes=10)
#: A refusal that comes again is written down so often.
NOTED = timedelta(minutes=1)
#: What the audit log calls a refusal.
REFUSED = "permission_refused"

log = structlog.get_logger("buurtwacht.plugins")


class PluginHealth:
    """Counts the errors of plugins in the database, so that every process and the next start know them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._lock = threading.Lock()
        self._paused: dict[str, str] | None = None
        self._untold: list[tuple[str, str]] = []
        #: what was paused when it was asked last whether something was resumed
        self._known: frozenset[str] = frozenset()
        #: errors by plugin since this process began, for metrics
        self.errors: dict[str, int] = {}
        #: shows an error (plugin, where, error) to whoever looks on; set in `demo` only
        self.look: Callable[[str, str, BaseException], None] | None = None
        #: how often what was refused to each plugin since this process began, for metrics
        self.refusals: dict[tuple[str, str], int] = {}
        #: when a refusal was written down last
        self._noted: dict[tuple[str, str], datetime] = {}

    def guarded(self, plugin: str, where: str, call: Callable[[], T], unit: Unit, *, pauses: bool = True) -> T | None:
        """Call something of a plugin that only reads; when it fails, count that and return None.

        `unit` is what it reads with: whoever reads with it next finds it in order. Unless it `pauses`, no such failure
        ever pauses the plugin. Raises `StoreUnavailable` and `Replay`: the whole is tried again.
        """
        try:
            return contained(call)
        except (StoreUnavailable, Replay):
            raise  # no fault of the plugin's, and what it would have said is not known
        except Exception as error:
            unit.recover()
            self.failed(plugin, where, error, pauses=pauses)
            return None

    def untold(self) -> list[tuple[str, str]]:
        """Return the pauses, as (plugin, trace id), that nobody was told of yet; each is returned once."""
        with self._lock:
            untold, self._untold = self._untold, []
            return untold

    def failed(self, plugin: str, where: str, error: BaseException, *, pauses: bool = True, at: str = "") -> str:
        """Record an error of a plugin and return its trace id; a plugin that fails too often is paused by it.

        The log names the culprit and the place in its code, never the words that were handled.
        """
        trace = secrets.token_hex(4)
        now = self._clock.now()
        self.errors[plugin] = self.errors.get(plugin, 0) + 1
        place = at or place_of(error)
        log.error("plugin failed", plugin=plugin, where=where, trace=trace, error=kind_of(error), at=place)
        if self.look is not None:
            self.look(plugin, where, error)
        if not pauses:
            return trace
        paused = False
        with self._lock, self._database.writing() as connection:
            row = {"id": new_id(), "plugin": plugin, "at": now, "where": where[:120], "trace": trace}
            connection.execute(insert(plugin_error), row)
            recent = select(func.count()).where(plugin_error.c.plugin == plugin, plugin_error.c.at > now - WITHIN)
            if plugin != "core" and connection.execute(recent).scalar_one() >= ERRORS_TO_PAUSE:
                paused = self._pause(connection, plugin, now, f"{ERRORS_TO_PAUSE} errors in ten minutes", trace)
        if paused:
            # Not before the commit: who reads until then would remember that all is well.
            self.forget()
            with self._lock:
                self._untold.append((plugin, trace))
        return trace

    def refused(self, plugin: str, what: str, *, at: str, mend: str) -> None:
        """Count what a plugin may not do and did: a permission, or "table:" or "tell:" and a name. It goes into
        the log once and into the audit log at once, whatever becomes of the handler; of what it tries again and again,
        once a minute.
        """
        key, now = (plugin, what), self._clock.now()
        with self._lock:
            self.refusals[key] = self.refusals.get(key, 0) + 1
            before = self._noted.get(key)
            if before is not None and now - before < NOTED:
                return
            self._noted[key] = now
        if before is None:
            log.warning("a plugin was refused what it may not do", plugin=plugin, what=what, at=at, mend=mend)
        subject = what if what.startswith(("table:", "tell:")) else f"permission:{what}"
        try:
            audit.write(self._database, now, f"plugin:{plugin}", REFUSED, subject, {"at": at})
        except (StoreUnavailable, Replay):
            with self._lock:
                self._noted.pop(key, None)  # nothing of the handler is kept either; the next time is written down

    def _pause(self, connection: Any, plugin: str, now: datetime, reason: str, trace: str) -> bool:
        known = connection.execute(select(plugin_state.c.paused_at).where(plugin_state.c.plugin == plugin)).first()
        if known is not None and known.paused_at is not None:
            return False
        connection.execute(delete(plugin_state).where(plugin_state.c.plugin == plugin))
        row = {"plugin": plugin, "paused_at": now, "reason": reason, "trace": trace}
        connection.execute(insert(plugin_state), row)
        return True

    def is_paused(self, plugin: str) -> bool:
        """Return whether a plugin is paused."""
        return plugin in self.paused()

    def paused(self) -> dict[str, str]:
        """Return the reasons of paused plugins by id."""
        known = self._paused  # others may have it forgotten at any moment
        if known is None:
            query = select(plugin_state.c.plugin, plugin_state.c.reason, plugin_state.c.trace).where(
                plugin_state.c.paused_at.is_not(None)
            )
            with self._database.reading() as connection:
                known = {row[0]: f"{row[1]} (trace {row[2]})" for row in connection.execute(query)}
            self._paused = known
        return known

    def forget(self) -> None:
        """Read again which plugins are paused; another process may have changed it."""
        self._paused = None

    def resumed(self) -> bool:
        """Return whether a plugin was resumed since this was asked last, here or by another process."""
        before, self._known = self._known, frozenset(self.paused())
        return not before <= self._known

    def resume(self, plugin: str) -> bool:
        """Let a paused plugin work again; return whether it was paused."""
        with self._database.writing() as connection:
            connection.execute(delete(plugin_error).where(plugin_error.c.plugin == plugin))
            gone = connection.execute(delete(plugin_state).where(plugin_state.c.plugin == plugin)).rowcount
        self._paused = None
        return gone > 0


def place_of(error: BaseException) -> str:
    """Return file and line of the innermost frame, without the machine's folders; of what we refuse a plugin, that of
    its own code.
    """
    frames = list(traceback.extract_tb(error.__traceback__))
    if isinstance(error, PluginError):
        frames = [one for one in frames if not is_ours(one.filename)] or frames
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
