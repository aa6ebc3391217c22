"""What announcements tell themselves, so that a whole country is dealt with in many short transactions."""

from __future__ import annotations

from buurtwacht import Context, tells


@tells
def announcement_walk(ctx: Context, announcement: int, after: int) -> None:
    """Deal with the next neighbourhoods of an announcement that was sent: those with an id beyond `after`, in order."""
