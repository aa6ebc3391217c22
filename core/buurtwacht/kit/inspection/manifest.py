"""Whether the manifest says what the core can read: id, name, versions, what it needs, and the settings' model."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from importlib.metadata import entry_points, version
from typing import Any

from pydantic import BaseModel

from buurtwacht.host.declarations import Manifest
from buurtwacht.host.discovery import GROUP
from buurtwacht.host.plugin_ids import WRITTEN, is_written_well, reserved
from buurtwacht.kit.inspection.findings import Finding, Place
from buurtwacht.kit.inspection.source import Module, by_name
from buurtwacht.kit.inspection.subject import Subject
from buurtwacht.vocabulary.faults import suggestion

_VERSION = re.compile(r"\d+(\.\d+)*([abc.+-]?[a-z0-9.+-]*)?")
_CORE = re.compile(r"\d+(\.\d+)*")


def check(subject: Subject) -> Iterator[Finding]:
    """Look at the manifest, as it was imported."""
    if subject.module is None:
        if subject.sources.main is not None and manifest_call(subject) is None:
            yield _missing(subject)
        return
    found = subject.manifest
    if found is None:
        yield _missing(subject)
        return
    yield from _names(subject, found)
    yield from _versions(subject, found)
    yield from _needs(subject, found)
    yield from _settings(subject, found)


def manifest_call(subject: Subject) -> tuple[Module, ast.Call] | None:
    """Return where the manifest is written; of several in one module the last, which counts."""
    for module in sorted(subject.sources, key=lambda one: one is not subject.sources.main):
        calls = [node for node in module.calls() if module.origin(node.func) == "buurtwacht.Manifest"]
        if calls:
            return module, max(calls, key=lambda node: node.lineno)
    return None


def place_in(subject: Subject, name: str = "") -> Place:
    """Return the line of the manifest that says this, or on which it begins."""
    found = manifest_call(subject)
    if found is None:
        return Place(subject.package.file)
    module, call = found
    return Place(module.path, by_name(call).get(name, call).lineno)


def _missing(subject: Subject) -> Finding:
    ident = subject.package.id
    name = ident.replace("_", " ").capitalize()
    mend = f'write manifest = Manifest(id="{ident}", name="{name}", version="1.0") in the module'
    wrong = getattr(subject.module, "manifest", None)
    what = "has no manifest" if wrong is None else f"its manifest is a {type(wrong).__name__}, no Manifest"
    return Finding(Place(subject.package.file), "manifest-missing", what, mend)


def _names(subject: Subject, found: Manifest) -> Iterator[Finding]:
    # Nothing checks the types of a dataclass: whatever was written is looked at.
    ident: Any = found.id
    is_id = is_written_well(ident)
    if not is_id or ident == "core" or reserved(ident):
        taken = f"; {ident} is taken" if is_id else ""
        what = f"the id {ident!r} cannot be used"
        mend = f"write {WRITTEN}{taken}: it begins the names of tables"
        yield Finding(place_in(subject, "id"), "manifest-id", what, mend)
    if not isinstance(found.name, str) or not found.name.strip():
        mend = "write what people are to call it; they read it in lists"
        yield Finding(place_in(subject, "name"), "manifest-id", "has no name", mend)


def _versions(subject: Subject, found: Manifest) -> Iterator[Finding]:
    if not isinstance(found.version, str) or not _VERSION.fullmatch(found.version):
        what = f"the version {found.version!r} cannot be read"
        yield Finding(place_in(subject, "version"), "manifest-version", what, 'write numbers and dots: version="1.0"')
    place = place_in(subject, "needs_core")
    if not isinstance(found.needs_core, str) or not _CORE.fullmatch(found.needs_core):
        what = f"needs_core {found.needs_core!r} cannot be read"
        yield Finding(place, "manifest-needs-core", what, 'write numbers and dots only: needs_core="0.1"')
    elif _numbers(found.needs_core) > _numbers(version("buurtwacht")):
        what = f"needs core {found.needs_core}, and this is {version('buurtwacht')}"
        yield Finding(place, "manifest-needs-core", what, "upgrade Buurtwacht, or need less")


def _needs(subject: Subject, found: Manifest) -> Iterator[Finding]:
    place = place_in(subject, "needs")
    if isinstance(found.needs, str):
        mend = f'write a tuple: needs=("{found.needs}",)'
        yield Finding(place, "manifest-needs", f"needs {found.needs!r} is one text, read letter by letter", mend)
        return
    known = {one.name for one in entry_points(group=GROUP)}
    for other in found.needs:
        if other == found.id:
            yield Finding(place, "manifest-needs", "needs itself", "leave it out of needs")
        elif other not in known:
            mend = suggestion(other, known, "install it, or leave it out of needs")
            yield Finding(place, "manifest-needs", f"needs the plugin {other!r}, which is not installed", mend)


def _settings(subject: Subject, found: Manifest) -> Iterator[Finding]:
    model: Any = found.settings
    if model is None:
        return
    if not isinstance(model, type) or not issubclass(model, BaseModel):
        said = model.__name__ if isinstance(model, type) else f"a {type(model).__name__}"
        mend = "let it be a class that extends pydantic's BaseModel"
        if isinstance(model, BaseModel):
            mend = f"give the class, not one of it: settings={type(model).__name__}"
        what = f"the settings are {said}, no model"
        yield Finding(place_in(subject, "settings"), "settings-not-model", what, mend)
        return
    yield from _model(subject, model, set())


def _model(subject: Subject, model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[Finding]:
    """Look at a model of settings, and at those of the tables within it."""
    seen.add(model)
    place = subject.place_of(model)
    if model.model_config.get("extra") != "forbid":
        what = f"{model.__name__} takes any key: one that is misspelt would be passed over in silence"
        yield Finding(place, "settings-open", what, 'write model_config = ConfigDict(extra="forbid", frozen=True)')
    if not model.model_config.get("frozen"):
        what = f"{model.__name__} can be changed by a handler, for all that come after it"
        yield Finding(place, "settings-mutable", what, 'write model_config = ConfigDict(extra="forbid", frozen=True)')
    for name, one in model.model_fields.items():
        if one.is_required() and len(seen) == 1:
            what = f"{model.__name__}.{name} has no default: an empty table [plugins.{subject.id}] would be refused"
            mend = f"write {name}: … = …, or let it be None until somebody sets it"
            yield Finding(_field(subject, model, name), "settings-no-default", what, mend)
        for inner in _models_in(one.annotation):
            if inner not in seen and inner.__module__.startswith(subject.package.module_name):
                yield from _model(subject, inner, seen)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        yield annotation
    for one in getattr(annotation, "__args__", ()):
        yield from _models_in(one)


def _field(subject: Subject, model: type[BaseModel], name: str) -> Place:
    found = subject.sources.definition(f"{model.__module__}.{model.__qualname__}")
    if found is not None and isinstance(found[1], ast.ClassDef):
        for one in found[1].body:
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.target.id == name:
                return Place(found[0].path, one.lineno)
    return subject.place_of(model)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in text.split("."))
