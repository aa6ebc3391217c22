"""What announcements know about a person: given to him, taken out when he is erased, and kept no longer than needed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from buurtwacht import Context, NeighbourhoodId, PersonId, timer
from buurtwacht_announcements.asking import ask_next, thread_of
from buurtwacht_announcements.records import Announcement, Passing, PassingState, Vote, asked_of, newest

#: Texts of officials are kept as long as the audit log (domain §4.4), votes as long as answers to a roll call.
KEPT = timedelta(days=365)
VOTES_KEPT = timedelta(days=30)


def export(ctx: Context, person: PersonId) -> Mapping[str, object]:
    """Return what he wrote, what he passed on or not, and how he voted."""
    passed = ctx.records.find(Passing, asked_of(person))
    votes = ctx.records.find(Vote, person=person)
    ids = {one.announcement for one in passed} | {one.announcement for one in votes}
    columns = Announcement.__table__.c
    known = {one.id: one for one in ctx.records.find(Announcement, columns.id.in_(ids))}
    return {
        "written": [
            {"announcement": one.short, "text": one.body, "at": _iso(one.sent_at)}
            for one in ctx.records.find(Announcement, sender=person)
        ],
        "approved_or_refused": [one.short for one in ctx.records.find(Announcement, decided_by=person)],
        "passed_on": [
            {
                "announcement": known[one.announcement].short if one.announcement in known else None,
                "what": one.state.value if one.decided_by == person else None,
                "line": one.line if one.decided_by == person else "",
                "reason": one.reason if one.decided_by == person else "",
            }
            for one in passed
        ],
        "votes": [
            {
                "announcement": known[one.announcement].short,
                "option": known[one.announcement].options[one.option],
                "at": _iso(one.at),
            }
            for one in votes
            if one.announcement in known
        ],
    }


def _iso(moment: object) -> str | None:
    return None if moment is None else str(moment)


def erase(ctx: Context, person: PersonId) -> None:
    """Take him out of what is kept: what the neighbours were told stays, who he was does not."""
    records = ctx.records
    columns, table = Announcement.__table__.c, Passing.__table__.c
    records.change_all(Announcement, columns.sender == person, sender=None)
    records.change_all(Announcement, columns.decided_by == person, decided_by=None, reason="")
    records.change_all(Passing, table.decided_by == person, decided_by=None, line="", reason="")
    records.change_all(Passing, table.representative == person, representative=None)
    records.change_all(Passing, table.deputy == person, deputy=None)
    records.change_all(Passing, table.second == person, second=None)
    records.remove_all(Vote, Vote.__table__.c.person == person)


def left(ctx: Context, person: PersonId, neighbourhood: NeighbourhoodId) -> None:
    """He is a member there no more: what he had not decided yet is for whoever can, or for nobody."""
    waiting = ctx.records.find(Passing, asked_of(person), neighbourhood=neighbourhood, state=PassingState.ASKED)
    for one in waiting:
        # buurtwacht: allow query-in-loop what waits for one person is one or two
        root = ctx.records.get(Announcement, one.announcement)
        if root is None or newest(ctx, root).is_over(ctx.now):
            continue
        if one.second == person:
            one.second = None
        elif one.deputy == person and one.second is not None and _has_come(ctx, one.second_at):
            # The other deputy was asked already: it stays with him.
            one.deputy, one.deputy_at, one.second = one.second, one.second_at, None
        elif one.deputy == person and one.representative is not None:
            one.deputy = None
        elif one.representative == person and one.deputy is not None and _has_come(ctx, one.deputy_at):
            # His deputy was asked already: it stays with him.
            one.representative = None
        else:
            ask_next(ctx, [one])
        ctx.close_questions(thread=thread_of(root), who=person)


def _has_come(ctx: Context, moment: datetime | None) -> bool:
    return moment is not None and moment <= ctx.now


def keep(ctx: Context, announcement: Announcement) -> None:
    """Set when the votes go, and when all of it goes."""
    payload = {"announcement": announcement.root}
    ctx.later(
        newest(ctx, announcement).valid_until + VOTES_KEPT, forget_votes, key=f"votes:{announcement.root}", **payload
    )
    ctx.later(KEPT, forget, key=f"forget:{announcement.root}", **payload)


@timer("forget_votes")
def forget_votes(ctx: Context, announcement: int) -> None:
    """Keep no votes any more."""
    ctx.records.remove_all(Vote, Vote.__table__.c.announcement == announcement)


@timer("forget_announcement")
def forget(ctx: Context, announcement: int) -> None:
    """Keep nothing more of an announcement: its corrections, what became of it, what was said about it."""
    columns = Announcement.__table__.c
    root = ctx.records.get(Announcement, announcement)
    if root is None:
        return
    ctx.forget(thread_of(root))
    ctx.records.remove_all(Passing, Passing.__table__.c.announcement == announcement)
    ctx.records.remove_all(Vote, Vote.__table__.c.announcement == announcement)
    ctx.records.remove_all(Announcement, (columns.id == announcement) | (columns.corrects == announcement))
