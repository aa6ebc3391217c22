"""Whether the texts that the code says are there, with the facts they show; and whether all that are there are said."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from buurtwacht.kit.inspection.catalogues import Texts, texts_of
from buurtwacht.kit.inspection.findings import Finding, Place
from buurtwacht.kit.inspection.source import Module, by_name, constants
from buurtwacht.kit.inspection.subject import Subject
from buurtwacht.vocabulary import countries
from buurtwacht.vocabulary.faults import suggestion
from buurtwacht.vocabulary.texts import CORE, LANGUAGES

#: What every text may show without being told, in whatever country.
_KNOWN = frozenset(countries.facts(countries.country("NL")))
_LETTER = re.compile(r"[a-z0-9]", re.IGNORECASE)


def check(subject: Subject) -> Iterator[Finding]:
    """Look at every `Text(…)` that is written out, then for keys that nothing in the package names."""
    texts = texts_of(subject)
    for module in subject.sources:
        for node in module.calls():
            if module.origin(node.func) == "buurtwacht.Text" and node.args:
                yield from _said(subject, module, node, texts)
    yield from _unused(subject, texts)


def _said(subject: Subject, module: Module, call: ast.Call, texts: Texts) -> Iterator[Finding]:
    keys = constants(call.args[0], module, subject.sources)
    domains = constants(by_name(call).get("domain", ast.Constant("")), module, subject.sources)
    if keys is None or domains is None or len(domains) != 1:
        return
    place = Place(module.path, call.args[0].lineno)
    own = domains[0] in ("", subject.id)
    for key in keys:
        names = _names(texts, key) if own else _names_of_others(subject, domains[0], key)
        if names is None:
            if own and not any(texts.values()) and not subject.sources.main:
                continue
            yield _unknown(subject, place, key, domains[0], texts)
            continue
        if any(one.arg is None for one in call.keywords):
            continue
        lacking = sorted(names - _KNOWN - by_name(call).keys())
        if lacking:
            shown = ", ".join(f"{{{name}}}" for name in lacking)
            what = f"the text {key} shows {shown}, and is not given it"
            mend = f"write Text({key!r}, {', '.join(f'{name}=…' for name in lacking)})"
            yield Finding(place, "text-fact", what, mend)


def _unknown(subject: Subject, place: Place, key: str, domain: str, texts: Texts) -> Finding:
    if domain in ("", subject.id):
        known = {one for entries in texts.values() for one, formal in entries if not formal}
        mend = suggestion(key, known, f'write msgid "{key}" in {" and ".join(f"{one}.po" for one in LANGUAGES)}')
        return Finding(place, "text-unknown", f"no catalogue has the text {key}", mend)
    known = set(subject.catalogues.keys(domain))
    whose = "the core" if domain == CORE else f"the plugin {domain}"
    return Finding(
        place, "text-unknown", f"{whose} has no text {key}", suggestion(key, known, "say it in a text of your own")
    )


def _names(texts: Texts, key: str) -> frozenset[str] | None:
    """Return what a text of the package shows, `count` too where that chooses a form; None when there is none."""
    found = [entries[key, formal] for entries in texts.values() for formal in (False, True) if (key, formal) in entries]
    if not found:
        return None
    plural = frozenset({"count"}) if any(len(one.forms) > 1 for one in found) else frozenset()
    return plural.union(*(one.names for one in found))


def _names_of_others(subject: Subject, domain: str, key: str) -> frozenset[str] | None:
    """Return what a text of the core or a built-in plugin shows; of what is not known, nothing is said."""
    if domain != CORE and domain not in subject.others[0]:
        return frozenset()
    languages = [one for one in LANGUAGES if subject.catalogues.has(domain, key, one)]
    if not languages:
        return None
    return frozenset().union(*(subject.catalogues.placeholders(domain, key, one) for one in languages))


# --- unused --------------------------------------------------------------------------------------------------------


def _unused(subject: Subject, texts: Texts) -> Iterator[Finding]:
    if subject.sources.broken:
        return  # what cannot be read may say them
    exact, patterns = _mentioned(subject)
    commands = {f"command.{one.name}.{part}" for one in subject.commands() for part in ("words", "help", "example")}
    commands.add("plugin.name")  # the core says it
    told: set[str] = set()
    for entries in texts.values():
        for (key, _), entry in entries.items():
            base = key.removesuffix(".buttons")
            if key in told or base in exact or base in commands or any(one.fullmatch(base) for one in patterns):
                continue
            if key.startswith("command.") and subject.module is None:
                continue
            told.add(key)
            what = f"nothing says the text {key}"
            mend = "leave it out in every language"
            if key.startswith("command."):
                what, mend = f"no command has the text {key}", "name a command so, or leave it out in every language"
            yield Finding(entry.place, "text-unused", what, mend)


def _mentioned(subject: Subject) -> tuple[set[str], list[re.Pattern[str]]]:
    """Return every text that is written in the package, and what those look like that are put together."""
    exact: set[str] = set()
    patterns: set[str] = set()
    for module in subject.sources:
        for node in module.nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                exact.add(node.value)
                if "{" in node.value or "%s" in node.value:
                    patterns.add(re.sub(r"\\\{[^{}]*\\\}|%s", ".+", re.escape(node.value)))
            elif isinstance(node, ast.JoinedStr):
                parts = [re.escape(str(one.value)) if isinstance(one, ast.Constant) else ".+" for one in node.values]
                if any(isinstance(one, ast.Constant) and _LETTER.search(str(one.value)) for one in node.values):
                    patterns.add("".join(parts))
            elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
                for one, form in ((node.left, "{}.+"), (node.right, ".+{}")):
                    if isinstance(one, ast.Constant) and isinstance(one.value, str) and _LETTER.search(one.value):
                        patterns.add(form.format(re.escape(one.value)))
    return exact, [re.compile(one, re.DOTALL) for one in sorted(patterns) if one != ".+"]
