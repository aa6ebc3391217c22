"""Timers that went off, as plans: each by itself, or those of one handler together where it takes many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from buurtwacht.host.context import Context
from buurtwacht.host.core import Core
from buurtwacht.host.declarations import Mark, Ripe
from buurtwacht.host.scene import Plan, nothing
from buurtwacht.records.database import Unit
from buurtwacht.records.inbox import TIMER, Work
from buurtwacht.records.neighbourhoods import Neighbourhood
from buurtwacht.records.timers import Timer, hold


def common_handler(core: Core, work: Work) -> tuple[str, str] | None:
    """Return the plugin and handler of a timer that is run together with others of its kind; None where it is not."""
    if work.account != TIMER or work.note is None or work.plugin not in core.plugins:
        return None
    if is_off(core, work) or stands_still(core, work):
        return None
    handler = core.plugins.get(work.plugin).timers.get(work.note["handler"])
    mark = Mark.of(handler) if handler is not None else None
    return (work.plugin, mark.name) if mark is not None and mark.together else None


def plan_of(core: Core, unit: Unit, works: Sequence[Work]) -> Plan:
    """Return what is run for timers of one handler of a plugin that is here; several only where it takes many."""
    plugin, notes = works[0].plugin, [work.note or {} for work in works]
    name = notes[0]["handler"]
    handler = core.plugins.get(plugin).timers.get(name)
    if handler is None:
        return nothing(f"timer {name} of {plugin} is gone")
    contexts = [
        Context(core, plugin, unit, neighbourhood=where(core, note), due=datetime.fromisoformat(note["due"]))
        for note in notes
    ]
    first = contexts[0]
    if common_handler(core, works[0]) is None:
        return Plan(plugin, f"timer {name}", lambda: handler(first, **notes[0]["payload"]), context=first)
    ripe = [Ripe(ctx, note["payload"]) for ctx, note in zip(contexts, notes, strict=True)]
    return Plan(plugin, f"timer {name}", lambda: handler(first, ripe), context=first)


def is_off(core: Core, work: Work) -> bool:
    """Return whether a piece of our own work is for a plugin that is switched off in the neighbourhood it is about."""
    place = where(core, work.note or {})
    return place is not None and work.plugin in place.plugins_off


def stands_still(core: Core, work: Work) -> bool:
    """Return whether a piece of our own work is for a plugin that is paused: nothing of it runs until it is resumed."""
    return work.note is not None and core.health.is_paused(work.plugin)


def waiting(unit: Unit, work: Work) -> Plan:
    """Return the plan of our own work for a plugin that is paused: a timer goes off late, the rest is kept in order."""
    if work.account == TIMER:
        return held(unit, work)
    return replace(nothing(f"{work.plugin} is paused"), waits=True)


def held(unit: Unit, work: Work) -> Plan:
    """Return the plan of a timer whose plugin is off there, or paused: it waits until that is on again."""
    note = work.note or {}
    one = Timer(
        work.id,
        datetime.fromisoformat(note["due"]),
        work.plugin,
        note["handler"],
        note.get("key"),
        note["payload"],
        note["neighbourhood"],
        note.get("person"),
    )
    return Plan("core", f"timer {one.handler} of {one.plugin} waits", lambda: hold(unit, one))


def where(core: Core, note: Mapping[str, Any]) -> Neighbourhood | None:
    """Return the neighbourhood that a piece of our own work is about, if it is still there."""
    ident = note.get("neighbourhood")
    try:
        return core.neighbourhoods.get(ident) if ident else None
    except KeyError:
        return None
