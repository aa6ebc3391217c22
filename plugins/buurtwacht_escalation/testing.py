"""What this plugin adds to the test kit: officials, with the hours in which they are on duty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from buurtwacht import OfficialKind, Severity
from buurtwacht.testing import Member, Neighbourhood, World
from buurtwacht_escalation.hours import Hours
from buurtwacht_escalation.records import Duty


def official(
    world: World,
    name: str,
    kind: OfficialKind,
    *,
    municipality: str,
    channel: str,
    neighbourhoods: Sequence[Neighbourhood] = (),
    verified: bool = True,
    duty: str | None = None,
    off_duty: str | None = None,
    leave_until: datetime | None = None,
) -> Member:
    """Return an official who has written to us and was verified by whoever runs it, unless `verified` is false.

    `duty` as he would type it, `off_duty` the least severity for which he may be woken.
    """
    member = world.somebody(name, channel=channel)
    who = world.person_id(member)
    with world.context("members") as ctx:
        places = [one.id for one in neighbourhoods]
        ctx.directory.appoint(who, kind, municipality, places, verified_by=who if verified else None)
    if duty is not None or off_duty is not None or leave_until is not None:
        hours = str(Hours.parse(duty or ""))
        woken = Severity(off_duty) if off_duty is not None else None
        with world.context("escalation") as ctx:
            ctx.records.add(Duty(person=who, hours=hours, off_duty=woken, leave_until=leave_until))
    return member
