"""What a representative passed on goes to the members of his neighbourhood: each once, and nobody who refuses it."""

from __future__ import annotations

from dataclasses import replace

from buurtwacht import Context, PersonId
from buurtwacht_announcements.asking import thread_of
from buurtwacht_announcements.records import Announcement, Passing, PassingState, asked_in, get, newest
from buurtwacht_announcements.wording import current

#: What brought it to the members of a neighbourhood.
BROUGHT = (PassingState.FORWARDED, PassingState.DIRECT)


def forward(ctx: Context, announcement: Announcement, neighbourhood: int) -> None:
    """Send an announcement that was passed on to the members there, once.

    It is called for one neighbourhood after the other (`announcement_passed` has one lane for an announcement), so that
    who is a member of two is found in the first one, and gets one copy.
    """
    passing = ctx.records.first(Passing, announcement=announcement.root, neighbourhood=neighbourhood)
    latest = newest(ctx, announcement)
    if passing is None or passing.state is not PassingState.FORWARDED or passing.message is not None:
        return
    if latest.is_over(ctx.now):
        return
    here = ctx.within(ctx.neighbourhood_of(neighbourhood))
    members = here.members()
    brought = _brought_elsewhere(ctx, announcement, {one.neighbourhood_id for who in members for one in who.active})
    left_out = {who.id for who in members if any(one.neighbourhood_id in brought for one in who.active)}
    left_out |= _shown_when_asked(here, passing)
    audience = replace(here.audience.members().without(*sorted(left_out)), sender_kind=announcement.kind)
    # In a group everybody reads it, also who refuses this kind of sender: then it stays with the private copies (R48).
    if not any(announcement.kind in who.refuses for who in members):
        audience = audience.and_groups()
    passing.message = here.broadcast(
        audience,
        current(here, announcement, passing.line),
        announcement.severity,
        thread=thread_of(announcement),
        expires=latest.valid_until - ctx.now,
    )


def _brought_elsewhere(ctx: Context, announcement: Announcement, neighbourhoods: set[int]) -> set[int]:
    """Return in which of these neighbourhoods its members have it already."""
    table = Passing.__table__.c
    found = ctx.records.find(
        Passing,
        table.neighbourhood.in_(neighbourhoods),
        table.state.in_(BROUGHT),
        table.message.is_not(None),
        announcement=announcement.root,
    )
    return {one.neighbourhood for one in found}


def _shown_when_asked(ctx: Context, passing: Passing) -> set[PersonId]:
    """Return who read it when he was asked to pass it on: he counts as reached, and gets no second copy (R47)."""
    about = thread_of(get(ctx, passing.announcement))
    shown = {one.person for one in ctx.deliveries(about, *asked_in(passing)) if one.arrived}
    return shown | ({PersonId(passing.decided_by)} if passing.decided_by is not None else set())
