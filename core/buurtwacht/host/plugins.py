"""The plugin host: refusing what cannot work, and knowing what plugins have: handlers, hooks, pages, sources."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import pluggy

from buurtwacht.host import hookspecs, in_time, marks, permissions
from buurtwacht.host.core_version import wrong_with
from buurtwacht.host.declarations import Command, FeedHandler, Manifest, Page
from buurtwacht.host.declared import all_of, callable_now, handlers_now, hooks_now, listeners_now
from buurtwacht.host.listed_templates import unknown_templates
from buurtwacht.host.naming import names_of
from buurtwacht.host.outside import Source
from buurtwacht.host.phrases import Phrases
from buurtwacht.host.plugin_ids import OTHER_ID, WRITTEN, is_written_well, reserved, unclear_tables
from buurtwacht.host.reserved_words import ReservedWords
from buurtwacht.host.tracing import Trace
from buurtwacht.vocabulary.containment import contained, kind_of
from buurtwacht.vocabulary.errors import ConfigurationError, Fault, PluginError
from buurtwacht.vocabulary.texts import Catalogues

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plugin:
    """A loaded plugin: its module and manifest, and its handlers by name."""

    module: ModuleType
    manifest: Manifest
    timers: Mapping[str, Callable[..., None]] = field(default_factory=dict)
    answers: Mapping[str, Callable[..., None]] = field(default_factory=dict)
    feeds: Mapping[str, FeedHandler] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The plugin's id."""
        return self.manifest.id

    @property
    def folder(self) -> Path | None:
        """Where its files lie; None for a module without a file."""
        file: str | None = getattr(self.module, "__file__", None)
        return Path(file).parent if file else None


@dataclass(frozen=True, slots=True)
class Hook:
    """What plugins have for one hook: functions that take its arguments by name, in order, and by plugin."""

    asked: Sequence[tuple[str, Callable[..., Any]]]
    by_plugin: Mapping[str, Callable[..., Any]]
    tells: bool = False
    begins: bool = False
    #: the ids of those who may tell it; "*" among them: anybody
    tellers: frozenset[str] = frozenset()
    #: the permission that they need for it
    needs: str = ""


class Plugins:
    """All plugins of this process. pluggy registers and validates; order and isolation are ours."""

    def __init__(self, catalogues: Catalogues, trace: Trace | None = None) -> None:
        self._pluggy = pluggy.PluginManager(hookspecs.PROJECT)
        self._pluggy.add_hookspecs(hookspecs)
        self._catalogues = catalogues
        self._trace = trace or Trace()
        self._plugins: dict[str, Plugin] = {}
        #: what was asked for, put together once: it does not change any more
        self._hooks: dict[str, Hook] = {}
        #: what vital plugins keep from the commands of others
        self.reserved = ReservedWords()
        #: what is typed for the commands of all
        self.phrases = Phrases(catalogues, self.reserved)
        self.pages: list[tuple[str, Page]] = []
        #: what plugins listen to outside, with the id of each
        self.sources: list[tuple[str, Source]] = []

    def __iter__(self) -> Iterator[Plugin]:
        return iter(self._plugins.values())

    def __contains__(self, ident: str) -> bool:
        return ident in self._plugins

    def get(self, ident: str) -> Plugin:
        """Return a plugin. Raises `KeyError`."""
        return self._plugins[ident]

    def load(self, modules: Sequence[ModuleType]) -> None:
        """Take in plugins, all or none. Raises `ConfigurationError` with every fault of every plugin."""
        faults: list[Fault] = []
        inside = marks.inside(modules)
        for module in modules:
            try:
                self._register(module, inside[module.__name__])
            except PluginError as error:
                faults.append(_fault(error))
        self._hooks.clear()
        faults += [*self._missing_needs(), *permissions.faults(list(self)), *unclear_tables(list(self._plugins))]
        faults += [one for plugin in self for one in unknown_templates(plugin.manifest, self._catalogues)]
        if not faults:
            try:
                faults += marks.unknown_hooks(self._pluggy)
                listeners_now(self._pluggy)
                for plugin in self._plugins.values():
                    self.reserved.add(plugin.manifest, self._declared(plugin, "reserved_words", str))
                faults += self._collect_commands()
                self.pages = self._collect_pages()
                faults += self._collect_sources()
            except PluginError as error:
                faults.append(_fault(error))
            except pluggy.PluginValidationError as error:
                name = getattr(getattr(error.plugin, "manifest", None), "id", str(error.plugin))
                faults.append(_fault(PluginError(name, str(error).splitlines()[-1])))
        if faults:
            raise ConfigurationError(faults)

    def _register(self, module: ModuleType, inside: Sequence[ModuleType]) -> None:
        manifest = getattr(module, "manifest", None)
        name = getattr(manifest, "id", module.__name__)
        if not isinstance(manifest, Manifest):
            raise PluginError(name, "has no manifest")
        if not is_written_well(manifest.id):
            raise _UnfitError(module.__name__, f"the id {manifest.id!r} cannot be used", f"write {WRITTEN}")
        if manifest.id in self._plugins:
            raise PluginError(name, "is there twice")
        if reserved(manifest.id):
            raise _UnfitError(name, "its tables would have names like those of the core or the database", OTHER_ID)
        if (wrong := wrong_with(manifest.needs_core)) is not None:
            raise _UnfitError(name, *wrong)
        marked = marks.handlers(module, inside)
        handlers_now(name, marked)
        plugin = Plugin(module, manifest, marked["timer"], marked["answer"], marked["feed"])
        if plugin.folder is not None:
            self._catalogues.add(manifest.id, plugin.folder / manifest.locale)
        own = getattr(module, "hookspecs", None)
        try:
            if own is not None:
                self._pluggy.add_hookspecs(own)
            hooks = marks.hooks_of(module)
            hooks_now(name, vars(hooks))
            if (wrong := marks.wrong_argument(self._pluggy, hooks)) is not None:
                raise _UnfitError(name, *wrong)
            self._pluggy.register(hooks, name=manifest.id)
        except (pluggy.PluginValidationError, ValueError) as error:
            raise PluginError(name, str(error).splitlines()[-1]) from error
        self._plugins[manifest.id] = plugin
        for hook in self._pluggy.get_hookcallers(hooks) or ():
            if any(one.wrapper or one.hookwrapper for one in hook.get_hookimpls()):
                raise PluginError(name, f"wraps {hook.name}: each plugin is called by itself and cannot be wrapped")

    def _missing_needs(self) -> list[Fault]:
        return [
            Fault(f"plugin {plugin.id}", f"needs the plugin {other}", f"add [plugins.{other}] to plugins.toml")
            for plugin in self._plugins.values()
            for other in plugin.manifest.needs
            if other not in self._plugins
        ]

    def _collect_commands(self) -> list[Fault]:
        declared = ((one.id, command) for one in self for command in self._declared(one, "commands", Command))
        names = [name for one in self for name in names_of(self._catalogues, one)]
        return self.phrases.collect(declared, names)

    def _collect_pages(self) -> list[tuple[str, Page]]:
        found = [(one.id, page) for one in self._plugins.values() for page in self._declared(one, "pages", Page)]
        for plugin, page in found:
            callable_now(plugin, page.handler, f"the handler of the page {page.path!r}")
        return found

    def _collect_sources(self) -> list[Fault]:
        faults: list[Fault] = []
        for plugin in self._plugins.values():
            found = self._declared(plugin, "sources", Source)
            if found and "outside" not in plugin.manifest.permissions:
                faults.append(permissions.lacks(plugin, "outside", "listens to a source outside"))
            for one in found:
                callable_now(plugin.id, one.heard, f"heard of the source {one.name!r}")
                callable_now(plugin.id, one.state, f"state of the source {one.name!r}")
            names = [one.name for one in found]
            for name in sorted({one for one in names if names.count(one) > 1}):
                faults.append(Fault(f"plugin {plugin.id}", f"has two sources called {name!r}", "rename one of them"))
            self.sources += [(plugin.id, one) for one in found]
        return faults

    # --- asking ----------------------------------------------------------------------------------------------------

    def templates(self) -> list[tuple[str, str]]:
        """Return the texts that need a template on messengers that want one, as (plugin, key)."""
        return [
            (plugin.id, key)
            for plugin in self._plugins.values()
            for key in sorted(
                plugin.manifest.templates
                if plugin.manifest.templates is not None
                else (
                    key
                    for key in self._catalogues.keys(plugin.id)
                    if not key.startswith("command.") and not key.endswith(".buttons")
                )
            )
        ]

    def source(self, plugin: str, name: str) -> Source | None:
        """Return a source of a plugin by its name, or None."""
        return next((one for ident, one in self.sources if ident == plugin and one.name == name), None)

    def implementations(self, hook: str) -> Sequence[tuple[str, Callable[..., Any]]]:
        """Return, for each plugin that has this hook, its id and a function that takes the hook's arguments by name.

        The caller calls each by itself, so that one that fails spoils nothing of the others.
        """
        return self._hook(hook).asked

    def listeners(self, hook: str) -> list[str]:
        """Return the ids of the plugins that listen to a tell. Raises `KeyError` when nobody declared it."""
        if not self.is_tell(hook):
            raise KeyError(f"no plugin declared {hook!r} with @tells")
        return list(self._hook(hook).by_plugin)

    def listener(self, hook: str, plugin: str) -> Callable[..., None] | None:
        """Return a plugin's listener, which takes the context and the told facts by name."""
        found = self._hooks.get(hook) or self._hook(hook)
        return found.by_plugin.get(plugin) if found.tells else None

    def is_tell(self, hook: str) -> bool:
        """Return whether a hook of this name was declared as one that tells."""
        return self._hook(hook).tells

    def begins(self, hook: str) -> bool:
        """Return whether a hook of this name tells that something begins."""
        return self._hook(hook).begins

    def tellers(self, hook: str) -> frozenset[str]:
        """Return the ids of those who may tell a hook of a plugin: who declared it, and whom that names; "*" is all."""
        return self._hook(hook).tellers

    def telling_needs(self, hook: str) -> str:
        """Return the permission that telling a hook of a plugin needs; "" when none."""
        return self._hook(hook).needs

    def _hook(self, name: str) -> Hook:
        """Return what plugins have for a hook; nothing for one that nobody declared."""
        found = self._hooks.get(name)
        if found is None:
            found = self._hooks[name] = self._put_together(name)
        return found

    def _put_together(self, name: str) -> Hook:
        caller: pluggy.HookCaller | None = getattr(self._pluggy.hook, name, None)
        if caller is None or caller.spec is None:
            return Hook((), {})
        tells = bool(getattr(caller.spec.function, "buurtwacht_tells", False))
        absent = getattr(caller.spec.function, "buurtwacht_absent", {})
        # What is told may be of another version, with other facts.
        every = None if tells or absent else caller.spec.argnames
        asked = [(one.plugin_name, _by_name(one, every, absent)) for one in caller.get_hookimpls()]
        if self._trace.on and not tells:  # a listener is a handler: whoever runs those shows them
            asked = [(ident, _shown(self._trace, ident, name, function)) for ident, function in asked]
        begins = bool(getattr(caller.spec.function, "buurtwacht_begins", False))
        page = caller.spec.namespace
        owners = {one.id for one in self._plugins.values() if getattr(one.module, "hookspecs", None) is page}
        tellers = owners | getattr(caller.spec.function, "buurtwacht_by", frozenset())
        needs = getattr(caller.spec.function, "buurtwacht_needs", "")
        return Hook(asked, dict(asked), tells, begins, frozenset(tellers), needs)

    def _declared(self, plugin: Plugin, hook: str, kind: type[T]) -> list[T]:
        return all_of(plugin.id, hook, kind, self._call_one(plugin, hook))

    def _call_one(self, plugin: Plugin, hook: str) -> Any:
        function = self._hook(hook).by_plugin.get(plugin.id)
        if function is None:
            return None
        try:
            return in_time.call(lambda: contained(function), in_time.AT_THE_START)
        except TimeoutError as error:
            raise PluginError(plugin.id, f"{hook}() does not end within {in_time.AT_THE_START:g} seconds") from error
        except Exception as error:
            raise PluginError(plugin.id, f"{hook}() failed: {kind_of(error)}: {error}") from error


class _UnfitError(PluginError):
    """A plugin that cannot be used, with what would mend that."""

    def __init__(self, plugin: str, message: str, mend: str) -> None:
        super().__init__(plugin, message)
        self.mend = mend


def _fault(error: PluginError) -> Fault:
    mend = error.mend if isinstance(error, _UnfitError) else "mend or remove it"
    return Fault(f"plugin {error.plugin}", str(error).partition(": ")[2], mend)


def _by_name(one: pluggy.HookImpl, every: Collection[str] | None, absent: Mapping[str, Any]) -> Callable[..., Any]:
    """Return a function that calls an implementation with those of the hook's arguments that it takes.

    `every` are those that it is always called with, and no others; None where that differs. `absent` are values of
    arguments that an older version did not give yet.
    """
    function, names = one.function, one.argnames
    if every is not None and set(names) == set(every) and _takes_names(function, names):
        return function  # a call less, for each text and each plugin
    if absent:
        return lambda **given: function(*[given[name] if name in given else absent[name] for name in names])
    return lambda **given: function(*[given[name] for name in names])


def _takes_names(function: Callable[..., Any], names: Collection[str]) -> bool:
    """Say whether a function can be called with these arguments by name. What a decorator put around it counts, and not
    what it wraps, whose names pluggy goes by: `inner(*args)` takes none.
    """
    own = inspect.signature(function, follow_wrapped=False)
    if any(one.kind is one.VAR_POSITIONAL for one in own.parameters.values()):
        return False
    try:
        own.bind(**dict.fromkeys(names))
    except TypeError:
        return False
    return True


def _shown(trace: Trace, plugin: str, hook: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def call(**given: Any) -> Any:
        with trace.called(plugin, hook):
            return function(**given)

    return call
