"""The contract of a stand-in: the provider's side of a messenger, in one process, for tests.

An adapter names its stand-in in `Adapter.stand_in`. It speaks the provider's real API as an ASGI application, keeps
the provider's limits (a request the real one would refuse is refused, and written down in `complaints`), and makes the
requests with which the provider would call our webhook. The conformance suite and `World(wire=True)` are written to it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from starlette.types import ASGIApp

from buurtwacht.vocabulary.events import Handle
from buurtwacht.vocabulary.messages import Location


def as_table(account: str, options: Mapping[str, object]) -> str:
    """Return the table [channels.<account>] with these options, as it is pasted into plugins.toml."""
    # What JSON writes for words, numbers and truth, TOML reads.
    return "\n".join([f"[channels.{account}]", *(f"{key} = {json.dumps(value)}" for key, value in options.items())])


#: What every account of a test signs and seals with, so that a stand-in knows a link that was given out before.
SECRET = b"known to everybody, for tests    "[:32]

#: What a provider can do wrong to one recipient; see `World.refuse`.
FaultKind = Literal["unreachable", "window_closed", "throttled", "rejected", "unavailable", "ambiguous"]


@dataclass(frozen=True, slots=True)
class Update:
    """A request of the provider to us: POST `body` with `headers` to `path`; by default to /webhooks/<account>.

    `visits`: it is a person's, who opens the page at that path before he sends what he filled in there.
    """

    headers: Mapping[str, str]
    body: bytes
    path: str = ""
    visits: bool = False


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file as it arrived at the provider."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """One message or edit that the provider accepted, as its recipient sees it.

    `options` are (id, label) in order, however they were rendered; `edit_of` names the message that was changed.
    """

    provider_id: str
    to: str
    text: str
    at: datetime
    options: tuple[tuple[str, str], ...] = ()
    edit_of: str | None = None
    template: str | None = None
    language: str = ""
    files: tuple[SeenFile, ...] = ()
    location: Location | None = None
    reply_to: str | None = None
    delivery: int | None = None
    kind: str = "text"


@dataclass(slots=True)
class Fault:
    """How the provider behaves towards one recipient; `retry_after` in seconds for `throttled`."""

    kind: FaultKind
    retry_after: float = 5.0


class StandIn(Protocol):
    """The provider's side. Its constructor takes (account, now): `now` is a function that returns the aware time.

    The verbs name a person by the name he was made with, which nobody else at this provider has.
    """

    app: ASGIApp
    #: all that was accepted, in order
    seen: list[Seen]
    #: by handle value; consulted for every send to that recipient
    faults: dict[str, Fault]
    #: the provider refuses every request (503) while this is True
    down: bool
    #: requests the real provider would have refused for their form or length
    complaints: list[str]

    def __init__(self, account: str, now: Callable[[], datetime]) -> None: ...

    def settings(self) -> dict[str, object]:
        """Return the table [channels.<account>] with which the adapter talks to this stand-in (api_url included)."""
        ...

    def person(self, name: str, language: str = "nl") -> tuple[Handle, ...]:
        """Make a user of the messenger and return all handles by which events name him, the most durable first."""
        ...

    def opens(self, person: str) -> None:
        """Let the person have written just now, without an event: chat started, window open."""
        ...

    def closes(self, person: str) -> None:
        """Let the person's window be closed, where the provider has one."""
        ...

    def group(self, title: str) -> Handle:
        """Make a group with the bot in it. Raises `NotImplementedError` where the messenger has none for us."""
        ...

    def says(
        self,
        person: str,
        text: str = "",
        *,
        photo: bytes | None = None,
        location: Location | None = None,
        voice: bool = False,
        reply_to: str | None = None,
        forwarded: bool = False,
        group: str | None = None,
    ) -> tuple[str, Update]:
        """Return the id of the person's new message and the request that announces it."""
        ...

    def taps(self, person: str, option: str, on: str, *, group: str | None = None) -> Update:
        """Return the request for a tap on option id `option` of our message `on`."""
        ...

    def reacts(self, person: str, emoji: str, on: str) -> Update:
        """Return the request for a reaction to our message `on`."""
        ...

    def edits(self, person: str, message: str, text: str) -> Update | None:
        """Return the request for an edit of the person's own message; None where the provider does not tell."""
        ...

    def deletes(self, person: str, message: str) -> Update | None:
        """Return the request for a deletion of the person's own message; None where the provider does not tell."""
        ...

    def blocks(self, person: str, blocked: bool) -> Update | None:
        """Return the request for blocking or un-blocking us; None where the provider does not tell."""
        ...

    def status(self, provider_id: str, state: str, *, error: int | None = None) -> Update | None:
        """Return the request that reports sent, delivered, read or failed; None where the provider does not tell."""
        ...


@dataclass(slots=True)
class Chat:
    """What a stand-in knows of one conversation; a convenience for those who write one."""

    name: str
    language: str
    handles: tuple[Handle, ...] = ()
    started: bool = False
    blocked: bool = False
    last_heard: datetime | None = None
    messages: list[str] = field(default_factory=list)


def mailbox_name(person: str) -> str:
    """Return the first part of somebody's e-mail address: "Agent De Wit" is agent.de.wit."""
    plain = unicodedata.normalize("NFKD", person).encode("ascii", "ignore").decode().lower()
    return ".".join(re.findall(r"[a-z0-9]+", plain)) or "somebody"
