"""What comes in from a messenger: who said, tapped or changed what, in our words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from buurtwacht.vocabulary.messages import Location


@dataclass(frozen=True, slots=True)
class Handle:
    """One way a provider names a conversation: kind `chat`, `phone` (E.164), `user` (WhatsApp's id), `group`, `email`.

    Handles change (a new number, a migrated group) and one event may carry two of the same person.
    """

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class MediaRef:
    """A file the provider keeps for us: fetched afterwards, so that no picture delays a word."""

    ref: str
    mime: str
    kind: Literal["photo", "document", "voice", "video"]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody wrote, spoke or sent something. `start` is the parameter of a deep link ("/start tb-join")."""

    message: str
    text: str = ""
    reply_to: str | None = None
    forwarded: bool = False
    media: MediaRef | None = None
    location: Location | None = None
    start: str | None = None
    kind: Literal["said"] = "said"


@dataclass(frozen=True, slots=True)
class Tapped:
    """Somebody chose an answer; `choice` is what we put behind it, `on` the provider's id of that message."""

    choice: str
    on: str | None = None
    message: str = ""
    kind: Literal["tapped"] = "tapped"


@dataclass(frozen=True, slots=True)
class Reacted:
    """Somebody put an emoji on a message; empty when it was taken away."""

    emoji: str
    on: str
    kind: Literal["reacted"] = "reacted"


@dataclass(frozen=True, slots=True)
class Edited:
    """Somebody changed his own message afterwards."""

    message: str
    text: str
    kind: Literal["edited"] = "edited"


@dataclass(frozen=True, slots=True)
class Deleted:
    """Somebody took back his own message."""

    message: str
    kind: Literal["deleted"] = "deleted"


@dataclass(frozen=True, slots=True)
class Blocked:
    """The person stopped (`blocked`) or again allowed our messages."""

    blocked: bool
    kind: Literal["blocked"] = "blocked"


@dataclass(frozen=True, slots=True)
class Moved:
    """A conversation has other handles from now on (new number, group became a supergroup)."""

    old: Handle
    new: tuple[Handle, ...]
    kind: Literal["moved"] = "moved"


@dataclass(frozen=True, slots=True)
class GroupChanged:
    """We were taken into a group, or put out of it. `privileged`: we may read everything there."""

    member: bool
    title: str = ""
    privileged: bool = False
    kind: Literal["group_changed"] = "group_changed"


@dataclass(frozen=True, slots=True)
class Status:
    """The provider tells how a message of ours fared. `delivery` is our id where the provider echoes it.

    `error` is the name of a `DeliveryError` class (`Unreachable`, `Throttled` …) when the state is `failed`.
    """

    provider_id: str
    state: Literal["sent", "delivered", "read", "failed"]
    delivery: int | None = None
    error: str = ""
    reason: str = ""
    retry_after: float | None = None
    kind: Literal["status"] = "status"


#: What stands before the key of the event that brought the words, in that of the file that came with them.
FILE = "file:"


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes of a file announced earlier, now in our own store as `media`; follows its `Said`."""

    message: str
    media: int
    mime: str
    kind: Literal["fetched"] = "fetched"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A signed item that nobody could make sense of: recorded, never dropped in silence."""

    reason: str
    kind: Literal["unreadable"] = "unreadable"


Event: TypeAlias = Annotated[
    Said | Tapped | Reacted | Edited | Deleted | Blocked | Moved | GroupChanged | Status | Fetched | Unreadable,
    Field(discriminator="kind"),
]


@dataclass(frozen=True, slots=True)
class Inbound:
    """One event from a provider.

    `key` is unique within the account: the same event repeated has the same key and has one effect.
    `sender` are all handles by which this event names the person, the most durable first; empty for events of nobody.
    `group` is set when it was said in a group. `name` and `language` (BCP 47) as the provider tells them: never
    trusted.
    """

    key: str
    event: Event
    at: datetime
    sender: tuple[Handle, ...] = ()
    group: Handle | None = None
    name: str = ""
    language: str = ""


#: Keeps a batch of events, all or none, and returns when they are committed; only then may the provider be answered.
#: Raises `StoreUnavailable` when they could not be kept. Returns how many of them were new.
Accept: TypeAlias = Callable[[Sequence[Inbound]], Awaitable[int]]
