"""Whether the texts that need an approved template can have one: Meta's rules of form, names of their own, buttons."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from buurtwacht.kit.inspection.catalogues import Texts, texts_of
from buurtwacht.kit.inspection.findings import Finding, Place
from buurtwacht.kit.inspection.manifest import manifest_call, place_in
from buurtwacht.kit.inspection.source import Module, argument, by_name, constants
from buurtwacht.kit.inspection.subject import Subject
from buurtwacht.vocabulary.errors import ConfigurationError
from buurtwacht.vocabulary.faults import suggestion
from buurtwacht.vocabulary.texts import LANGUAGES, Catalogues

#: Cloud API: a body has 1024 characters, a quick reply 25 and a template ten of them.
_BODY, _LABEL, _LABELS = 1024, 25, 10
_NAME = re.compile(r"[a-z0-9_.]+")


def check(subject: Subject) -> Iterator[Finding]:
    """Look at each text that the manifest lists in `templates`."""
    if subject.manifest is None or subject.manifest.templates is None:
        return
    texts = texts_of(subject)
    known = {key for entries in texts.values() for key, formal in entries if not formal}
    catalogues = Catalogues()
    try:
        catalogues.add(subject.id, subject.locale)
    except ConfigurationError:
        return  # text-unreadable and text-format say what is wrong
    taken = {key.replace(".", "_"): (plugin, key) for plugin, key in subject.others[0].templates()}
    for key in sorted(subject.manifest.templates):
        place = _place(subject, key)
        other = taken.get(key.replace(".", "_"))
        if other is not None:
            what = f"the plugin {other[0]} has a template for its text {other[1]}, and both would have one name"
            yield Finding(place, "template-collides", what, f"rename it: {subject.id}.{key}")
        if key not in known:
            mend = suggestion(key, known, "leave it out of templates, or write it in both catalogues")
            yield Finding(place, "template-unknown", f"no catalogue has the text {key}", mend)
            continue
        if not _NAME.fullmatch(key):
            what = f"{key} cannot be the name of a template"
            yield Finding(place, "template-form", what, "name the text with a-z, 0-9, _ and dots only")
        yield from _form(subject, catalogues, texts, key)
    for module in subject.sources:
        for node in module.calls():
            if module.origin(node.func) == "buurtwacht.Message":
                yield from _choices(subject, catalogues, module, node)


def _choices(subject: Subject, catalogues: Catalogues, module: Module, call: ast.Call) -> Iterator[Finding]:
    """Look at choices that are written out: a template shows them on buttons of its own, or is refused."""
    text, count = argument(call, 0, "text"), _count(module, argument(call, 1, "choices"))
    if not isinstance(text, ast.Call) or module.origin(text.func) != "buurtwacht.Text" or not count:
        return
    if "domain" in by_name(text):
        return  # a text of somebody else
    listed = subject.manifest.templates if subject.manifest is not None else None
    for key in constants(argument(text, 0, "key"), module, subject.sources) or ():
        short = {
            f"{one}.po": len(catalogues.words(subject.id, f"{key}.buttons", one))
            for one in LANGUAGES
            if catalogues.has(subject.id, key, one) and len(catalogues.words(subject.id, f"{key}.buttons", one)) < count
        }
        if key in (listed or ()) and short:
            what = f"{key} is sent with {count} choices, and its template has {min(short.values())} buttons"
            mend = f'write msgid "{key}.buttons" in {" and ".join(short)}: the labels, with commas between them'
            yield Finding(Place(module.path, call.lineno), "template-buttons", what, mend)


def _count(module: Module, choices: ast.expr | None) -> int:
    """Return how many choices there are, where that can be seen; 0 also for those that a template leaves out.

    Labels that show facts are left out, and so are more than go on its buttons.
    """
    if isinstance(choices, ast.Name):
        function = module.function_of(choices)
        within = ast.walk(function) if function is not None and module.is_local(choices) else module.tree.body
        set_to = [one.value for one in within if isinstance(one, ast.Assign | ast.AnnAssign) and _sets(one, choices.id)]
        choices = set_to[0] if len(set_to) == 1 else None
    if not isinstance(choices, ast.List | ast.Tuple) or len(choices.elts) > _LABELS:
        return 0
    for one in choices.elts:
        label = argument(one, 1, "label") if isinstance(one, ast.Call) else None
        if (
            not isinstance(label, ast.Call)
            or module.origin(label.func) != "buurtwacht.Text"
            or by_name(label).keys() - {"domain"}
        ):
            return 0
    return len(choices.elts)


def _sets(statement: ast.Assign | ast.AnnAssign, name: str) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return any(isinstance(one, ast.Name) and one.id == name for one in targets)


def _form(subject: Subject, catalogues: Catalogues, texts: Texts, key: str) -> Iterator[Finding]:
    for language in LANGUAGES:
        entry = texts[language].get((key, False))
        if entry is None or not catalogues.has(subject.id, key, language):
            continue
        body, _ = catalogues.template_body(subject.id, key, language)
        for wrong, mend in _faults(body):
            yield Finding(entry.place, "template-form", f"{key} cannot be a template: {wrong}", mend)
        labels = catalogues.words(subject.id, f"{key}.buttons", language)
        long = [one for one in labels if len(one) > _LABEL]
        if long or len(labels) > _LABELS:
            what = (
                f"{long[0]!r} is longer than {_LABEL} signs"
                if long
                else f"{len(labels)} buttons are more than {_LABELS}"
            )
            place = texts[language][f"{key}.buttons", False].place
            yield Finding(place, "template-form", what, "shorten it: it stands on a button")


def _faults(body: str) -> Iterator[tuple[str, str]]:
    """Meta's rules (message templates, components): where parameters may stand, and how long a body is."""
    if body.startswith("{{"):
        yield "it begins with a fact", "begin with a word of your own"
    if body.endswith("}}"):
        yield "it ends with a fact", "end with a word of your own, or at least a full stop"
    if re.search(r"\}\}\{\{", body):
        yield "two facts stand against one another", "write something between them"
    if len(body) > _BODY:
        yield f"it has {len(body)} signs, and {_BODY} are allowed", "shorten it"


def _place(subject: Subject, key: str) -> Place:
    """Return the line of the manifest that names a template."""
    found = manifest_call(subject)
    given = by_name(found[1]).get("templates") if found is not None else None
    if found is not None and given is not None:
        for node in ast.walk(given):
            if isinstance(node, ast.Constant) and node.value == key:
                return Place(found[0].path, node.lineno)
    return place_in(subject, "templates")
