"""Whether hooks are written so that the core calls them: their names, arguments, marks, and where they stand."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from types import FunctionType

from buurtwacht.kit.inspection.findings import Finding, Place
from buurtwacht.kit.inspection.graph import HOOKIMPL
from buurtwacht.kit.inspection.source import Function, Module, by_name
from buurtwacht.kit.inspection.subject import Subject
from buurtwacht.vocabulary.faults import nearest, suggestion

#: Hooks that the core calls once, at the start, without arguments: they can be called here too.
_AT_START = ("commands", "reserved_words", "pages", "sources")


def check(subject: Subject) -> Iterator[Finding]:
    """Look at every function marked with @hookimpl, and at those that look as if they should be."""
    marked: list[Function] = []
    for module in subject.sources:
        for function in module.functions():
            mark = _mark(module, function)
            if mark is not None:
                marked.append(function)
                yield from _hook(subject, module, function, mark)
    main = subject.sources.main
    if main is not None:
        yield from _forgotten(subject, main, marked)
    yield from _called(subject)


def _hook(subject: Subject, module: Module, function: Function, mark: ast.expr) -> Iterator[Finding]:
    place = Place(module.path, function.lineno)
    options = by_name(mark) if isinstance(mark, ast.Call) else {}
    renamed = options.get("specname")
    name = str(renamed.value) if isinstance(renamed, ast.Constant) else function.name
    owner, spec = subject.hooks.get(name, ("", None))
    if spec is None:
        if not _is_true(options.get("optionalhook")) and name not in _told_here(subject):
            near = nearest(name, subject.hooks)
            mend = f"did you mean {near}?" if near else "docs/plugins/hooks.md has all hooks"
            yield Finding(place, "hook-unknown", f"no hook is called {name}", mend)
        return
    yield from _arguments(subject, place, function, name, spec)
    if isinstance(function, ast.AsyncFunctionDef):
        mend = "write def without async: hooks and handlers are plain functions"
        yield Finding(place, "hook-async", f"{name} is async, and nobody would await it", mend)
    wraps = next((one for one in ("wrapper", "hookwrapper") if _is_true(options.get(one))), "")
    tells = getattr(spec, "buurtwacht_tells", False)
    if tells and not wraps and module.yields(function):
        what = f"{name} has a yield in it, and nobody goes through what it gives: it would never run"
        yield Finding(place, "hook-yields", what, "write it without yield, and do all of it at once")
    if wraps:
        what = f"{name} wraps {'what tells' if tells else 'the hook of every other plugin'}"
        yield Finding(place, "hook-wrapper", what, f"leave out {wraps}=True and answer for this plugin alone")
    if not _is_there(subject, module, function):
        what = f"{name} stands in {module.name}, where the core does not look"
        mend = f"write it in {subject.package.module_name}, or import it there"
        yield Finding(place, "hook-elsewhere", what, mend)
    needed = (subject.id, "core", *(subject.manifest.needs if subject.manifest is not None else (owner,)))
    if owner not in needed and not _is_true(options.get("optionalhook")):
        what = f"{name} is a hook of the plugin {owner}, which need not be there"
        mend = f'write @hookimpl(optionalhook=True), or needs=("{owner}",) in the manifest'
        yield Finding(place, "hook-needs", what, mend)


def _arguments(subject: Subject, place: Place, function: Function, name: str, spec: FunctionType) -> Iterator[Finding]:
    known = list(inspect.signature(spec).parameters)
    given = function.args
    said = ", ".join(known) or "nothing"
    for one in (*given.posonlyargs, *given.args):
        if one.arg not in known:
            mend = suggestion(one.arg, known, f"{name} is given {said}; what you do not need may be left out")
            yield Finding(place, "hook-arguments", f"{name} is given no {one.arg}", mend)
    if given.vararg is not None or given.kwarg is not None or given.kwonlyargs:
        what = f"{name} takes arguments that are not given: only those with a plain name are"
        yield Finding(place, "hook-arguments", what, f"name what you need: {said}")
    if given.defaults:
        what = f"{name} has a default for an argument, so it is not given"
        yield Finding(place, "hook-arguments", what, "leave out the default")


def _forgotten(subject: Subject, main: Module, marked: list[Function]) -> Iterator[Finding]:
    """A function of the module that has the name of a hook, and its arguments, and no mark."""
    for name, statement in main.defined.items():
        if not isinstance(statement, Function) or statement in marked or name not in subject.hooks:
            continue
        known = set(inspect.signature(subject.hooks[name][1]).parameters)
        if {one.arg for one in statement.args.args} <= known and not statement.decorator_list:
            what = f"{name} has the name of a hook and is not marked: nobody calls it"
            yield Finding(Place(main.path, statement.lineno), "hook-unmarked", what, "write @hookimpl above it")


def _called(subject: Subject) -> Iterator[Finding]:
    """Call what the core calls at the start, and look at what it returns."""
    for name in _AT_START:
        function = getattr(subject.module, name, None)
        if not isinstance(function, FunctionType) or not hasattr(function, "buurtwacht_impl"):
            continue
        try:
            found = function()
        except Exception as error:
            what = f"{name}() failed: {type(error).__name__}: {error}"
            yield Finding(subject.place_of(function), "hook-fails", what, "mend it: the core calls it at the start")
            continue
        if not isinstance(found, list | tuple):
            what = f"{name}() returned a {type(found).__name__}, no list"
            yield Finding(subject.place_of(function), "hook-fails", what, f"let it return a list of what {name} are")
            continue
        kind = subject.hooks[name][1].__annotations__["return"].removeprefix("list[").removesuffix("]")
        for one in found:
            if type(one).__name__ != kind:
                what = f"{name}() returned a {type(one).__name__} among what it lists"
                yield Finding(subject.place_of(function), "hook-fails", what, f"return a list of {kind}")
                break


def _mark(module: Module, function: Function) -> ast.expr | None:
    for one in function.decorator_list:
        if module.origin(one.func if isinstance(one, ast.Call) else one) == HOOKIMPL:
            return one
    return None


def _told_here(subject: Subject) -> set[str]:
    """Return the hooks that the package declares itself, as far as its text tells."""
    return {
        function.name
        for module in subject.sources
        for function in module.functions()
        if any(module.origin(one) == "buurtwacht.tells" for one in function.decorator_list)
    }


def _is_there(subject: Subject, module: Module, function: Function) -> bool:
    """Whether the module that the core is given has this function: its own, or imported there."""
    main = subject.sources.main
    if main is None or (module is main and main.defined.get(function.name) is function):
        return True
    dotted = f"{module.name}.{function.name}"
    return any(subject.sources.defined_at(origin) == dotted for origin in main.origins.values())


def _is_true(given: ast.expr | None) -> bool:
    return isinstance(given, ast.Constant) and given.value is True
