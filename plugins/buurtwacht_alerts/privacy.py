"""What alerts know about a person: given to him when he asks, and without a way back to him when he leaves."""

from __future__ import annotations

from collections.abc import Mapping

from buurtwacht import Context, PersonId
from buurtwacht_alerts.alert import Acknowledgement, Addition, Alert, Doubt, Event, Held
from buurtwacht_alerts.drill import Drill, DrillAnswer
from buurtwacht_alerts.masks import unmarked
from buurtwacht_alerts.muting import PassedOver
from buurtwacht_alerts.reviews import Review


def export(ctx: Context, person: PersonId) -> Mapping[str, object]:
    """Return his reports, what he added and what he answered."""
    reports = ctx.records.find(Alert, reporter=person)
    additions = ctx.records.find(Addition, person=person)
    answers = ctx.records.find(Acknowledgement, person=person)
    doubts = ctx.records.find(Doubt, person=person)
    drills = ctx.records.find(Drill, planned_by=person)
    drill_answers = ctx.records.find(DrillAnswer, person=person)
    reviews = ctx.records.find(Review, person=person)
    return {
        "reports": [
            {
                "id": one.short,
                "reported_at": one.reported_at.isoformat(),
                "words": one.words,
                "place": one.place,
                "point": one.point,
                "called_112": one.called.value,
                "outcome": one.outcome.value if one.outcome is not None else None,
                "closed_at": one.closed_at.isoformat() if one.closed_at is not None else None,
            }
            for one in reports
        ],
        "reviews_of_false_alarms": [
            {
                "at": one.created.isoformat(),
                "decision": one.decision.value if one.decision is not None else None,
                "until": one.until.isoformat() if one.until is not None else None,
                "undone_at": one.undone_at.isoformat() if one.undone_at is not None else None,
            }
            for one in reviews
        ],
        "additions": [{"at": one.at.isoformat(), "text": one.text} for one in additions],
        "answers": [
            {"alert": one.alert, "at": one.at.isoformat(), "answer": one.value.value, "before": one.history}
            for one in answers
        ],
        "doubts": [{"alert": one.alert, "at": one.at.isoformat()} for one in doubts],
        "not_shown": [
            {"alert": one.alert, "at": one.created.isoformat(), "why": one.why.value}
            for one in ctx.records.find(PassedOver, person=person)
        ],
        "drills": [{"id": one.short, "words": unmarked(one.words), "state": one.state.value} for one in drills],
        "drill_answers": [
            {"drill": one.drill, "answer": one.value.value, "messenger": one.account, "seconds": one.seconds}
            for one in drill_answers
        ],
    }


def erase(ctx: Context, person: PersonId) -> None:
    """Take him out of what is kept: what happened stays, who said it does not."""
    records = ctx.records
    for alert in records.find(Alert, reporter=person):
        alert.reporter, alert.message, alert.words, alert.point = None, "", "", None
        joined = records.get(Alert, alert.similar_to) if alert.similar_to is not None else None
        for one in (alert, joined):
            if one is not None:
                one.reporters = [reporter for reporter in one.reporters if reporter != person]
    records.change_all(Alert, Alert.__table__.c.called_by == person, called_by=None)
    records.change_all(Alert, Alert.__table__.c.closed_by == person, closed_by=None)
    records.change_all(Drill, Drill.__table__.c.planned_by == person, planned_by=None)
    records.change_all(Addition, Addition.__table__.c.person == person, person=None, text="", message="")
    records.change_all(Event, Event.__table__.c.actor == person, actor=None, new="", old="")
    records.change_all(Review, Review.__table__.c.decided_by == person, decided_by=None)
    for kind in (Acknowledgement, Doubt, DrillAnswer, Held, PassedOver, Review):
        records.remove_all(kind, kind.__table__.c.person == person)
