"""Announcements: from officials through representatives to neighbourhoods. Here is what the plugin offers the core."""

from __future__ import annotations

from buurtwacht import Manifest
from buurtwacht_announcements import hookspecs, records
from buurtwacht_announcements.settings import AnnouncementSettings

__all__ = ["hookspecs", "manifest", "records"]

manifest = Manifest(
    id="announcements",
    name="Mededelingen",
    version="1.0",
    settings=AnnouncementSettings,
    permissions=frozenset({"store", "timers", "send:members"}),
    templates=frozenset(),
)
