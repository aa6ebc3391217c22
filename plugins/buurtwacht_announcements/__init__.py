"""Announcements: from officials through representatives to neighbourhoods. Here is what the plugin offers the core."""

from __future__ import annotations

from buurtwacht import Manifest

manifest = Manifest(
    id="announcements",
    name="Mededelingen",
    version="1.0",
    permissions=frozenset({"store", "timers", "send:members"}),
    templates=frozenset(),
)
