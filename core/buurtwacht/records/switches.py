"""Switches: which plugins were switched on or off in a neighbourhood by command. They win over the file (R54)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from buurtwacht.records.database import Unit
from buurtwacht.records.schema import meta, plugin_switch
from buurtwacht.vocabulary.ids import PersonId, new_id

#: Stands in `meta` with another value after every change, so that other processes see that there was one.
_CHANGED = "switches"
_last_change = select(meta.c.value).where(meta.c.name == _CHANGED)


@dataclass(frozen=True, slots=True)
class Switch:
    """What somebody decided about a plugin in a neighbourhood, and when (UTC)."""

    off: bool
    by: PersonId
    at: datetime


def last_change(connection: Connection) -> str:
    """Return a mark that is another one after every change."""
    return str(connection.execute(_last_change).scalar() or "")


def all_switches(connection: Connection) -> dict[int, dict[str, Switch]]:
    """Return every switch by neighbourhood, then by plugin."""
    found: dict[int, dict[str, Switch]] = {}
    for row in connection.execute(select(plugin_switch)):
        found.setdefault(row.neighbourhood_id, {})[row.plugin] = Switch(row.off, PersonId(row.person_id), row.at)
    return found


def set_switch(unit: Unit, plugin: str, neighbourhood_id: int, switch: Switch) -> None:
    """Keep a switch with the unit's commit, in the place of the one before."""
    drop_switch(unit, plugin, neighbourhood_id)
    row: Mapping[str, object] = {
        "plugin": plugin,
        "neighbourhood_id": neighbourhood_id,
        "off": switch.off,
        "person_id": switch.by,
        "at": switch.at,
    }
    unit.write(insert(plugin_switch), row)


def drop_switch(unit: Unit, plugin: str, neighbourhood_id: int) -> None:
    """Let the file decide again, with the unit's commit."""
    mine = (plugin_switch.c.plugin == plugin, plugin_switch.c.neighbourhood_id == neighbourhood_id)
    unit.write(delete(plugin_switch).where(*mine))
    unit.write(delete(meta).where(meta.c.name == _CHANGED))
    unit.write(insert(meta), {"name": _CHANGED, "value": str(new_id())})
