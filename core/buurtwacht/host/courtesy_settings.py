"""The core's commands about the settings of plugins: what they are here, changing one, and letting the file decide."""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from buurtwacht.host import switching
from buurtwacht.host.context import Context
from buurtwacht.host.courtesy_plugins import plugin_called
from buurtwacht.host.declarations import Command
from buurtwacht.host.homes import meant
from buurtwacht.host.phrases import PLUGIN
from buurtwacht.host.plugins import Plugin
from buurtwacht.host.setting_lines import Shown, choices, holds_secret, shown, shown_at
from buurtwacht.host.switching import named, switchable
from buurtwacht.host.typed_values import Untypable, fields, part_of, read, unquoted
from buurtwacht.vocabulary.answers import fold
from buurtwacht.vocabulary.errors import Refusal
from buurtwacht.vocabulary.faults import is_everywhere, keys
from buurtwacht.vocabulary.messages import Lines, Text

_DEFAULT = frozenset({"standaard", "default"})
#: "minutes=5", as it stands in a file.
_EQUALS = re.compile(r"^(\S+?)\s*=\s*")


@dataclass(frozen=True, slots=True)
class _Setting:
    """A setting of a plugin here: the path to it within the plugin's table, and its type."""

    ctx: Context
    plugin: Plugin
    path: tuple[str, ...]
    kind: object

    @property
    def name(self) -> str:
        return ".".join(self.path)

    @property
    def plugin_name(self) -> str:
        return switching.shown(self.ctx, self.plugin)

    @property
    def own(self) -> Context:
        """The plugin's own context here, in the name of who set this off."""
        ctx = self.ctx
        return Context(ctx._core, self.plugin.id, ctx._unit, neighbourhood=ctx.here, caller=ctx._caller)


def show_settings(ctx: Context, typed: str = "") -> None:
    """List the settings of a plugin as they hold here, and who decided about each."""
    found = meant(ctx, "settings", typed)
    if found is None:
        return
    here, rest = found
    if not rest:
        able = [one for one in switchable(ctx._core) if one.manifest.settings is not None]
        here.reply(Text("settings.which", names=", ".join(switching.shown(here, one) for one in able)))
        return
    _show(here, plugin_called(ctx, rest))


def _show(here: Context, plugin: Plugin) -> None:
    lines = [_line(here, plugin, one) for one in shown(_holding(here, plugin))]
    said = Text(
        "settings.here", name=switching.shown(here, plugin), place=here.here.name, lines=Lines(*lines), id=plugin.id
    )
    here.reply(said)


def change_setting(ctx: Context, typed: str) -> None:
    """Change one setting of a plugin here, or let the file decide about it again."""
    found = meant(ctx, "setting", typed, keeps_names=True)
    if found is None:
        return
    here, rest = found
    plugin, rest = _plugin_of(here, rest)
    if not rest:
        _show(here, plugin)
        return
    setting, value = _setting_of(here, plugin, rest)
    if not value:
        _show_one(setting)
    elif not unquoted(value)[1] and fold(value) in _DEFAULT:
        _reset(setting)
    else:
        _change(setting, value)


def _change(setting: _Setting, typed: str) -> None:
    model = _holding(setting.ctx, setting.plugin)
    top = setting.path[0]
    if is_everywhere(fields(type(model))[top]):
        raise _refusal("setting.everywhere", setting)
    if holds_secret(model, top):
        raise _refusal("setting.secret", setting)
    try:
        value = read(typed, setting.kind)
    except Untypable as error:
        raise _refusal("setting.by_file", setting) from error
    here, settings = setting.ctx.here, setting.ctx._core.settings
    if len(setting.path) > 1:
        value = _with(settings.raw(setting.plugin.id, here).get(top, {}), setting.path[1:], value)
    setting.own.change_setting(top, value)
    _told(setting, "setting.set", settings.tried(setting.plugin.id, here, top, value))


def _reset(setting: _Setting) -> None:
    settings, here = setting.ctx._core.settings, setting.ctx.here
    plugin, top = setting.plugin.id, setting.path[0]
    if top not in settings.overrides().get((plugin, here.id), {}):
        raise _refusal("setting.not_set", setting)
    values, file = settings.raw(plugin, here), settings.raw(plugin, here, by_command=False)
    table = _without(values[top], file.get(top, {}), setting.path[1:])
    if len(setting.path) == 1 or table == file.get(top, {}):
        setting.own.reset_setting(top)
        rest = {name: one for name, one in values.items() if name != top}
        values = {**rest, top: file[top]} if top in file else rest
    else:
        setting.own.change_setting(top, table)
        values = {**values, top: table}
    try:
        holds = settings.checked(plugin, values)
    except ValidationError:
        holds = _holding(setting.ctx, setting.plugin)  # something else that was set does not fit with it
    _told(setting, "setting.reset", holds)


def _told(setting: _Setting, key: str, model: BaseModel) -> None:
    """Say what a setting is from now on."""
    lines = [Text("setting.line.new", name=one.name, value=one.value) for one in shown_at(model, setting.name)]
    name, place = setting.plugin_name, setting.ctx.here.name
    setting.ctx.reply(Text(key, name=name, place=place, lines=Lines(*lines)))


def _show_one(setting: _Setting) -> None:
    """Say what a setting is, and what it could be."""
    model = _holding(setting.ctx, setting.plugin)
    lines = [_line(setting.ctx, setting.plugin, one) for one in shown_at(model, setting.name)]
    able = choices(setting.kind)
    chosen = Text("setting.can_be", names=", ".join(able)) if able else None
    how = Text("setting.how", id=setting.plugin.id, name=setting.name)
    setting.ctx.reply(Text("setting.one", lines=Lines(*lines, chosen, how)))


def _line(ctx: Context, plugin: Plugin, one: Shown) -> Text:
    top = one.name.partition(".")[0]
    model = ctx._core.settings.model(plugin.id)
    if is_everywhere(fields(model)[top]):
        return Text("settings.line", name=one.name, value=one.value, origin=Text("settings.origin.everywhere"))
    origin = ctx._core.settings.origin(plugin.id, ctx.here, top)
    return Text("settings.line", name=one.name, value=one.value, origin=Text(f"settings.origin.{origin}"))


def _holding(ctx: Context, plugin: Plugin) -> BaseModel:
    """Return a plugin's settings as they hold here. Raises `Refusal` where it has none."""
    if plugin.manifest.settings is None or not plugin.manifest.settings.model_fields:
        raise Refusal(Text("settings.none", domain="core", name=switching.shown(ctx, plugin)))
    return ctx._core.settings.of(plugin.id, ctx.here)


def _plugin_of(ctx: Context, typed: str) -> tuple[Plugin, str]:
    """Return the plugin that a text begins with, the longest name first, and what follows."""
    words = typed.split()
    for count in range(min(len(words), 5), 0, -1):
        if plugin := named(ctx._core, " ".join(words[:count])):
            return plugin, _after(typed, count)
    return plugin_called(ctx, words[0] if words else typed), ""


def _setting_of(ctx: Context, plugin: Plugin, typed: str) -> tuple[_Setting, str]:
    """Return the setting that a text begins with, and what is to become of it. Raises `Refusal`."""
    model = type(_holding(ctx, plugin))
    typed = _EQUALS.sub(r"\1 ", typed, count=1)
    words = typed.split()
    path, kind = _path(model, words[0].split(".") if words else ())
    if path:
        return _Setting(ctx, plugin, path, kind), _value(typed, 1)
    for count in range(min(len(words), 5), 0, -1):
        said = fold(" ".join(words[:count]))
        top = next((name for name in keys(model) if fold(name) == said), None)
        if top is not None:
            return _Setting(ctx, plugin, (top,), fields(model)[top].annotation), _value(typed, count)
    known = ", ".join(sorted(one.name for one in shown(_holding(ctx, plugin))))
    raise Refusal(Text("setting.unknown", domain="core", name=(words[0] if words else "")[:60], known=known))


def _path(model: type[BaseModel], parts: Sequence[str]) -> tuple[tuple[str, ...], object]:
    """Return the way to what "ladder.minutes" names, and its type; an empty way where there is no such thing."""
    path: list[str] = []
    kind: object = model
    for part in parts:
        kind = part_of(kind, part)
        if kind is None:
            return (), None
        path.append(part)
    return (tuple(path), kind) if len(path) > 1 else ((), None)


def _value(typed: str, words: int) -> str:
    return _after(typed, words).removeprefix("=").strip()


def _after(typed: str, words: int) -> str:
    parts = typed.split(None, words)
    return parts[words] if len(parts) > words else ""


def _with(table: Any, path: Sequence[str], value: object) -> dict[str, Any]:
    """Return a table in which one value, in tables of tables, is another one."""
    changed = deepcopy(dict(table)) if isinstance(table, dict) else {}
    changed[path[0]] = value if len(path) == 1 else _with(changed.get(path[0], {}), path[1:], value)
    return changed


def _without(table: Any, file: Any, path: Sequence[str]) -> Any:
    """Return a table in which one value is as in another table, and absent where that does not have it."""
    if not path or not isinstance(table, dict):
        return table
    known = dict(file) if isinstance(file, dict) else {}
    changed = deepcopy(table)
    if len(path) > 1:
        changed[path[0]] = _without(changed.get(path[0], {}), known.get(path[0], {}), path[1:])
        if not changed[path[0]] and path[0] not in known:
            del changed[path[0]]
    elif path[0] in known:
        changed[path[0]] = known[path[0]]
    else:
        changed.pop(path[0], None)
    return changed


def _refusal(key: str, setting: _Setting) -> Refusal:
    return Refusal(Text(key, domain="core", name=setting.name, plugin=setting.plugin_name))


COMMANDS = (
    Command("settings", show_settings, menu=False, takes=PLUGIN + r"(?: \S+){0,3}"),
    Command("setting", change_setting, menu=False, takes=PLUGIN + r"(?: .*)?"),
)
