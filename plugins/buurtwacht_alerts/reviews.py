"""Reviews: somebody's reports turned out false alarms again and again, and the admins decide what follows (R25)."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from buurtwacht import Context, NeighbourhoodId, PersonId, Record
from buurtwacht_alerts.alert import Alert, Outcome

#: R25: at so many within so long the admins are asked. Reporters are forgotten after as long (domain §4.4.6).
LIMIT = 3
WITHIN = timedelta(days=30)


class Decision(StrEnum):
    """What an admin decided about a member whose reports were often false alarms (R25)."""

    NOTHING = "nothing"
    TALK = "talk"
    THROUGH_ADMIN = "through_admin"
    REMOVAL = "removal"


class Review(Record, plugin="alerts", unique=(("neighbourhood", "person", "turn"),), index=(("person",),)):
    """The admins of a neighbourhood were asked about a member, and what they decided, until all of it is forgotten.

    `turn` counts the reviews of one member: two that begin at once are one. `alerts` are the false alarms it is about.
    """

    neighbourhood: NeighbourhoodId
    person: PersonId
    turn: int
    alerts: list[int]
    decision: Decision | None = None
    decided_by: PersonId | None = None
    decided_at: datetime | None = None
    #: his reports go through the admins until then
    until: datetime | None = None
    objected_at: datetime | None = None
    #: an admin answered his objection, and left the decision as it was
    upheld_at: datetime | None = None
    #: an admin took the decision back
    undone_at: datetime | None = None

    @property
    def is_in_force(self) -> bool:
        """Whether something was decided that the member was told of, and that nobody took back."""
        return self.decision not in (None, Decision.NOTHING) and self.undone_at is None


def false_alarms(ctx: Context, person: PersonId) -> list[Alert]:
    """Return the alerts here that somebody began and that were closed as false alarms lately, the oldest first.

    Who only joined a report of another (R16) did not begin it; what never went out alarmed nobody.
    """
    table = Alert.__table__.c
    return ctx.records.find(
        Alert,
        table.closed_at > ctx.now - WITHIN,
        table.sent_at.is_not(None),
        neighbourhood=ctx.here.id,
        reporter=person,
        outcome=Outcome.FALSE_ALARM,
        order=table.closed_at,
    )


def reviews_of(ctx: Context, person: PersonId) -> list[Review]:
    """Return the reviews of somebody here that are still kept, the newest first."""
    return ctx.records.find(Review, neighbourhood=ctx.here.id, person=person, order=Review.__table__.c.turn.desc())


def is_through_admin(ctx: Context, person: PersonId) -> bool:
    """Say whether somebody's reports here go through the admins now."""
    found = reviews_of(ctx, person)
    return any(one.until is not None and one.until > ctx.now and one.undone_at is None for one in found)
