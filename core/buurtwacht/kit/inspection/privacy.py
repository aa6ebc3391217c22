"""Whether what leads to a person is handed out to him when he asks, and erased when he leaves for good."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from buurtwacht.kit.inspection.findings import Finding, Place
from buurtwacht.kit.inspection.graph import Graph
from buurtwacht.kit.inspection.records import records_of
from buurtwacht.kit.inspection.source import Module, unquoted
from buurtwacht.kit.inspection.subject import Subject

#: Each hook: the code, what does not happen without it, and how it begins.
_HOOKS = (
    (
        "export_person",
        "person-not-exported",
        "nothing hands it out to him when he asks for his data",
        "@hookimpl def export_person(ctx: Context, person: PersonId)",
    ),
    (
        "erase_person",
        "person-not-erased",
        "nothing erases it when he asks for that",
        "@hookimpl def erase_person(ctx: Context, person: PersonId)",
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    """Look at every record with a column that says who somebody is."""
    hooks = {root.called: root.name for root in subject.graph.roots if root.kind == "hook"}
    for module, record in records_of(subject):
        column = _column(module, record)
        if column is None:
            continue
        name = f"{module.name}.{record.name}"
        for hook, code, missing, form in _HOOKS:
            if hook in hooks and _leads_to(subject.graph, hooks[hook], name):
                continue
            what = f"{record.name}.{ast.unparse(column.target)} says who somebody is, and {missing}"
            mend = f"write {form}"
            if hook in hooks:
                code = "person-overlooked"
                what = (
                    f"{record.name}.{ast.unparse(column.target)} says who somebody is, and {hook} does not look at it"
                )
                mend = f"see to {record.name} in {hook} as well"
            yield Finding(Place(module.path, column.lineno), code, what, mend)


def _column(module: Module, record: ast.ClassDef) -> ast.AnnAssign | None:
    """Return the first column that holds a person, alone or in a list."""
    for one in record.body:
        if isinstance(one, ast.AnnAssign) and any(
            isinstance(part, ast.Name | ast.Attribute) and module.origin(part) == "buurtwacht.PersonId"
            for part in ast.walk(unquoted(one.annotation))
        ):
            return one
    return None


def _leads_to(graph: Graph, hook: str, record: str) -> bool:
    return record in graph.reached(hook)
