"""Who joins finds what is valid right after the welcome (R49), unless he refuses its kind of sender."""

from __future__ import annotations

from buurtwacht import Context, NeighbourhoodId, PersonId, Severity
from buurtwacht_announcements.asking import thread_of
from buurtwacht_announcements.forwarding import BROUGHT
from buurtwacht_announcements.records import Announcement, Passing, State, newest
from buurtwacht_announcements.wording import current

#: Nobody is welcomed with more than this; the newest are shown.
_MOST = 3


def welcome(ctx: Context, person: PersonId, neighbourhood: NeighbourhoodId) -> None:
    """Show somebody who joined what went to his new neighbours and is still valid; what he saw elsewhere not again."""
    who = ctx.people([person]).get(person)
    if who is None:
        return
    table = Passing.__table__.c
    passings = ctx.records.find(
        Passing, table.state.in_(BROUGHT), table.message.is_not(None), neighbourhood=neighbourhood
    )
    lines = {one.announcement: one.line for one in passings}
    columns = Announcement.__table__.c
    his = columns.id.in_(list(lines)) | (columns.neighbourhood == neighbourhood)
    sent = ctx.records.find(
        Announcement, his, columns.corrects.is_(None), state=State.SENT, order=columns.sent_at.desc()
    )
    shown = set(ctx.shown(who, sent[-1].created)) if sent else set()
    wanted = [one for one in sent if one.id not in shown and one.sender != person and one.kind not in who.refuses]
    still = [one for one in wanted[: 2 * _MOST] if not newest(ctx, one).is_over(ctx.now)]
    here = ctx.within(ctx.neighbourhood_of(neighbourhood))
    for one in reversed(still[:_MOST]):
        here.send(person, current(here, one, lines.get(one.id, "")), severity=Severity.INFO, thread=thread_of(one))
