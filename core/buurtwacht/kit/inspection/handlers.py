"""Whether handlers can be called: their marks, their parameters, and that what is named somewhere is registered."""

from __future__ import annotations

import ast
from collections.abc import Generator, Iterator
from dataclasses import dataclass

from buurtwacht.kit.inspection.findings import Finding, Place
from buurtwacht.kit.inspection.graph import MARKS
from buurtwacht.kit.inspection.source import Function, Module, argument, by_name, constants
from buurtwacht.kit.inspection.subject import Subject
from buurtwacht.vocabulary.faults import suggestion

#: Methods of a context that name a handler: its kind, and where it stands among the arguments.
_NAMING = {
    "later": ("timer", 1),
    "later_all": ("timer", 0),
    "ask": ("answer", 2),
    "ask_all": ("answer", 2),
    "ask_each": ("answer", 1),
    "ask_again": ("answer", 2),
    "feed_link": ("feed", 0),
    "renew_feed": ("feed", 0),
}
#: How many arguments the core gives, beside which names follow from what was kept.
_GIVEN = {
    "answer": ("ctx", "answer"),
    "feed": ("ctx", "request"),
    "page": ("ctx", "request"),
    "fetch": ("outside", "settings"),
}


@dataclass(frozen=True, slots=True)
class Handler:
    """A marked handler: its kind and name, and where it stands."""

    kind: str
    name: str
    module: Module
    function: Function
    together: bool

    @property
    def place(self) -> Place:
        """Where it is defined."""
        return Place(self.module.path, self.function.lineno)


def check(subject: Subject) -> Iterator[Finding]:
    """Look at marks, then at what is given to the core, then at what names a handler."""
    known: dict[tuple[str, str], Handler] = {}
    for module in subject.sources:
        yield from _bare_marks(module)
        for one in _marked(subject, module):
            other = known.setdefault((one.kind, one.name), one)
            if other is not one:
                what = f"two handlers for the {one.kind} {one.name!r}; the other is {other.function.name}"
                yield Finding(one.place, "handler-twice", what, f'rename one of them: @{one.kind}("…")')
            yield from _parameters(one.kind, one.module, one.function, together=one.together)
    seen: set[tuple[str, ast.AST]] = set()
    for root in subject.graph.roots:
        if (root.kind, root.function) in seen or root.kind in ("hook", "timer", "answer", "feed", "function"):
            continue
        seen.add((root.kind, root.function))
        # Of what is handed on by another function of the package, nobody knows what that gives it.
        if root.direct:
            yield from _parameters(root.kind, root.module, root.function)
    for module in subject.sources:
        for node in module.calls():
            yield from _named(subject, module, node, known)


def _marked(subject: Subject, module: Module) -> Iterator[Handler]:
    for function in module.functions():
        for one in function.decorator_list:
            if not isinstance(one, ast.Call):
                continue
            kind = MARKS.get(module.origin(one.func), "")
            for name in constants(argument(one, 0, "name"), module, subject.sources) or [] if kind else []:
                together = by_name(one).get("together")
                yield Handler(
                    kind, name, module, function, isinstance(together, ast.Constant) and together.value is True
                )


def _bare_marks(module: Module) -> Iterator[Finding]:
    for function in module.functions():
        for one in function.decorator_list:
            if isinstance(one, ast.Call):
                continue
            kind = MARKS.get(module.origin(one), "")
            if kind:
                what = f"@{kind} without a name takes {function.name} for the name, and nothing is left of it"
                mend = f'write @{kind}("{function.name}")'
                yield Finding(Place(module.path, function.lineno), "handler-mark", what, mend)


def _parameters(kind: str, module: Module, function: Function, *, together: bool = False) -> Iterator[Finding]:
    place = Place(module.path, function.lineno)
    if isinstance(function, ast.AsyncFunctionDef) != (kind == "fetch"):
        if kind == "fetch":
            what, mend = f"{function.name} asks a source and is not async", "write async def"
        else:
            what = f"{function.name} is async, and the core awaits no handler"
            mend = "write def without async; what is to be asked outside is a Source (docs/plugins/feed.md)"
        yield Finding(place, "handler-async", what, mend)
    if kind != "fetch" and module.yields(function):
        what = f"{function.name} has a yield in it, and nobody goes through what it gives: it would never run"
        yield Finding(place, "handler-yields", what, "write it without yield, and do all of it at once")
    names, needed = _taken(module, function)
    if function.args.posonlyargs or (function.args.kwonlyargs and kind not in ("timer", "heard")):
        what = f"{function.name} takes arguments in a way they are not given"
        yield Finding(place, "handler-parameters", what, "name them plainly, without / and *")
        return
    given = ("ctx", "ripe") if together else _GIVEN.get(kind)
    if given is not None:
        if function.args.vararg is None and not needed <= len(given) <= len(names):
            what = f"{function.name} takes {len(names)} arguments, and is given {len(given)}"
            mend = f"write def {function.name}({', '.join(given)})"
            yield Finding(place, "handler-parameters", what, mend)
    elif not names and function.args.vararg is None:
        what = f"{function.name} takes nothing, and is given the context first"
        yield Finding(place, "handler-parameters", what, f"write def {function.name}(ctx: Context, …)")
    elif kind == "command":
        yield from _optional_first(place, function)


def _optional_first(place: Place, function: Function) -> Iterator[Finding]:
    if function.args.kwarg is not None or function.args.vararg is not None:
        what = f"{function.name} takes any arguments; what follows a command's word is given by the names of parameters"
        yield Finding(place, "handler-parameters", what, "name what follows the word: the last one takes all the rest")


def _taken(module: Module, function: Function) -> tuple[list[str], int]:
    """Return the names of the parameters, without self, and how many of them must be given."""
    names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    if isinstance(module.parent(function), ast.ClassDef) and names and names[0] in ("self", "cls"):
        names = names[1:]
    return names, max(0, len(names) - len(function.args.defaults))


# --- what names a handler ------------------------------------------------------------------------------------------


def _named(
    subject: Subject, module: Module, call: ast.Call, known: dict[tuple[str, str], Handler]
) -> Iterator[Finding]:
    if module.origin(call.func) == "buurtwacht.Message":
        yield from _look_up(subject, module, call, "answer", by_name(call).get("answer"), known)
        return
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _NAMING:
        return
    if module.origin(call.func):
        return  # a function of some module that is called so
    kind, place = _NAMING[call.func.attr]
    given = argument(call, place, "handler")
    found = yield from _look_up(subject, module, call, kind, given, known)
    if found is not None and call.func.attr == "later":
        yield from _payload(module, call, found)


def _look_up(
    subject: Subject,
    module: Module,
    call: ast.Call,
    kind: str,
    given: ast.expr | None,
    known: dict[tuple[str, str], Handler],
) -> Generator[Finding, None, Handler | None]:
    """Find what is named, and say when it is not registered; return the handler."""
    place = Place(module.path, given.lineno if given is not None else call.lineno)
    names = constants(given, module, subject.sources)
    if names is not None:
        for name in names:
            if name and (kind, name) not in known:
                same = [one for each, one in known if each == kind]
                mend = suggestion(name, same, f'write @{kind}("{name}") above the function that is meant')
                yield Finding(place, "handler-unknown", f"no @{kind} is called {name!r}", mend)
        return known.get((kind, names[0])) if len(names) == 1 else None
    if given is None:
        return None
    found = subject.sources.function(subject.sources.resolve(module, given))
    if found is None:
        return None
    mine = next((one for one in known.values() if one.kind == kind and one.function is found[1]), None)
    if mine is None:
        name = found[1].name
        what = f"{name} is not registered as @{kind}"
        yield Finding(place, "handler-unknown", what, f'write @{kind}("{name}") above def {name}')
    return mine


def _payload(module: Module, call: ast.Call, handler: Handler) -> Iterator[Finding]:
    """Whether a timer's handler takes what `ctx.later` gives it."""
    place = Place(module.path, call.lineno)
    if handler.together or any(one.arg is None for one in call.keywords):
        return
    if any(isinstance(one, ast.Starred) for one in call.args):
        return
    names, needed = _taken(handler.module, handler.function)
    only_named = [one.arg for one in handler.function.args.kwonlyargs]
    beside = names[1:]
    placed = call.args[2:]
    if len(placed) > len(beside) and handler.function.args.vararg is None:
        what = f"{handler.function.name} takes {len(beside)} arguments after the context, and is given {len(placed)}"
        yield Finding(place, "handler-arguments", what, "give what the handler takes")
        return
    said = {name for name in by_name(call) if name not in ("when", "handler", "key")}
    taken = {*beside[: len(placed)], *said}
    for name in sorted(said - {*beside, *only_named}):
        if handler.function.args.kwarg is None:
            mend = suggestion(
                name, [*beside, *only_named], f"it takes {', '.join(beside) or 'nothing beside the context'}"
            )
            yield Finding(place, "handler-arguments", f"{handler.function.name} takes no {name}", mend)
    for name in names[1:needed]:
        if name not in taken:
            what = f"{handler.function.name} needs {name}, and is not given it"
            yield Finding(place, "handler-arguments", what, f"write ctx.later(…, {name}=…)")
