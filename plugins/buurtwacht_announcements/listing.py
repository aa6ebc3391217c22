"""`mededelingen`: what somebody wrote, and how far it is."""

from __future__ import annotations

from buurtwacht import Context, Lines, Text
from buurtwacht_announcements import wording
from buurtwacht_announcements.forwarding import BROUGHT
from buurtwacht_announcements.records import Announcement, Passing, PassingState, State

#: More than these nobody reads on a telephone.
_SHOWN = 8
_SAID_NO = frozenset({PassingState.DECLINED, PassingState.SILENT})


def mine(ctx: Context) -> None:
    """`mededelingen`: the newest announcements of whoever asks."""
    table = Announcement.__table__.c
    states = table.state.in_([State.SENT, State.APPROVAL, State.REFUSED, State.EXPIRED, State.WITHDRAWN])
    found = ctx.records.find(
        Announcement, states, sender=ctx.person.id, order=(table.created.desc(), table.id.desc()), limit=_SHOWN
    )
    if not found:
        ctx.reply(Text("mine.none"))
        return
    roots = Passing.__table__.c.announcement.in_([one.root for one in found])
    counted = ctx.records.count(Passing, "announcement", "state", where=(roots,))
    ctx.reply(Text("mine", lines=Lines(*(_line(ctx, one, counted) for one in found))))


def _line(ctx: Context, announcement: Announcement, counted: dict[tuple[int, PassingState], int]) -> Text:
    facts = {"title": wording.title(announcement), "short": announcement.short}
    if announcement.state is not State.SENT:
        return Text(f"mine.{announcement.state}", at=announcement.created.astimezone(ctx.now.tzinfo), **facts)
    sent = announcement.sent_at or announcement.created
    urgency = Text(f"class.{announcement.urgency}.word")
    if announcement.corrects is not None:
        return Text("mine.correction", at=sent, urgency=urgency, **facts)
    if announcement.neighbourhood is not None:
        return Text("mine.home", at=sent, **facts)
    states = {state: number for (root, state), number in counted.items() if root == announcement.id}
    passed = sum(number for state, number in states.items() if state in BROUGHT)
    return Text(
        "mine.sent",
        at=sent,
        urgency=urgency,
        passed=passed,
        total=sum(states.values()),
        waiting=states.get(PassingState.ASKED, 0),
        declined=sum(number for state, number in states.items() if state in _SAID_NO),
        **facts,
    )
