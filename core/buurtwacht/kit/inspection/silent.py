"""Whether what is broadcast reaches those who were silent for a day: WhatsApp lets only a template through to them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from buurtwacht.kit.inspection.findings import Finding, Place
from buurtwacht.kit.inspection.source import Module, argument, by_name, constants, set_once
from buurtwacht.kit.inspection.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Look at each broadcast whose text is written out, where the manifest lists its templates.

    Of what goes to one person (`reply`, `send`, `ask`) nothing is said: he mostly wrote a moment ago.
    """
    if subject.manifest is None or subject.manifest.templates is None or isinstance(subject.manifest.templates, str):
        return
    for module in subject.sources:
        for call in module.calls():
            if not isinstance(call.func, ast.Attribute) or call.func.attr != "broadcast":
                continue
            if not module.is_context(call.func.value) or "replaces" in by_name(call):
                continue  # what takes the place of a message is sent to whom that reached
            for key in _keys(subject, module, argument(call, 1, "content")):
                if key not in subject.manifest.templates:
                    what = (
                        f"{key} is broadcast and is no template: who was silent for a day on WhatsApp does not get it"
                    )
                    mend = f'add "{key}" to templates in the manifest'
                    yield Finding(Place(module.path, call.lineno), "text-without-template", what, mend)


def _keys(subject: Subject, module: Module, content: ast.expr | None) -> list[str]:
    """Return the keys of the package's own texts that a message shows; none where that cannot be seen."""
    content = set_once(module, content)
    if isinstance(content, ast.Call) and module.origin(content.func) == "buurtwacht.Message":
        if "attachments" in by_name(content):
            return []  # a template carries no file: what it adds to is what must reach them
        content = set_once(module, argument(content, 0, "text"))
    if not isinstance(content, ast.Call) or module.origin(content.func) != "buurtwacht.Text":
        return []
    if "domain" in by_name(content):
        return []  # a text of somebody else
    return constants(argument(content, 0, "key"), module, subject.sources) or []
