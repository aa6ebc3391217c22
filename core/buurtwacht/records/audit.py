"""The audit log: who did what, when; append-only, without bodies or numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from buurtwacht.records.database import Database, Unit
from buurtwacht.records.schema import audit
from buurtwacht.vocabulary.ids import new_id

_insert = insert(audit)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit log."""

    at: datetime
    actor: str
    event: str
    subject: str


def note(
    unit: Unit, at: datetime, actor: str, event: str, subject: str = "", detail: Mapping[str, object] | None = None
) -> None:
    """Write a line with the unit's commit. `detail` holds keys, counts and states, never words of people."""
    unit.write(_insert, _row(at, actor, event, subject, detail))


def write(
    database: Database, at: datetime, actor: str, event: str, subject: str, detail: Mapping[str, object] | None = None
) -> None:
    """Write a line at once, whatever becomes of what is under way. Raises `StoreUnavailable` and `Replay`."""
    with database.writing() as connection:
        connection.execute(_insert, _row(at, actor, event, subject, detail))


def subjects_by_actor(database: Database, event: str, actors: Collection[str]) -> dict[str, list[str]]:
    """Return what an event was about by which of these caused it, each once, in order of name."""
    query = select(audit.c.actor, audit.c.subject).where(audit.c.actor.in_(actors), audit.c.event == event).distinct()
    found: dict[str, list[str]] = {}
    with database.reading() as connection:
        for actor, subject in map(tuple, connection.execute(query.order_by(audit.c.actor, audit.c.subject))):
            found.setdefault(actor, []).append(subject)
    return found


def _row(at: datetime, actor: str, event: str, subject: str, detail: Mapping[str, object] | None) -> dict[str, object]:
    return {"id": new_id(), "at": at, "actor": actor, "event": event, "subject": subject, "detail": dict(detail or {})}


def entries(database: Database) -> list[Entry]:
    """Return the whole log, oldest first."""
    query = select(audit.c.at, audit.c.actor, audit.c.event, audit.c.subject).order_by(audit.c.at, audit.c.id)
    with database.reading() as connection:
        return [Entry(*row) for row in connection.execute(query)]
