"""docs/plugins/hooks.md: every hook, made of the specifications and of the examples beside the page; `make docs`."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

from buurtwacht.host import hookspecs

#: What a hook's `ctx` is; it stands in no docstring.
_CTX = {
    "asks": "your plugin's context, for reading only",
    "tells": "your plugin's own context, in the neighbourhood of who told; it may write",
}
_START = (
    "None: nothing runs yet.",
    "Buurtwacht does not start, and names the plugin with the error. One that hangs holds up the start.",
)
_READS = (
    "One for reading: write nothing in it.",
    "The error is counted (five within ten minutes pause the plugin), and the others are asked as if it had answered "
    "nothing. Be quick: whoever waits for the answer waits for one that hangs.",
)
_TELLS = (
    "One of your own, for each time you are told: it is written in the commit of who tells, and handled after that.",
    "Nothing of it is kept; it is put aside, counted (five errors within ten minutes pause the plugin), and no other "
    "plugin notices. While it hangs, a plugin has at most half of the threads; it is begun again after a crash.",
)

_HEAD = """# Hooks

A hook is a function with the name of one of these and `@hookimpl` above it, in the module of your plugin. Take the
arguments you want, by their names, in any order; leave the others out. A hook that **asks** is a call: you return
something and write nothing. A hook that **tells** is a row in the inbox for each plugin that listens, written in the
same commit as what it tells of; each listener then runs by itself, with a transaction of its own.

Your own plugin can tell others: declare it with `@tells` in a module `hookspecs` that the plugin imports, and say it
with `ctx.tell("name", …)`. The first fact is the subject: what is told of one subject is heard in order. Others may not
tell it, unless `@tells(by=("their_id",))` names them; `by=("*",)` is everybody,
and `needs="send:members"` those of them who have that permission. A hook cannot be wrapped.

To see who is called, and for how long: `BUURTWACHT_TRACE=1`. What may change, and how: [stability](stability.md).

This page is written by `make docs`, from the specifications
([hookspecs.py](../../core/buurtwacht/host/hookspecs.py), and those of the plugins) and from the files in
[hooks/](hooks/), each a whole plugin with its story. Their words stand in one catalogue, `hooks/locale`: *said* is
`{words}`.
"""

#: A line of a docstring that explains: a word that it is about, a colon, the meaning.
_MEANING = re.compile(r"^(\w+): (.*)$")


@dataclass(frozen=True, slots=True)
class Hook:
    """A hook as its specification explains it; `owner` is the plugin that declares it, core among them."""

    name: str
    owner: str
    tells: bool
    summary: str
    #: when it is called, or told
    when: str
    #: name, type and meaning of each argument, in order
    arguments: Sequence[tuple[str, str, str]]
    #: the built-in plugins that have it
    users: Sequence[str]
    #: whether it tells that something begins, and is not heard where the plugin is off
    begins: bool = False
    #: the ids of other plugins that may tell it; "*" among them: anybody
    by: frozenset[str] = frozenset()
    #: the permission that they need for it
    needs: str = ""

    @property
    def at_start(self) -> bool:
        """Whether it is called before anything runs."""
        return self.when.startswith("once, at the start")


def built_in() -> list[ModuleType]:
    """Return the plugins that come with Buurtwacht, by id."""
    found = {
        one.name: one for one in entry_points(group="buurtwacht.plugins") if one.dist and one.dist.name == "buurtwacht"
    }
    return [found[name].load() for name in sorted(found)]


def hooks(modules: Sequence[ModuleType]) -> list[Hook]:
    """Return every hook of the core, and then of these plugins, in the order of their specifications."""
    owners: list[tuple[str, ModuleType]] = [("core", hookspecs)]
    owners += [(one.manifest.id, vars(one)["hookspecs"]) for one in modules if "hookspecs" in vars(one)]
    return [_hook(name, owner, spec, modules) for owner, page in owners for name, spec in _specifications(page).items()]


def _specifications(page: ModuleType) -> Mapping[str, Callable[..., object]]:
    return {
        name: one for name, one in vars(page).items() if f"{hookspecs.PROJECT}_spec" in getattr(one, "__dict__", {})
    }


def _hook(name: str, owner: str, spec: Callable[..., Any], modules: Sequence[ModuleType]) -> Hook:
    summary, meanings = _read(inspect.getdoc(spec) or "")
    tells = bool(spec.__dict__.get("buurtwacht_tells"))
    explained = {"ctx": _CTX["tells" if tells else "asks"], **meanings}
    arguments = [
        (one.name, str(one.annotation), explained.get(one.name, ""))
        for one in inspect.signature(spec).parameters.values()
    ]
    mark = f"{hookspecs.PROJECT}_impl"
    users = [one.manifest.id for one in modules if mark in getattr(vars(one).get(name), "__dict__", {})]
    when = meanings.get("Told" if tells else "Called", "")
    begins, by = bool(spec.__dict__.get("buurtwacht_begins")), spec.__dict__.get("buurtwacht_by", frozenset())
    needs = spec.__dict__.get("buurtwacht_needs", "")
    return Hook(name, owner, tells, summary, when, arguments, users, begins, by, needs)


def _read(doc: str) -> tuple[str, dict[str, str]]:
    """Return what a docstring says, and what it says of each word that begins a line of it."""
    paragraphs = doc.split("\n\n")
    meanings: dict[str, str] = {}
    last = ""
    for line in "\n".join(paragraphs[1:]).splitlines():
        if found := _MEANING.match(line):
            last = found[1]
            meanings[last] = found[2]
        elif last:
            meanings[last] += f" {line.strip()}"
    return " ".join(paragraphs[0].split()), meanings


#: What a built-in plugin tells only to whoever asked it something by a hook of its own.
ANSWERS = {"rollcall_closed": "rollcall_wanted"}


def render(found: Sequence[Hook], examples: Path) -> str:
    """Return the page."""
    parts = [_HEAD, _contents(found)]
    for owner in dict.fromkeys(one.owner for one in found):
        mine = [one for one in found if one.owner == owner]
        for title, chosen in (
            ("Hooks that ask", [one for one in mine if not one.tells]),
            ("Hooks that tell" if owner == "core" else f"What {owner} tells", [one for one in mine if one.tells]),
        ):
            if chosen:
                parts += [f"## {title}\n", *(_section(one, examples) for one in chosen)]
    return "\n".join(parts).rstrip() + "\n"


def _contents(found: Sequence[Hook]) -> str:
    rows = ["| hook | asks or tells | of | used by |", "|---|---|---|---|"]
    for one in found:
        kind = "tells" if one.tells else "asks"
        rows.append(f"| [`{one.name}`](#{one.name}) | {kind} | {one.owner} | {_users(one)} |")
    return "\n".join(rows) + "\n"


def _users(one: Hook) -> str:
    if one.users:
        return ", ".join(one.users)
    return f"whoever told `{ANSWERS[one.name]}`" if one.name in ANSWERS else ""


def _tellers(one: Hook) -> str:
    if one.owner == "core":
        return "plugins with the permission `people`"
    who = "any plugin" if "*" in one.by else ", ".join([one.owner, *sorted(one.by)])
    return f"{who} with the permission `{one.needs}`" if one.needs else who


def _section(one: Hook, examples: Path) -> str:
    transaction, failing = _TELLS if one.tells else _START if one.at_start else _READS
    lines = [f"### {one.name}", "", one.summary, ""]
    if one.arguments:
        lines += ["| argument | type | what it is |", "|---|---|---|"]
        lines += [
            f"| `{name}` | `{kind.replace('|', chr(92) + '|')}` | {meaning} |" for name, kind, meaning in one.arguments
        ]
        lines.append("")
    lines += [
        f"- **{'Told' if one.tells else 'Called'}**: {one.when}",
        f"- **Transaction**: {transaction}",
        f"- **When it raises or hangs**: {failing}",
        f"- **Used by**: {_users(one)}",
    ]
    if one.tells:
        lines.insert(-3, f"- **Who may tell it**: {_tellers(one)}")
    if one.begins:
        lines.append("- **Where the plugin is off**: it is not told, for this is the beginning of something.")
    lines.append("")
    example = examples / f"{one.name}.py"
    if example.is_file():
        lines += [f"[{example.parent.name}/{example.name}]({example.parent.name}/{example.name})", "", "```python"]
        lines += [example.read_text(encoding="utf-8").strip(), "```", ""]
    return "\n".join(lines)
