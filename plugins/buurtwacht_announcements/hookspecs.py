"""What announcements tell themselves, so that a whole country is dealt with in many short transactions."""

from __future__ import annotations

from buurtwacht import Context, tells


@tells
def announcement_walk(ctx: Context, announcement: int, after: int) -> None:
    """Deal with the next neighbourhoods of an announcement that was sent.

    Told: by announcements to themselves, step by step, until all are dealt with.
    announcement: the id of its record.
    after: the id of the neighbourhood that was dealt with last; those beyond it come next, in order.
    """


@tells
def announcement_passed(ctx: Context, announcement: int, neighbourhood: int) -> None:
    """A representative decided about his neighbourhood: what he passed on goes to the members there. It is told with
    the announcement first, so that one neighbourhood follows the other: who is a member of two is seen.

    Told: by announcements to themselves, for each neighbourhood.
    announcement: the id of its record.
    neighbourhood: where he decided.
    """


@tells
def announcement_settled(ctx: Context, announcement: int) -> None:
    """Something was decided about an announcement: its report may be due.

    Told: by announcements to themselves, after each decision.
    announcement: the id of its record.
    """
