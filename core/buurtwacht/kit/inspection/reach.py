"""What a package reaches for that is not its own: private names of the core, other plugins, what a context hides."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.metadata import entry_points

import buurtwacht
from buurtwacht.kit.inspection.findings import Finding, Place
from buurtwacht.kit.inspection.source import Module
from buurtwacht.kit.inspection.subject import Subject
from buurtwacht.kit.package import GROUPS
from buurtwacht.vocabulary.faults import nearest

#: What may be imported below `buurtwacht`: the kit for tests and stand-ins.
_OPEN = ("buurtwacht.testing",)


def check(subject: Subject) -> Iterator[Finding]:
    """Look at every import, and at every private name that is read."""
    own = subject.package.module_name.partition(".")[0]
    others = {one.module.partition(".")[0]: one.name for group in GROUPS for one in entry_points(group=group)}
    others.pop(own, None)
    for module in subject.sources:
        for one in module.imports:
            place = Place(module.path, one.node.lineno)
            parts = one.origin.split(".")
            if parts[0] == "buurtwacht":
                yield from _of_core(place, one.origin, from_=isinstance(one.node, ast.ImportFrom))
            elif parts[0] in others:
                what = f"imports {one.origin}, which is of {others[parts[0]]}"
                mend = (
                    "listen to its hooks instead, with @hookimpl(optionalhook=True): it may be switched off or changed"
                )
                yield Finding(place, "other-plugin", what, mend)
        yield from _private(module)


def _of_core(place: Place, origin: str, *, from_: bool) -> Iterator[Finding]:
    if origin == "buurtwacht" or any(origin == one or origin.startswith(f"{one}.") for one in _OPEN):
        return
    name = origin.rpartition(".")[2]
    if from_ and origin.count(".") == 1 and name in buurtwacht.__all__:
        return
    public = name in buurtwacht.__all__
    near = name if public else nearest(name, buurtwacht.__all__)
    mend = f"write from buurtwacht import {near}" if near else "use what `from buurtwacht import …` offers"
    what = f"imports {origin}, which is no public name and may change without notice"
    yield Finding(place, "private-import", what, mend)


def _private(module: Module) -> Iterator[Finding]:
    """Names with one underscore on anything but the module's own things: ctx._unit, ctx.records._core."""
    for node in module.nodes:
        if not isinstance(node, ast.Attribute) or not node.attr.startswith("_") or node.attr.startswith("__"):
            continue
        base = node.value
        while isinstance(base, ast.Attribute | ast.Call):
            base = base.value if isinstance(base, ast.Attribute) else base.func
        if module.is_context(base) or (isinstance(base, ast.Name) and base.id == "context"):
            what = f"{ast.unparse(node)} is private, and may change without notice"
            yield Finding(Place(module.path, node.lineno), "private-attribute", what, "use what Context offers")
