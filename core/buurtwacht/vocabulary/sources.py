"""Where settings come from: one TOML file, and the environment on top of it. What they must be is in `settings`."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from buurtwacht.vocabulary.errors import ConfigurationError, Fault
from buurtwacht.vocabulary.faults import Whereabouts, suggestion

PREFIX = "BUURTWACHT_"
SEPARATOR = "__"

#: How many names stand before a key can: BUURTWACHT_WEB__PORT, but BUURTWACHT_CHANNELS__TELEGRAM__TOKEN.
_DEPTH = {"buurtwacht": 1, "web": 1, "channels": 2, "plugins": 2, "neighbourhoods": 2}
#: Written in the file even when every key of theirs comes from the environment.
_NAMED = {"channels": "account", "plugins": "plugin", "neighbourhoods": "neighbourhood"}


@dataclass(frozen=True, slots=True)
class Sources:
    """The tables as they were written, the environment's values among them, and where each of those came from."""

    tables: Mapping[str, object]
    where: Whereabouts
    faults: tuple[Fault, ...] = ()


def read(path: Path | None, environ: Mapping[str, str]) -> Sources:
    """Return what the file and the environment say; without a path, the environment alone.

    Raises `ConfigurationError` when the file cannot be read as TOML: nothing else can be looked at then.
    """
    file = Whereabouts(path.name) if path else Whereabouts()
    written = _parse(path, file) if path else {}
    environment = _Environment(environ, written, file)
    return Sources(
        tables=_merged(environment, written),
        where=Whereabouts(file.file, environment.variables),
        faults=tuple(environment.faults),
    )


def _merged(environment: _Environment, written: dict[str, object]) -> dict[str, object]:
    """Return tables of any shape: what is written, with the environment's values on top."""

    class Tables(BaseSettings):
        model_config = SettingsConfigDict(extra="allow")

        @classmethod
        def settings_customise_sources(
            cls, settings_cls: type[BaseSettings], *_: PydanticBaseSettingsSource, **__: PydanticBaseSettingsSource
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            # the process's own variables are not among them: we read those that we were given
            return environment, InitSettingsSource(settings_cls, written)

    return Tables().model_extra or {}


def _parse(path: Path, where: Whereabouts) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        fault = where.fault("", "there is no such file", "copy plugins.example.toml, or name another with --config")
    except OSError as error:
        fault = where.fault("", f"cannot be read: {error.strerror}", "let this user read it")
    except UnicodeDecodeError:
        fault = where.fault("", "is not text in UTF-8", "save it again as UTF-8")
    except tomllib.TOMLDecodeError as error:
        fault = where.fault(*_syntax(str(error)))
    raise ConfigurationError([fault])


def _syntax(message: str) -> tuple[str, str, str]:
    """Put the parser's complaint, such as "Invalid value (at line 3, column 9)", into where, what and mend."""
    found = re.fullmatch(r"(?s)(.*) \(at (.*)\)", message)
    what, place = (found[1], found[2]) if found else (message, "")
    declared = re.search(r"Cannot (?:declare|mutate) .*?\((.*?)\)", what)
    if declared:
        name = ".".join(part.strip(" '") for part in declared[1].split(",") if part.strip())
        return place, f"[{name}] stands here twice", "put its keys under one heading"
    if what == "Cannot overwrite a value":
        return place, "this key stands here twice", "leave one of them out"
    return (
        place,
        f"cannot be understood: {what[:1].lower() + what[1:]}",
        'a line reads key = "text", key = 1 or [table]',
    )


class _Environment(PydanticBaseSettingsSource):
    """Variables such as BUURTWACHT_CHANNELS__TELEGRAM__TOKEN: names of tables and keys, joined by two underscores.

    A neighbourhood goes by its code. Lists and tables are written as JSON. Variables of ours without two underscores
    (BUURTWACHT_KEY) are no settings. What a variable names must exist: a table in the file, or a key we know.
    """

    def __init__(self, environ: Mapping[str, str], written: Mapping[str, object], where: Whereabouts) -> None:
        super().__init__(BaseSettings)
        self._environ = environ
        self._written = written
        self._where = where
        #: the variable behind each dotted key
        self.variables: dict[str, str] = {}
        self.faults: list[Fault] = []

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return nothing for a single field: the tables are read as a whole."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return the tables that the variables speak of, with nothing but what they say."""
        tables: dict[str, Any] = {}
        for variable, text in sorted(self._environ.items()):
            name = variable.upper()
            if not name.startswith(PREFIX) or SEPARATOR not in name[len(PREFIX) :]:
                continue
            self._take(variable, [part.lower() for part in name[len(PREFIX) :].split(SEPARATOR)], text, tables)
        return tables

    def _take(self, variable: str, path: list[str], text: str, tables: dict[str, Any]) -> None:
        table = path[0]
        if table not in _DEPTH:
            self._refuse(variable, table, suggestion(table, _DEPTH, f"it goes on with one of {', '.join(_DEPTH)}"))
            return
        if len(path) <= _DEPTH[table] or not all(path):
            self._refuse(variable, ".".join(path), f"name a key too: {PREFIX}{table.upper()}{SEPARATOR}…")
            return
        if table in _NAMED:
            present = self._names(table)
            name = next((known for known in present if _plain(known) == _plain(path[1])), None)
            if name is None:
                near = suggestion(path[1], present, f"write [{'.'.join(path[:2])}] in {self._where.file}")
                mend = (
                    near if table != "neighbourhoods" else suggestion(path[1], present, "its code is not in the file")
                )
                self._refuse(variable, ".".join(path), mend, f"there is no {_NAMED[table]} of that name")
                return
            path = [table, name, *path[2:]]
        self.variables[".".join(path)] = variable
        if table == "neighbourhoods":
            listed = tables.setdefault(table, [_copy(entry) for entry in self._neighbourhoods()])
            target = next(entry for entry in listed if isinstance(entry, dict) and entry.get("code") == path[1])
            path = path[2:]
        else:
            target = tables
        for part in path[:-1]:
            target = target.setdefault(part, {}) if isinstance(target, dict) else {}
        if isinstance(target, dict):
            target[path[-1]] = _value(text)

    def _refuse(self, variable: str, key: str, mend: str, what: str = "there is no such table") -> None:
        self.faults.append(self._where.fault(key, f"{what}, and {variable} sets it", mend))

    def _names(self, table: str) -> list[str]:
        if table == "neighbourhoods":
            codes = [entry.get("code") for entry in self._neighbourhoods() if isinstance(entry, dict)]
            return [code for code in codes if isinstance(code, str)]
        tables = self._written.get(table)
        return list(tables) if isinstance(tables, dict) else []

    def _neighbourhoods(self) -> list[object]:
        written = self._written.get("neighbourhoods")
        return written if isinstance(written, list) else []


def _plain(name: str) -> str:
    """Return a name as the environment can spell it: no case, no hyphens."""
    return name.lower().replace("-", "_")


def _copy(value: object) -> object:
    return {key: _copy(part) for key, part in value.items()} if isinstance(value, dict) else value


def _value(text: str) -> object:
    if text[:1] in ("[", "{"):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text
