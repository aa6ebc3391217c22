"""A messenger in memory: the capabilities of the real one and no form of its own, so nothing is parsed or sent."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from buurtwacht.testing.provider import Chat, Fault, Seen, SeenFile, mailbox_name
from buurtwacht.vocabulary.channels import Capabilities, Layout, MenuCommand, Outgoing, Receipt
from buurtwacht.vocabulary.errors import (
    Ambiguous,
    DeliveryError,
    Rejected,
    Throttled,
    Unavailable,
    Unreachable,
    WindowClosed,
)
from buurtwacht.vocabulary.events import (
    Accept,
    Blocked,
    Deleted,
    Edited,
    Event,
    Handle,
    Inbound,
    MediaRef,
    Reacted,
    Said,
    Status,
    Tapped,
)
from buurtwacht.vocabulary.messages import Location

if TYPE_CHECKING:
    from starlette.routing import Route

_FAULTS: Mapping[str, type[DeliveryError]] = {
    "unreachable": Unreachable,
    "window_closed": WindowClosed,
    "rejected": Rejected,
    "unavailable": Unavailable,
    "ambiguous": Ambiguous,
}
#: Bot API: callback_data of at most 64 bytes, the shortest of all messengers.
_OPTION_ID = 64
_VOICE = b"OggS"


class MockChannel:
    """A `Channel` and the provider behind it in one. What people do becomes `Inbound` events.

    It refuses what the real messenger would: longer texts and titles, more choices, an edit where there is none, free
    text outside the window, somebody who never wrote. A message that breaks a limit of form is also in `complaints`.
    A person is named by any of his handles or by the name he was made with.
    """

    def __init__(self, account: str, capabilities: Capabilities, now: Callable[[], datetime]) -> None:
        self.account = account
        self.capabilities = capabilities
        self.now = now
        self.seen: list[Seen] = []
        #: by value of a handle
        self.faults: dict[str, Fault] = {}
        #: the provider refuses everything while this is True
        self.down = False
        self.complaints: list[str] = []
        #: whether an `ambiguous` message arrives although no answer does
        self.ambiguous_delivers = False
        self.files: dict[str, bytes] = {}
        self.menus: dict[str, tuple[MenuCommand, ...]] = {}
        self._people: dict[str, Chat] = {}
        self._groups: dict[str, str] = {}
        self._shown: dict[str, Seen] = {}
        self._delivery: dict[str, int] = {}
        self._unanswered: dict[int, str] = {}
        self._district = zlib.crc32(account.encode()) % 9_000 + 1_000
        self._count = 0

    # --- who is there ------------------------------------------------------------------------------------------------

    def person(self, name: str, language: str = "nl") -> tuple[Handle, ...]:
        """Make a user of the messenger and return his handles, the most durable first."""
        serial = f"{self._district}{len(self._people) + 1:04d}"
        handles: tuple[Handle, ...] = (Handle(self.capabilities.handle_kind, serial),)
        if self.capabilities.handle_kind == "email":
            handles = (Handle("email", f"{mailbox_name(name)}.{serial}@example.org"),)
        if self.capabilities.handle_kind == "phone":
            handles = (Handle("user", f"NL.u{serial}"), Handle("phone", f"+316{serial}"))
        chat = Chat(name, language, handles)
        for key in (name, *(one.value for one in handles)):
            self._people.setdefault(key, chat)
        return handles

    def opens(self, person: str) -> None:
        """Let the person have written just now, without an event."""
        chat = self._people[person]
        chat.started, chat.last_heard = True, self.now()

    def closes(self, person: str) -> None:
        """Let the person's window be closed."""
        self._people[person].last_heard = None

    def group(self, title: str) -> Handle:
        """Make a group with us in it. Raises `NotImplementedError` where the messenger has none for us."""
        if not self.capabilities.groups:
            raise NotImplementedError(f"{self.account} has no groups for us")
        value = self._groups.setdefault(title, f"-{self._district}{len(self._groups) + 1:04d}")
        return Handle("group", value)

    # --- what people do ----------------------------------------------------------------------------------------------

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
    ) -> tuple[str, Inbound]:
        """Return the id of the person's new message and the event it is."""
        self.opens(person)
        message = self._next("in")
        start = None
        if self.capabilities.needs_start and text.split(" ", 1)[0] == "/start":
            start = text.removeprefix("/start").strip()
        media = self._media(photo, voice)
        said = Said(message, text, reply_to, forwarded, media, location, start)
        return message, self._event(person, said, group)

    def taps(self, person: str, option: str, on: str, *, group: str | None = None) -> Inbound:
        """Return the event of a tap on option id `option` of our message `on`."""
        self.opens(person)
        return self._event(person, Tapped(option, on, self._next("tap")), group)

    def reacts(self, person: str, emoji: str, on: str) -> Inbound:
        """Return the event of a reaction to our message `on`."""
        return self._event(person, Reacted(emoji, on))

    def edits(self, person: str, message: str, text: str) -> Inbound | None:
        """Return the event of an edit of the person's own message."""
        return self._event(person, Edited(message, text))

    def deletes(self, person: str, message: str) -> Inbound | None:
        """Return the event of a deletion; a messenger without receipts tells of no deletion either."""
        return self._event(person, Deleted(message)) if self.capabilities.receipts else None

    def blocks(self, person: str, blocked: bool) -> Inbound | None:
        """Return the event of blocking us or not; None where our messages just come back."""
        self._people[person].blocked = blocked
        return self._event(person, Blocked(blocked)) if self.capabilities.needs_start else None

    def status(self, provider_id: str, state: str, *, error: int | None = None) -> Inbound | None:
        """Return the report that a message was sent, delivered, read or failed; None where there are no receipts."""
        if not self.capabilities.receipts:
            return None
        delivery = self._delivery.get(provider_id)
        match state:
            case "sent" | "delivered" | "read":
                status = Status(provider_id, state, delivery)
            case "failed":
                status = Status(
                    provider_id, "failed", delivery, "Unreachable", "131026" if error is None else str(error)
                )
            case _:
                raise ValueError(f"a provider reports sent, delivered, read or failed, not {state!r}")
        return Inbound(f"status:{self._next('st')}", status, self.now())

    def unanswered(self, delivery: int) -> str:
        """Return the id of a message that arrived although no answer did; one is given when it has none."""
        if delivery not in self._unanswered:
            self._unanswered[delivery] = self._next(f"{self.account}-")
            self._delivery[self._unanswered[delivery]] = delivery
        return self._unanswered[delivery]

    # --- the channel -------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Be ready at once."""

    def routes(self, accept: Accept) -> Sequence[Route]:
        """Return nothing: events are handed over as they are."""
        return ()

    async def receive(self, accept: Accept) -> None:
        """Return at once: nothing is polled."""

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Take a message. Raises what the real channel would raise."""
        if self.down:
            raise Unavailable("outage")
        fault = next((self.faults[one.value] for one in outgoing.to if one.value in self.faults), None)
        if fault is not None and fault.kind == "throttled":
            raise Throttled(fault.retry_after, "recipient")
        is_template = outgoing.template is not None
        if fault and fault.kind != "ambiguous" and not (fault.kind == "window_closed" and is_template):
            raise _FAULTS[fault.kind](fault.kind)
        self._reach(outgoing)
        self._hold_to_limits(outgoing)
        if fault is None or fault.kind != "ambiguous" or self.ambiguous_delivers:
            provider_id = self._keep(outgoing)
        if fault is not None and fault.kind == "ambiguous":
            if self.ambiguous_delivers:
                self._unanswered[outgoing.delivery] = provider_id
            raise Ambiguous("no answer")
        return Receipt(provider_id)

    async def condition(self) -> str:
        """Return what keeps us from hearing anything."""
        return "outage" if self.down else ""

    async def fetch(self, media: MediaRef) -> bytes:
        """Return the bytes of a file that a person sent. Raises `Rejected` when there is none."""
        if self.down:
            raise Unavailable("outage")
        if media.ref not in self.files:
            raise Rejected("media_gone")
        return self.files[media.ref]

    async def set_menu(self, menus: Mapping[str, Sequence[MenuCommand]]) -> None:
        """Remember the menus."""
        self.menus = {language: tuple(menu) for language, menu in menus.items()}

    def invite(self, payload: str, text: str) -> str:
        """Return a link with which somebody starts a conversation."""
        if self.capabilities.answers_only:
            return ""
        return f"https://{self.account}.example/{payload or text.replace(' ', '%20')}"

    async def close(self) -> None:
        """Have nothing to let go of."""

    # --- inside ------------------------------------------------------------------------------------------------------

    def _event(self, person: str, event: Event, group: str | None = None) -> Inbound:
        chat = self._people[person]
        where = Handle("group", group) if group is not None else None
        return Inbound(self._next("ev"), event, self.now(), chat.handles, where, chat.name, chat.language)

    def _next(self, kind: str) -> str:
        self._count += 1
        return f"{kind}{self._count}"

    def _media(self, photo: bytes | None, voice: bool) -> MediaRef | None:
        if photo is None and not voice:
            return None
        ref = self._next("file")
        self.files[ref] = _VOICE if photo is None else photo
        return MediaRef(ref, "audio/ogg", "voice") if photo is None else MediaRef(ref, "image/jpeg", "photo")

    def _reach(self, outgoing: Outgoing) -> None:
        if outgoing.is_group:
            if outgoing.to[0].value not in self._groups.values():
                raise Unreachable("not_in_group")
            return
        chat = next((self._people[one.value] for one in outgoing.to if one.value in self._people), None)
        if chat is None:
            raise Unreachable("not_here")
        if chat.blocked:
            raise Unreachable("blocked")
        if self.capabilities.needs_start and not chat.started:
            raise Unreachable("not_started")
        window: timedelta | None = self.capabilities.window
        if outgoing.template is not None or window is None:
            return
        if chat.last_heard is None or self.now() - chat.last_heard >= window:
            raise WindowClosed("window_closed")

    def _hold_to_limits(self, outgoing: Outgoing) -> None:
        if fault := self._fault_of_form(outgoing):
            self.complaints.append(fault)
            raise Rejected(fault)

    def _fault_of_form(self, outgoing: Outgoing) -> str:
        can = self.capabilities
        labels = [len(option.label) for option in outgoing.options]
        interactive = outgoing.layout in (Layout.BUTTONS, Layout.LIST)
        broken = {
            "text too long": len(outgoing.text) > (can.interactive_text if interactive else can.text),
            "nothing to send": not (outgoing.text.strip() or outgoing.parcels or outgoing.location),
            "too many buttons": outgoing.layout is Layout.BUTTONS and len(labels) > max(can.buttons, 10),
            "button title too long": outgoing.layout is Layout.BUTTONS
            and outgoing.template is None
            and max(labels, default=0) > can.button_title,
            "too many rows": outgoing.layout is Layout.LIST and len(labels) > can.list_rows,
            "row title too long": outgoing.layout is Layout.LIST and max(labels, default=0) > can.list_row_title,
            "list title too long": len(outgoing.list_title) > can.list_title > 0,
            "option id too long": any(len(option.id.encode()) > _OPTION_ID for option in outgoing.options),
            "no templates here": outgoing.template is not None and not can.templates,
            "parameter of several lines": outgoing.template is not None
            and any(not one or "\n" in one for one in outgoing.template.parameters),
            "no edits here": outgoing.edit_of is not None and not can.edit,
            "message to edit not found": outgoing.edit_of is not None and outgoing.edit_of not in self._shown,
            "no location here": outgoing.location is not None and not can.location,
        }
        return next((what for what, is_broken in broken.items() if is_broken), "")

    def _keep(self, outgoing: Outgoing) -> str:
        provider_id = outgoing.edit_of or self._next(f"{self.account}-")
        seen = Seen(
            provider_id=provider_id,
            to=outgoing.to[-1].value,
            text=outgoing.text,
            at=self.now(),
            options=tuple((option.id, option.label) for option in outgoing.options),
            edit_of=outgoing.edit_of,
            template=outgoing.template.name if outgoing.template else None,
            language=outgoing.template.language if outgoing.template else "",
            files=tuple(SeenFile(one.name, one.mime, one.content) for one in outgoing.parcels),
            location=outgoing.location,
            reply_to=outgoing.reply_to,
            delivery=outgoing.delivery,
            kind="edit" if outgoing.edit_of else str(outgoing.layout),
        )
        self.seen.append(seen)
        before = self._shown.get(provider_id)
        self._shown[provider_id] = replace(seen, files=before.files) if before else seen
        self._delivery[provider_id] = outgoing.delivery
        return provider_id
