"""The whole plugin API on one page: every hook the core calls.

A hook that *asks* is an ordinary call: it returns something and writes nothing. A hook that *tells* becomes one inbox
row for each plugin that listens, in the commit of whoever tells: each listener runs, is tried again and fails alone,
in a transaction of its own. Plugins may declare further tells of their own, marked with `@tells`.

Beside hooks, a plugin has a `manifest`, records (`Record`), and handlers marked `@timer`, `@answer` and `@feed`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from inspect import signature
from typing import TYPE_CHECKING, Any, TypeVar, overload

import pluggy

from buurtwacht.host.declarations import Command, Guess, Hearing, Page
from buurtwacht.host.under_way import Proof
from buurtwacht.vocabulary.ids import NeighbourhoodId, PersonId
from buurtwacht.vocabulary.messages import Thread

if TYPE_CHECKING:
    from buurtwacht.host.context import Context
    from buurtwacht.host.outside import Source

#: The entry-point group and the name under which hooks are marked.
PROJECT = "buurtwacht"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)

F = TypeVar("F", bound=Callable[..., Any])


@overload
def tells(spec: F) -> F: ...


@overload
def tells(*, begins: bool) -> Callable[[F], F]: ...


def tells(spec: F | None = None, *, begins: bool = False) -> F | Callable[[F], F]:
    """Mark a hook specification as one that tells; its first parameter is the listener's own `ctx`.

    An argument that is added later has a default: what was told before an upgrade is heard after it, without that.
    With `@tells(begins=True)` it tells that something begins: a plugin that is off in that neighbourhood does not hear
    it. All else it hears there too, so that what it had begun can end.
    """

    def mark(spec: F) -> F:
        absent = {name: one.default for name, one in signature(spec).parameters.items() if one.default is not one.empty}
        spec.__defaults__ = None  # pluggy gives nobody an argument with a default
        marked: F = hookspec(spec)
        marked.__dict__.update(buurtwacht_tells=True, buurtwacht_absent=absent, buurtwacht_begins=begins)
        return marked

    return mark if spec is None else mark(spec)


# --- hooks that ask ------------------------------------------------------------------------------------------------


@hookspec
def commands() -> list[Command]:  # type: ignore[empty-body] # a specification has no body
    """Return the commands people can type. Called once, at the start."""


@hookspec
def recognise(hearing: Hearing) -> Guess | None:
    """Say what a text without a command word means, if this plugin knows. Called for each such text; be quick."""


@hookspec
def recognise_official(ctx: Context, text: str, about: Thread | None) -> Guess | None:
    """Say what a verified official's text without a command word means; `about` is the thread he quoted. `ctx` is for
    reading only, and often has no neighbourhood. A member is asked last, and first where he quotes this plugin.
    """


@hookspec
def pages() -> list[Page]:  # type: ignore[empty-body]
    """Return public pages that the core serves. Called once, at the start."""


@hookspec
def sources() -> list[Source]:  # type: ignore[empty-body]
    """Return what this plugin listens to outside; the edge asks for it. Called once, at the start."""


@hookspec
def still_open(ctx: Context) -> Collection[Thread]:  # type: ignore[empty-body]
    """Return what is going on for longer than thirty days: who was shown it stays on record. Called by the sweeper."""


@hookspec
def under_way(ctx: Context) -> Collection[Proof]:  # type: ignore[empty-body]
    """Return which records have not ended and what must be there for each, or counts that must agree. Called by the
    self-audit once a minute: name conditions, the database looks; `ctx` is for reading only.
    """


@hookspec
def export_person(ctx: Context, person: PersonId) -> Mapping[str, object]:  # type: ignore[empty-body]
    """Return all that this plugin keeps about a person, as JSON values. Called when he asks for his data."""


# --- hooks that tell -----------------------------------------------------------------------------------------------


@tells
def member_joined(ctx: Context, person: PersonId, neighbourhood: NeighbourhoodId) -> None:
    """Somebody's membership became active."""


@tells
def member_left(ctx: Context, person: PersonId, neighbourhood: NeighbourhoodId) -> None:
    """Somebody's membership ended."""


@tells
def official_dismissed(ctx: Context, person: PersonId, kind: str, municipality: str) -> None:
    """Somebody's office ended: he is no official of this kind there any more. Who is erased is told of by that."""


@tells
def erase_person(ctx: Context, person: PersonId) -> None:
    """Erase all that leads to this person, now; his name shows as "oud-lid" from here on."""


@tells
def welcome_person(ctx: Context, person: PersonId, neighbourhood: NeighbourhoodId) -> None:
    """Somebody who was imported is to be welcomed, with the house rules: whoever runs it asked for that."""


@tells
def message_edited(ctx: Context, person: PersonId, message: str, text: str) -> None:
    """Somebody changed a message he had sent us; `message` is as in `ctx.source`."""


@tells
def message_deleted(ctx: Context, person: PersonId, message: str) -> None:
    """Somebody took back a message he had sent us."""


@tells
def media_arrived(ctx: Context, person: PersonId, message: str, media: int, mime: str, taken_by: str = "") -> None:
    """The file that came with an earlier message is here now (`ctx.media`).

    `taken_by` is the id of the plugin that took the words it came with: "core" or empty where none did.
    """


#: The tells of the core: those who look after people (`people`) tell them.
CORE_TELLS = frozenset(name for name, spec in list(vars().items()) if getattr(spec, "buurtwacht_tells", False) is True)
