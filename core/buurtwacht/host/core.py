"""Core: everything the synchronous half of the house works with, put together once by the app."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any

from pydantic import BaseModel
from sqlalchemy import delete, insert, select

from buurtwacht.host.health import PluginHealth
from buurtwacht.host.plugins import Plugins
from buurtwacht.records.database import Database, Unit
from buurtwacht.records.inbox import Inbox
from buurtwacht.records.keys import Keyring
from buurtwacht.records.neighbourhoods import Neighbourhood, Neighbourhoods
from buurtwacht.records.schema import setting
from buurtwacht.vocabulary.channels import Glimpse
from buurtwacht.vocabulary.clock import Clock
from buurtwacht.vocabulary.texts import Catalogues


class PluginSettings:
    """The settings of plugins: the file's, then the neighbourhood's, then what was set by command (R54)."""

    def __init__(self, database: Database, plugins: Plugins, file: Mapping[str, Mapping[str, Any]]) -> None:
        self._database = database
        self._plugins = plugins
        self._file = file
        self._models: dict[tuple[str, int], BaseModel] = {}
        self._overrides: dict[tuple[str, int], dict[str, Any]] | None = None

    def of(self, plugin: str, neighbourhood: Neighbourhood | None) -> BaseModel:
        """Return a plugin's settings for a neighbourhood, validated. Raises `TypeError` when it declares none."""
        place = neighbourhood.id if neighbourhood else 0
        known = self._models.get((plugin, place))
        if known is None:
            model = self._plugins.get(plugin).manifest.settings
    #: the clock that holds where no neighbourhood's does
    zone: tzinfo = UTC
            if model is None:
                raise TypeError(f"plugin {plugin} declares no settings in its manifest")
            own = neighbourhood.settings.get(plugin, {}) if neighbourhood else {}
            chosen = self._set_by_command()
            values = {
                **self._file.get(plugin, {}),
                **chosen.get((plugin, 0), {}),
                **own,
                **(chosen.get((plugin, place), {}) if place else {}),
            }
            known = self._models[plugin, place] = model.model_validate(values)
        return known

    def overrides(self) -> dict[tuple[str, int], dict[str, Any]]:
        """Return what was set by command, by plugin and neighbourhood id (0: everywhere)."""
        return self._set_by_command()

    def set(self, unit: Unit, plugin: str, neighbourhood_id: int, name: str, value: object) -> None:
        """Keep a value with the unit's commit; it wins over the file until it is reset."""
        self.reset(unit, plugin, neighbourhood_id, name)
        row = {"plugin": plugin, "neighbourhood_id": neighbourhood_id, "name": name, "value": value}
        unit.write(insert(setting), row)

    def reset(self, unit: Unit, plugin: str, neighbourhood_id: int, name: str) -> None:
        """Let the file decide again, with the unit's commit."""
        unit.write(
            delete(setting).where(
                setting.c.plugin == plugin, setting.c.neighbourhood_id == neighbourhood_id, setting.c.name == name
            )
        )
        unit.after_commit(self.forget)

    def forget(self) -> None:
        """Read again at the next question."""
        self._models.clear()
        self._overrides = None

    def _set_by_command(self) -> dict[tuple[str, int], dict[str, Any]]:
        known = self._overrides  # others may have it forgotten at any moment
        if known is None:
            found: dict[tuple[str, int], dict[str, Any]] = {}
            with self._database.reading() as connection:
                for row in connection.execute(select(setting)):
                    found.setdefault((row.plugin, row.neighbourhood_id), {})[row.name] = row.value
            known = self._overrides = found
        return known


def _no_link(account: str, payload: str, text: str) -> str:
    return ""


@dataclass(slots=True)
class Core:
    """The parts that handlers, the conversation and the worker share. Nothing here touches a network."""

    database: Database
    keyring: Keyring
    clock: Clock
    neighbourhoods: Neighbourhoods
    catalogues: Catalogues
    plugins: Plugins
    settings: PluginSettings
    inbox: Inbox
    health: PluginHealth
    country: str = "NL"
    language: str = "nl"
    #: accounts that are configured, in the order of the file
    accounts: Sequence[str] = ()
    #: where links to us begin, without a slash at the end
    url: str = ""
    #: makes a link with which somebody starts a conversation (account, payload, text); set by the edge
    invite: Callable[[str, str, str], str] = _no_link
    #: shows what happens inside to whoever looks on; set in `demo` only
    look: Callable[[Glimpse], None] | None = None
    #: the kind of handle that each account's addresses go by (phone, chat)
    handle_kinds: Mapping[str, str] = field(default_factory=dict)

    def is_on(self, plugin: str, where: Neighbourhood | None) -> bool:
        """Return whether a plugin can be used in a neighbourhood: it is not off there, nor paused."""
        return (where is None or plugin not in where.plugins_off) and not self.health.is_paused(plugin)

    def sealed(self, note: Mapping[str, Any]) -> dict[str, str]:
        """Return a note as a payload that nobody can read who lacks the key: what people typed stands nowhere open."""
        return {"sealed": self.keyring.seal(json.dumps(dict(note)).encode()).decode()}

    def opened(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Return the note that `sealed` put away; nothing when it was blanked since."""
        kept = payload.get("sealed")
        note: dict[str, Any] = json.loads(self.keyring.unseal(str(kept).encode())) if kept else {}
        return note
