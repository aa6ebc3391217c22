"""The contract between the core and a messenger: what goes out, and what a messenger can do. `events` come in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from buurtwacht.vocabulary.errors import Fault
from buurtwacht.vocabulary.events import Accept, Handle, MediaRef
from buurtwacht.vocabulary.messages import Location

if TYPE_CHECKING:
    from starlette.routing import Route


# --- what goes out -------------------------------------------------------------------------------------------------


class Layout(StrEnum):
    """How choices are shown: as buttons, as a list that opens, or as numbered lines in the text."""

    NONE = "none"
    BUTTONS = "buttons"
    LIST = "list"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Option:
    """A choice made ready: `id` comes back in `Tapped.choice` (at most 64 bytes, Bot API), `label` fits its limit."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file to send, with its bytes."""

    name: str
    mime: str
    content: bytes
    kind: str = "document"


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """An approved template in place of free text: parameters are single lines, in the template's order."""

    name: str
    language: str
    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message put into words for one recipient, within the limits that the channel's capabilities state.

    `delivery` is our id; a channel that can, sends it along so that a receipt brings it back.
    `to` holds all known handles of the conversation, the most durable first; `is_group` when it is a group.
    With `edit_of` (the provider's id of an earlier message) that message is to show this text and these options
    instead.
    With `template`, the template is sent and `text` is what it will read, for the record.
    `list_title` opens the list when `layout` is LIST.
    `thread` is what it is about: an opaque key, and behind a space the short id that people type, if there is one.
    `language` is the one it is written in. A text too long for one message is sent in several, `part` 0, 1, …
    """

    delivery: int
    to: tuple[Handle, ...]
    text: str
    layout: Layout = Layout.NONE
    options: tuple[Option, ...] = ()
    list_title: str = ""
    reply_to: str | None = None
    edit_of: str | None = None
    parcels: tuple[Parcel, ...] = ()
    location: Location | None = None
    template: TemplateUse | None = None
    silent: bool = False
    is_group: bool = False
    thread: str = ""
    language: str = ""
    part: int = 0

    def handle(self, *kinds: str) -> Handle | None:
        """Return the first handle of one of these kinds, in the order of the kinds asked for."""
        for kind in kinds:
            for handle in self.to:
                if handle.kind == kind:
                    return handle
        return None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The provider took it: `provider_id` is its name for the message. It is sent; whether it arrived is told later."""

    provider_id: str


# --- what a messenger is -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pace:
    """At most one message every `interval` seconds, `burst` of them may come at once and are borrowed from later."""

    interval: float
    burst: int = 1


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a messenger can do; lengths in characters. The core asks these and never names a channel."""

    text: int = 4096
    #: text of a message that carries options
    interactive_text: int = 4096
    caption: int = 1024
    buttons: int = 0
    button_title: int = 0
    list_rows: int = 0
    list_row_title: int = 0
    list_title: int = 0
    edit: bool = False
    reactions: bool = False
    receipts: bool = False
    photos: bool = False
    documents: bool = False
    location: bool = False
    templates: bool = False
    #: how long after the person's last message free text may be sent; None: always
    window: timedelta | None = None
    #: the person must write first; a stranger cannot be reached by number
    needs_start: bool = False
    groups: bool = False
    #: people only answer what we sent: no link begins a conversation here, and words and choices are all that comes in
    answers_only: bool = False
    #: messages a second per account unless the settings say otherwise
    rate: float = 30.0
    recipient_pace: Pace = field(default_factory=lambda: Pace(1.0, 3))
    group_pace: Pace = field(default_factory=lambda: Pace(4.0, 5))
    #: the kind of handle that an operator or a CSV file writes down: chat, phone or email
    handle_kind: str = "chat"


@dataclass(frozen=True, slots=True)
class MenuCommand:
    """One line of a messenger's command menu: the word without a slash, and what it does."""

    word: str
    description: str


@dataclass(frozen=True, slots=True)
class TemplateText:
    """A template the texts need. `body` has {{1}}, {{2}} …; `examples` one for each; `buttons` are fixed labels."""

    name: str
    language: str
    body: str
    examples: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TemplateState:
    """What the provider says of one template: `approved pending paused rejected missing`, in its own reason."""

    name: str
    language: str
    state: str
    reason: str = ""


class Channel(Protocol):
    """An adapter, running one account. Made by `Adapter.open`; only the edge calls it, on the event loop."""

    account: str
    capabilities: Capabilities

    async def start(self) -> None:
        """Check the credentials and get ready (webhook registered, polling allowed).

        Raises `Misconfigured` when the provider refuses the account, `Unavailable` when it cannot be asked.
        """
        ...

    def routes(self, accept: Accept) -> Sequence[Route]:
        """Return the web routes through which the provider reaches us; none when it is polled."""
        ...

    async def receive(self, accept: Accept) -> None:
        """Poll until cancelled; return at once when the account receives by webhook.

        Raises `Misconfigured` when the account is refused; other trouble is logged, waited out and tried again.
        """
        ...

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send one message. Raises a `DeliveryError`, and nothing else, when it did not leave."""
        ...

    async def condition(self) -> str:
        """Return what keeps us from hearing anything now (polling fails, a backlog of webhooks), or nothing.

        Asked once a minute; one question to the provider is allowed. A channel that cannot know returns nothing.
        """
        ...

    async def fetch(self, media: MediaRef) -> bytes:
        """Return the bytes of a file. Raises `Unavailable`, or `Rejected` when it is gone or too large."""
        ...

    async def set_menu(self, menus: Mapping[str, Sequence[MenuCommand]]) -> None:
        """Show the commands, by language; a channel without a menu does nothing."""
        ...

    def invite(self, payload: str, text: str) -> str:
        """Return a link with which a person starts a conversation: `payload` for deep links, `text` to type.

        Nothing where nobody can: see `Capabilities.answers_only`.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """What an adapter is told about its account: the table [channels.<account>], validated, and the shared facts."""

    account: str
    options: Mapping[str, object]
    #: where the provider reaches us, without a trailing slash; empty: it cannot
    public_url: str = ""
    country: str = "NL"
    #: 32 bytes of this account alone, for what it signs or seals; the same at each start. Empty where nothing is run
    secret: bytes = b""


class Adapter(Protocol):
    """What an entry point in the group `buurtwacht.channels` names: cheap to import, opens accounts."""

    #: the adapter's name, as in `adapter = "telegram"`
    name: str
    capabilities: Capabilities
    #: "package.module:Name" of a stand-in for the provider, for tests over the wire; empty when there is none
    stand_in: str

    def faults(self, settings: AccountSettings) -> Sequence[Fault]:
        """Return what is wrong or missing in the account's table; `where` is relative, such as "token"."""
        ...

    def open(self, settings: AccountSettings) -> Channel:
        """Make the channel. Imports the messenger's library here, not before; no network yet."""
        ...


@dataclass(frozen=True, slots=True)
class Glimpse:
    """One thing that happened inside, for whoever looks on.

    `stage` is inbox, handler, queued, sent, failed or timer; while calls are traced (BUURTWACHT_TRACE=1) also hook, and
    in the demo of a plugin that is being made also error. The last one is end: pages that look on are to be let go.
    `what` is a line for people, without bodies or numbers; `person` is a display name where there is one.
    Of a hook, `what` is its name or that of the handler ("recognise", "tell alert_opened", "command patrol", "timer
    due"), `plugin` whose code was called, `ms` how long that took, and `failed` the kind of error that it raised.
    An error has a `stack`, which may hold what somebody said: nothing but the demo makes one.
    """

    at: datetime
    stage: str
    what: str
    person: str = ""
    account: str = ""
    plugin: str = ""
    ms: float = 0.0
    failed: str = ""
    stack: str = ""


class Bench(Protocol):
    """What the playground gets in its options as `bench`: the clock, and a look inside. Absent outside `demo`."""

    def now(self) -> datetime:
        """Return the present moment of the demo, aware, in UTC."""
        ...

    async def advance(self, seconds: float) -> None:
        """Move the clock forward and let everything that falls due happen."""
        ...

    def watch(self, look: Callable[[Glimpse], None]) -> None:
        """Call `look` on the event loop with each thing that happens."""
        ...

    def people(self) -> Sequence[Mapping[str, str]]:
        """Return the sample people with a telephone: person, name, account, handle, neighbourhood, roles, street."""
        ...

    def own(self) -> Sequence[Mapping[str, str]]:
        """Return the plugins that whoever looks on is making: plugin, name, and remarks with spaces between.

        Remarks say what is so of it in the demo alone (in_place, settings, opted_in, unmigrated, differs, outside), and
        `reloads` that everything begins anew when a file of it changes.
        """
        ...
