"""Where in a package stands what the core refused of it: file and line, for the faults that only name the plugin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from buurtwacht.host import discovery
from buurtwacht.kit.package import Package
from buurtwacht.vocabulary.errors import ConfigurationError, Fault

#: How the core names the words of a command that it refuses.
_COMMAND = re.compile(r'\bcommand "(?P<said>[^"]+)"')


def packages_of(plugins: Iterable[str]) -> Mapping[str, Package]:
    """Return the packages of these plugins, by id; not of those that came with Buurtwacht, which nobody here mends."""
    known = discovery.installed()
    found: dict[str, Package] = {}
    for ident in plugins:
        if ident in known and not known[ident].is_built_in:
            try:
                found[ident] = Package.find(ident)
            except ConfigurationError:
                continue
    return found


def placed(fault: Fault, packages: Mapping[str, Package]) -> Fault:
    """Return the same fault with file and line, where it is about one of these plugins; else as it is."""
    for ident, package in packages.items():
        if re.fullmatch(rf"plugins? (\w+ and )?{ident}( and \w+)?", fault.where):
            return at(_place(fault, package), fault)
    return fault


def at(place: str, fault: Fault) -> Fault:
    """Return a fault with its place in front, where the sentence does not say it already."""
    return fault if place in fault.what else Fault(place, f"{fault.where}: {fault.what}", fault.mend)


def manifest_line(package: Package) -> str:
    """Return file and line of the manifest."""
    lines = package.file.read_text(encoding="utf-8").splitlines()
    line = next((number for number, text in enumerate(lines, 1) if re.match(r"manifest\b", text)), 1)
    return f"{short(package, package.file)}:{line}"


def short(package: Package, file: Path) -> str:
    """Return a file as seen from the folder above the module."""
    above = package.folder.parent if package.file.name == "__init__.py" else package.folder
    return str(file.relative_to(above))


def _place(fault: Fault, package: Package) -> str:
    """Return the line of the catalogue with a command's words, or of the `Command`; else that of the manifest."""
    written = re.search(rf"\b{re.escape(package.module_name)}/\S+:\d+", fault.what)
    if written is not None:
        return written[0]
    said = _COMMAND.search(fault.what)
    if said is not None:
        # Only who is refused waits for all that the inspection imports.
        from buurtwacht.kit.inspection import commands
        from buurtwacht.kit.inspection.subject import Subject

        found = commands.place_of_words(Subject(package), said["said"])
        if found is not None:
            return f"{short(package, found.file)}:{found.line}"
    return manifest_line(package)
