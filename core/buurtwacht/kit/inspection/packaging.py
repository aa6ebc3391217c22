"""Whether a package can be found and imported: its text, its pyproject.toml, its entry point."""

from __future__ import annotations

import re
import tomllib
import traceback
from collections.abc import Iterator
from pathlib import Path

from buurtwacht.kit.inspection.findings import Finding, Place
from buurtwacht.kit.inspection.subject import Subject

_LINE = re.compile(r"at line (\d+)")


def check(subject: Subject) -> Iterator[Finding]:
    """Look at the files, at what pyproject.toml says of them, and import the module."""
    for path, error in subject.sources.broken:
        what = f"cannot be read: {error.msg}"
        yield Finding(Place(path, error.lineno or 1), "syntax-error", what, "mend this line; Python reads no further")
    yield from _project(subject)
    yield from _entry_point(subject)
    if subject.import_error is not None and not isinstance(subject.import_error, SyntaxError):
        yield _import(subject, subject.import_error)


def entry_place(subject: Subject) -> Place:
    """Return the line of the entry point in pyproject.toml; the module's first where there is none."""
    package = subject.package
    file = package.root / "pyproject.toml" if package.root is not None else None
    if file is None or not file.is_file():
        return Place(package.file)
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    if package.entry is not None:
        for number, line in enumerate(lines, 1):
            if re.match(rf"\s*[\"']?{re.escape(package.entry.name)}[\"']?\s*=", line) and package.entry.module in line:
                return Place(file, number)
    for number, line in enumerate(lines, 1):
        if "entry-points" in line or line.strip() == "[project]":
            return Place(file, number)
    return Place(file)


def _project(subject: Subject) -> Iterator[Finding]:
    root = subject.package.root
    if root is None:
        return
    file = root / "pyproject.toml"
    try:
        tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    except ValueError as error:
        found = _LINE.search(str(error))
        place = Place(file, int(found[1]) if found else 1)
        yield Finding(place, "pyproject-unreadable", f"is no TOML: {error}", "mend this line; nobody can install it")


def _entry_point(subject: Subject) -> Iterator[Finding]:
    package = subject.package
    name = package.module_name
    entry = package.entry
    if entry is None:
        mend = f'write [project.entry-points."buurtwacht.plugins"] with {subject.id} = "{name}" in pyproject.toml'
        yield Finding(
            entry_place(subject), "entry-point-missing", f"no entry point names {name}: nobody finds it", mend
        )
        return
    place = entry_place(subject)
    if entry.module != name:
        what = f"the entry point {entry.name} leads to {entry.module}, which is not there"
        yield Finding(place, "entry-point-module", what, f'write {entry.name} = "{name}"')
    elif package.kind == "plugin" and entry.attr:
        what = f"the entry point {entry.name} leads to {entry.value}, and a plugin is a module"
        yield Finding(place, "entry-point-module", what, f'write {entry.name} = "{name}"')
    elif package.kind == "channel" and not entry.attr:
        what = f"the entry point {entry.name} leads to a module, and a channel is an adapter in it"
        yield Finding(place, "entry-point-module", what, f'write {entry.name} = "{name}:adapter"')
    if package.kind == "plugin" and subject.manifest is not None and subject.manifest.id != entry.name:
        what = f"the entry point is called {entry.name}, and the manifest's id is {subject.manifest.id}"
        yield Finding(place, "entry-point-id", what, f"give both one name: {subject.manifest.id} = …")


def _import(subject: Subject, error: BaseException) -> Finding:
    mine = {one.resolve() for one in subject.package.files()}
    places = [
        Place(Path(one.filename), one.lineno or 1)
        for one in traceback.extract_tb(error.__traceback__)
        if Path(one.filename).resolve() in mine
    ]
    what = f"does not import: {type(error).__name__}: {error}"
    mend = "mend this line; until then only the text of the package is looked at"
    if isinstance(error, ModuleNotFoundError) and not str(error.name).startswith(subject.package.module_name):
        mend = f"install {str(error.name).partition('.')[0]}, or add it to the dependencies in pyproject.toml"
    return Finding(places[-1] if places else Place(subject.package.file), "import-fails", what, mend)
