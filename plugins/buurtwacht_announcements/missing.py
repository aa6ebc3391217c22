"""Neighbourhoods where nobody can pass an announcement on: whoever can appoint somebody there is told."""

from __future__ import annotations

from collections.abc import Mapping

from buurtwacht import Context, PersonId, Role, Text
from buurtwacht_announcements.records import Announcement, PassingState


def tell_admins(ctx: Context, announcement: Announcement, states: Mapping[int, PassingState]) -> None:
    """Tell the admins where there is no representative, or none that can be reached: one message for each of them.

    Where a neighbourhood has no admin its co-ordinators are told: then they give people their roles.
    """
    for state, key in ((PassingState.ABSENT, "missing.absent"), (PassingState.UNREACHABLE, "missing.unreachable")):
        places = [place for place, found in states.items() if found is state]
        if not places:
            continue
        named: dict[PersonId, list[str]] = {}
        holders = ctx.role_holders(Role.ADMIN, Role.COORDINATOR, neighbourhoods=places)
        with_admin = {one.neighbourhood for one in holders if one.role is Role.ADMIN}
        for holder in holders:
            if holder.role is not Role.ADMIN and holder.neighbourhood in with_admin:
                continue
            named.setdefault(holder.person, []).append(ctx.neighbourhood_of(holder.neighbourhood).name)
        short = announcement.short
        ctx.send_each({who: Text(key, short=short, places=", ".join(sorted(own))) for who, own in named.items()})
