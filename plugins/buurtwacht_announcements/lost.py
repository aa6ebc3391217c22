"""Whom the question did not reach: whoever else may pass it on there is asked; without anybody the admins hear it."""

from __future__ import annotations

from collections.abc import Sequence

from buurtwacht import Context, timer
from buurtwacht_announcements import missing
from buurtwacht_announcements.asking import CHUNK, ask_others, chunk, thread_of
from buurtwacht_announcements.records import Announcement, Passing, PassingState, asked_in, get, newest


@timer("look_for_lost")
def look(ctx: Context, announcement: int, after: int = 0) -> None:
    """Pass over those whom no message reached, a while after they were asked."""
    root, table = get(ctx, announcement), Passing.__table__.c
    if newest(ctx, root).is_over(ctx.now):
        return
    waiting = (table.asked_at <= ctx.now, table.state == PassingState.ASKED)
    passings = chunk(ctx, announcement, after, *waiting)
    if len(passings) == CHUNK:
        rest = {"announcement": announcement, "after": passings[-1].neighbourhood}
        ctx.later_all(look, {f"lost:{announcement}:{rest['after']}": (ctx.now, rest)})
    lost = lost_of(ctx, root, passings)
    if not lost:
        return
    give_up(ctx, root, ask_others(ctx, root, lost, but={who for one in lost for who in asked_in(one)}))
    ctx.tell("announcement_settled", announcement=announcement)


def lost_of(ctx: Context, root: Announcement, passings: Sequence[Passing]) -> list[Passing]:
    """Return the neighbourhoods where all that was sent to whoever was asked has failed: one query."""
    asked = {who for one in passings for who in asked_in(one)}
    if not asked:
        return []
    deliveries = ctx.deliveries(thread_of(root), *asked)
    failed = {one.person for one in deliveries} - {one.person for one in deliveries if one.state != "failed"}
    return [one for one in passings if failed.issuperset(asked_in(one))]


def give_up(ctx: Context, root: Announcement, passings: Sequence[Passing]) -> None:
    """Write down that nobody could be reached there; who was asked may still decide once he reads it."""
    for one in passings:
        one.state = PassingState.UNREACHABLE
    missing.tell_admins(ctx, root, {one.neighbourhood: one.state for one in passings})
