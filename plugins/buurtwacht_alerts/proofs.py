"""What of alerts and drills is under way, and the timer that each of them waits for: for the self-audit of the core."""

from __future__ import annotations

from buurtwacht import Severity, UnderWay
from buurtwacht_alerts.alert import Alert, Event, Status
from buurtwacht_alerts.drill import Drill, DrillState
from buurtwacht_alerts.expiry import ASKED


def under_way() -> list[UnderWay]:
    """Return what waits for a timer. A report that is held, and an alert whose owner was asked to close it, wait for
    people (R3, R13).
    """
    alert, event, drill = Alert.__table__.c, Event.__table__.c, Drill.__table__.c
    asked = Event.__table__.select().where(event.alert == alert.id, event.what == ASKED, event.at >= alert.last_update)
    return [
        UnderWay(
            Alert,
            [alert.status == Status.ACTIVE, ~asked.exists()],
            ["expiry:{id}"],
            "under_way.alert",
            Severity.URGENT,
        ),
        UnderWay(
            Alert,
            [alert.status == Status.ACTIVE, alert.update_due.is_not(None)],
            ["update:{id}"],
            "under_way.update",
            Severity.URGENT,
        ),
        UnderWay(Alert, [alert.status == Status.DRAFT], ["draft:{id}"], "under_way.draft", Severity.URGENT),
        UnderWay(Drill, [drill.state == DrillState.PLANNED], ["drill:{id}"], "under_way.drill"),
        UnderWay(Drill, [drill.state == DrillState.RUNNING], ["drill_over:{id}"], "under_way.drill"),
    ]
