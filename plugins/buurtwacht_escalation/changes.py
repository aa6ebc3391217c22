"""What changed in an alert, as it is kept: what neighbours added stands in later packages too."""

from __future__ import annotations

from datetime import datetime

from buurtwacht import Context, Record
from buurtwacht_escalation.records import Incident

#: So many additions stand in a package, the newest of them.
_NEWEST = 3


class Change(Record, plugin="escalation", index=(("incident", "told_at"),)):
    """Something that changed in an alert; `text` is what was added, as members read it, or the plates.

    `told_at` is when officials were told, or when it changed where none had it; None: they are still to be told.
    """

    incident: int
    what: str
    text: str
    told_at: datetime | None = None


def additions(ctx: Context, incident: Incident) -> list[str]:
    """Return what was added last, the oldest of it first."""
    newest = [Change.__table__.c.created.desc(), Change.__table__.c.id.desc()]
    found = ctx.records.find(Change, incident=incident.id, what="addition", order=newest)[:_NEWEST]
    return [one.text for one in reversed(found) if one.text]
