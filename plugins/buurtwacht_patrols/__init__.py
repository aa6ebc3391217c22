"""Patrols: rosters in a sentence, availability, a fair plan, reminders, stand-ins, and the round itself."""

from __future__ import annotations

from buurtwacht import Manifest

manifest = Manifest(
    id="patrols",
    name="Rondes",
    version="0.1.0",
    permissions=frozenset({"store", "timers", "send:opted_in", "send:members", "read:names"}),
)
