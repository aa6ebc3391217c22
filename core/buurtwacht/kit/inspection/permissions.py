"""Whether the manifest asks for the permissions that the package uses, as far as its text tells, and for no others."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from buurtwacht.host.permissions import PAGE, PERMISSIONS, line_with
from buurtwacht.kit.inspection.findings import Finding, Place
from buurtwacht.kit.inspection.graph import HOOKIMPL, MARKS
from buurtwacht.kit.inspection.manifest import manifest_call, place_in
from buurtwacht.kit.inspection.records import records_of
from buurtwacht.kit.inspection.source import by_name
from buurtwacht.kit.inspection.subject import Subject
from buurtwacht.vocabulary.faults import suggestion

#: What always needs its permission, whoever it is about: attributes of a context. Of the rest (`ctx.send` to whoever
#: speaks needs none) only the running plugin knows.
_ALWAYS = {
    "records": "store",
    "number": "store",
    "keep": "store",
    "later": "timers",
    "later_all": "timers",
    "send_each": "send:members",
    "names": "read:names",
    "muted": "read:names",
    "role_holders": "read:names",
    "media_link": "read:media",
    "directory": "people",
    "export_all": "people",
}


def check(subject: Subject) -> Iterator[Finding]:
    """Compare what is asked for with what is used."""
    if subject.manifest is None:
        return
    asked = subject.manifest.permissions
    place = place_in(subject, "permissions")
    if isinstance(asked, str):
        what = "asks for its permissions in one text, not in a set"
        yield Finding(place, "permission-unknown", what, f"write {line_with((), asked)}")
        return
    for name in sorted(set(asked) - PERMISSIONS.keys()):
        mend = suggestion(name, PERMISSIONS.keys(), f"{PAGE} names all there are: {', '.join(PERMISSIONS)}")
        yield Finding(place, "permission-unknown", f"there is no permission {name!r}", mend)
    told: set[str] = set()
    for name, where, what in _needed(subject):
        if name not in asked and name not in told:
            told.add(name)
            yield Finding(where, "permission-missing", f"{what} needs the permission {name}", line_with(asked, name))
    call = manifest_call(subject)
    if call is not None and "permissions" in by_name(call[1]):
        used = _mentioned(subject)
        for name in sorted(set(asked) & PERMISSIONS.keys()):
            if not used.intersection(PERMISSIONS[name].calls) and not (name == "store" and any(records_of(subject))):
                what = f"nothing uses the permission {name}"
                yield Finding(place, "permission-unused", what, "leave it out: it is one worry less for who reads it")


def _needed(subject: Subject) -> Iterator[tuple[str, Place, str]]:
    """Return each permission that is surely needed, where, and what needs it."""
    for module, record in records_of(subject):
        yield "store", Place(module.path, record.lineno), f"the record {record.name}"
    for module in subject.sources:
        for function in module.functions():
            for one in function.decorator_list:
                origin = module.origin(one.func if isinstance(one, ast.Call) else one)
                if MARKS.get(origin) == "timer":
                    yield "timers", Place(module.path, function.lineno), f"the timer {function.name}"
                elif origin == HOOKIMPL and function.name == "sources":
                    yield "outside", Place(module.path, function.lineno), "the hook sources"
        for node in module.nodes:
            if isinstance(node, ast.Call) and module.origin(node.func) == "buurtwacht.PersonNumber":
                yield "share:numbers", Place(module.path, node.lineno), "PersonNumber"
            elif isinstance(node, ast.Attribute) and node.attr in _ALWAYS and module.is_context(node.value):
                yield _ALWAYS[node.attr], Place(module.path, node.lineno), f"ctx.{node.attr}"


def _mentioned(subject: Subject) -> set[str]:
    """Return every name of an attribute, a hook, a mark or a fact in the package."""
    found: set[str] = set()
    for module in subject.sources:
        for node in module.nodes:
            if isinstance(node, ast.Attribute):
                found.add(node.attr)
            elif isinstance(node, ast.Name):
                found.add(module.origin(node).rpartition(".")[2] or node.id)
            elif isinstance(node, ast.FunctionDef):
                found.add(node.name)
    return found
