"""Whether what many are sent reaches those who were silent for a day: WhatsApp lets only a template through to them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from buurtwacht.kit.inspection.findings import Finding, Place
from buurtwacht.kit.inspection.source import Module, argument, by_name, constants, set_once
from buurtwacht.kit.inspection.subject import Subject

#: Methods of a context that reach many with one text: where that stands among the arguments.
_ONE_TEXT = {"broadcast": 1, "renew": 1, "ask_all": 1, "ask_again": 1}
#: Those that are given a text for each.
_LETTERS = ("send_each", "ask_each")
_WRITTEN_OUT = ast.List | ast.Tuple | ast.Set
#: What surely makes several of something.
_MAKES_SEVERAL = ("builtins.list", "builtins.tuple", "builtins.sorted")


def check(subject: Subject) -> Iterator[Finding]:
    """Look at what goes to an audience, to people each, or to a list, where the manifest lists its templates.

    Of what goes to one person (`reply`, `ask`, `send` to one) nothing is said: he mostly wrote a moment ago. Nor of
    what cannot be seen: a text that another function makes, letters that a loop gathers, or a name for whom `send` is
    for, which may be one or several.
    """
    if subject.manifest is None or subject.manifest.templates is None or isinstance(subject.manifest.templates, str):
        return
    for module in subject.sources:
        for call in module.calls():
            for content in _said_to_many(module, call):
                for key in _keys(subject, module, content):
                    if key not in subject.manifest.templates:
                        yield _finding(module, call, key)


def _finding(module: Module, call: ast.Call, key: str) -> Finding:
    how = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    goes = "is broadcast" if how == "broadcast" else f"goes to several by {how}"
    what = f"{key} {goes} and is no template: who was silent for a day on WhatsApp does not get it"
    return Finding(
        Place(module.path, call.lineno), "text-without-template", what, f'add "{key}" to templates in the manifest'
    )


def _said_to_many(module: Module, call: ast.Call) -> Iterator[ast.expr | None]:
    """Return what a call sends to more than one person."""
    if not isinstance(call.func, ast.Attribute) or not module.is_context(call.func.value):
        return
    how = call.func.attr
    if how in _ONE_TEXT:
        # What takes the place of a message is sent to whom that reached.
        if "replaces" not in by_name(call) and not _is_one(module, argument(call, 0, "people")):
            yield argument(call, _ONE_TEXT[how], "content")
    elif how in _LETTERS:
        yield from _letters(module, argument(call, 0, "letters"))
    elif how == "send" and _is_several(module, argument(call, 0, "to")):
        yield argument(call, 1, "content")


def _letters(module: Module, given: ast.expr | None) -> Iterator[ast.expr | None]:
    """Return the messages in what says who gets which."""
    match set_once(module, given):
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if key is None:
                    yield from _letters(module, value)
                elif len(keys) > 1:  # else a letter to one person
                    yield value
        case ast.DictComp(value=value):
            yield value
        case ast.Call(func=func, args=[people, content]) if module.origin(func) == "builtins.dict.fromkeys":
            if not _is_one(module, people):
                yield content


def _is_one(module: Module, people: ast.expr | None) -> bool:
    """Say whether people are surely one: a list of one, written out."""
    people = set_once(module, people)
    return isinstance(people, _WRITTEN_OUT) and len(people.elts) == 1 and not isinstance(people.elts[0], ast.Starred)


def _is_several(module: Module, to: ast.expr | None) -> bool:
    """Say whether a message is surely for a list: a name may stand for one as well."""
    to = set_once(module, to)
    if isinstance(to, _WRITTEN_OUT):
        return not _is_one(module, to)
    if isinstance(to, ast.Call):
        return module.origin(to.func) in _MAKES_SEVERAL
    return isinstance(to, ast.ListComp | ast.SetComp)


def _keys(subject: Subject, module: Module, content: ast.expr | None) -> list[str]:
    """Return the keys of the package's own texts that a message shows; none where that cannot be seen."""
    content = set_once(module, content)
    if isinstance(content, ast.IfExp):
        return _keys(subject, module, content.body) + _keys(subject, module, content.orelse)
    if isinstance(content, ast.Call) and module.origin(content.func) == "buurtwacht.Message":
        if "attachments" in by_name(content):
            return []  # a template carries no file: what it adds to is what must reach them
        return _keys(subject, module, argument(content, 0, "text"))
    if not isinstance(content, ast.Call) or module.origin(content.func) != "buurtwacht.Text":
        return []
    if "domain" in by_name(content):
        return []  # a text of somebody else
    return constants(argument(content, 0, "key"), module, subject.sources) or []
