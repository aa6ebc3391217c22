"""Escalation: an alert goes to officials, step by step, until one of them confirms. Here is what the plugin offers the core."""

from __future__ import annotations

from buurtwacht import Manifest

manifest = Manifest(
    id="escalation",
    name="Opschaling",
    version="1.0",
    permissions=frozenset({"store", "timers", "send:members"}),
    templates=frozenset(),
)
