"""Patrols: rosters in a sentence, availability, a fair plan, reminders, stand-ins, and the round itself."""

from __future__ import annotations

from buurtwacht import Manifest
from buurtwacht_patrols import records
from buurtwacht_patrols.settings import Settings

__all__ = ["manifest", "records"]

manifest = Manifest(
    id="patrols",
    name="Rondes",
    version="0.1.0",
    settings=Settings,
    permissions=frozenset({"store", "timers", "send:opted_in", "send:members", "read:names"}),
)
