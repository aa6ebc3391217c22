"""What became of an announcement: for its sender and whoever approved it, in numbers, without a member's name (R47)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from buurtwacht import Context, Fared, Lines, Neighbourhood, PersonId, Text, timer
from buurtwacht_announcements import lost
from buurtwacht_announcements.asking import thread_of, until_report
from buurtwacht_announcements.forwarding import BROUGHT
from buurtwacht_announcements.records import (
    Announcement,
    Passing,
    PassingState,
    Replies,
    State,
    Vote,
    get,
)
from buurtwacht_announcements.wording import names

#: Once all have decided it is looked whether messages are under way or a reason is being typed: after so many seconds,
#: each time after twice as many (for a whole country counting is work), for the last time after two and a half minutes.
_FIRST_LOOK, _LAST_LOOK = 10, 80
#: How long a reason is waited for.
_TYPING = timedelta(minutes=2)
#: As many reasons are told in full.
_REASONS = 10
#: Where nobody decided.
_UNDECIDED = (PassingState.ASKED, PassingState.SILENT, PassingState.WITHDRAWN)
#: A smaller number of votes could be laid at somebody's door.
SMALL = 5


@dataclass(frozen=True, slots=True)
class Count:
    """How far an announcement is: neighbourhoods by what became of it there, and their members by how they fared.

    forwarded (straight ones included), declined, undecided, absent and unreachable add up to `neighbourhoods`.
    """

    neighbourhoods: int
    forwarded: int
    declined: int
    undecided: int
    absent: int
    unreachable: int
    members: Fared


def count(ctx: Context, announcement: Announcement) -> Count:
    """Count how far an announcement is now: two queries."""
    return _count(ctx, announcement, ctx.records.find(Passing, announcement=announcement.root))


def _count(ctx: Context, announcement: Announcement, passings: Sequence[Passing]) -> Count:
    states = Counter(one.state for one in passings)
    there = [one.neighbourhood for one in passings if one.state in BROUGHT]
    return Count(
        neighbourhoods=len(passings),
        forwarded=len(there),
        declined=states[PassingState.DECLINED],
        undecided=sum(states[one] for one in _UNDECIDED),
        absent=states[PassingState.ABSENT],
        unreachable=states[PassingState.UNREACHABLE],
        members=ctx.fared(thread_of(announcement), there, refusing=announcement.kind),
    )


# --- when ----------------------------------------------------------------------------------------------------------


def settled(ctx: Context, announcement: Announcement) -> None:
    """Report soon, when every neighbourhood was dealt with and nobody has to decide any more."""
    if not announcement.complete or announcement.reported_at is not None or announcement.neighbourhood is not None:
        return
    if ctx.records.first(Passing, announcement=announcement.root, state=PassingState.ASKED) is not None:
        return
    _look_later(ctx, announcement.root, _FIRST_LOOK)


def _look_later(ctx: Context, root: int, seconds: int) -> None:
    ctx.later(timedelta(seconds=seconds), look, key=f"look:{root}", announcement=root, seconds=seconds)


@timer("announcement_look")
def look(ctx: Context, announcement: int, seconds: int) -> None:
    """Report once nothing is under way any more, or when that has lasted too long."""
    root = get(ctx, announcement)
    if root.reported_at is not None:
        return
    passings = ctx.records.find(Passing, announcement=announcement)
    under_way = _is_under_way(ctx, root, passings)
    if under_way and seconds < _LAST_LOOK:
        _look_later(ctx, announcement, 2 * seconds)
    elif under_way and not root.is_warm and (until := _morning(ctx, passings)) is not None:
        # What waits for the morning is neither delivered nor lost yet.
        ctx.later(until - ctx.now, look, key=f"look:{announcement}", announcement=announcement, seconds=_FIRST_LOOK)
    else:
        _report(ctx, root, passings)


def _morning(ctx: Context, passings: Sequence[Passing]) -> datetime | None:
    """Return when the last of the neighbourhoods it was brought to wakes up; None: it is day everywhere."""
    there = (ctx.neighbourhood_of(one.neighbourhood) for one in passings if one.state in BROUGHT)
    return max((until for one in there if (until := one.quiet_until(None, ctx.now)) is not None), default=None)


def _is_under_way(ctx: Context, root: Announcement, passings: Sequence[Passing]) -> bool:
    """Return whether a little patience makes the report a better one."""
    recently = ctx.after(-_TYPING)
    declined = (one for one in passings if one.state is PassingState.DECLINED and not one.reason)
    if any(one.decided_at is not None and one.decided_at > recently for one in declined):
        return True
    return bool(_count(ctx, root, passings).members.under_way)


@timer("announcement_report")
def report(ctx: Context, announcement: int) -> None:
    """So many hours later, or at its end: report what there is. Who is silent may decide as long as it is valid."""
    root = get(ctx, announcement)
    left = until_report(ctx, root)
    if root.reported_at is None and left > timedelta(0):
        # A correction holds for longer than the first.
        ctx.later(left, report, key=f"report:{announcement}", announcement=announcement)
    elif root.reported_at is None:
        _report(ctx, root, ctx.records.find(Passing, announcement=announcement))


@timer("announcement_outcome")
def outcome(ctx: Context, announcement: int) -> None:
    """So many hours later, or at its end: report once more, now with what people chose."""
    root = get(ctx, announcement)
    if until_report(ctx, root) > timedelta(0):
        _outcome_later(ctx, root)
    else:
        _send(ctx, root, ctx.records.find(Passing, announcement=announcement))


def _outcome_later(ctx: Context, root: Announcement) -> None:
    ctx.later(until_report(ctx, root), outcome, key=f"outcome:{root.root}", announcement=root.root)


def _report(ctx: Context, root: Announcement, passings: Sequence[Passing]) -> None:
    root.reported_at = ctx.now
    ctx.cancel(f"report:{root.root}")
    _tell_apart(ctx, root, passings)
    ctx.note("announcement_reported", root.short, neighbourhoods=len(passings))
    if _is_voting(ctx, root):
        _outcome_later(ctx, root)
    _send(ctx, root, passings)


def _is_voting(ctx: Context, root: Announcement) -> bool:
    """Whether its poll goes on: nobody has had the time to choose yet."""
    return root.replies is Replies.POLL and until_report(ctx, root) > timedelta(0)


def _send(ctx: Context, root: Announcement, passings: Sequence[Passing]) -> None:
    readers = sorted(_readers(ctx, root))
    if readers:
        ctx.send(readers, in_words(ctx, root, passings))


def _readers(ctx: Context, root: Announcement) -> set[PersonId]:
    """Return the sender and whoever approved it, as far as they are still officials: others were told it is over."""
    people = [PersonId(one) for one in (root.sender, root.decided_by) if one is not None]
    offices = ctx.offices_of(people)
    return {who for who in people if any(one.verified for one in offices.get(who, ()))}


def _tell_apart(ctx: Context, root: Announcement, passings: Sequence[Passing]) -> None:
    """Say of those who did not decide who was silent, and whom no message reached: the admins hear of the latter."""
    waiting = [one for one in passings if one.state is PassingState.ASKED]
    if not waiting:
        return
    lost.give_up(ctx, root, lost.lost_of(ctx, root, waiting))
    for one in waiting:
        if one.state is PassingState.ASKED:
            one.state = PassingState.SILENT


# --- what it says --------------------------------------------------------------------------------------------------


def in_words(ctx: Context, root: Announcement, passings: Sequence[Passing]) -> Text:
    """Return the report."""
    counted = _count(ctx, root, passings)
    members = counted.members
    silent = _places(ctx, passings, *_UNDECIDED)
    return Text(
        "report",
        short=root.short,
        neighbourhoods=counted.neighbourhoods,
        forwarded=counted.forwarded,
        declined=counted.declined,
        undecided=counted.undecided,
        nobody=counted.absent + counted.unreachable,
        members=members.members,
        delivered=members.delivered,
        failed=members.failed,
        refused=members.refused,
        rest=members.under_way + members.muted,
        details=Lines(
            Text("report.withdrawn", at=root.valid_until) if root.state is State.WITHDRAWN else None,
            *_reasons(ctx, passings),
            _naming("report.silent", silent),
            _naming("report.absent", _places(ctx, passings, PassingState.ABSENT)),
            _naming("report.unreachable", _places(ctx, passings, PassingState.UNREACHABLE)),
            *_votes(ctx, root),
            Text("report.why_warm", reason=root.reason) if root.reason else None,
        ),
    )


def _places(ctx: Context, passings: Sequence[Passing], *states: PassingState) -> list[Neighbourhood]:
    return [ctx.neighbourhood_of(one.neighbourhood) for one in passings if one.state in states]


def _naming(key: str, places: Sequence[Neighbourhood]) -> Text | None:
    return Text(key, places=names(places)) if places else None


def _reasons(ctx: Context, passings: Sequence[Passing]) -> list[Text]:
    given = [one for one in passings if one.state is PassingState.DECLINED and one.reason]
    told = [
        Text("report.reason", place=ctx.neighbourhood_of(one.neighbourhood).name, reason=one.reason)
        for one in given[:_REASONS]
    ]
    return [*told, Text("report.reasons_more", count=len(given) - _REASONS)] if len(given) > _REASONS else told


def _votes(ctx: Context, root: Announcement) -> list[Text]:
    if root.replies is not Replies.POLL:
        return []
    if _is_voting(ctx, root):
        return [Text("report.voting", at=ctx.now + until_report(ctx, root))]
    votes = Counter(one.option for one in ctx.records.find(Vote, announcement=root.root))
    return [
        Text("report.vote", option=option, votes=_hidden(votes[place])) for place, option in enumerate(root.options)
    ]


def _hidden(number: int) -> Text | int:
    """Return a number of votes, one that could lead to a person only as that (domain §4.4)."""
    return Text("report.few", most=SMALL) if 0 < number < SMALL else number
