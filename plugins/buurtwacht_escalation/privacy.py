"""What escalation knows about a person: given to him when he asks, and gone when he has himself erased."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import BigInteger, ColumnElement, cast

from buurtwacht import Context, PersonId
from buurtwacht_escalation.records import Asked, Duty, Escalation, Event, Incident, Statement


def export(ctx: Context, person: PersonId) -> Mapping[str, object]:
    """Return his duty, what he asked officials for, what he was asked, and that an alert of his was passed on."""
    duty = ctx.records.first(Duty, person=person)
    return {
        "duty": None
        if duty is None
        else {
            "hours": duty.hours,
            "off_duty": duty.off_duty.value if duty.off_duty is not None else None,
            "leave_until": duty.leave_until.isoformat() if duty.leave_until is not None else None,
        },
        "requested": [
            {"id": one.short, "at": one.opened_at.isoformat(), "reason": one.reason, "state": one.state.value}
            for one in ctx.records.find(Escalation, requested_by=person)
        ],
        "asked": [
            {
                "at": one.at.isoformat(),
                "as": one.role,
                "answer": one.state.value,
                "answered_at": one.answered_at.isoformat() if one.answered_at is not None else None,
                "words": one.words,
            }
            for one in ctx.records.find(Asked, person=person)
        ],
        "statements": [
            {"at": one.created.isoformat(), "text": one.text, "shared": one.shared_at is not None}
            for one in ctx.records.find(Statement, person=person)
        ],
        "reports_kept": [one.short for one in ctx.records.find(Incident, _reported_by(person))],
    }


def erase(ctx: Context, person: PersonId) -> None:
    """Take him out of what is kept: what happened stays, who it was does not."""
    records = ctx.records
    for one in records.find(Incident, _reported_by(person)):
        one.facts = {**one.facts, "reporter": None, "point": None}
    escalations = Escalation.__table__.c
    records.change_all(Escalation, escalations.requested_by == person, requested_by=None, reason="")
    records.change_all(Escalation, escalations.approved_by == person, approved_by=None)
    records.change_all(Escalation, escalations.confirmed_by == person, confirmed_by=None)
    records.change_all(Event, Event.__table__.c.person == person, person=None)
    records.remove_all(Asked, Asked.__table__.c.person == person)
    records.remove_all(Statement, Statement.__table__.c.person == person)
    records.remove_all(Duty, Duty.__table__.c.person == person)


def _reported_by(person: PersonId) -> ColumnElement[bool]:
    # Ids have 63 bits; as_integer() would have PostgreSQL read one of 32.
    return cast(Incident.__table__.c.facts["reporter"].as_string(), BigInteger) == int(person)
