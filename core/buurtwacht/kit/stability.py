"""docs/plugins/stability.md and public.txt: every public name in a line, and its exact form, so that no change passes
unnoticed; `make docs` writes both.
"""

from __future__ import annotations

import inspect
import re
import sys
import typing
from collections.abc import Callable, Collection, Iterator, Mapping
from enum import Enum
from types import ModuleType

import buurtwacht
from buurtwacht import testing

#: The groups of the page, by the module that a name lives in.
_GROUPS: Mapping[str, str] = {
    "host.declarations": "What a plugin declares",
    "host.hookspecs": "What a plugin declares",
    "host.outside": "What a plugin declares",
    "host.under_way": "What a plugin declares",
    "records.record": "What a plugin declares",
    "host.context": "What a handler works with",
    "host.deliveries": "What a handler works with",
    "records.": "What a handler works with",
    "vocabulary.messages": "What is said",
    "vocabulary.answers": "Reading what people type",
    "vocabulary.official_words": "Reading what people type",
    "vocabulary.mailboxes": "Reading what people type",
    "vocabulary.errors": "Errors",
    "vocabulary.channels": "Channels",
    "vocabulary.events": "Channels",
    "vocabulary.": "Words of the house",
    "testing.": "The test kit: `buurtwacht.testing`",
}
#: What has no docstring of its own, in a line.
_WORDS: Mapping[str, str] = {
    "Accept": "Keeps a batch of events, all or none, and returns when they are committed",
    "CARETAKERS": "The roles that look after a neighbourhood",
    "Fact": "What may stand in a text: a value, a name, a number, another text",
    "MessageId": "The id of a message of ours",
    "NeighbourhoodId": "The id of a neighbourhood",
    "OFFICIALS": "Every kind of official",
    "PersonId": "The id of a person",
    "Proof": "All that a plugin can say of what is under way",
    "RecordId": "The id of a record",
    "hookimpl": "Marks a function of a plugin as its implementation of the hook of that name",
}
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
#: An attribute that an object is given when it is made.
_ASSIGNED = re.compile(r"self\.([a-z]\w*)\b[^=\n(]* = ")

_HEAD = """# What stays the same

A plugin or a channel that keeps to this page works with the next versions too. This page is written by `make docs`; the
names come from `buurtwacht.__all__` and `buurtwacht.testing.__all__`, their lines from their docstrings. The exact form
of each, every parameter and field, stands in [public.txt](public.txt), and a test compares it: no change passes
unnoticed.

## What is public

- the names below, with their parameters, fields and methods that do not begin with an underscore;
- the [hooks](hooks.md), their names and arguments, those that built-in plugins declare as well;
- the permissions of a manifest ([permissions](permissions.md)) and the keys `command.<name>.…` of a catalogue;
- the pytest fixture `world`, and what `buurtwacht.testing` checks at the end of a world;
- the entry-point groups `buurtwacht.plugins` (the id of a plugin, its module) and `buurtwacht.channels` (the name of an
  adapter, an object that is an `Adapter`);
- the keys of plugins.toml and of the settings of built-in plugins, the environment variables, the commands with their
  options and exit statuses, the columns of members.csv, the paths and statuses of HTTP, the names of metrics.

All else may change without notice: every module below `buurtwacht`, the tables of the core and of built-in plugins, the
words of messages, the lines of a log. `buurtwacht plugins check` names what of a plugin leans on that.

## What a version number promises

`MAJOR.MINOR.PATCH`, by [semantic versioning](https://semver.org). A patch mends. A minor version adds, and may announce
that something will go. A major version may take away what was announced. Before 1.0 the middle number stands for the
major one: 0.4 may take away what 0.2 announced. `needs_core` in your manifest is the lowest version you work with; an
older one refuses your plugin at the start, with both numbers.

## How something goes

1. It is announced in the changelog, with what to use in its place, and from then on using it warns:
   `DeprecationWarning`, which pytest shows. With `-W error::DeprecationWarning` your tests fail on it.
2. It works for at least two minor versions and six months more.
3. Then it goes, with a major version; before 1.0, with a minor one.

| what | how it is retired |
|---|---|
| a name of `buurtwacht` | the old one leads to the new one, and warns where it is taken |
| a name of `buurtwacht.testing`, a parameter, a field | the old one is taken too and warns; a new one has a default |
| a hook | `warn_on_impl`: loading a plugin that has it warns; it is called until it goes |
| an argument of a hook | `warn_on_impl_args`: loading a plugin that takes it warns. New ones may come any time |
| a permission | the old name grants what it granted, and `check` says what it is called now |
| a key of plugins.toml, an environment variable | both are read, the new one wins, `check` names the old |
| a command or an option | both work, and the old one says on standard error what it is called now |
| the entry-point groups, the fixture `world` | only with a major version |

Your own hooks are retired in the same way: `@tells(warn_on_impl=DeprecationWarning("…"))`, or
`@tells(warn_on_impl_args={"person": DeprecationWarning("…")})`.

## The database

The tables of the core are ours alone; a plugin reads and writes its own, by `ctx.records`. `buurtwacht run` or
`buurtwacht db upgrade` brings the database of every released version to the present one, on SQLite after a backup.
There is no way back but that backup: a version that finds a newer schema refuses to start. The migrations of a plugin
are a history of its own, in a version table of its own; a file of migrations that was released is never changed.
"""


def names() -> Iterator[tuple[str, str, object]]:
    """Yield the group, the name and the object of everything public, in the order of the page."""
    found: dict[str, list[tuple[str, object]]] = {group: [] for group in _GROUPS.values()}
    for module in (buurtwacht, testing):
        for name in sorted(module.__all__, key=str.lower):
            found[_group(module, name)].append((name, getattr(module, name)))
    for group, members in found.items():
        yield from ((group, name, one) for name, one in members)


def _group(module: ModuleType, name: str) -> str:
    home = "testing." if module is testing else _home(name)
    return next(group for part, group in _GROUPS.items() if home.startswith(part))


def _home(name: str) -> str:
    """Return the room that a name of `buurtwacht` lives in, such as "host.context"."""
    for room in buurtwacht._ROOMS:
        if name in vars(sys.modules.get(f"buurtwacht.{room}", buurtwacht)):
            return room
    raise LookupError(f"{name} lives in no room")


def summary(name: str, one: object) -> str:
    """Return what stands beside a name: the first sentence of its docstring; empty where nobody wrote one."""
    if name in _WORDS:
        return _WORDS[name]
    said = inspect.getdoc(one) or ""
    if not (inspect.isclass(one) or callable(one)) or said.startswith(f"{name}("):
        return ""
    first = " ".join(said.partition("\n\n")[0].split())
    return re.split(r"(?<=[.:;]) ", first)[0].rstrip(".:;")


def page() -> str:
    """Return docs/plugins/stability.md."""
    lines = [_HEAD]
    last = ""
    for group, name, one in names():
        if group != last:
            lines += (
                ["", f"## {group}", "", "| name | what it is |", "|---|---|"]
                if last
                else [f"## {group}", "", "| name | what it is |", "|---|---|"]
            )
            last = group
        lines.append(f"| `{name}` | {summary(name, one).replace('|', chr(92) + '|')} |")
    return "\n".join(lines) + "\n"


# --- the exact form ------------------------------------------------------------------------------------------------


def snapshot() -> str:
    """Return docs/plugins/public.txt: each name with its parameters, fields, members and methods, a line for each."""
    lines = [
        "Every public name and its exact form, written by `make docs`; what differs here is a change of the API.",
        "",
    ]
    for module in (buurtwacht, testing):
        for name in sorted(module.__all__, key=str.lower):
            lines += [f"{module.__name__}.{name}{_form(getattr(module, name))}", ""]
    return "\n".join(lines)


def _form(one: object) -> str:
    if inspect.isclass(one):
        return _class(one)
    if isinstance(one, typing.NewType):
        return f" = NewType({one.__supertype__.__name__})"
    if callable(one) and typing.get_origin(one) is None:
        return signature(one)
    return f" = {_value(one)}"


def _class(kind: type) -> str:
    bases = ", ".join(base.__name__ for base in kind.__bases__ if base is not object)
    lines = [f"({bases})" if bases else ""]
    if issubclass(kind, Enum):
        return "\n    ".join([*lines, *(f"{member.name} = {member.value!r}" for member in kind)])
    mine = _ours(kind)
    if "__init__" in mine and not getattr(kind, "_is_protocol", False):
        lines.append(f"__init__{signature(kind)}")
        mine |= dict.fromkeys(_assigned(kind))
    fields = getattr(kind, "__dataclass_fields__", {})
    for name, attribute in sorted(mine.items()):
        if not name.startswith("_") and name not in fields:
            lines.append(f"{name}{_attribute(attribute)}")
    return "\n    ".join(lines)


def _assigned(kind: type) -> list[str]:
    """Return the names that a written `__init__` gives an object; a dataclass has fields instead."""
    made = _ours(kind).get("__init__")
    if not inspect.isfunction(made) or "__dataclass_fields__" in vars(kind):
        return []
    return _ASSIGNED.findall(inspect.getsource(made))


def _ours(kind: type) -> dict[str, object]:
    """Return the attributes that classes of ours give a class, the nearest first."""
    found: dict[str, object] = {}
    for base in kind.__mro__:
        if base.__module__.partition(".")[0] == "buurtwacht":
            for name, one in vars(base).items():
                found.setdefault(name, one)
    return found


def _attribute(one: object) -> str:
    if isinstance(one, staticmethod | classmethod):
        return f"{signature(one.__func__)} [{type(one).__name__}]"
    if isinstance(one, property):
        return f": {_annotation(inspect.signature(one.fget).return_annotation)}" if one.fget else ""
    inner = getattr(one, "func", None)  # a cached property
    if inner is not None and not inspect.isfunction(one):
        return f": {_annotation(inspect.signature(inner).return_annotation)}"
    return signature(one) if inspect.isfunction(one) else ""


def signature(one: Callable[..., object] | object) -> str:
    """Return parameters and result of something that can be called, as they are written."""
    found = inspect.signature(typing.cast("Callable[..., object]", one))
    parts, star = [], False
    for parameter in found.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not star:
            parts.append("*")
        star = star or parameter.kind in (parameter.KEYWORD_ONLY, parameter.VAR_POSITIONAL)
        sign = "*" if parameter.kind is parameter.VAR_POSITIONAL else ""
        sign = "**" if parameter.kind is parameter.VAR_KEYWORD else sign
        kind = "" if parameter.annotation is parameter.empty else f": {_annotation(parameter.annotation)}"
        default = "" if parameter.default is parameter.empty else f" = {_value(parameter.default)}"
        parts.append(f"{sign}{parameter.name}{kind}{default}")
    returned = found.return_annotation
    end = "" if returned is found.empty or inspect.isclass(one) else f" -> {_annotation(returned)}"
    return f"({', '.join(parts)}){end}"


def _annotation(one: object) -> str:
    return one if isinstance(one, str) else getattr(one, "__name__", str(one))


def _value(one: object) -> str:
    """Return a value as it is written, the same in every process."""
    if isinstance(one, Enum):
        return f"{type(one).__name__}.{one.name}"
    if isinstance(one, frozenset | set):
        return f"{{{', '.join(sorted(_value(each) for each in one))}}}"
    if isinstance(one, Mapping | Collection) and not isinstance(one, str | bytes):
        return repr(one)
    return _ADDRESS.sub("", one.__name__ if inspect.isclass(one) else repr(one))
