"""What is inspected: the package, its text, and, as far as it imports, its module, manifest, texts and tables."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pluggy

from buurtwacht.host import courtesy, hookspecs
from buurtwacht.host.declarations import Command, Manifest
from buurtwacht.host.discovery import GROUP, installed
from buurtwacht.host.plugins import Plugins
from buurtwacht.kit.inspection.findings import Place
from buurtwacht.kit.inspection.graph import Graph
from buurtwacht.kit.inspection.source import Sources
from buurtwacht.kit.package import OURS, Package
from buurtwacht.vocabulary.errors import ConfigurationError
from buurtwacht.vocabulary.texts import Catalogues


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What came of importing a package."""

    module: ModuleType | None = None
    error: BaseException | None = None


@dataclass
class Subject:
    """A package under inspection; what needs an import is None where that failed."""

    package: Package

    @cached_property
    def sources(self) -> Sources:
        """Its text."""
        return Sources(self.package)

    @cached_property
    def graph(self) -> Graph:
        """What leads to what in it."""
        return Graph(self.sources)

    @cached_property
    def _loaded(self) -> _Loaded:
        try:
            return _Loaded(module=self.package.load())
        except Exception as error:  # whatever a module raises, its author is told
            return _Loaded(error=error)
        except SystemExit as error:
            return _Loaded(error=error)

    @property
    def module(self) -> ModuleType | None:
        """The imported module."""
        return self._loaded.module

    @property
    def import_error(self) -> BaseException | None:
        """What the module raised instead of being imported."""
        return self._loaded.error

    @property
    def manifest(self) -> Manifest | None:
        """The manifest of the imported module."""
        found = getattr(self.module, "manifest", None)
        return found if isinstance(found, Manifest) else None

    @property
    def id(self) -> str:
        """The id of the manifest, else the name by which the package is found."""
        return self.manifest.id if self.manifest is not None else self.package.id

    @property
    def locale(self) -> Path:
        """The folder of its catalogues."""
        return self.package.folder / (self.manifest.locale if self.manifest is not None else "locale")

    @cached_property
    def catalogues(self) -> Catalogues:
        """The texts of the core and of the built-in plugins; those of the package are read by the inspection itself."""
        return self.others[1]

    @cached_property
    def others(self) -> tuple[Plugins, Catalogues]:
        """The core and the built-in plugins, all of them, without one whose place the package takes."""
        catalogues = Catalogues()
        plugins = Plugins(catalogues)
        own = {self.package.module_name}
        modules = [
            import_module(one.module)
            for one in entry_points(group=GROUP)
            if one.dist is not None and one.dist.name == OURS and one.name != self.id and one.module not in own
        ]
        # What a built-in one needs may be what is looked at: then it has nothing to say here either.
        known = {courtesy.manifest.id, *(one.manifest.id for one in modules)}
        plugins.load([courtesy, *(one for one in modules if set(one.manifest.needs) <= known)])
        return plugins, catalogues

    @cached_property
    def elsewhere(self) -> list[Subject]:
        """The installed plugins of other distributions, as far as they import, but for one with its own id.

        What stands in the place of a built-in one is left out: both at once would declare the same tables.
        """
        found: list[Subject] = []
        for one in installed().values():
            if one.is_built_in or one.replaces or one.id == self.id or one.package == self.package.module_name:
                continue
            try:
                other = Subject(Package.find(one.id))
            except ConfigurationError:
                continue  # two offer it, or its module is gone: that is for `buurtwacht check` to say
            if other.manifest is not None:
                found.append(other)
        return found

    @cached_property
    def hooks(self) -> dict[str, tuple[str, FunctionType]]:
        """Every hook there is: who declares it ("core", or a plugin's id) and its specification."""
        found = {name: ("core", one) for name, one in _specs(hookspecs).items()}
        for entry in entry_points(group=GROUP):
            if entry.dist is None or entry.dist.name != OURS or entry.name == self.id:
                continue  # a built-in one whose place it takes is not imported: its tables have the same names
            if entry.module != self.package.module_name:
                own = getattr(import_module(entry.module), "hookspecs", None)
                if isinstance(own, ModuleType):
                    found |= {name: (entry.name, one) for name, one in _specs(own).items()}
        own = getattr(self.module, "hookspecs", None)
        if isinstance(own, ModuleType):
            found |= {name: (self.id, one) for name, one in _specs(own).items()}
        return found

    def commands(self) -> list[Command]:
        """Return the commands that the module declares; none where it does not import or `commands` fails."""
        return [one for one in self._listed("commands") if isinstance(one, Command)]

    def reserved_words(self) -> list[str]:
        """Return the words that the module keeps from the commands of others; none where that fails."""
        return [one for one in self._listed("reserved_words") if isinstance(one, str)]

    def _listed(self, hook: str) -> list[object]:
        function = getattr(self.module, hook, None)
        if not isinstance(function, FunctionType):
            return []
        try:
            return list(function())
        except Exception:
            return []  # hook-fails says so

    def place_of(self, thing: Any) -> Place:
        """Return where a function or class of the package is defined; the module's first line for any other thing."""
        code = getattr(thing, "__code__", None)
        if code is not None and Path(code.co_filename).is_file():
            return Place(Path(code.co_filename), code.co_firstlineno)
        name = getattr(thing, "__qualname__", "")
        file = getattr(sys.modules.get(getattr(thing, "__module__", "")), "__file__", None)
        found = self.sources.definition(f"{getattr(thing, '__module__', '')}.{name}")
        if found is not None:
            return Place(found[0].path, found[1].lineno)
        return Place(Path(file) if file else self.package.file)


def _specs(module: ModuleType) -> dict[str, FunctionType]:
    marked = pluggy.PluginManager(hookspecs.PROJECT)
    return {
        name: one
        for name, one in vars(module).items()
        if isinstance(one, FunctionType) and marked.parse_hookspec_opts(module, name) is not None
    }
