"""Pauses: the admins hear which plugin was paused and by which error (R51), wherever in it that went wrong; what
waits for it meanwhile goes on when it is resumed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from buurtwacht.host.context import Context
from buurtwacht.host.switching import go_on
from buurtwacht.records.audience import Audience
from buurtwacht.vocabulary.messages import Severity, Text
from buurtwacht.vocabulary.roles import Role

if TYPE_CHECKING:
    from buurtwacht.host.core import Core


def look(core: Core) -> bool:
    """Let plugins that were resumed, here or by another process, go on where they stood; return whether any did.

    Raises `StoreUnavailable` and `Replay`.
    """
    held = core.inbox.holding() - core.health.paused().keys()
    return (core.health.resumed() or bool(held)) and take_up(core)


def take_up(core: Core) -> bool:
    """Let go of all that waits for plugins that are on and not paused: timers go off, late, and what they were told is
    heard in its order. Returns whether there was anything told.

    Raises `StoreUnavailable` and `Replay`.
    """
    go_on(core)
    return core.inbox.let_go(core.health.is_paused) > 0


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
