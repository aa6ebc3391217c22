"""Discovery: which plugins are installed, and importing them by id."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType

from buurtwacht.host.declarations import Manifest
from buurtwacht.vocabulary.errors import ConfigurationError, Fault

#: The entry-point group of plugins.
GROUP = "buurtwacht.plugins"


def find(ids: Iterable[str]) -> list[ModuleType]:
    """Import plugins by id through their entry points. Raises `ConfigurationError` naming every one that fails."""
    known: dict[str, EntryPoint] = {one.name: one for one in entry_points(group=GROUP)}
    modules: list[ModuleType] = []
    faults: list[Fault] = []
    for ident in ids:
        where = f"plugins.{ident}"
        if ident not in known:
            faults.append(Fault(where, "is not installed", f"install it, or choose from: {', '.join(sorted(known))}"))
            continue
        package = known[ident].value
        try:
            module = importlib.import_module(package)
        except Exception as error:
            what = f"does not import: {type(error).__name__}: {error}"
            faults.append(Fault(where, what, f"mend the package {package}, or remove the table"))
            continue
        if isinstance(getattr(module, "manifest", None), Manifest):
            modules.append(module)
        else:
            faults.append(
                Fault(where, f"{package} has no manifest", f"give it one: manifest = Manifest(id={ident!r}, …)")
            )
    if faults:
        raise ConfigurationError(faults)
    return modules
