"""The alerts as escalation knows them: how one is found by what people type, and for how long it is kept."""

from __future__ import annotations

import re
from datetime import timedelta

from buurtwacht import Context, Refusal, Text, Thread, timer
from buurtwacht_escalation.callees import is_emergency
from buurtwacht_escalation.changes import Change
from buurtwacht_escalation.records import Asked, Escalation, Event, Incident, Statement
from buurtwacht_escalation.settings import MOST_RULES

#: Nothing of an escalation is kept longer than this after the end of its alert.
KEPT = timedelta(days=14)

_SHORT = re.compile(r"\s*(?:(?P<code>[A-Za-z]{1,6})\s?-?\s?)?(?P<number>\d{1,6})\b[\s:.,-]*(?P<rest>.*)", re.DOTALL)


def named(ctx: Context, text: str) -> tuple[Context, Incident, str]:
    """Return the alert that a text begins with ("TB-0001", "tb 1", "1"), where it is, and the rest of the text.

    Without an id it is the only open one. Raises `Refusal` when it is unknown, of a neighbourhood that is not his, or
    unclear.
    """
    found = _SHORT.fullmatch(text)
    if found is not None and not found["code"] and is_emergency(found["number"]):
        raise Refusal(Text("refused.emergency"))
    code = (found["code"] or ctx.here.code).upper() if found is not None else ""
    where = ctx.neighbourhood_by(code) if code else None
    if found is None or where is None:
        if found is not None and "-" in text.split()[0]:
            raise Refusal(Text("refused.unknown", id=f"{code}-{int(found['number']):04d}"))
        return ctx, _only_open(ctx), text.strip()
    short = f"{where.code}-{int(found['number']):04d}"
    own = ctx if where.id == ctx.here.id else ctx.within(where)
    incident = own.records.first(Incident, neighbourhood=where.id, short=short)
    if incident is None or own.membership is None:
        raise Refusal(Text("refused.unknown", id=short))
    return own, incident, found["rest"].strip()


def _only_open(ctx: Context) -> Incident:
    """Return the one open alert here. Raises `Refusal` when there is none, or more than one."""
    found = ctx.records.find(Incident, neighbourhood=ctx.here.id, closed_at=None)
    if not found:
        raise Refusal(Text("refused.none_open"))
    if len(found) > 1:
        raise Refusal(Text("refused.which", shorts=", ".join(one.short for one in found)))
    return found[0]


def keep(ctx: Context, incident: Incident) -> None:
    """Say until when an alert is kept: so long after its end, or after the last that was heard of it."""
    ctx.later(KEPT, "forget", key=f"forget:{incident.alert}", incident=incident.id)


@timer("forget")
def forget(ctx: Context, incident: int) -> None:
    """Keep nothing more of an alert, nor of what was asked about it."""
    known = ctx.records.get(Incident, incident)
    if known is None:
        return
    escalations = ctx.records.find(Escalation, incident=known.id)
    ids = [one.id for one in escalations]
    ctx.records.remove_all(Asked, Asked.__table__.c.escalation.in_(ids))
    ctx.records.remove_all(Event, Event.__table__.c.escalation.in_(ids))
    ctx.records.remove_all(Statement, Statement.__table__.c.incident == known.id)
    for one in escalations:
        ctx.cancel(f"due:{one.id}")
        ctx.forget(one)
        ctx.records.remove(one)
    ctx.forget(Thread(ctx.plugin, known.id))
    ctx.cancel_all([f"rule:{known.alert}:{place}" for place in range(MOST_RULES)])
    ctx.cancel(f"changes:{known.id}")
    ctx.records.remove_all(Change, Change.__table__.c.incident == known.id)
    ctx.records.remove(known)
