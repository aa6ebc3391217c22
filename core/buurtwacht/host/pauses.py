"""Pauses: the admins hear which plugin was paused and by which error (R51), wherever in it that went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from buurtwacht.host.context import Context
from buurtwacht.records.audience import Audience
from buurtwacht.vocabulary.messages import Severity, Text
from buurtwacht.vocabulary.roles import Role

if TYPE_CHECKING:
    from buurtwacht.host.core import Core


def tell(core: Core) -> bool:
    """Tell the admins of the pauses that nobody was told of yet; return whether there were any."""
    pauses = core.health.untold()
    for plugin, trace in pauses:
        unit = core.database.unit()
        everywhere = tuple(one.id for one in core.neighbourhoods.all())
        if everywhere:
            admins = Audience(everywhere).with_roles(Role.ADMIN).even_muted()
            said = Text("plugin_paused", plugin=plugin, trace=trace)
            Context(core, "core", unit).broadcast(admins, said, Severity.URGENT)
        unit.commit()
    return bool(pauses)
