"""Discovery: which plugins are installed, which of two with one id is meant, and importing them by id."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType

from buurtwacht.host.core_version import wrong_with_module
from buurtwacht.host.declarations import Manifest
from buurtwacht.vocabulary.containment import contained, kind_of
from buurtwacht.vocabulary.errors import ConfigurationError, Fault

#: The entry-point group of plugins.
GROUP = "buurtwacht.plugins"
#: The distribution whose plugins are built in.
OURS = "buurtwacht"


@dataclass(frozen=True, slots=True)
class Installed:
    """A plugin that is installed: its id, its package, and the distribution it came with (empty: unknown).

    `replaces`: it stands in the place of the built-in one with its id. `others` are distributions that offer the id too
    and are neither ours nor this one: then nobody knows which is meant.
    """

    id: str
    package: str
    distribution: str
    version: str = ""
    replaces: bool = False
    others: tuple[str, ...] = ()

    @property
    def is_built_in(self) -> bool:
        """Whether it came with Buurtwacht."""
        return self.distribution == OURS

    @property
    def origin(self) -> str:
        """Where it comes from, in words."""
        if self.is_built_in:
            return "built in"
        named = " ".join(one for one in (self.distribution, self.version) if one) or self.package
        return f"{named}, in place of the built-in one" if self.replaces else named


def installed() -> Mapping[str, Installed]:
    """Return all installed plugins by id, each once: one of another distribution takes the place of ours."""
    offered: dict[str, list[EntryPoint]] = {}
    for one in entry_points(group=GROUP):
        offered.setdefault(one.name, []).append(one)
    return {ident: _meant(ident, points) for ident, points in offered.items()}


def _meant(ident: str, points: Iterable[EntryPoint]) -> Installed:
    by_distribution = {_distribution(one): one for one in points}
    outside = sorted(name for name in by_distribution if name != OURS)
    chosen = outside[0] if outside else OURS
    point = by_distribution[chosen]
    version = point.dist.version if point.dist is not None else ""
    replaces = bool(outside) and OURS in by_distribution
    return Installed(ident, point.value, chosen, version, replaces, tuple(outside[1:]))


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else ""


def find(ids: Iterable[str]) -> list[ModuleType]:
    """Import plugins by id through their entry points. Raises `ConfigurationError` naming every one that fails."""
    known = installed()
    modules: list[ModuleType] = []
    faults: list[Fault] = []
    for ident in ids:
        found = known.get(ident)
        if found is None:
            listed = f"install it, or choose from: {', '.join(sorted(known))}"
            faults.append(Fault(f"plugins.{ident}", "is not installed", listed))
            continue
        loaded = _load(found)
        if isinstance(loaded, Fault):
            faults.append(loaded)
        else:
            modules.append(loaded)
    if faults:
        raise ConfigurationError(faults)
    return modules


def _load(found: Installed) -> ModuleType | Fault:
    ident, package, where = found.id, found.package, f"plugins.{found.id}"
    if found.others:
        both = " and ".join((found.distribution, *found.others))
        return Fault(where, f"is offered by {both}: nobody knows which is meant", "uninstall all but one of them")
    try:
        module = contained(lambda: importlib.import_module(package))
    except Exception as error:
        if (wrong := wrong_with_module(package)) is not None:
            return Fault(where, *wrong)
        what = f"does not import: {kind_of(error)}: {error}"
        return Fault(where, what, f"mend the package {package}, or remove the table")
    manifest = getattr(module, "manifest", None)
    if not isinstance(manifest, Manifest):
        return Fault(where, f"{package} has no manifest", f"give it one: manifest = Manifest(id={ident!r}, …)")
    if manifest.id != ident:
        mend = f"name the entry point as the manifest of {package} does, or the other way round"
        return Fault(where, f"is called {manifest.id!r} by its own manifest", mend)
    return module
