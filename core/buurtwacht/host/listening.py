"""Listening: which handler of a plugin takes what a source outside said, or hears that the source fell silent."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from buurtwacht.host.context import Context
from buurtwacht.host.scene import Plan, nothing

if TYPE_CHECKING:
    from buurtwacht.host.core import Core
    from buurtwacht.records.database import Unit
    from buurtwacht.records.inbox import Work


def plan_of(core: Core, unit: Unit, work: Work) -> Plan:
    """Return what is to be run for what a source said, or for what became of the source itself."""
    note = work.note or {}
    name = note["source"]
    source = core.plugins.source(work.plugin, name)
    if source is None:
        return nothing(f"{work.plugin} does not listen to {name}")
    ctx = Context(core, work.plugin, unit)
    if "known" in note:
        since = datetime.fromisoformat(note["since"]).astimezone(core.zone)
        return Plan(work.plugin, f"state of {name}", partial(source.state, ctx, note["known"], since), context=ctx)
    heard = partial(source.heard, ctx, note["key"], **note["facts"])
    return Plan(work.plugin, f"heard {name}", heard, context=ctx)
