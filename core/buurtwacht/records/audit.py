"""The audit log: who did what, when; append-only, without bodies or numbers."""

from __future__ import annotations

from collections.abc import Mapping
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
    row = {"id": new_id(), "at": at, "actor": actor, "event": event, "subject": subject, "detail": dict(detail or {})}
    unit.write(_insert, row)


def entries(database: Database) -> list[Entry]:
    """Return the whole log, oldest first."""
    query = select(audit.c.at, audit.c.actor, audit.c.event, audit.c.subject).order_by(audit.c.at, audit.c.id)
    with database.reading() as connection:
        return [Entry(*row) for row in connection.execute(query)]
