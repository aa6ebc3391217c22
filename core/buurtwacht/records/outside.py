"""What sources outside said, put into the inbox once; and since when each of them says anything at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from buurtwacht.records.database import Database
from buurtwacht.records.inbox import TELL, Inbox
from buurtwacht.records.keys import Keyring
from buurtwacht.records.schema import inbox as events
from buurtwacht.records.schema import source


@dataclass(frozen=True, slots=True)
class SourceState:
    """How a source does: whether anything is known, since when that is so, when it last answered, and why not since."""

    plugin: str
    name: str
    known: bool
    since: datetime
    answered_at: datetime | None
    reason: str


def hear(
    inbox: Inbox,
    database: Database,
    keyring: Keyring,
    plugin: str,
    name: str,
    items: Sequence[tuple[str, Mapping[str, Any]]],
    now: datetime,
) -> int:
    """Keep what is new or changed of what a source says, as (key, facts), and return how much that is.

    All of it or nothing. Raises `StoreUnavailable`, and `Replay` when another process kept it at the same moment;
    `TypeError` and `ValueError` when facts are no JSON.
    """
    keyed: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for key, facts in items:
        plain = json.dumps(facts, sort_keys=True, allow_nan=False)
        version = hashlib.blake2b(plain.encode(), digest_size=12).hexdigest()
        keyed[keyring.event_key(f"source:{plugin}:{name}", f"{key} {version}")] = (key, facts)
    with database.reading() as connection:
        query = select(events.c.key).where(events.c.account == TELL, events.c.key.in_(keyed))
        known = set(connection.execute(query).scalars())
    fresh = [(row, *said) for row, said in keyed.items() if row not in known]
    if fresh:
        unit = database.unit()
        for row, key, facts in fresh:
            note = {"source": name, "key": key, "facts": dict(facts)}
            inbox.tell(unit, plugin, _lane(plugin, name), note, now, key=row)
        unit.commit()
    return len(fresh)


def answered(inbox: Inbox, database: Database, plugin: str, name: str, now: datetime) -> bool:
    """Write down that a source answered; return whether nothing had been known before, which its plugin is told."""
    before = _of(database, plugin, name)
    came_back = before is not None and not before.known
    values: dict[str, Any] = {"answered_at": now, "reason": ""}
    if before is None or came_back:
        values |= {"known": True, "since": now}
    _write(inbox, database, plugin, name, before, values, tell=came_back, now=now)
    return came_back


def failed(
    inbox: Inbox, database: Database, plugin: str, name: str, reason: str, now: datetime, unknown_from: datetime
) -> bool:
    """Write down that a source did not answer; return whether nothing is known from now on, which its plugin is told.

    That is so once it has not answered since `unknown_from`.
    """
    before = _of(database, plugin, name)
    # One that never answered is known of from the first failure on: patience begins there.
    last = now if before is None else before.answered_at or before.since
    lost = (before is None or before.known) and last <= unknown_from
    values: dict[str, Any] = {"reason": reason[:120]}
    if before is None:
        values |= {"known": True, "since": now, "answered_at": None}
    if lost:
        values |= {"known": False, "since": last}
    _write(inbox, database, plugin, name, before, values, tell=lost, now=now)
    return lost


def states(database: Database, plugin: str | None = None) -> list[SourceState]:
    """Return how every source does, or those of one plugin, by plugin and name."""
    query = select(source).order_by(source.c.plugin, source.c.name)
    if plugin is not None:
        query = query.where(source.c.plugin == plugin)
    with database.reading() as connection:
        return [_state(row) for row in connection.execute(query)]


def _of(database: Database, plugin: str, name: str) -> SourceState | None:
    query = select(source).where(source.c.plugin == plugin, source.c.name == name)
    with database.reading() as connection:
        row = connection.execute(query).first()
    return _state(row) if row is not None else None


def _state(row: Any) -> SourceState:
    return SourceState(row.plugin, row.name, row.known, row.since, row.answered_at, row.reason)


def _write(
    inbox: Inbox,
    database: Database,
    plugin: str,
    name: str,
    before: SourceState | None,
    values: Mapping[str, Any],
    *,
    tell: bool,
    now: datetime,
) -> None:
    unit = database.unit()
    if before is None:
        unit.write(insert(source), {"plugin": plugin, "name": name, **values})
    else:
        unit.write(update(source).where(source.c.plugin == plugin, source.c.name == name).values(**values))
    if tell:
        note = {"source": name, "known": values["known"], "since": values["since"].isoformat()}
        inbox.tell(unit, plugin, _lane(plugin, name), note, now)
    unit.commit()


def _lane(plugin: str, name: str) -> str:
    """Return the lane of a source: what it says is heard in order."""
    return f"source:{plugin}:{name}"[:80]
