"""The inbox: what came in, kept before the provider is answered; and what we tell ourselves (tells, ripe timers)."""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, bindparam, exists, func, insert, select, update

from buurtwacht.records import fetching
from buurtwacht.records.database import AnyRow, Database, Unit
from buurtwacht.records.held import WAITS, Held
from buurtwacht.records.keys import Keyring
from buurtwacht.records.outcomes import apply_statuses
from buurtwacht.records.prepared import Prepared
from buurtwacht.records.schema import account as accounts
from buurtwacht.records.schema import inbox
from buurtwacht.records.signs import keepable
from buurtwacht.records.timers import Timer
from buurtwacht.vocabulary.clock import Clock
from buurtwacht.vocabulary.errors import ConfigurationError, Replay, StoreUnavailable
from buurtwacht.vocabulary.events import Inbound, Status, Unreadable
from buurtwacht.vocabulary.ids import new_id, new_ids

_codec: TypeAdapter[Inbound] = TypeAdapter(Inbound)
_insert = Prepared(insert(inbox))
_done = Prepared(
    update(inbox)
    .where(inbox.c.id == bindparam("b_id"), inbox.c.state == "new")
    .values(state="done", payload=None, done_at=bindparam("b_at"), attempts=bindparam("b_attempts"))
)
_taken = Prepared(update(inbox).where(inbox.c.id == bindparam("b_id")).values(plugin=bindparam("b_plugin")))
_parked = (
    update(inbox)
    .where(inbox.c.id == bindparam("b_id"), inbox.c.state == "new")
    .values(state="parked", reason=bindparam("b_why"), done_at=bindparam("b_at"))
)
#: How long another process leaves an event to one that hangs while it handles it (on PostgreSQL).
HELD = timedelta(minutes=2)

_before = inbox.alias("before")
#: What came before in a lane, and is to be handled before it.
_is_before = (_before.c.lane == inbox.c.lane, _before.c.state.in_(("new", WAITS)), _before.c.id < inbox.c.id)
#: The row, held until its unit writes, and whether something of its lane came before it. Who holds it handles it; who
#: hangs loses it.
_claim = (
    select(
        inbox.c.state,
        func.set_config("idle_in_transaction_session_timeout", str(int(HELD.total_seconds() * 1000)), True),
        exists().where(*_is_before),
    )
    .where(inbox.c.id == bindparam("b_id"))
    .with_for_update(of=inbox, skip_locked=True)
)
_behind = select(inbox.c.id).where(inbox.c.id == bindparam("b_id"), exists().where(*_is_before))
_heard = update(accounts).where(accounts.c.name == bindparam("b_name")).values(heard_at=bindparam("b_at"))

#: That an account was heard from is written down this often.
_HEARD_EVERY = timedelta(minutes=1)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

#: How many rows are read at once when all that waits is taken up.
_AT_ONCE = 500

#: Accounts of what did not come from outside.
TELL = "tell"
TIMER = "timer"


@dataclass(frozen=True, slots=True)
class Work:
    """One row of the inbox that is to be handled. `inbound` for an event from outside, `note` for our own."""

    id: int
    account: str
    lane: str
    plugin: str
    inbound: Inbound | None
    note: Mapping[str, Any] | None
    received_at: datetime


class Claim(Enum):
    """Whether a piece of work is ours to handle now."""

    MINE = "mine"
    #: another process handles it, or what came before it in its lane is still to be handled there
    LATER = "later"
    #: it was handled
    DONE = "done"


class Inbox(Held):
    """Takes events in. `arrived` is called, after the commit, with what is new and to be handled."""

    def __init__(
        self, database: Database, keyring: Keyring, clock: Clock, arrived: Callable[[Sequence[Work]], None]
    ) -> None:
        super().__init__(database, arrived)
        self._keyring = keyring
        self._clock = clock
        #: when it was last written down that an account was heard from
        self._heard_at: dict[str, datetime] = {}

    def accept(self, account: str, events: Sequence[Inbound], kept: Callable[[], None] = lambda: None) -> int:
        """Keep a batch of events of an account, all or none, and return how many are new.

        Repeats are recognised by their key. Reports about our messages are applied at once. Signs that no database
        keeps are taken out first. `kept` is called after the commit, before anything of it is handled. Raises
        `StoreUnavailable` when nothing could be kept.
        """
        now = self._clock.now()
        events = [keepable(one) for one in events]
        statuses = [one.event for one in events if isinstance(one.event, Status)]
        others = {self._keyring.event_key(account, one.key): one for one in events if not isinstance(one.event, Status)}
        rows = self._rows(account, others, now)
        try:
            try:
                self._keep(account, statuses, rows, others, now)
            except Replay:
                # Repeats are rare: they are looked for once one was refused.
                rows = self._fresh(account, rows)
                self._keep(account, statuses, rows, others, now)
        except Replay as busy:
            raise StoreUnavailable(str(busy)) from busy
        works = [
            Work(row["id"], account, row["lane"], "", others[row["key"]], None, now)
            for row in rows
            if row["state"] == "new"
        ]
        kept()
        if works:
            self._arrived(works)
        return len(rows) + len(statuses)

    def _keep(
        self,
        account: str,
        statuses: Sequence[Status],
        rows: Sequence[Mapping[str, Any]],
        events: Mapping[str, Inbound],
        now: datetime,
    ) -> None:
        """Write it down in one transaction. Raises `Replay` when one of the rows is there already."""
        with self._database.writing() as connection:
            if rows:
                _insert.write(connection, rows)
                fetching.announce(connection, self._keyring, account, [events[row["key"]] for row in rows], now)
            if statuses:
                apply_statuses(connection, account, statuses, now)
            if abs(now - self._heard_at.get(account, _NEVER)) >= _HEARD_EVERY:
                connection.execute(_heard, {"b_name": account, "b_at": now})
                self._heard_at[account] = now

    def _fresh(self, account: str, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        query = select(inbox.c.key).where(inbox.c.account == account, inbox.c.key.in_([row["key"] for row in rows]))
        with self._database.reading() as connection:
            known = set(connection.execute(query).scalars())
        return [row for row in rows if row["key"] not in known]

    def _rows(self, account: str, events: Mapping[str, Inbound], now: datetime) -> list[dict[str, Any]]:
        rows = []
        for ident, (key, one) in zip(new_ids(len(events)), events.items(), strict=True):
            readable = not isinstance(one.event, Unreadable)
            lane = self._keyring.lookup(account, one.sender[0]) if one.sender else account
            rows.append(
                {
                    "id": ident,
                    "account": account,
                    "key": key,
                    "lane": lane,
                    "plugin": "",
                    "payload": self._keyring.seal(_codec.dump_json(one)) if readable else None,
                    "state": "new" if readable else "unreadable",
                    "attempts": 0,
                    "reason": "" if readable else one.event.reason[:200],  # type: ignore[union-attr] # Unreadable
                    "received_at": now,
                    "done_at": None if readable else now,
                }
            )
        return rows

    def tell(
        self, unit: Unit, plugin: str, lane: str, note: Mapping[str, Any], now: datetime, *, key: str = ""
    ) -> None:
        """Queue something for a plugin with the unit's commit; it is handled in a transaction of its own.

        `key` is that of something which may be said again, so that it is kept once.
        """
        work = Work(new_id(), TELL, lane, plugin, None, note, now)
        unit.write(_insert, self._own_row(work, key or str(work.id)))
        unit.after_commit(lambda: self._arrived([work]))

    def ripen(self, connection: Connection, timers: Sequence[Timer], now: datetime) -> list[Work]:
        """Turn timers that fell due into work, in the transaction that takes them away."""
        works = []
        for ident, one in zip(new_ids(len(timers)), timers, strict=True):
            note = {
                "handler": one.handler,
                "key": one.key,
                "payload": dict(one.payload),
                "due": one.due.isoformat(),
                "neighbourhood": one.neighbourhood_id,
                "person": one.person_id,
            }
            works.append(Work(ident, TIMER, f"timer:{one.key or one.id}"[:80], one.plugin, None, note, now))
        if works:
            _insert.write(connection, [self._own_row(work, str(work.id)) for work in works])
        return works

    def _own_row(self, work: Work, key: str) -> dict[str, Any]:
        return {
            "id": work.id,
            "account": work.account,
            "key": key,
            "lane": work.lane,
            "plugin": work.plugin,
            "payload": self._keyring.seal(json.dumps(work.note).encode()),
            "state": "new",
            "attempts": 0,
            "reason": "",
            "received_at": work.received_at,
            "done_at": None,
        }

    def take_up_parked(self, beginning: str) -> int:
        """Let what was put aside for a reason that begins so be handled once more; return how much that is.

        Raises `StoreUnavailable` and `Replay`.
        """
        mine = (inbox.c.state == "parked", inbox.c.account == TELL, inbox.c.reason.startswith(beginning))
        with self._database.writing() as connection:
            rows = connection.execute(select(inbox).where(*mine).order_by(inbox.c.id).with_for_update()).all()
            ids = [row.id for row in rows]
            connection.execute(update(inbox).where(inbox.c.id.in_(ids)).values(state="new", done_at=None))
        self._arrived(self._readable(rows))
        return len(rows)

    def _is_behind(self, unit: Unit, work: Work) -> bool:
        """Return whether something that was held, or was let go since, is to be handled before this."""
        last = self._let_go.get(work.lane)
        if last is None and (work.account != TELL or work.plugin not in self.holding()):
            return False
        behind = unit.read(_behind, {"b_id": work.id}).first() is not None
        if last is not None and not behind and work.id >= last:
            self._let_go.pop(work.lane, None)
        return behind

    def claim(self, unit: Unit, work: Work, *, in_order: bool = True) -> Claim:
        """Say whether this unit may handle a piece of work now, and keep other processes from it until it writes.
        What is only put aside need not be `in_order`.

        In one process the dispatcher knows; several, on PostgreSQL, know by the rows: one process handles an event, and
        events of one lane in their order, wherever they came in. Raises `StoreUnavailable` and `Replay`.
        """
        if self._database.is_sqlite:
            return Claim.LATER if in_order and self._is_behind(unit, work) else Claim.MINE
        found = unit.hold(_claim, {"b_id": work.id})
        if found is None:
            return Claim.LATER
        state, _, behind = found
        if state != "new":
            return Claim.DONE
        return Claim.LATER if in_order and behind else Claim.MINE

    def holds(self, work: Work) -> bool:
        """Return whether a piece of work is still to be handled. Raises `StoreUnavailable`."""
        with self._database.reading() as connection:
            state = connection.execute(select(inbox.c.state).where(inbox.c.id == work.id)).scalar()
        return bool(state == "new")

    def waiting(self, *, since_before: datetime | None = None, without: Container[int] = ()) -> list[Work]:
        """Return all that is still to be handled, in order: at the start, or what came before a moment.

        `without` are those that are known already. A payload that nobody can read is put aside: it must not keep the
        others, or the whole start, waiting.
        """
        query = select(inbox.c.id).where(inbox.c.state == "new").order_by(inbox.c.id)
        if since_before is not None:
            query = query.where(inbox.c.received_at < since_before)
        works: list[Work] = []
        broken: list[int] = []
        with self._database.reading() as connection:
            ids = [row[0] for row in connection.execute(query) if row[0] not in without]
            for first in range(0, len(ids), _AT_ONCE):
                chunk = select(inbox).where(inbox.c.id.in_(ids[first : first + _AT_ONCE])).order_by(inbox.c.id)
                for row in connection.execute(chunk):
                    try:
                        works.append(self._work(row))
                    except (ConfigurationError, ValueError, TypeError):
                        broken.append(row.id)
        if broken:
            now = self._clock.now()
            with self._database.writing() as connection:
                rows = [{"b_id": one, "b_at": now, "b_why": "its payload cannot be read"} for one in broken]
                connection.execute(_parked, rows)
        return works

    def _work(self, row: AnyRow) -> Work:
        payload = self._keyring.unseal(row.payload)
        own = row.account in (TELL, TIMER)
        return Work(
            row.id,
            row.account,
            row.lane,
            row.plugin,
            None if own else _codec.validate_json(payload),
            json.loads(payload) if own else None,
            row.received_at,
        )


def mark_done(unit: Unit, work: Work, now: datetime, attempts: int = 0) -> None:
    """Mark work as done with the unit's commit and blank its payload; replayed if somebody else did it."""
    unit.write(_done, {"b_id": work.id, "b_at": now, "b_attempts": attempts}, expect=1)


def mark_taken(unit: Unit, work: Work, plugin: str) -> None:
    """Keep, with the unit's commit, which plugin took the words of something that brings a file."""
    unit.write(_taken, {"b_id": work.id, "b_plugin": plugin})


def taken_by(unit: Unit, keyring: Keyring, account: str, key: str) -> str:
    """Return which plugin took the words of an event, by its key; empty where none did, or nobody knows any more."""
    query = select(inbox.c.plugin).where(inbox.c.account == account, inbox.c.key == keyring.event_key(account, key))
    return unit.read(query).scalar() or ""


def mark_all_done(unit: Unit, works: Sequence[Work], now: datetime) -> None:
    """Mark several pieces of work as done, in one statement; replayed if somebody else did one of them."""
    rows = [{"b_id": work.id, "b_at": now, "b_attempts": 1} for work in works]
    unit.write_all(_done, rows, expect=len(works))


def why_parked(unit: Unit, work: Work) -> str:
    """Return why a piece of work was put aside before; empty for one that never was."""
    return str(unit.read(select(inbox.c.reason).where(inbox.c.id == work.id)).scalar() or "")


def park(unit: Unit, work: Work, now: datetime, why: str) -> None:
    """Put work aside with its culprit; the payload stays (encrypted) until it is looked into or swept."""
    unit.write(_parked, {"b_id": work.id, "b_at": now, "b_why": why[:200]})
