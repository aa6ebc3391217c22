"""A package of a plugin or a channel: where it lies, what it is called, and importing it, installed or not."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType

from buurtwacht.vocabulary.errors import ConfigurationError, Fault
from buurtwacht.vocabulary.faults import suggestion

#: The entry-point groups, and what somebody who reads calls what stands in them.
GROUPS: Mapping[str, str] = {"buurtwacht.plugins": "plugin", "buurtwacht.channels": "channel"}
#: The distribution that holds the built-in plugins.
OURS = "buurtwacht"
#: Folders of a package that are not part of what runs.
_ASIDE = frozenset({"tests", "test", "testing", "migrations", "__pycache__"})
_FOR_TESTS = frozenset({"conftest.py", "testing.py"})


@dataclass(frozen=True, slots=True)
class Package:
    """A plugin's or a channel's package.

    `file` is the module's own, in a package its `__init__.py`; `root` the folder with its `pyproject.toml`, None for
    what is only installed. `entry` is the entry point that names the module, None where nothing does.
    """

    module_name: str
    file: Path
    distribution: str = ""
    root: Path | None = None
    entry: EntryPoint | None = None

    @classmethod
    def find(cls, what: str) -> Package:
        """Return the package that is meant by a folder, a plugin's id, a channel's name, or a module's name.

        Nothing is imported. Raises `ConfigurationError` when there is none, or more than one.
        """
        folder = Path(what)
        if folder.is_dir() and (_is_path(what) or _holds_code(folder)):
            return _in_folder(folder.resolve(), what)
        if _is_path(what):
            raise _none(
                what, "is no folder", "name the folder with its pyproject.toml, a module, or the id of a plugin"
            )
        return _installed(what) or _module(what)

    @property
    def folder(self) -> Path:
        """The folder of the module."""
        return self.file.parent

    @property
    def kind(self) -> str:
        """What it is: plugin or channel."""
        return GROUPS.get(self.entry.group, "plugin") if self.entry is not None else "plugin"

    @property
    def id(self) -> str:
        """The name by which the core finds it: the entry point's, else the manifest's id, else the module's."""
        if self.entry is not None:
            return self.entry.name
        return _written_id(self.file) or self.module_name.removeprefix("buurtwacht_")

    @property
    def is_built_in(self) -> bool:
        """Whether it came with Buurtwacht."""
        return self.distribution == OURS

    @property
    def replaces_built_in(self) -> bool:
        """Whether it takes the place of a built-in one of the same name."""
        group = self.entry.group if self.entry is not None else "buurtwacht.plugins"
        same = entry_points(group=group, name=self.id)
        return not self.is_built_in and any(_owner(one) == OURS and one.module != self.module_name for one in same)

    def files(self) -> list[Path]:
        """Return its .py files in order, without tests and migrations."""
        if self.file.name != "__init__.py":
            return [self.file]
        found = (one for one in self.folder.rglob("*.py") if not _ASIDE & set(one.relative_to(self.folder).parts[:-1]))
        return sorted(one for one in found if not one.name.startswith("test_") and one.name not in _FOR_TESTS)

    def module_of(self, file: Path) -> str:
        """Return the name under which one of its files is imported."""
        if file == self.file:
            return self.module_name
        parts = file.relative_to(self.folder).with_suffix("").parts
        return ".".join((self.module_name, *(parts[:-1] if parts[-1] == "__init__" else parts)))

    def load(self) -> ModuleType:
        """Import it, from its folder where it is not installed. What the module itself raises is let through.

        A module of that name that was imported from elsewhere is forgotten first.
        """
        known = sys.modules.get(self.module_name)
        if known is not None and Path(getattr(known, "__file__", None) or "").resolve() == self.file.resolve():
            return known
        top = self.module_name.partition(".")[0]
        for name in [one for one in sys.modules if one == top or one.startswith(f"{top}.")]:
            del sys.modules[name]
        importlib.invalidate_caches()
        found = importlib.util.find_spec(top)
        base = self.file.parents[self.module_name.count(".") + (self.file.name == "__init__.py")]
        if found is None or found.origin is None or not Path(found.origin).resolve().is_relative_to(base.resolve()):
            sys.path.insert(0, str(base))
        return importlib.import_module(self.module_name)


def _is_path(what: str) -> bool:
    return what.startswith((".", "~")) or "/" in what or "\\" in what


def _holds_code(folder: Path) -> bool:
    return (folder / "pyproject.toml").is_file() or (folder / "__init__.py").is_file()


def _none(where: str, what: str, mend: str) -> ConfigurationError:
    return ConfigurationError([Fault(where, what, mend)])


def _owner(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist is not None else ""


# --- installed -----------------------------------------------------------------------------------------------------


def _installed(name: str) -> Package | None:
    """Return what is installed under this name; one from elsewhere takes the place of a built-in one."""
    for group, kind in GROUPS.items():
        same = list(entry_points(group=group, name=name))
        outside = [one for one in same if _owner(one) != OURS] or same
        owners = sorted({_owner(one) for one in outside})
        if len(owners) > 1:
            what = f"is the name of a {kind} in {' and in '.join(owners)}"
            raise _none(name, what, "uninstall one of them, or name its folder")
        if outside:
            return _of_entry(outside[0])
    return None


def _of_entry(entry: EntryPoint) -> Package:
    file = _file_of(entry.module)
    if file is None:
        what = f"leads to the module {entry.module}, which is not there"
        raise _none(f"entry point {entry.name}", what, "mend the entry point in pyproject.toml and install again")
    return Package(entry.module, file, _owner(entry), _root_of(file, entry.module), entry)


def _module(name: str) -> Package:
    known = {one.module: one for group in GROUPS for one in entry_points(group=group)}
    if name in known:
        return _of_entry(known[name])
    file = _file_of(name)
    if file is not None:
        return Package(name, file, root=_root_of(file, name))
    names = sorted({one.name for group in GROUPS for one in entry_points(group=group)})
    otherwise = f"there are {', '.join(names)}; or name a folder: ./{name}"
    raise _none(name, "is no folder, no plugin and no module", suggestion(name, names, otherwise))


def _file_of(module: str) -> Path | None:
    """Return the file of a module without importing it; its parents are."""
    try:
        found = importlib.util.find_spec(module)
    except (ImportError, ValueError, AttributeError):
        return None
    return Path(found.origin) if found is not None and found.origin and found.has_location else None


def _root_of(file: Path, module: str) -> Path | None:
    """Return the folder above a module whose pyproject.toml is this package's."""
    base = file.parents[len(module.split(".")) - (file.name != "__init__.py")]
    for folder in (base, base.parent):
        if (folder / "pyproject.toml").is_file() and folder.name != "site-packages":
            return folder
    return None


# --- in a folder ---------------------------------------------------------------------------------------------------


def _in_folder(folder: Path, what: str) -> Package:
    if (folder / "__init__.py").is_file() and not (folder / "pyproject.toml").is_file():
        file, name = folder / "__init__.py", folder.name
        root = _root_of(file, name)
        project = _project(root) if root is not None else {}
        entry = next((one for one in _entries(project) if one.module == name), None)
        return Package(name, file, str(project.get("name", "")), root, entry)
    project = _project(folder)
    entries = [one for one in _entries(project) if _below(folder, one.module) is not None] or _entries(project)
    if len(entries) > 1:
        names = ", ".join(one.name for one in entries)
        raise _none(what, f"holds {len(entries)} plugins or channels: {names}", "name the folder of one, or its id")
    distribution = str(project.get("name", ""))
    if entries:
        named = _below(folder, entries[0].module)
        if named is not None:
            return Package(entries[0].module, named, distribution, folder, entries[0])
    modules = list(_modules(folder))
    if len(modules) != 1:
        found = ", ".join(name for name, _ in modules) or "none"
        mend = 'write [project.entry-points."buurtwacht.plugins"] in its pyproject.toml, with the module that is there'
        raise _none(what, f"does not say which of its modules is the plugin ({found})", mend)
    return Package(modules[0][0], modules[0][1], distribution, folder, entries[0] if entries else None)


def _project(root: Path) -> Mapping[str, object]:
    """Return the table [project]; empty when the file is not there or is no TOML, which the inspection says."""
    try:
        found = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8")).get("project")
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _entries(project: Mapping[str, object]) -> Sequence[EntryPoint]:
    groups = project.get("entry-points")
    if not isinstance(groups, dict):
        return []
    return [
        EntryPoint(name, value, group)
        for group in GROUPS
        if isinstance(groups.get(group), dict)
        for name, value in groups[group].items()
        if isinstance(value, str)
    ]


def _below(folder: Path, module: str) -> Path | None:
    """Return the file of a module that lies in this folder or its src."""
    for base in (folder, folder / "src"):
        place = base.joinpath(*module.split("."))
        for file in (place / "__init__.py", place.with_suffix(".py")):
            if file.is_file():
                return file
    return None


def taken_apart(file: Path) -> ast.Module:
    """Return the tree of a file. Raises `SyntaxError` for whatever cannot be read; `OSError`."""
    try:
        return ast.parse(file.read_bytes(), str(file))
    except (RecursionError, MemoryError) as error:  # Python itself gives up: "1 + 1 + …" five thousand times
        raise SyntaxError("something in it is too long or too deep for Python: write it in parts") from error
    except ValueError as error:
        raise SyntaxError(f"cannot be read: {error}") from error


def _modules(folder: Path) -> Iterator[tuple[str, Path]]:
    for base in (folder, folder / "src"):
        if not base.is_dir():
            continue
        for one in sorted(base.iterdir()):
            if one.is_dir() and one.name not in _ASIDE and (one / "__init__.py").is_file():
                yield one.name, one / "__init__.py"
            elif one.suffix == ".py" and one.name not in ("setup.py", "conftest.py") and one.stem.isidentifier():
                yield one.stem, one


def _written_id(file: Path) -> str:
    """Return the id in `Manifest(id="…")` as it stands in the file; empty when none does."""
    try:
        tree = taken_apart(file)
    except (OSError, SyntaxError):
        return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Manifest":
            for one in node.keywords:
                if one.arg == "id" and isinstance(one.value, ast.Constant):
                    return str(one.value.value)
    return ""
