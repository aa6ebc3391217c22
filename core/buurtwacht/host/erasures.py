"""Erasures that a plugin could not carry out: the admins hear it once, and it is tried again until it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from buurtwacht.host.context import Context
from buurtwacht.records.audience import Audience
from buurtwacht.records.inbox import Work, why_parked
from buurtwacht.vocabulary.messages import Severity, Text
from buurtwacht.vocabulary.roles import Role

if TYPE_CHECKING:
    from buurtwacht.host.core import Core
    from buurtwacht.records.database import Unit

#: How the reason of such a piece of work begins, by which it is found again.
_ERASURE = "erasure: "


def is_erasure(work: Work) -> bool:
    """Return whether a plugin is told here to erase somebody."""
    return work.note is not None and work.note.get("hook") == "erase_person"


def failed(core: Core, unit: Unit, work: Work, plugin: str, trace: str, why: str) -> str:
    """Tell the admins, the first time, that a plugin could not erase somebody; return the reason to put it aside by."""
    everywhere = tuple(one.id for one in core.neighbourhoods.all())
    if everywhere and not why_parked(unit, work).startswith(_ERASURE):
        admins = Audience(everywhere).with_roles(Role.ADMIN).even_muted()
        said = Text("erasure_failed", plugin=plugin, trace=trace)
        Context(core, "core", unit).broadcast(admins, said, Severity.NOTICE)
    return _ERASURE + why


def try_again(core: Core) -> int:
    """Have every erasure that failed tried once more; return how many. Raises `StoreUnavailable` and `Replay`."""
    return core.inbox.take_up_parked(_ERASURE)
