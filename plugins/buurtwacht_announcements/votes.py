"""Votes in the poll of an announcement: tapped or typed, one for each member; the last one counts."""

from __future__ import annotations

from buurtwacht import Answer, Context, Text, answer, match_choice
from buurtwacht_announcements.records import Announcement, Vote, get, newest


@answer("vote")
def voted(ctx: Context, given: Answer) -> None:
    """Take a tap below the announcement, in private or in the group."""
    if given.thread is not None:
        keep(ctx, get(ctx, given.thread), int(given.value))


def typed(ctx: Context, text: str, announcement: int) -> None:
    """Take an option by its words or its number."""
    root = get(ctx, announcement)
    option = option_of(root, text)
    assert option is not None
    keep(ctx, root, option)


def option_of(announcement: Announcement, text: str) -> int | None:
    """Return which option a text means, counted from 0; None when it is none, or not clear."""
    options = announcement.options
    return match_choice(text, options, range(1, len(options) + 1)) if options else None


def keep(ctx: Context, announcement: Announcement, option: int) -> None:
    """Write down a vote, in the place of an earlier one."""
    until = newest(ctx, announcement).valid_until
    if until <= ctx.now or not 0 <= option < len(announcement.options):
        ctx.reply(Text("vote.over", short=announcement.short, until=until))
        return
    chosen = announcement.options[option]
    earlier = ctx.records.first(Vote, announcement=announcement.root, person=ctx.person.id)
    if earlier is None:
        where = ctx.person.active[0].neighbourhood_id if ctx.neighbourhood is None else ctx.here.id
        ctx.records.add(
            Vote(announcement=announcement.root, person=ctx.person.id, neighbourhood=where, option=option, at=ctx.now)
        )
    else:
        earlier.option, earlier.at = option, ctx.now
    ctx.reply(Text("vote.kept" if earlier is None else "vote.changed", short=announcement.short, option=chosen))
