"""What leads to what in a package: from the functions that the core calls to all they use, as far as text tells."""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from buurtwacht.kit.inspection.source import Function, Module, Sources, argument, constants

#: What marks a handler, by the decorator.
MARKS: Mapping[str, str] = MappingProxyType(
    {"buurtwacht.timer": "timer", "buurtwacht.answer": "answer", "buurtwacht.feed": "feed"}
)
HOOKIMPL = "buurtwacht.hookimpl"
#: Where handlers are given to the core: the class, and the place and name of each parameter that takes one.
_TAKING: Mapping[str, tuple[tuple[str, int, str], ...]] = MappingProxyType(
    {
        "buurtwacht.Command": (("command", 1, "handler"),),
        "buurtwacht.Guess": (("guess", 0, "handler"),),
        "buurtwacht.Page": (("page", 1, "handler"),),
        "buurtwacht.Source": (("fetch", 1, "fetch"), ("heard", 2, "heard"), ("state", 3, "state")),
    }
)


@dataclass(frozen=True, slots=True)
class Root:
    """A function that the core calls: its dotted name, as what (hook, timer, command …) and under which name.

    `direct`: it is given as it is, and not within a call or a lambda that may give it more.
    """

    name: str
    kind: str
    called: str
    module: Module
    function: Function
    direct: bool = True


@dataclass(frozen=True, slots=True)
class Use:
    """A name from elsewhere that is used in something of the package, and by which way a root leads there."""

    origin: str
    module: Module
    node: ast.expr
    #: names of functions, from what the core calls to where it stands; empty for what happens at the import
    way: tuple[str, ...]
    root: Root | None

    @property
    def where(self) -> str:
        """In words: in a handler, and which."""
        if self.root is None:
            return "when the module is imported"
        whose = f"the {self.root.kind} {self.root.called!r}"
        return f"in {whose}" + (f", by way of {' and '.join(self.way[1:])}" if len(self.way) > 1 else "")


class Graph:
    """Functions, classes and names of a package, and what each of them names."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        #: what each name of the package uses: names of the package, and names from elsewhere
        self._inside: dict[str, list[str]] = {}
        self._outside: dict[str, list[tuple[str, Module, ast.expr]]] = {}
        for module in sources:
            self._take(module)
        self.roots = list(self._roots())
        self._ways: dict[str, tuple[Root, tuple[str, ...]]] = {}
        fetching = {root.name: root for root in self.roots if root.kind == "fetch"}
        # The hook that lists sources names their fetch, and calls it no more than it calls a handler that it lists.
        self._walk([root for root in self.roots if root.name not in fetching], self._ways, fetching)
        self._fetch: dict[str, tuple[Root, tuple[str, ...]]] = {}
        self._walk(list(fetching.values()), self._fetch)

    def reached(self, root: str) -> frozenset[str]:
        """Return every name of the package that a function leads to, itself too."""
        seen, waiting = {root}, [root]
        while waiting:
            for one in self._inside.get(waiting.pop(), ()):
                if one not in seen:
                    seen.add(one)
                    waiting.append(one)
        return frozenset(seen)

    def way_to(self, name: str) -> Root | None:
        """Return what the core calls that leads to a function, or None."""
        found = self._ways.get(name) or self._fetch.get(name)
        return found[0] if found is not None else None

    def uses(self, *, fetching: bool = False) -> Iterator[Use]:
        """Return what handlers use from elsewhere, and what happens at the import; or what a source's `fetch` uses."""
        for name, (root, way) in (self._fetch if fetching else self._ways).items():
            for origin, module, node in self._outside.get(name, ()):
                yield Use(origin, module, node, way, root)
        if not fetching:
            for module in self._sources:
                for origin, _, node in self._outside.get(f"{module.name}:", ()):
                    yield Use(origin, module, node, (), None)

    # --- inside ----------------------------------------------------------------------------------------------------

    def _take(self, module: Module) -> None:
        for name, statement in module.defined.items():
            dotted = f"{module.name}.{name}"
            if isinstance(statement, ast.ClassDef):
                self._take_class(module, dotted, statement)
            elif isinstance(statement, Function):
                self._scan(module, dotted, [statement])
            else:
                self._scan(module, dotted, [statement])
        self._scan(module, f"{module.name}:", list(_at_import(module.tree)))

    def _take_class(self, module: Module, dotted: str, statement: ast.ClassDef) -> None:
        methods = [one for one in statement.body if isinstance(one, Function)]
        rest = [one for one in ast.iter_child_nodes(statement) if one not in methods]
        self._scan(module, dotted, rest)
        for one in methods:
            self._scan(module, f"{dotted}.{one.name}", [one])
            self._inside[dotted].append(f"{dotted}.{one.name}")

    def _scan(self, module: Module, dotted: str, nodes: list[ast.AST]) -> None:
        inside = self._inside.setdefault(dotted, [])
        outside = self._outside.setdefault(dotted, [])
        for node in nodes:
            for one in _names(node, module):
                origin = self._sources.resolve(module, one)
                if not origin:
                    continue
                mine = self._nearest(origin)
                if mine:
                    inside.append(mine)
                else:
                    outside.append((origin, module, one))

    def _nearest(self, origin: str) -> str:
        """Return the name of this package that an origin begins with: of `words.WORDS.get` it is `words.WORDS`."""
        parts = origin.split(".")
        for count in range(len(parts), 1, -1):
            module = self._sources.modules.get(".".join(parts[: count - 1]))
            if module is None or parts[count - 1] not in module.defined:
                continue
            statement = module.defined[parts[count - 1]]
            name = ".".join(parts[:count])
            if isinstance(statement, ast.ClassDef) and count < len(parts):
                methods = {one.name for one in statement.body if isinstance(one, Function)}
                return f"{name}.{parts[count]}" if parts[count] in methods else name
            return name
        return ""

    def _walk(
        self, roots: list[Root], ways: dict[str, tuple[Root, tuple[str, ...]]], barred: Collection[str] = ()
    ) -> None:
        waiting: deque[tuple[str, Root, tuple[str, ...]]] = deque(
            (root.name, root, (root.function.name,)) for root in roots
        )
        while waiting:
            name, root, way = waiting.popleft()
            if name in ways:
                continue
            ways[name] = root, way
            for one in self._inside.get(name, ()):
                if one not in ways and one not in barred:
                    waiting.append((one, root, (*way, one.rpartition(".")[2])))

    def _roots(self) -> Iterator[Root]:
        for module in self._sources:
            for function in module.functions():
                yield from self._marked(module, function)
            for node in module.calls():
                yield from self._given(module, node)
        for module in self._sources:
            for function in module.functions():
                if any(map(module.takes_context, function.args.args)):
                    yield Root(self._dotted(module, function), "function", function.name, module, function)

    def _marked(self, module: Module, function: Function) -> Iterator[Root]:
        dotted = self._dotted(module, function)
        for decorator in function.decorator_list:
            call = decorator if isinstance(decorator, ast.Call) else None
            origin = module.origin(call.func if call is not None else decorator)
            if origin == HOOKIMPL:
                yield Root(dotted, "hook", function.name, module, function)
            elif origin in MARKS and call is not None:
                names = constants(argument(call, 0, "name"), module, self._sources) or [function.name]
                yield Root(dotted, MARKS[origin], names[0], module, function)

    def _given(self, module: Module, call: ast.Call) -> Iterator[Root]:
        for kind, place, name in _TAKING.get(module.origin(call.func), ()):
            given = argument(call, place, name)
            called = (
                (constants(argument(call, 0, "name"), module, self._sources) or [""])[0]
                if kind in ("command", "fetch")
                else ""
            )
            for one in _names(given, module) if given is not None else ():
                found = self._sources.function(self._sources.resolve(module, one))
                if found is not None:
                    dotted = self._dotted(*found)
                    yield Root(dotted, kind, called or found[1].name, *found, direct=one is given)

    def _dotted(self, module: Module, function: Function) -> str:
        """Return the name under which a function was taken: one in a function is that function's affair."""
        outer: list[str] = [function.name]
        for above in module.parents(function):
            if isinstance(above, Function):
                outer = [above.name]
            elif isinstance(above, ast.ClassDef):
                outer.insert(0, above.name)
        return ".".join((module.name, *outer))


def _names(node: ast.AST, module: Module) -> Iterator[ast.expr]:
    """Return the names and dotted names that are read in a node, each whole; not what only says of which type it is."""
    if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            yield from _names(node.value, module)
        return
    if isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Load):
        yield node
        if isinstance(node, ast.Attribute) and module.origin(node):
            return
    for name, value in ast.iter_fields(node):
        if name == "returns":
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, ast.AST):
                yield from _names(one, module)


def _at_import(tree: ast.Module) -> Iterator[ast.AST]:
    """Return what runs when a module is imported: not the bodies of functions, nor what stands under __main__."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and "__main__" in ast.dump(node.test):
            continue
        if isinstance(node, Function):
            yield from (*node.decorator_list, *node.args.defaults, *(one for one in node.args.kw_defaults if one))
        elif isinstance(node, ast.ClassDef):
            yield from node.decorator_list
            waiting.extend(node.body)
        elif isinstance(node, ast.If | ast.Try | ast.With | ast.For | ast.While):
            waiting.extend(ast.iter_child_nodes(node))
        elif not isinstance(node, ast.Import | ast.ImportFrom):
            yield node
