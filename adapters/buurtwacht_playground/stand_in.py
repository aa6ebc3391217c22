"""The stand-in: the board as its own provider, for tests. What people do goes through the page's HTTP endpoints."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from starlette.applications import Starlette
from starlette.types import ASGIApp

from buurtwacht import (
    Ambiguous,
    DeliveryError,
    Glimpse,
    Handle,
    Location,
    Outgoing,
    Rejected,
    Throttled,
    Unavailable,
    Unreachable,
    WindowClosed,
)
from buurtwacht.testing.provider import Fault, Seen, SeenFile, Update
from buurtwacht_playground.board import board_of
from buurtwacht_playground.limits import check
from buurtwacht_playground.styles import CAPABILITIES, Style
from buurtwacht_playground.telephones import Bubble, Telephone

#: Where the page of a test stands; nothing is ever resolved or connected to.
_PAGE = "http://127.0.0.1"
_ERRORS: Mapping[str, type[DeliveryError]] = {
    "unreachable": Unreachable,
    "window_closed": WindowClosed,
    "rejected": Rejected,
    "unavailable": Unavailable,
}


class Bench:
    """What a test has of the demo: its clock, and the people whom the stand-in makes."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.known: list[Mapping[str, str]] = []

    async def advance(self, seconds: float) -> None:
        """Do nothing: a test moves its own clock."""

    def watch(self, look: Callable[[Glimpse], None]) -> None:
        """Show nothing: a test looks for itself."""

    def people(self) -> Sequence[Mapping[str, str]]:
        """Return the people who were made."""
        return self.known

    def own(self) -> Sequence[Mapping[str, str]]:
        """Return nothing: a test makes no plugin."""
        return ()


class BrowserTelephones:
    """Telephones on one board. `buurtwacht.testing.provider.StandIn` says what the verbs mean."""

    style: ClassVar[Style] = Style.BROWSER

    def __init__(self, account: str, now: Callable[[], datetime]) -> None:
        self.account = account
        self.now = now
        #: behind these telephones is no provider that could be asked anything
        self.app: ASGIApp = Starlette()
        self.seen: list[Seen] = []
        self.faults: dict[str, Fault] = {}
        self.down = False
        self.complaints: list[str] = []
        #: whether an `ambiguous` message arrives although no answer does
        self.ambiguous_delivers = False
        self.bench = Bench(now)
        self.board = board_of({"bench": self.bench})
        self.board.join(account, self.style)
        self.board.before, self.board.after = self._before, self._after
        self._telephones: dict[str, Telephone] = {}
        self._acts = 0

    def settings(self) -> dict[str, object]:
        """Return the table of an account whose telephones lie on this board."""
        return {"adapter": "playground", "style": str(self.style), "bench": self.bench}

    # --- who is there ------------------------------------------------------------------------------------------------

    def person(self, name: str, language: str = "nl") -> tuple[Handle, ...]:
        """Put down the telephone of somebody who never wrote, and return what it is called."""
        serial = f"{zlib.crc32(self.account.encode()) % 9_000 + 1_000}{len(self._telephones) + 1:04d}"
        value = f"+316{serial}" if CAPABILITIES[self.style].handle_kind == "phone" else serial
        self.bench.known.append({"name": name, "account": self.account, "handle": value, "language": language})
        self.board.gather()
        telephone = self.board.find(self.account, (value,))
        assert telephone is not None
        telephone.started = telephone.reports = False
        self._telephones[name] = telephone
        return (telephone.handle,)

    def opens(self, person: str) -> None:
        """Let the person have written just now, without an event."""
        telephone = self._telephones[person]
        telephone.started, telephone.heard = True, self.now()

    def closes(self, person: str) -> None:
        """Let the person's window be closed."""
        self._telephones[person].heard = None

    def group(self, title: str) -> Handle:
        """Raise `NotImplementedError`: these telephones have no groups."""
        raise NotImplementedError("the playground has no groups")

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
    ) -> tuple[str, Update]:
        """Return the id of the person's new message and what the page asks for it."""
        if group is not None:
            self.group(group)
        if photo is not None:
            update = self._act("photo", person, content=base64.b64encode(photo).decode(), caption=text)
        elif voice:
            update = self._act("voice", person)
        elif location is not None:
            update = self._act("location", person, latitude=location.latitude, longitude=location.longitude)
        else:
            update = self._act("say", person, text=text, reply_to=reply_to, forwarded=forwarded)
        return self._key(), update

    def taps(self, person: str, option: str, on: str, *, group: str | None = None) -> Update:
        """Return what the page asks for a tap on option id `option` of our message `on`."""
        return self._act("tap", person, message=on, option=option)

    def reacts(self, person: str, emoji: str, on: str) -> Update:
        """Return what the page asks for a reaction to our message `on`."""
        return self._act("react", person, message=on, emoji=emoji)

    def edits(self, person: str, message: str, text: str) -> Update | None:
        """Return nothing: what was said on these telephones stands."""
        return None

    def deletes(self, person: str, message: str) -> Update | None:
        """Return nothing: what was said on these telephones stands."""
        return None

    def blocks(self, person: str, blocked: bool) -> Update | None:
        """Return what the page asks for blocking us or not; only Telegram tells of it."""
        telephone = self._telephones[person]
        if telephone.style is Style.TELEGRAM:
            return self._act("block", person, blocked=blocked)
        telephone.blocked = blocked
        return None

    def status(self, provider_id: str, state: str, *, error: int | None = None) -> Update | None:
        """Return the report of a message, where the messenger has reports; `error` is no code of theirs."""
        person = next((name for name, one in self._telephones.items() if provider_id in one.bubbles), None)
        if person is None or not CAPABILITIES[self._telephones[person].style].receipts:
            return None
        return self._act("report", person, message=provider_id, state=state)

    def _act(self, act: str, person: str, **body: object) -> Update:
        self._acts += 1
        content = {"telephone": self._telephones[person].id, "key": self._key(), **body}
        headers = {"content-type": "application/json", "origin": _PAGE}
        return Update(headers, json.dumps(content).encode(), path=f"/playground/{act}")

    def _key(self) -> str:
        return f"{self.account}-act{self._acts}"

    # --- what arrives ------------------------------------------------------------------------------------------------

    def _before(self, telephone: Telephone, outgoing: Outgoing) -> None:
        if self.down:
            raise Unavailable("outage")
        fault = self.faults.get(telephone.handle.value)
        if fault is not None and fault.kind == "throttled":
            raise Throttled(fault.retry_after, "recipient")
        if fault is not None and fault.kind == "ambiguous" and not self.ambiguous_delivers:
            raise Ambiguous("no answer")
        if fault is not None and fault.kind in _ERRORS and (fault.kind != "window_closed" or not outgoing.template):
            raise _ERRORS[fault.kind](fault.kind)
        try:
            check(outgoing, CAPABILITIES[telephone.style])
        except Rejected as refused:
            # That a messenger has no edits is for the adapter to say, and no fault of form.
            if outgoing.edit_of is None:
                self.complaints.append(refused.reason)
            raise

    def _after(self, telephone: Telephone, outgoing: Outgoing, bubble: Bubble) -> None:
        self.seen.append(
            Seen(
                provider_id=bubble.id,
                to=telephone.handle.value,
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
        )
        fault = self.faults.get(telephone.handle.value)
        if fault is not None and fault.kind == "ambiguous":
            raise Ambiguous("no answer")


class TelegramTelephones(BrowserTelephones):
    """Telephones with Telegram's limits."""

    style = Style.TELEGRAM


class WhatsAppTelephones(BrowserTelephones):
    """Telephones with WhatsApp's limits, window and receipts."""

    style = Style.WHATSAPP
