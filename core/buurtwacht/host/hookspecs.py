"""The whole plugin API on one page: every hook the core calls.

A hook that *asks* is an ordinary call: it returns something and writes nothing. A hook that *tells* becomes one inbox
row for each plugin that listens, in the commit of whoever tells: each listener runs, is tried again and fails alone,
in a transaction of its own. Plugins may declare further tells of their own, marked with `@tells`.

docs/plugins/hooks.md is made of this page: of each hook its first sentences, when it is called or told, and its
arguments, which stand below them by name. `ctx` is for reading only where a hook asks, and the listener's own where it
tells.

Beside hooks, a plugin has a `manifest`, records (`Record`), and handlers marked `@timer`, `@answer` and `@feed`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from inspect import signature
from typing import TYPE_CHECKING, Any, TypeVar, overload

import pluggy

from buurtwacht.host.declarations import Command, Guess, Hearing, Page
from buurtwacht.host.permissions import PERMISSIONS
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
def tells(
    *,
    begins: bool = False,
    by: Collection[str] = (),
    needs: str = "",
    warn_on_impl: Warning | None = None,
    warn_on_impl_args: Mapping[str, Warning] | None = None,
) -> Callable[[F], F]: ...


def tells(
    spec: F | None = None,
    *,
    begins: bool = False,
    by: Collection[str] = (),
    needs: str = "",
    warn_on_impl: Warning | None = None,
    warn_on_impl_args: Mapping[str, Warning] | None = None,
) -> F | Callable[[F], F]:
    """Mark a hook specification as one that tells; its first parameter is the listener's own `ctx`.

    Only the plugin that declares it tells it, and those that `by` names by their id; with `by=("*",)` any plugin does.
    `needs`: a permission that whoever tells it must have, where a listener does for him what asks for it.

    An argument that is added later has a default: what was told before an upgrade is heard after it, without that.
    With `@tells(begins=True)` it tells that something begins: a plugin that is off in that neighbourhood does not hear
    it. All else it hears there too, so that what it had begun can end. A hook that will go, or an argument of one,
    warns whoever loads a plugin that takes it (`warn_on_impl`, `warn_on_impl_args`, as pluggy's). Raises `ValueError`
    for a permission that does not exist.
    """
    if needs and needs not in PERMISSIONS:
        raise ValueError(f"@tells(needs={needs!r}): there is no such permission")

    def mark(spec: F) -> F:
        absent = {name: one.default for name, one in signature(spec).parameters.items() if one.default is not one.empty}
        spec.__defaults__ = None  # pluggy gives nobody an argument with a default
        marked: F = hookspec(spec, warn_on_impl=warn_on_impl, warn_on_impl_args=warn_on_impl_args)
        marked.__dict__.update(
            buurtwacht_tells=True,
            buurtwacht_absent=absent,
            buurtwacht_begins=begins,
            buurtwacht_by=frozenset(by),
            buurtwacht_needs=needs,
        )
        return marked

    return mark if spec is None else mark(spec)


# --- hooks that ask ------------------------------------------------------------------------------------------------


@hookspec
def commands() -> list[Command]:  # type: ignore[empty-body] # a specification has no body
    """Return the commands people can type.

    Called: once, at the start.
    """


@hookspec
def recognise(hearing: Hearing) -> Guess | None:
    """Say what a text without a command word means, if this plugin knows; the surest guess is taken.

    Called: for each such text of a member, before anything is done with it; be quick.
    hearing: the text, who said it and where, what he quoted, and a context for reading: a record that is found here
        cannot be changed by the handler of the guess, which gets its id and finds it again.
    """


@hookspec
def recognise_official(ctx: Context, text: str, about: Thread | None) -> Guess | None:
    """Say what a verified official's text without a command word means, if this plugin knows.

    Called: for each such text; a member who is an official is asked about here last, and first where he quotes a
        message of this plugin. `ctx` often has no neighbourhood.
    text: what he typed.
    about: the thread of the message that he quoted, if he did.
    """


@hookspec
def reserved_words() -> list[str]:  # type: ignore[empty-body]
    """Return words, and phrases, with which no command of another plugin may begin: what people type when it presses
    would lead to that command, and not to `recognise`. Only a vital plugin may.

    Called: once, at the start. A plugin with such a command is refused then, as one with a word of another plugin is;
        so is one whose command begins a phrase ("gas", and "gas leak"), unless its `takes` leaves the rest of it out.
        What stands directly behind a command that takes anything ("fiets brand achter het huis") goes to `recognise`
        first, and is the command where nobody knows it for a report or a call for help.
    """


@hookspec
def pages() -> list[Page]:  # type: ignore[empty-body]
    """Return public pages that the core serves.

    Called: once, at the start.
    """


@hookspec
def sources() -> list[Source]:  # type: ignore[empty-body]
    """Return what this plugin listens to outside; the edge asks for it. Needs the permission `outside`.

    Called: once, at the start.
    """


@hookspec
def still_open(ctx: Context) -> Collection[Thread]:  # type: ignore[empty-body]
    """Return the threads of what goes on for longer than thirty days: who was shown them stays on record.

    Called: before each sweep of what is over, once an hour.
    """


@hookspec
def under_way(ctx: Context) -> Collection[Proof]:  # type: ignore[empty-body]
    """Return which records have not ended and what must be there for each, or counts that must agree.

    Called: by the self-audit, once a minute. Name conditions, the database looks. A failure never pauses the plugin.
    """


@hookspec
def export_person(ctx: Context, person: PersonId) -> Mapping[str, object]:  # type: ignore[empty-body]
    """Return all that this plugin keeps about a person, as JSON values.

    Called: when he asks for his data. What a plugin keeps that failed shows as null.
    person: whose data it is.
    """


# --- hooks that tell -----------------------------------------------------------------------------------------------


@tells
def member_joined(ctx: Context, person: PersonId, neighbourhood: NeighbourhoodId) -> None:
    """Somebody's membership became active.

    Told: once a co-ordinator let him in, or he was brought in from a file.
    person: who joined.
    neighbourhood: where.
    """


@tells
def member_left(ctx: Context, person: PersonId, neighbourhood: NeighbourhoodId) -> None:
    """Somebody's membership ended.

    Told: when he leaves, is taken off the list or is erased; he may still be a member elsewhere.
    person: who left.
    neighbourhood: where.
    """


@tells
def official_dismissed(ctx: Context, person: PersonId, kind: str, municipality: str) -> None:
    """Somebody's office ended: he is no official of this kind there any more.

    Told: when an admin ends it, and before he is erased.
    person: whose office it was.
    kind: police, controlroom, municipality, boa or mayor.
    municipality: where he held it.
    """


@tells
def erase_person(ctx: Context, person: PersonId) -> None:
    """Erase all that leads to this person, now; his name shows as "oud-lid" from here on.

    Told: when he asks for it, or his time is over. It is on record until every plugin has done so.
    person: who is erased.
    """


@tells
def welcome_person(ctx: Context, person: PersonId, neighbourhood: NeighbourhoodId) -> None:
    """Somebody who was imported is to be welcomed, with the house rules.

    Told: when whoever runs it asked for that: `buurtwacht members welcome`.
    person: who is to be welcomed.
    neighbourhood: where he was brought in.
    """


@tells
def message_edited(ctx: Context, person: PersonId, message: str, text: str) -> None:
    """Somebody changed a message he had sent us.

    Told: where his messenger tells us.
    person: whose message it is.
    message: the messenger's id of it, as in `ctx.source` when it came.
    text: what it says now.
    """


@tells
def message_deleted(ctx: Context, person: PersonId, message: str) -> None:
    """Somebody took back a message he had sent us.

    Told: where his messenger tells us.
    person: whose message it was.
    message: the messenger's id of it, as in `ctx.source` when it came.
    """


@tells
def media_arrived(ctx: Context, person: PersonId, message: str, media: int, mime: str, taken_by: str = "") -> None:
    """The file that came with an earlier message is here now.

    Told: when it was fetched, some moments after the words.
    person: who sent it.
    message: the messenger's id of the message it came with, as in `ctx.source`.
    media: the id of the file, for `ctx.media` and `Attachment`.
    mime: its type (image/jpeg).
    taken_by: the id of the plugin that took the words it came with: "core" or empty where none did.
    """


#: The tells of the core: those who look after people (`people`) tell them.
CORE_TELLS = frozenset(name for name, spec in list(vars().items()) if getattr(spec, "buurtwacht_tells", False) is True)
