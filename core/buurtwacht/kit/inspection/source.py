"""The text of a package: its modules taken apart, and what a name in them stands for. Nothing is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import buurtwacht
from buurtwacht.kit.package import Package, taken_apart

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Imported:
    """One name that is imported: its dotted origin, and where."""

    origin: str
    node: ast.stmt


@dataclass(slots=True)
class Module:
    """One file of a package, taken apart."""

    name: str
    path: Path
    text: str
    tree: ast.Module
    is_package: bool
    #: names of the module's own, by where they are defined
    defined: dict[str, ast.stmt] = field(default_factory=dict)
    #: what a local name was imported as
    origins: dict[str, str] = field(default_factory=dict)
    imports: list[Imported] = field(default_factory=list)
    #: every node of the tree, in the order of `ast.walk`
    nodes: list[ast.AST] = field(default_factory=list)
    _parents: dict[ast.AST, ast.AST] = field(default_factory=dict)
    _locals: dict[ast.AST, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, name: str, path: Path) -> Module:
        """Take a file apart. Raises `SyntaxError`, also for what is no UTF-8, or too deep for Python."""
        tree = taken_apart(path)
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except ValueError as error:
            raise SyntaxError(f"cannot be read: {error}") from error
        made = cls(name, path, text, tree, path.name == "__init__.py")
        made._prepare()
        return made

    def parent(self, node: ast.AST) -> ast.AST | None:
        """Return what a node stands in."""
        return self._parents.get(node)

    def parents(self, node: ast.AST) -> Iterator[ast.AST]:
        """Return what a node stands in, from the inside out."""
        above = self._parents.get(node)
        while above is not None:
            yield above
            above = self._parents.get(above)

    def functions(self) -> Iterator[Function]:
        """Return every function, those within classes and functions too."""
        return (one for one in self.nodes if isinstance(one, Function))

    def calls(self) -> Iterator[ast.Call]:
        """Return every call."""
        return (one for one in self.nodes if isinstance(one, ast.Call))

    def classes(self) -> Iterator[ast.ClassDef]:
        """Return every class."""
        return (one for one in self.nodes if isinstance(one, ast.ClassDef))

    def function_of(self, node: ast.AST) -> Function | None:
        """Return the function a node stands in."""
        return next((one for one in self.parents(node) if isinstance(one, Function)), None)

    def origin(self, node: ast.expr) -> str:
        """Return the dotted name an expression stands for: imported, the module's own or a builtin; else empty.

        What a function calls the same is not meant.
        """
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.insert(0, node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or self.is_local(node):
            return ""
        own = f"{self.name}.{node.id}" if node.id in self.defined else f"builtins.{node.id}"
        return ".".join((self.origins.get(node.id, own), *parts))

    def is_context(self, node: ast.expr) -> bool:
        """Return whether an expression is surely a context: a parameter annotated so, `ctx`, or `….within(…)`."""
        if isinstance(node, ast.Call):
            return (
                isinstance(node.func, ast.Attribute) and node.func.attr == "within" and self.is_context(node.func.value)
            )
        if not isinstance(node, ast.Name):
            return False
        function = self.function_of(node)
        given = (*function.args.posonlyargs, *function.args.args) if function is not None else ()
        return node.id == "ctx" or any(one.arg == node.id and self.takes_context(one) for one in given)

    def yields(self, function: Function) -> bool:
        """Return whether a function only begins when it is called, for a `yield` of its own, and nothing around it may
        go through what it gives: a decorator of somebody else may.
        """
        marks = (one.func if isinstance(one, ast.Call) else one for one in function.decorator_list)
        if isinstance(function, ast.AsyncFunctionDef) or any(
            not self.origin(one).startswith("buurtwacht.") for one in marks
        ):
            return False
        return any(
            next(one for one in self.parents(node) if isinstance(one, Function | ast.Lambda)) is function
            for node in ast.walk(function)
            if isinstance(node, ast.Yield | ast.YieldFrom)
        )

    def takes_context(self, parameter: ast.arg) -> bool:
        """Return whether a parameter is annotated as a context."""
        return parameter.annotation is not None and self.origin(unquoted(parameter.annotation)) == "buurtwacht.Context"

    def is_local(self, node: ast.Name) -> bool:
        """Return whether a name stands for something of the function around it."""
        return any(node.id in self._locals[one] for one in self.parents(node) if one in self._locals)

    def _prepare(self) -> None:
        self.nodes = list(ast.walk(self.tree))
        for node in self.nodes:
            for child in ast.iter_child_nodes(node):
                self._parents[child] = node
        for node in self.nodes:
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._take(node)
            elif isinstance(node, Function | ast.Lambda):
                self._locals[node] = frozenset(_local_names(node))
        for statement in _top(self.tree.body):
            for name in _bound(statement):
                self.defined.setdefault(name, statement)

    def _take(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.Import):
            for one in node.names:
                self.imports.append(Imported(one.name, node))
                self.origins[one.asname or one.name.partition(".")[0]] = (
                    one.name if one.asname else one.name.partition(".")[0]
                )
            return
        base = self._base(node)
        for one in node.names:
            if one.name == "*" and base == "buurtwacht":
                self.origins |= {name: f"buurtwacht.{name}" for name in buurtwacht.__all__ if name not in self.origins}
            origin = f"{base}.{one.name}" if one.name != "*" else base
            self.imports.append(Imported(origin, node))
            self.origins[one.asname or one.name] = origin

    def _base(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.name.split(".")
        above = parts[: len(parts) - node.level + self.is_package]
        return ".".join((*above, *([node.module] if node.module else [])))


class Sources:
    """All modules of a package, those that can be read."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.modules: dict[str, Module] = {}
        #: what cannot be taken apart, and why
        self.broken: list[tuple[Path, SyntaxError]] = []
        for path in package.files():
            name = package.module_of(path)
            try:
                self.modules[name] = Module.read(name, path)
            except SyntaxError as error:
                self.broken.append((path, error))

    def __iter__(self) -> Iterator[Module]:
        return iter(self.modules.values())

    @property
    def main(self) -> Module | None:
        """The module that the core is given."""
        return self.modules.get(self.package.module_name)

    def resolve(self, module: Module, node: ast.expr) -> str:
        """Return the dotted name an expression stands for, at the place where it was defined; else empty."""
        return self.defined_at(module.origin(node))

    def defined_at(self, dotted: str, seen: frozenset[str] = frozenset()) -> str:
        """Follow a name of this package through the modules that only hand it on."""
        parts = dotted.split(".")
        for count in range(len(parts) - 1, 0, -1):
            module = self.modules.get(".".join(parts[:count]))
            if module is None:
                continue
            handed_on = module.origins.get(parts[count])
            if handed_on is None or dotted in seen or parts[count] in module.defined:
                return dotted
            return self.defined_at(".".join((handed_on, *parts[count + 1 :])), seen | {dotted})
        return dotted

    def function(self, dotted: str) -> tuple[Module, Function] | None:
        """Return a function of this package by its dotted name, of a module or of a class there."""
        found = self.definition(dotted)
        return (found[0], found[1]) if found is not None and isinstance(found[1], Function) else None

    def definition(self, dotted: str) -> tuple[Module, ast.stmt] | None:
        """Return what defines a name of this package, at most one class deep."""
        parts = dotted.split(".")
        for depth in (1, 2):
            module = self.modules.get(".".join(parts[:-depth]))
            if module is None or parts[-depth] not in module.defined:
                continue
            statement = module.defined[parts[-depth]]
            if depth == 1:
                return module, statement
            if isinstance(statement, ast.ClassDef):
                for one in statement.body:
                    if isinstance(one, Function) and one.name == parts[-1]:
                        return module, one
        return None


def constants(node: ast.expr | None, module: Module, sources: Sources) -> list[str] | None:
    """Return the texts an expression can be, when they are written out: "a", "a" if x else "b", a name for such.

    None when it can be something else.
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        one, other = constants(node.body, module, sources), constants(node.orelse, module, sources)
        return one + other if one is not None and other is not None else None
    if isinstance(node, ast.Name | ast.Attribute) and (found := sources.definition(sources.resolve(module, node))):
        where, defined = found
        if isinstance(defined, ast.Assign | ast.AnnAssign) and not isinstance(defined.value, ast.Name | ast.Attribute):
            return constants(defined.value, where, sources)
    return None


def set_once(module: Module, node: ast.expr | None) -> ast.expr | None:
    """Return what a name of a function stands for, where that is written in one place only; else the node itself."""
    function = module.function_of(node) if isinstance(node, ast.Name) else None
    if not isinstance(node, ast.Name) or function is None or not module.is_local(node):
        return node
    within = list(ast.walk(function))
    given = any(isinstance(one, ast.arg) and one.arg == node.id for one in within)
    stored = [
        one for one in within if isinstance(one, ast.Name) and one.id == node.id and isinstance(one.ctx, ast.Store)
    ]
    if given or len(stored) != 1:
        return node
    statement = module.parent(stored[0])
    return statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value else node


def argument(call: ast.Call, place: int, name: str) -> ast.expr | None:
    """Return what a call gives for a parameter, by its place or its name."""
    for one in call.keywords:
        if one.arg == name:
            return one.value
    if len(call.args) > place and not any(isinstance(one, ast.Starred) for one in call.args[: place + 1]):
        return call.args[place]
    return None


def _top(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Return the statements of a module, those under if, try and with too."""
    for one in body:
        yield one
        for inside in ("body", "orelse", "finalbody"):
            if isinstance(one, ast.If | ast.Try | ast.With):
                yield from _top(getattr(one, inside, []))


def _bound(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return [statement.name]
        case ast.Assign():
            return [one.id for target in statement.targets for one in ast.walk(target) if isinstance(one, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


def _local_names(function: Function | ast.Lambda) -> Iterator[str]:
    given = function.args
    for one in (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg):
        if one is not None:
            yield one.arg
    handed: set[str] = set()
    for statement in function.body if isinstance(function, Function) else [function.body]:
        for node in ast.walk(statement):
            if isinstance(node, ast.Global | ast.Nonlocal):
                handed.update(node.names)
    for statement in function.body if isinstance(function, Function) else [function.body]:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id not in handed:
                yield node.id
            elif isinstance(node, ast.ExceptHandler | Function | ast.ClassDef) and node.name:
                yield node.name


def unquoted(annotation: ast.expr) -> ast.expr:
    """Return an annotation that was written as a text as what it says."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            return ast.parse(annotation.value, mode="eval").body
        except SyntaxError:
            return annotation
    return annotation


def by_name(call: ast.Call) -> Mapping[str, ast.expr]:
    """Return the arguments that a call gives by name."""
    return {one.arg: one.value for one in call.keywords if one.arg is not None}
