"""What is held in the inbox: our own work waits there, in its order, while its plugin is paused."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from buurtwacht.records.database import AnyRow, Database, Unit
from buurtwacht.records.prepared import Prepared
from buurtwacht.records.schema import inbox
from buurtwacht.vocabulary.errors import ConfigurationError

if TYPE_CHECKING:
    from buurtwacht.records.inbox import Work

#: The state of what waits because its plugin is paused.
WAITS = "held"
#: What waits keeps its payload, and has no end: `done_at` is empty, which an index finds.
_held = Prepared(update(inbox).where(inbox.c.id == bindparam("b_id"), inbox.c.state == "new").values(state=WAITS))
_is_held = (inbox.c.state == WAITS, inbox.c.done_at.is_(None))


class Held(ABC):
    """The part of the inbox that holds work back, and lets it go."""

    def __init__(self, database: Database, arrived: Callable[[Sequence[Work]], None]) -> None:
        self._database = database
        self._arrived = arrived
        #: plugins of which something is held, as far as this process knows; None: it has not looked yet
        self._holding: set[str] | None = None
        #: lanes in which something was let go, with the last of it: what was told since comes after that
        self._let_go: dict[str, int] = {}

    def hold(self, unit: Unit, work: Work) -> None:
        """Put our own work aside with the unit's commit, as it is, until its plugin is let go on."""
        unit.write(_held, {"b_id": work.id}, expect=1)
        self.holding().add(work.plugin)

    def holding(self) -> set[str]:
        """Return the plugins of which something is held, as far as this process knows. Raises `StoreUnavailable`."""
        if self._holding is None:
            self._holding = self._held_plugins()
        return self._holding

    def _held_plugins(self) -> set[str]:
        with self._database.reading() as connection:
            return set(connection.execute(select(inbox.c.plugin).where(*_is_held).distinct()).scalars())

    def let_go(self, is_paused: Callable[[str], bool]) -> int:
        """Let what is held be handled, in order, of plugins that are paused no more; return how much that is.

        Raises `StoreUnavailable` and `Replay`.
        """
        found = 0
        for plugin in sorted(self._held_plugins()):
            if is_paused(plugin):
                continue
            with self._database.writing() as connection:
                mine = (*_is_held, inbox.c.plugin == plugin)
                rows = connection.execute(select(inbox).where(*mine).order_by(inbox.c.id).with_for_update()).all()
                connection.execute(update(inbox).where(*mine).values(state="new"))
            works = self._readable(rows)
            self._let_go.update((work.lane, work.id) for work in works)
            self.holding().discard(plugin)
            self._arrived(works)
            found += len(works)
        return found

    @property
    def is_catching_up(self) -> bool:
        """Whether something that was let go is still to be handled."""
        return bool(self._let_go)

    def _readable(self, rows: Sequence[AnyRow]) -> list[Work]:
        """Return the work of rows, without what nobody can read: `waiting` puts that aside."""
        works = []
        for row in rows:
            with suppress(ConfigurationError, ValueError, TypeError):
                works.append(self._work(row))
        return works

    @abstractmethod
    def _work(self, row: AnyRow) -> Work:
        """Return the work of a row; one nobody can read raises `ConfigurationError`, `ValueError` or `TypeError`."""
