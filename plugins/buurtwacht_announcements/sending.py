"""An announcement leaves: its number, straight to members, or neighbourhood by neighbourhood to representatives.

Who represents whom is asked in `asking`; a whole country is walked in steps, each a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from itertools import islice

from buurtwacht import Context, MessageId, Neighbourhood, NeighbourhoodId, Text
from buurtwacht_announcements import asking, targets, wording
from buurtwacht_announcements.records import Announcement, Passing, PassingState, State, get

#: How many neighbourhoods one step deals with: long enough to be fast, short enough that nobody waits for its commit.
STEP = 1000
#: What was sent within this may still wait for the end of somebody's quiet hours.
_NIGHT = timedelta(hours=12)


def release(ctx: Context, announcement: Announcement) -> None:
    """Send what is decided: members with a co-ordinator of their own at once, the others by whoever passes it on."""
    home = targets.home(ctx, announcement)
    announcement.state, announcement.sent_at = State.SENT, home.now
    announcement.short = announcement.short or _number(home, announcement)
    home.note("announcement_sent", announcement.short, urgency=announcement.urgency.value, kind=announcement.kind)
    if announcement.corrects is None:
        _go_straight(home, announcement)
    if announcement.neighbourhood is not None:
        announcement.complete = True
        ctx.tell("announcement_settled", announcement=announcement.root)
        if announcement.corrects is not None:
            correct_members(home, announcement)
        _tell_sender(home, announcement)
        return
    ctx.tell("announcement_walk", announcement=announcement.id, after=0)


def walk(ctx: Context, ident: int, after: int) -> None:
    """Deal with the next neighbourhoods of an announcement. What was dealt with already is left alone."""
    announcement = ctx.records.get(Announcement, ident)
    if announcement is None or announcement.state is not State.SENT or announcement.complete:
        return
    if announcement.cursor != after:
        return
    chunk = list(islice(targets.neighbourhoods(ctx, announcement, after), STEP))
    if announcement.corrects is None:
        announcement.representatives += _begin(ctx, announcement, chunk)
    else:
        _renew(ctx, announcement, [one.id for one in chunk])
    if len(chunk) == STEP:
        announcement.cursor = chunk[-1].id
        ctx.tell("announcement_walk", announcement=announcement.id, after=announcement.cursor)
        return
    announcement.complete = True
    if announcement.corrects is not None:
        correct_members(ctx, announcement)
    _tell_sender(ctx, announcement)


def correct_members(ctx: Context, correction: Announcement) -> None:
    """Show a correction to exactly the members who were shown what it corrects (R49).

    Who was not sent that one yet reads the right words at once, and nothing of what was wrong.
    """
    first = get(ctx, correction.root)
    if first.direct is not None:
        correction.renewed = [
            *correction.renewed,
            ctx.renew(MessageId(first.direct), wording.for_members(ctx, correction)),
        ]
    ctx.broadcast(
        ctx.audience.reached_by(first),
        wording.corrected(ctx, correction),
        correction.severity,
        thread=first,
        included_in=[MessageId(one) for one in correction.renewed],
    )


# --- inside ----------------------------------------------------------------------------------------------------------


def _number(home: Context, announcement: Announcement) -> str:
    """Return what people call it: M1 for everybody here, TB-M1 in a neighbourhood of its own."""
    if announcement.neighbourhood is None:
        return f"M{home.records.next_number(0, 'M')}"
    return f"{home.here.code}-M{home.number('M')}"


def _go_straight(home: Context, announcement: Announcement) -> None:
    """Send it to members whom no representative stands before."""
    if announcement.neighbourhood is not None:
        # In the group too, as alerts (R57): nobody can refuse his own co-ordinator.
        audience = home.audience.members().and_groups()
    else:
        places = targets.neighbourhoods(home, announcement)
        straight = [one.id for one in places if targets.goes_straight(home, announcement, one)]
        if not straight:
            return
        audience = home.audience.members_of(*straight)
    if announcement.sender is not None:
        audience = audience.without(announcement.sender)
    announcement.direct = home.broadcast(
        # Who refused this kind of sender gets nothing of it (R48).
        replace(audience, sender_kind=announcement.kind),
        wording.for_members(home, announcement),
        announcement.severity,
        thread=announcement,
        # What is over before somebody wakes up is not read by him any more.
        expires=announcement.valid_until - home.now,
    )


def _begin(ctx: Context, announcement: Announcement, places: Collection[Neighbourhood]) -> int:
    """Begin with some neighbourhoods; return how many representatives are asked there."""
    straight = [one for one in places if targets.goes_straight(ctx, announcement, one)]
    for one in straight:
        passing = Passing(
            announcement=announcement.id,
            neighbourhood=one.id,
            representative=None,
            state=PassingState.DIRECT,
            asked_at=ctx.now,
            decided_at=ctx.now,
            message=announcement.direct,
        )
        ctx.records.add(passing)
    skipped = {one.id for one in straight}
    return asking.ask_representatives(ctx, announcement, [one for one in places if one.id not in skipped])


def _renew(ctx: Context, correction: Announcement, places: Collection[NeighbourhoodId]) -> None:
    """Have those to whom it was passed on, and who still sleep, read the right words in the morning."""
    table = Passing.__table__.c
    recent = (table.neighbourhood.in_(places), table.message.is_not(None), table.decided_at > ctx.after(-_NIGHT))
    passed = ctx.records.find(Passing, *recent, announcement=correction.root, state=PassingState.FORWARDED)
    words = wording.for_members(ctx, correction)
    waiting = sorted({one.message for one in passed if one.message is not None})
    correction.renewed = [*correction.renewed, *(ctx.renew(MessageId(one), words) for one in waiting)]


def _tell_sender(ctx: Context, announcement: Announcement) -> None:
    """Tell how many representatives were asked (R46), now that all of them were."""
    if announcement.sender is None:
        return
    if announcement.corrects is not None:
        told = Text("sent.corrected", short=announcement.short)
    elif announcement.neighbourhood is not None:
        others = [one for one in ctx.members() if one.id != announcement.sender]
        told = Text("sent.home", short=announcement.short, members=len(others))
    elif announcement.direct is not None:
        told = Text("sent.direct", short=announcement.short, representatives=announcement.representatives)
    else:
        told = Text("sent.asked", short=announcement.short, count=announcement.representatives)
    ctx.send(announcement.sender, told)
