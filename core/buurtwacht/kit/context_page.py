"""docs/plugins/context.md: all that a handler has, made of the docstrings of `Context` and of what it leads to."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from functools import cached_property

from buurtwacht.host.adjusting import Adjusting
from buurtwacht.host.asking import Asking
from buurtwacht.host.audiences import Audiences
from buurtwacht.host.context import Context
from buurtwacht.host.counting import Counting
from buurtwacht.host.filing import Filing
from buurtwacht.host.offices import Offices
from buurtwacht.host.permissions import PERMISSIONS
from buurtwacht.host.speech import Speech
from buurtwacht.host.store import Records
from buurtwacht.host.timing import Timing
from buurtwacht.kit.stability import signature
from buurtwacht.records.audience import Audience

#: The sections of the page: heading, how it is reached, and the class whose own attributes stand there.
_SECTIONS: Sequence[tuple[str, str, type]] = (
    ("Who, where, and what there is", "ctx", Context),
    ("Saying something", "ctx", Speech),
    ("Asking something", "ctx", Asking),
    ("For whom", "ctx.audience", Audiences),
    ("An audience, made narrower or wider", "audience", Audience),
    ("Doing something later", "ctx", Timing),
    ("What is kept", "ctx.records", Records),
    ("Files", "ctx", Filing),
    ("Officials", "ctx", Offices),
    ("Counting over many neighbourhoods", "ctx", Counting),
    ("Settings by command", "ctx", Adjusting),
)
#: What the host does with a context, and no plugin.
_INNER = {"again"}

_HEAD = """# What a handler works with

Every handler gets a context first, `ctx`. This page is written by `make docs` from the docstrings of the code; what is
not here is not yours. What it reads it reads at once; what it writes and says is kept when the handler returns, all or
nothing.

{about}

Whose names you may show: `ctx.name_of(person)` is a fact for a text, `Text("seen", who=ctx.name_of(ctx.person))`, that
becomes the display name when the message leaves, and "oud-lid" once he was erased. Whoever speaks may be named without
a permission; others need `read:names`. Members are never shown who else lives here: see [permissions](permissions.md).
"""


def page() -> str:
    """Return docs/plugins/context.md."""
    needed = {call: one.name for one in PERMISSIONS.values() for call in one.calls}
    lines = [_HEAD.format(about=_explained(Context).removeprefix("What a handler works with. "))]
    for heading, path, kind in _SECTIONS:
        lines += [f"## {heading}", ""]
        for name, form, explained in sorted(_attributes(kind)):
            permission = needed.get(name, "") if kind is not Records else ""
            needs = f" Needs `{permission}`." if permission and f"`{permission}`" not in explained else ""
            lines += [f"### `{path}.{name}{form}`", "", f"{explained}{needs}", ""]
    return "\n".join(lines).rstrip() + "\n"


def _attributes(kind: type) -> Iterator[tuple[str, str, str]]:
    """Yield name, form and explanation of what a class itself defines and anybody may use."""
    for name, one in vars(kind).items():
        if name.startswith("_") or name in _INNER or getattr(one, "__isabstractmethod__", False):
            continue
        if isinstance(one, property | cached_property):
            yield name, "", _explained(one)
        elif isinstance(one, staticmethod):
            yield name, signature(one.__func__), _explained(one.__func__)
        elif inspect.isfunction(one):
            yield name, signature(one).replace("(self, ", "(").replace("(self)", "()"), _explained(one)


def _explained(one: object) -> str:
    """Return a docstring with its paragraphs, each on one line."""
    paragraphs = (inspect.getdoc(one) or "").split("\n\n")
    return "\n\n".join(" ".join(part.split()) for part in paragraphs)
