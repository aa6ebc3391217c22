"""Permissions: what a plugin may do, the one place where that is decided, and what of it is seen at the start."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, MappingProxyType
from typing import TYPE_CHECKING

from sqlalchemy import ColumnClause, Table, TextClause
from sqlalchemy.sql import ClauseElement

from buurtwacht.records.record import Record, defined_in, owner_of, tables_of
from buurtwacht.vocabulary.errors import Fault, PermissionRefused, PluginError
from buurtwacht.vocabulary.faults import suggestion
from buurtwacht.vocabulary.ids import PersonId

if TYPE_CHECKING:
    from buurtwacht.host.core import Core
    from buurtwacht.host.plugins import Plugin

#: What a plugin may do unless its manifest asks for more.
DEFAULT_PERMISSIONS = frozenset({"store", "timers", "send:opted_in"})

#: The page that explains them.
PAGE = "docs/plugins/permissions.md"


@dataclass(frozen=True, slots=True)
class Permission:
    """One thing that a manifest can ask for: what it allows, and what of a context or a plugin asks for it."""

    name: str
    allows: str
    calls: tuple[str, ...]


#: All there are, by name. `calls` are attributes of the context or of its audience, decorators, hooks and facts.
PERMISSIONS: Mapping[str, Permission] = MappingProxyType(
    {
        one.name: one
        for one in (
            Permission(
                "store",
                "keep records, numbers and files of its own",
                ("records", "number", "keep", "extend_media"),
            ),
            Permission("timers", "have something done later", ("later", "later_all", "timer")),
            Permission(
                "send:opted_in",
                "broadcast to those who asked to hear from it, and to those who were shown something about its records",
                ("opted_in", "reached_by"),
            ),
            Permission(
                "send:members",
                "send to anybody, ask anybody, and broadcast to every audience (also to that of send:opted_in)",
                ("broadcast", "send", "send_each", "ask", "ask_all", "ask_each", "ask_again"),
            ),
            Permission(
                "send:threads",
                "speak about a record of another plugin (`thread`): whoever is shown it hears what comes of that",
                ("Thread",),
            ),
            Permission(
                "read:names",
                "know who lives here: names, members, roles and mutes of others than whoever speaks; show their names",
                ("names", "members", "people", "muted", "role_holders", "name_of"),
            ),
            Permission("read:media", "make links to kept files, of whichever plugin", ("media_link",)),
            Permission("share:numbers", "show somebody's telephone number in a text", ("PersonNumber",)),
            Permission("outside", "listen to a source outside", ("sources", "outside")),
            Permission(
                "people",
                "join, change, leave and erase people, reach their addresses, and tell of it (the core's own tells)",
                ("directory", "export_all"),
            ),
        )
    }
)

#: Where our own code lies: whose place is looked for is the plugin.
_CORE = f"{Path(__file__).parent.parent}/"
_PYTHON = f"{Path(os.__file__).parent}/"


def line_with(permissions: Collection[str], missing: str) -> str:
    """Return the line of a manifest that asks for what is missing as well."""
    asked = ", ".join(f'"{one}"' for one in sorted({*permissions, missing}))
    return f"permissions=frozenset({{{asked}}})"


class Permitted:
    """The part of a context that knows what its plugin may do. What it may not do is counted, and stands in the log
    and the audit log, also when the plugin catches the error.
    """

    plugin: str
    _core: Core

    def _may(self, permission: str) -> bool:
        """Return whether the plugin has asked for a permission."""
        return permission in self._core.plugins.get(self.plugin).manifest.permissions

    def _allow(self, permission: str) -> None:
        """Raise `PermissionRefused` when the plugin has not asked for a permission."""
        asked = self._core.plugins.get(self.plugin).manifest.permissions
        if permission not in asked:
            line = line_with(asked, permission)
            self._core.health.refused(self.plugin, permission, at=place_in(sys._getframe()), mend=line)
            raise PermissionRefused(self.plugin, permission, line)


def own(core: Core, plugin: str, kind: type[Record]) -> None:
    """Raise `PluginError` for records of another plugin; that is written down as a refusal is."""
    _own_table(core, plugin, kind.__table__)


def own_sql(core: Core, plugin: str, given: Iterable[object]) -> None:
    """Raise `PluginError` for conditions, orders and values that read a table which is not the plugin's, and for SQL
    that is written as text: nobody sees what that reads.
    """
    seen: set[int] = set()
    waiting = [one.__clause_element__() if hasattr(one, "__clause_element__") else one for one in given]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, ClauseElement) or id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, Table):
            _own_table(core, plugin, one)
            continue
        if isinstance(one, TextClause) or (isinstance(one, ColumnClause) and one.is_literal and one.name != "*"):
            raise PluginError(
                plugin, f"may not give SQL as text ({str(one)[:60]}): write it with columns of its records"
            )
        if isinstance(one, ColumnClause):
            waiting.append(one.table)
        else:
            waiting += one.get_children()


def own_tell(core: Core, plugin: str, hook: str) -> None:
    """Raise `PluginError` for a tell of another plugin whose specification does not name this one; that is written down
    as a refusal is. One that nobody declared is none of anybody.
    """
    tellers = core.plugins.tellers(hook)
    if core.plugins.is_tell(hook) and not tellers & {plugin, "*"}:
        whose = ", ".join(sorted(tellers))
        mend = f"tell a hook of its own, or have @tells(by=...) there name {plugin}"
        core.health.refused(plugin, f"tell:{hook}", at=place_in(sys._getframe()), mend=mend)
        raise PluginError(plugin, f"may not tell {hook}: only {whose} may; {mend}")


def _own_table(core: Core, plugin: str, table: Table) -> None:
    owner = owner_of(table)
    if owner == plugin:
        return
    name, at = table.name, place_in(sys._getframe())
    whose, mend = (f"another plugin's, of {owner}", f"ask {owner} by a hook") if owner else ("the core's", "ask ctx")
    core.health.refused(plugin, f"table:{name}", at=at, mend=mend)
    raise PluginError(plugin, f"may not touch {name}: it is {whose}")


def is_ours(file: str) -> bool:
    """Whether a file of code is the core's, and no plugin's."""
    return file.startswith(_CORE)


def _is_pythons(file: str) -> bool:
    """Whether a file of code came with Python itself."""
    return file.startswith(_PYTHON) and "site-packages" not in file


def place_in(frame: FrameType | None) -> str:
    """Return file and line of the innermost code of a plugin in a stack, without the machine's folders."""
    while frame is not None and (is_ours(frame.f_code.co_filename) or _is_pythons(frame.f_code.co_filename)):
        frame = frame.f_back
    return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}" if frame is not None else ""


def others(ids: Collection[int], speaker: PersonId | None) -> bool:
    """Whether any of these people is somebody else than whoever speaks."""
    return any(one != speaker for one in ids)


# --- at the start ----------------------------------------------------------------------------------------------------


def faults(plugins: Collection[Plugin]) -> list[Fault]:
    """Return what manifests misspell, what they lack for what is seen already, and tables that are another plugin's."""
    found: list[Fault] = []
    for plugin in plugins:
        misspelt = list(_misspelt(plugin))
        found += misspelt or _lacking(plugin)
    return [*found, *_taken_tables(plugins)]


def lacks(plugin: Plugin, permission: str, what: str) -> Fault:
    """Return the fault of a plugin that does something without asking for it."""
    return Fault(f"plugin {plugin.id}", what, f'add "{permission}" to the permissions of its manifest')


def _misspelt(plugin: Plugin) -> Iterator[Fault]:
    asked = plugin.manifest.permissions
    if isinstance(asked, str):
        mend = f"write {line_with((), asked)}"
        yield Fault(f"plugin {plugin.id}", "asks for its permissions in one text, not in a set", mend)
        return
    for name in sorted(set(asked) - PERMISSIONS.keys()):
        mend = suggestion(name, PERMISSIONS.keys(), f"{PAGE} names all there are: {', '.join(PERMISSIONS)}")
        yield Fault(f"plugin {plugin.id}", f"asks for the permission {name!r}, which does not exist", mend)


def _lacking(plugin: Plugin) -> Iterator[Fault]:
    allowed = plugin.manifest.permissions
    if plugin.timers and "timers" not in allowed:
        yield lacks(plugin, "timers", f"has the timer {next(iter(plugin.timers))!r}")
    if "store" not in allowed and (tables := _declared(plugin)):
        yield lacks(plugin, "store", f"keeps records, in {', '.join(tables)}")


def _declared(plugin: Plugin) -> list[str]:
    """Return the plugin's tables that its own package declares."""
    return [name for name, table in tables_of(plugin.id).items() if _is_of(plugin, defined_in(table))]


def _taken_tables(plugins: Collection[Plugin]) -> Iterator[Fault]:
    """A package that declares a table of another plugin, and two plugins whose tables would be one."""
    holders: dict[str, str] = {}
    for plugin in plugins:
        for name, table in tables_of(plugin.id).items():
            module = defined_in(table)
            thief = next((one for one in plugins if one.id != plugin.id and _is_of(one, module)), None)
            if thief is not None and not _is_of(plugin, module):
                mend = f"keep records of its own, and ask {plugin.id} by a hook"
                what = f"declares the table {name} ({module}), which belongs to {plugin.id}"
                yield Fault(f"plugin {thief.id}", what, mend)
            elif (other := holders.setdefault(name, plugin.id)) != plugin.id:
                mend = "rename the record of one of them"
                yield Fault(f"plugins {other} and {plugin.id}", f"both keep a table {name}", mend)


def _is_of(plugin: Plugin, module: str) -> bool:
    package = plugin.module.__name__
    return module == package or module.startswith(f"{package}.")
