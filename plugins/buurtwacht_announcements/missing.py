"""Neighbourhoods where nobody can pass an announcement on: their admins are told, for they can appoint somebody."""

from __future__ import annotations

from collections.abc import Mapping

from buurtwacht import Context, PersonId, Role, Text
from buurtwacht_announcements.records import Announcement, PassingState


def tell_admins(ctx: Context, announcement: Announcement, states: Mapping[int, PassingState]) -> None:
    """Tell the admins where there is no representative, or none that can be reached: one message for each of them."""
    for state, key in ((PassingState.ABSENT, "missing.absent"), (PassingState.UNREACHABLE, "missing.unreachable")):
        places = [place for place, found in states.items() if found is state]
        if not places:
            continue
        named: dict[PersonId, list[str]] = {}
        for holder in ctx.role_holders(Role.ADMIN, neighbourhoods=places):
            named.setdefault(holder.person, []).append(ctx.neighbourhood_of(holder.neighbourhood).name)
        short = announcement.short
        ctx.send_each({who: Text(key, short=short, places=", ".join(sorted(own))) for who, own in named.items()})
