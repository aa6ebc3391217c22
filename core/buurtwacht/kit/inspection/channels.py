"""Whether a channel can be opened: its adapter, name, capabilities and methods; and that it holds up no other."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from buurtwacht.kit.inspection.conduct import blocks
from buurtwacht.kit.inspection.findings import Finding, Place
from buurtwacht.kit.inspection.packaging import entry_place
from buurtwacht.kit.inspection.source import Function, Module
from buurtwacht.kit.inspection.subject import Subject
from buurtwacht.vocabulary.channels import Capabilities, Channel
from buurtwacht.vocabulary.faults import suggestion

#: What the core calls on a channel.
_METHODS = {name: one for name, one in vars(Channel).items() if inspect.isfunction(one) and not name.startswith("_")}


def check(subject: Subject) -> Iterator[Finding]:
    """Look at the adapter that the entry point names, at what looks like its channel, and at all that is async."""
    if subject.module is not None:
        yield from _adapter(subject)
    for module in subject.sources:
        yield from _channels(module)
        yield from _blocking(subject, module)


def _adapter(subject: Subject) -> Iterator[Finding]:
    entry = subject.package.entry
    if entry is None or not entry.attr:
        return
    place = entry_place(subject)
    adapter: Any = getattr(subject.module, entry.attr, None)
    if adapter is None:
        like = [name for name, one in vars(subject.module).items() if hasattr(one, "open") and not inspect.isclass(one)]
        mend = suggestion(entry.attr, like, f"write {entry.attr} = … in {entry.module}")
        yield Finding(place, "channel-adapter", f"{entry.module} has no {entry.attr}", mend)
        return
    kind = adapter if inspect.isclass(adapter) else type(adapter)
    where = subject.place_of(kind)
    if inspect.isclass(adapter):
        what = f"{entry.attr} is the class {adapter.__name__}, and an adapter is one of it"
        yield Finding(where, "channel-adapter", what, f"write {entry.attr} = {adapter.__name__}()")
    for name in ("faults", "open"):
        function = getattr(adapter, name, None)
        if not callable(function):
            what = f"{kind.__name__} has no {name}"
            yield Finding(where, "channel-adapter", what, f"write def {name}(self, settings: AccountSettings)")
        elif inspect.iscoroutinefunction(function):
            mend = f"write def {name} without async: no network yet"
            yield Finding(where, "channel-adapter", f"{kind.__name__}.{name} is async", mend)
    called = getattr(adapter, "name", None)
    if called != entry.name:
        what = f"the adapter's name is {called!r}, and the entry point is called {entry.name}"
        yield Finding(where, "channel-name", what, f'give both one name: name = "{entry.name}"')
    yield from _capabilities(where, kind.__name__, getattr(adapter, "capabilities", None))
    yield from _stand_in(where, str(getattr(adapter, "stand_in", "") or ""))


def _capabilities(place: Place, kind: str, found: object) -> Iterator[Finding]:
    if not isinstance(found, Capabilities):
        said = "has no capabilities" if found is None else f"has capabilities that are a {type(found).__name__}"
        yield Finding(place, "channel-capabilities", f"{kind} {said}", "write capabilities = Capabilities(…)")
        return
    if found.rate <= 0:
        what = f"{kind} sends {found.rate} messages a second"
        yield Finding(place, "channel-capabilities", what, "let rate be more than 0")
    for count, length, called in (
        (found.buttons, found.button_title, "buttons"),
        (found.list_rows, found.list_row_title, "list_rows"),
    ):
        if count and not length:
            what = f"{kind} has {called}, and their titles have 0 signs"
            yield Finding(place, "channel-capabilities", what, "say how long the title of one may be")


def _stand_in(place: Place, named: str) -> Iterator[Finding]:
    if not named:
        return
    module, _, attribute = named.partition(":")
    try:
        if attribute and hasattr(import_module(module), attribute):
            return
        what = f"the stand-in {named} is not there"
    except ImportError as error:
        what = f"the stand-in {named} does not import: {error}"
    yield Finding(place, "channel-adapter", what, 'write stand_in = "package.module:Name", or leave it empty')


def _channels(module: Module) -> Iterator[Finding]:
    """A class that has most of what a channel has, and misspells or forgets the rest."""
    for node in module.classes():
        mine = {one.name: one for one in node.body if isinstance(one, Function)}
        if not {"send", "start"} <= mine.keys() or not {"routes", "receive", "fetch", "invite"} & mine.keys():
            continue
        base = any(isinstance(one, ast.Name | ast.Attribute) for one in node.bases)
        for name, wanted in _METHODS.items():
            one = mine.get(name)
            if one is None:
                if base:
                    continue  # what it extends may have it
                mend = f"write {'async ' if inspect.iscoroutinefunction(wanted) else ''}def {name}"
                yield Finding(Place(module.path, node.lineno), "channel-method", f"{node.name} has no {name}", mend)
                continue
            if isinstance(one, ast.AsyncFunctionDef) != inspect.iscoroutinefunction(wanted):
                should = "async " if inspect.iscoroutinefunction(wanted) else ""
                what = f"{node.name}.{name} is {'not ' if should else ''}async"
                yield Finding(Place(module.path, one.lineno), "channel-method", what, f"write {should}def {name}")
            expected = list(inspect.signature(wanted).parameters)
            given = [each.arg for each in (*one.args.posonlyargs, *one.args.args)]
            if len(given) != len(expected) and one.args.vararg is None and not one.args.defaults:
                what = f"{node.name}.{name} takes {', '.join(given[1:]) or 'nothing'}"
                mend = f"write def {name}({', '.join(expected)})"
                yield Finding(Place(module.path, one.lineno), "channel-method", what, mend)


def _blocking(subject: Subject, module: Module) -> Iterator[Finding]:
    for node in module.calls():
        function = module.function_of(node)
        origin = subject.sources.resolve(module, node.func)
        if isinstance(function, ast.AsyncFunctionDef) and blocks(origin):
            called = origin.removeprefix("builtins.")
            what = f"{called} in {function.name} holds up every other channel: they share one event loop"
            mend = "await asyncio.sleep(…)" if called == "time.sleep" else "await an asynchronous client, such as httpx"
            yield Finding(Place(module.path, node.lineno), "channel-blocks", what, mend)
