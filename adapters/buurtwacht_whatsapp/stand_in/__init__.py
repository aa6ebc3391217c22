"""A stand-in for Meta's Cloud API in one process: it keeps Meta's limits and makes Meta's webhook requests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starlette.applications import Starlette
from starlette.types import ASGIApp

from buurtwacht import Handle, Location
from buurtwacht.testing.provider import Fault, Seen, Update
from buurtwacht_whatsapp.stand_in.graph import GraphServer
from buurtwacht_whatsapp.stand_in.library import Library
from buurtwacht_whatsapp.stand_in.people import People
from buurtwacht_whatsapp.stand_in.updates import Envelope, Item, context, from_person

__all__ = ["CloudApi"]

#: What the account's table says; made up, and no secret of anybody.
NUMBER_ID = "106540352242922"
WABA_ID = "102290129340398"
NUMBER = "+31850000000"
TOKEN = "stand-in-token"
APP_SECRET = "stand-in-app-secret"
VERIFY_TOKEN = "stand-in-verify-token"
PREFIX = "buurtwacht"


class CloudApi:
    """The Cloud API of one account; satisfies `buurtwacht.testing.provider.StandIn`.

    `ambiguous_delivers`: a request whose connection breaks is delivered all the same. `knows_all`: every template with
    the prefix counts as approved. `rate`: messages a second before 130429, None for no limit. `latency` in real
    seconds, for a stand-in that runs as a server.
    """

    def __init__(self, account: str, now: Callable[[], datetime]) -> None:
        self.account = account
        self.now = now
        self.api_url = "http://127.0.0.1:8090"
        self.seen: list[Seen] = []
        self.faults: dict[str, Fault] = {}
        self.down = False
        self.complaints: list[str] = []
        self.ambiguous_delivers = False
        self.rate: int | None = None
        self.latency = 0.0
        self.token = TOKEN
        self.number_id = NUMBER_ID
        self.waba_id = WABA_ID
        self.number = NUMBER
        self.people = People(account, now)
        self.library = Library(PREFIX)
        self._graph = GraphServer(self)
        self._envelope = Envelope(WABA_ID, NUMBER_ID, NUMBER.removeprefix("+"), APP_SECRET)
        self._count = 0
        self._unanswered: dict[int, str] = {}
        self.app: ASGIApp = Starlette(routes=self._graph.routes())

    @property
    def knows_all(self) -> bool:
        """Whether every template with the prefix counts as approved."""
        return self.library.knows_all

    @knows_all.setter
    def knows_all(self, value: bool) -> None:
        self.library.knows_all = value

    def settings(self) -> dict[str, object]:
        """Return the table [channels.<account>] with which the adapter talks to this stand-in."""
        return {
            "adapter": "whatsapp",
            "phone_number_id": NUMBER_ID,
            "waba_id": WABA_ID,
            "token": TOKEN,
            "app_secret": APP_SECRET,
            "verify_token": VERIFY_TOKEN,
            "api_url": self.api_url,
            "api_version": "v26.0",
            "rate": 80,
            "templates": PREFIX,
        }

    def approve(
        self, name: str, language: str, body: str, buttons: tuple[str, ...] = (), *, status: str = "APPROVED"
    ) -> None:
        """Let Meta have judged a template; `status` as Meta writes it (PAUSED, REJECTED …)."""
        self.library.put(name, language, body, buttons, status)

    def wamid(self) -> str:
        """Return a new message id."""
        self._count += 1
        return f"wamid.{self.account}{self._count:06d}=="

    # --- people ---------------------------------------------------------------------------------------------------

    def person(self, name: str, language: str = "nl") -> tuple[Handle, ...]:
        """Make a user of WhatsApp; his window is closed until he writes."""
        return self.people.make(name, language).handles

    def opens(self, person: str) -> None:
        """Let the person have written just now, without an event."""
        self.people.heard(person)

    def closes(self, person: str) -> None:
        """Let the person's window be closed."""
        self.people.known(person).last_heard = None

    def group(self, title: str) -> Handle:
        """Raise: a WhatsApp group has eight people and no buttons, and serves nobody here."""
        raise NotImplementedError("WhatsApp has no groups for us")

    def blocks(self, person: str, blocked: bool) -> Update | None:
        """Block us or not; WhatsApp does not tell, our messages come back undeliverable."""
        self.people.known(person).blocked = blocked
        return None

    # --- what our webhook gets ------------------------------------------------------------------------------------

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
        """Return the id of the person's new message and the request that announces it.

        Words beside a location or a voice are a message of their own, first in the same body: the id is theirs.
        """
        _no_group(group)
        contents: list[tuple[str, Item]] = []
        if photo is not None:
            caption: Item = {"caption": text} if text else {}
            contents.append(("image", {**self._stored("image/jpeg", photo), **caption}))
        elif text or not (voice or location):
            contents.append(("text", {"body": text}))
        if voice:
            contents.append(("audio", {**self._stored("audio/ogg; codecs=opus", b"OggS" + bytes(60)), "voice": True}))
        if location is not None:
            contents.append(("location", {"latitude": location.latitude, "longitude": location.longitude}))
        around = context(reply_to, forwarded, NUMBER.removeprefix("+"))
        items = [self._item(person, kind, content) | around for kind, content in contents]
        return str(items[0]["id"]), self._envelope.messages(self.people.heard(person), items)

    def taps(self, person: str, option: str, on: str, *, group: str | None = None) -> Update:
        """Return the request for a tap on option id `option` of our message `on`."""
        _no_group(group)
        message = next((seen for seen in self.seen if seen.provider_id == on), None)
        title = dict(message.options).get(option, option) if message else option
        if message is not None and message.template:
            item = self._item(person, "button", {"payload": option, "text": title})
        else:
            kind = "list_reply" if message is not None and message.kind == "list" else "button_reply"
            item = self._item(person, "interactive", {"type": kind, kind: {"id": option, "title": title}})
        return self._told(person, item | context(on, False, NUMBER.removeprefix("+")))

    def reacts(self, person: str, emoji: str, on: str) -> Update:
        """Return the request for a reaction to our message `on`; an empty emoji takes it away."""
        content: Item = {"message_id": on, "emoji": emoji} if emoji else {"message_id": on}
        return self._told(person, self._item(person, "reaction", content))

    def edits(self, person: str, message: str, text: str) -> Update | None:
        """Return the request for an edit of the person's own message."""
        changed = {"type": "text", "text": {"body": text}}
        return self._told(person, self._item(person, "edit", {"original_message_id": message, "message": changed}))

    def deletes(self, person: str, message: str) -> Update | None:
        """Return the request for a deletion of the person's own message."""
        return self._told(person, self._item(person, "revoke", {"original_message_id": message}))

    def moves(self, person: str) -> tuple[tuple[Handle, ...], Update]:
        """Let a person take another number; return his new handles and the request that tells it."""
        who, former, number = self.people.move(person)
        item = self._item(who.user, "system", {})
        item |= {"from": number.removeprefix("+")}
        del item["from_user_id"]
        item["system"] = {
            "body": f"User A changed from {number} to {who.number}",
            "type": "user_changed_number",
            "wa_id": who.wa_id,
            "user_id": who.user,
            "previous_user_id": former,
        }
        return who.handles, self._envelope.without_contacts("messages", [item])

    def status(self, provider_id: str, state: str, *, error: int | None = None) -> Update | None:
        """Return the request that reports sent, delivered, read, played or failed; `error` is Meta's code."""
        return self._envelope.without_contacts("statuses", [self._status(provider_id, state, error)])

    def unanswered(self, delivery: int, wamid: str = "") -> str:
        """Return the id of a message that was taken although no answer left; `wamid` is the one it was given."""
        if delivery not in self._unanswered:
            self._unanswered[delivery] = wamid or self.wamid()
            self._graph.trackers[self._unanswered[delivery]] = str(delivery)
        return self._unanswered[delivery]

    def statuses(self, state: str) -> Update:
        """Return one request that reports `state` for everything that was seen."""
        return self._envelope.without_contacts(
            "statuses", [self._status(each.provider_id, state, None) for each in self.seen]
        )

    def _status(self, provider_id: str, state: str, error: int | None) -> Item:
        told: Item = {"id": provider_id, "status": state, "timestamp": str(self._seconds())}
        tracker = self._graph.trackers.get(provider_id)
        if tracker is not None:
            told["biz_opaque_callback_data"] = tracker
        recipient = next((self.people.find(seen.to) for seen in self.seen if seen.provider_id == provider_id), None)
        if recipient is not None:
            told |= {"recipient_id": recipient.wa_id, "recipient_user_id": recipient.user}
        if state == "failed":
            code = 131026 if error is None else error
            told["errors"] = [{"code": code, "title": "refused", "message": "refused", "error_data": {"details": ""}}]
        return told

    def _told(self, person: str, item: Item) -> Update:
        return self._envelope.messages(self.people.heard(person), [item])

    def _item(self, person: str, kind: str, content: Item) -> Item:
        return from_person(self.people.known(person), self.wamid(), self._seconds(), kind, content)

    def _stored(self, mime: str, content: bytes) -> Item:
        return {"id": self._graph.store("", mime, content), "mime_type": mime, "sha256": "c3RhbmQtaW4="}

    def _seconds(self) -> int:
        return int(self.now().timestamp())


def _no_group(group: str | None) -> None:
    if group is not None:
        raise NotImplementedError("WhatsApp has no groups for us")
