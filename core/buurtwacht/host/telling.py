"""Telling: what happened becomes one inbox row for each plugin that listens, in the same commit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from buurtwacht.host.core import Core
    from buurtwacht.records.database import Unit


def tell(
    core: Core, unit: Unit, now: datetime, hook: str, facts: Mapping[str, Any], neighbourhood_id: int | None = None
) -> None:
    """Tell every plugin that listens to a hook. The first fact is the subject: about one it is heard in order."""
    subject = str(next(iter(facts.values()), hook))
    for listener in core.plugins.listeners(hook):
        note = {"hook": hook, "facts": dict(facts), "neighbourhood": neighbourhood_id}
        core.inbox.tell(unit, listener, f"tell:{listener}:{subject}"[:80], note, now)
