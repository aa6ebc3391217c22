"""The settings of plugins as they hold somewhere: the file's, and before them what was set by command (R54)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import structlog
from pydantic import BaseModel, ValidationError
from sqlalchemy import delete, insert, select

from buurtwacht.host.plugins import Plugins
from buurtwacht.records.database import Database, Unit
from buurtwacht.records.neighbourhoods import Neighbourhood
from buurtwacht.records.schema import meta, setting
from buurtwacht.vocabulary.containment import contained, kind_of
from buurtwacht.vocabulary.errors import PluginError
from buurtwacht.vocabulary.ids import new_id

log = structlog.get_logger("buurtwacht.settings")

#: Stands in `meta` with another value after every change, so that other processes see that there was one.
_CHANGED = "settings"
_last_change = select(meta.c.value).where(meta.c.name == _CHANGED)


class Origin(StrEnum):
    """Who decided about a setting."""

    DEFAULT = "default"
    FILE = "file"
    NEIGHBOURHOOD = "neighbourhood"
    COMMAND = "command"
    COMMAND_EVERYWHERE = "command_everywhere"


class CheckFailed(PluginError):
    """Code of a plugin that checks its settings went wrong, whoever asked for them."""

    def __init__(self, plugin: str, error: Exception) -> None:
        super().__init__(plugin, f"its own check of its settings failed: {kind_of(error)}")


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read at one moment; models made of it go with it, so that none outlives a change."""

    last_change: str
    #: by plugin and neighbourhood (0: everywhere), then by name
    chosen: Mapping[tuple[str, int], Mapping[str, Any]]
    models: dict[tuple[str, int], BaseModel] = field(default_factory=dict)


class PluginSettings:
    """The settings of plugins: the file's, then the neighbourhood's, then what was set by command (R54)."""

    def __init__(self, database: Database, plugins: Plugins, file: Mapping[str, Mapping[str, Any]]) -> None:
        self._database = database
        self._plugins = plugins
        self._file = file
        self._known: _Known | None = None

    def of(self, plugin: str, neighbourhood: Neighbourhood | None) -> BaseModel:
        """Return a plugin's settings for a neighbourhood, validated. Raises `TypeError` when it declares none.

        A value set by command that fits no longer (the plugin changed since) does not count, and is logged.
        """
        known = self._read()
        place = neighbourhood.id if neighbourhood else 0
        found = known.models.get((plugin, place))
        if found is None:
            found, unfit = self._fill(known, plugin, neighbourhood)
            if unfit:
                where = neighbourhood.code if neighbourhood else ""
                log.warning("a setting made by command does not fit", plugin=plugin, names=unfit, neighbourhood=where)
            known.models[plugin, place] = found
        return found

    def tried(self, plugin: str, neighbourhood: Neighbourhood, name: str, value: object) -> BaseModel:
        """Return the settings as they would be with this value. Raises `ValidationError`, and `TypeError` as `of`."""
        known = self._read()
        _, unfit = self._fill(known, plugin, neighbourhood)
        values = self._values(known, plugin, neighbourhood, frozenset(unfit))
        return self.checked(plugin, {**values, name: value})

    def checked(self, plugin: str, values: Mapping[str, Any]) -> BaseModel:
        """Return the settings that these values make. Raises `ValidationError`, and `CheckFailed`."""
        model = self.model(plugin)
        try:
            return contained(lambda: model.model_validate(values))
        except ValidationError:
            raise
        except Exception as error:
            raise CheckFailed(plugin, error).with_traceback(error.__traceback__) from error

    def model(self, plugin: str) -> type[BaseModel]:
        """Return the model of a plugin's settings. Raises `TypeError` when it declares none."""
        model = self._plugins.get(plugin).manifest.settings
        if model is None:
            raise TypeError(f"plugin {plugin} declares no settings in its manifest")
        return model

    def overrides(self) -> Mapping[tuple[str, int], Mapping[str, Any]]:
        """Return what was set by command, by plugin and neighbourhood id (0: everywhere)."""
        return self._read().chosen

    def unfit(self, plugin: str, neighbourhood: Neighbourhood | None) -> list[str]:
        """Return the names of what was set by command and does not count, because it fits no longer."""
        if plugin not in self._plugins or self._plugins.get(plugin).manifest.settings is None:
            place = neighbourhood.id if neighbourhood else 0
            return sorted(self.overrides().get((plugin, place), {}))
        return self._fill(self._read(), plugin, neighbourhood)[1]

    def origin(self, plugin: str, neighbourhood: Neighbourhood, name: str) -> Origin:
        """Return who decided about a setting as it holds in a neighbourhood."""
        chosen = self._read().chosen
        unfit = self.unfit(plugin, neighbourhood)
        if name in chosen.get((plugin, neighbourhood.id), {}) and name not in unfit:
            return Origin.COMMAND
        if name in neighbourhood.settings.get(plugin, {}):
            return Origin.NEIGHBOURHOOD
        if name in chosen.get((plugin, 0), {}) and name not in unfit:
            return Origin.COMMAND_EVERYWHERE
        return Origin.FILE if name in self._file.get(plugin, {}) else Origin.DEFAULT

    def raw(self, plugin: str, neighbourhood: Neighbourhood, *, by_command: bool = True) -> dict[str, Any]:
        """Return what was written for a plugin here, unchecked; without what was set here `by_command`, the rest."""
        known = self._read()
        if not by_command:
            here = (plugin, neighbourhood.id)
            known = replace(known, chosen={key: one for key, one in known.chosen.items() if key != here})
        return self._values(known, plugin, neighbourhood)

    def set(self, unit: Unit, plugin: str, neighbourhood_id: int, name: str, value: object) -> None:
        """Keep a value with the unit's commit; it wins over the file until it is reset. It must be a JSON value."""
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
        unit.write(delete(meta).where(meta.c.name == _CHANGED))
        unit.write(insert(meta), {"name": _CHANGED, "value": str(new_id())})
        unit.after_commit(self.forget)

    def forget(self) -> None:
        """Read again at the next question."""
        self._known = None

    def refresh(self) -> None:
        """Read again at the next question if another process changed something. Raises `StoreUnavailable`."""
        known = self._known
        if known is not None:
            with self._database.reading() as connection:
                if (connection.execute(_last_change).scalar() or "") != known.last_change:
                    self.forget()

    def _read(self) -> _Known:
        known = self._known  # others may have it forgotten at any moment
        if known is None:
            chosen: dict[tuple[str, int], dict[str, Any]] = {}
            with self._database.reading() as connection:
                # First: what changes in between is read now, and read once more by the next `refresh`.
                last_change = str(connection.execute(_last_change).scalar() or "")
                for row in connection.execute(select(setting)):
                    chosen.setdefault((row.plugin, row.neighbourhood_id), {})[row.name] = row.value
            known = self._known = _Known(last_change, chosen)
        return known

    def _values(
        self, known: _Known, plugin: str, neighbourhood: Neighbourhood | None, without: frozenset[str] = frozenset()
    ) -> dict[str, Any]:
        def chosen(place: int) -> dict[str, Any]:
            values = known.chosen.get((plugin, place), {})
            return {name: value for name, value in values.items() if name not in without}

        values = {**self._file.get(plugin, {}), **chosen(0)}
        if neighbourhood is not None:
            values |= {**neighbourhood.settings.get(plugin, {}), **chosen(neighbourhood.id)}
        return values

    def _fill(self, known: _Known, plugin: str, neighbourhood: Neighbourhood | None) -> tuple[BaseModel, list[str]]:
        """Return the settings, and the names of what was set by command and had to be left out of them."""
        try:
            return self.checked(plugin, self._values(known, plugin, neighbourhood)), []
        except ValidationError as error:
            places = (0, neighbourhood.id) if neighbourhood else (0,)
            chosen = {name for place in places for name in known.chosen.get((plugin, place), {})}
            if not chosen:
                raise
            named = {str(one["loc"][0]) for one in error.errors(include_url=False) if one["loc"]}
        unfit = frozenset(chosen & named) or frozenset(chosen)
        try:
            filled = self.checked(plugin, self._values(known, plugin, neighbourhood, unfit))
        except ValidationError:
            unfit = frozenset(chosen)
            filled = self.checked(plugin, self._values(known, plugin, neighbourhood, unfit))
        return filled, sorted(unfit)
