"""Housekeeping: the tables of the core are swept, but for what plugins say is still going on."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from buurtwacht.host.context import Context
from buurtwacht.records import sweeping

if TYPE_CHECKING:
    from buurtwacht.host.core import Core


def sweep(core: Core, now: datetime) -> sweeping.SweepReport:
    """Take away all whose time is over; who was shown what is still going on stays on record until it ends."""
    return sweeping.sweep(core.database, now, still_open=_still_open(core))


def _still_open(core: Core) -> list[int]:
    unit = core.database.unit()
    found: list[int] = []
    try:
        for plugin, still_open in core.plugins.implementations("still_open"):
            ctx = Context(core, plugin, unit)
            threads = core.health.guarded(plugin, "still_open", partial(still_open, ctx=ctx), unit)
            found += [one.record for one in threads or () if one.plugin == plugin]
    finally:
        unit.close()
    return found
