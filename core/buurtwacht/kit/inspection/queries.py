"""Queries in a loop: what costs one query for each turn where one for all would do."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from buurtwacht.kit.inspection.findings import Finding, Place
from buurtwacht.kit.inspection.source import Function, Module
from buurtwacht.kit.inspection.subject import Subject

_OF_RECORDS = frozenset({"find", "first", "get", "count"})
_OF_CONTEXT = frozenset({"members", "muted", "names", "reached", "role_holders", "count_members", "officials"})
_LOOPS = ast.For | ast.While | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def check(subject: Subject) -> Iterator[Finding]:
    """Look at every call of a query within a loop of the same function, when each turn asks something else."""
    for module in subject.sources:
        for node in module.calls():
            if called := _query(module, node):
                loop = _loop_of(module, node)
                if loop is not None and _turns(loop, node):
                    what = f"ctx.{called} in a loop is one query for each turn"
                    mend = "ask once before the loop: records.find(Kind, Kind.id.in_(ids)), or records.count(Kind, …)"
                    yield Finding(Place(module.path, node.lineno), "query-in-loop", what, mend)


def _query(module: Module, call: ast.Call) -> str:
    if not isinstance(call.func, ast.Attribute):
        return ""
    name, base = call.func.attr, call.func.value
    if (
        name in _OF_RECORDS
        and isinstance(base, ast.Attribute)
        and base.attr == "records"
        and module.is_context(base.value)
    ):
        return f"records.{name}"
    return name if name in _OF_CONTEXT and module.is_context(base) else ""


def _loop_of(module: Module, call: ast.Call) -> ast.AST | None:
    """Return the loop around a call, unless the call is what the loop goes over, or comes after it."""
    inner: ast.AST = call
    for above in module.parents(call):
        if isinstance(above, Function | ast.Lambda):
            return None
        begins = isinstance(inner, ast.comprehension) and _stands_in(inner.iter, call)
        if isinstance(above, ast.For):
            begins = inner is above.iter or inner in above.orelse
        elif begins:
            begins = getattr(above, "generators", [None])[0] is inner
        if isinstance(above, _LOOPS) and not begins:
            return above
        inner = above
    return None


def _stands_in(node: ast.expr, call: ast.Call) -> bool:
    return any(one is call for one in ast.walk(node))


def _turns(loop: ast.AST, call: ast.Call) -> bool:
    """Whether what is asked depends on what the loop goes over, and goes on after it."""
    if isinstance(loop, ast.While):
        return True
    targets = [loop.target] if isinstance(loop, ast.For) else [one.target for one in getattr(loop, "generators", [])]
    names = {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
    return any(isinstance(one, ast.Name) and one.id in names for one in ast.walk(call))
