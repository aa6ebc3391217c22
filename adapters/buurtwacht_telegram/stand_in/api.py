"""The stand-in itself: what its people do, and what it makes of the messages it is asked to deliver."""

from __future__ import annotations

import math
import re
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from starlette.types import ASGIApp

from buurtwacht import Handle, Location
from buurtwacht.testing.provider import Fault, Seen, SeenFile, Update
from buurtwacht_telegram.names import Names
from buurtwacht_telegram.shapes import Table
from buurtwacht_telegram.stand_in.limits import (
    CAPTION,
    DOCUMENT_BYTES,
    PHOTO_BYTES,
    TEXT,
    Broken,
    Refused,
    bad,
    degrees_of,
    number_of,
    options_of,
    text_of,
)
from buurtwacht_telegram.stand_in.server import application
from buurtwacht_telegram.stand_in.town import Town, content_of
from buurtwacht_telegram.stand_in.updates import Updates

_MAP = re.compile(r"https://www\.openstreetmap\.org/\?mlat=(-?[\d.]+)&mlon=(-?[\d.]+)\S*")


class BotApi:
    """One bot at Telegram. `buurtwacht.testing.provider.StandIn` says what its verbs mean."""

    def __init__(self, account: str, now: Callable[[], datetime]) -> None:
        self.account = account
        self.now = now
        self.bot: dict[str, object] = {
            "id": 4_000_000_000,
            "is_bot": True,
            "first_name": "Buurtwacht",
            "username": f"buurtwacht_{re.sub(r'[^a-z0-9]', '', account.lower())}_bot",
            "can_read_all_group_messages": False,
        }
        self.token = "4000000000:stand-in_stand-in_stand-in_stand-in"
        self.town = Town(account, now, f"secret_of_{re.sub(r'[^A-Za-z0-9_-]', '', account)}", self.bot)
        self.updates = Updates(self.town)
        self.seen: list[Seen] = []
        self.faults: dict[str, Fault] = {}
        self.down = False
        self.complaints: list[str] = []
        #: how often each method was called, in lower case
        self.calls: Counter[str] = Counter()
        #: taps whose wheel was stopped
        self.answered: list[str] = []
        #: command menus by language code, "" for everybody else
        self.menus: dict[str, list[dict[str, str]]] = {}
        #: seconds that every answer of the Bot API takes
        self.latency = 0.0
        #: sends and edits allowed in any second; None: as many as come
        self.rate: int | None = None
        #: whether an `ambiguous` message arrives although no answer does
        self.ambiguous_delivers = False
        #: whether requests come over a real connection, which can be broken and waited on
        self.over_socket = False
        self._taps = 0
        self._shown: dict[str, Seen] = {}
        self._window: deque[datetime] = deque()
        self.app: ASGIApp = application(self)

    def settings(self) -> dict[str, object]:
        """Return the table of an account that talks to this stand-in."""
        return {"token": self.token, "webhook_secret": self.town.secret, "api_url": "http://127.0.0.1:9"}

    # --- what people do ----------------------------------------------------------------------------------------------

    def person(self, name: str, language: str = "nl") -> tuple[Handle, ...]:
        """Make a user who has not started the bot, and return his handles."""
        return self.town.person(name, language).handles

    def opens(self, person: str) -> None:
        """Let the person have started the bot, without an event."""
        chat = self.town.people[person]
        chat.started, chat.last_heard = True, self.now()

    def closes(self, person: str) -> None:
        """Change nothing: Telegram has no window."""

    def group(self, title: str) -> Handle:
        """Make a group with the bot in it."""
        return Handle("group", str(self.town.group(title).id))

    def joins_group(self, person: str, title: str, *, status: str = "member") -> Update:
        """Return the request for the bot being put in a group (`member`, `administrator`) or out of it (`left`)."""
        chat = self.town.group(title).id
        return self._membership(person, chat, "left" if status != "left" else "member", status)

    def migrates(self, title: str) -> tuple[Handle, Update]:
        """Let a group become a supergroup; return its new handle and the request that announces it."""
        group = self.town.group(title)
        group.moved_to = -1_000_000_000_000 + group.id
        message = {"message_id": self.town.next_message(group.id), "date": self.town.moment()}
        place = {"id": group.id, "type": "group", "title": title}
        update = self.town.update({"message": {**message, "chat": place, "migrate_to_chat_id": group.moved_to}})
        return Handle("group", str(group.moved_to)), update

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
        self.opens(person)
        chat = self.town.where(person, group)
        number = self.town.next_message(chat)
        content = content_of(self.town, text, photo, location, voice)
        if reply_to is not None:
            content["reply_to_message"] = self.town.ours(reply_to)
        if forwarded:
            content["forward_origin"] = {
                "type": "hidden_user",
                "sender_user_name": "Somebody",
                "date": self.town.moment(),
            }
        return self.named(chat, number), self.town.update({"message": self.town.message(person, chat, number, content)})

    def taps(self, person: str, option: str, on: str, *, group: str | None = None) -> Update:
        """Return the request for a tap on option `option` of our message `on`; one that we never sent is left out."""
        self.opens(person)
        self._taps += 1
        query = {"id": f"tap{self._taps}", "from": self.town.user(person)}
        instance: dict[str, object] = {"chat_instance": "1", "data": option}
        if on in self.town.named:
            instance["message"] = self.town.ours(on)
        return self.town.update({"callback_query": {**query, **instance}})

    def reacts(self, person: str, emoji: str, on: str) -> Update:
        """Return the request for a reaction to our message `on`; an empty emoji takes it away."""
        chat, number = self.town.named[on]
        old = self.town.reactions.get((person, on), "")
        self.town.reactions[person, on] = emoji
        change = {
            "chat": self.town.place(chat),
            "message_id": number,
            "user": self.town.user(person),
            "date": self.town.moment(),
            "old_reaction": [{"type": "emoji", "emoji": old}] if old else [],
            "new_reaction": [{"type": "emoji", "emoji": emoji}] if emoji else [],
        }
        return self.town.update({"message_reaction": change})

    def edits(self, person: str, message: str, text: str) -> Update | None:
        """Return the request for an edit of the person's own message."""
        chat, number = self.town.named[message]
        content = {"text": text, "edit_date": self.town.moment()}
        return self.town.update({"edited_message": self.town.message(person, chat, number, content)})

    def deletes(self, person: str, message: str) -> Update | None:
        """Return nothing: Telegram does not tell a bot."""
        return None

    def blocks(self, person: str, blocked: bool) -> Update | None:
        """Return the request for blocking or un-blocking the bot."""
        self.town.people[person].blocked = blocked
        before, after = ("member", "kicked") if blocked else ("kicked", "member")
        return self._membership(person, self.town.number(person), before, after)

    def status(self, provider_id: str, state: str, *, error: int | None = None) -> Update | None:
        """Return nothing: Telegram has no receipts."""
        return None

    def named(self, chat: int, number: int) -> str:
        """Return the name that the adapter has for a message."""
        name = Names(self.token).message(chat, number)
        self.town.named[name] = chat, number
        return name

    def _membership(self, person: str, chat: int, before: str, after: str) -> Update:
        change = {
            "chat": self.town.place(chat),
            "from": self.town.user(person),
            "date": self.town.moment(),
            "old_chat_member": {"user": self.bot, "status": before},
            "new_chat_member": {"user": self.bot, "status": after},
        }
        return self.town.update({"my_chat_member": change})

    # --- what the bot asks -------------------------------------------------------------------------------------------

    def deliver(self, method: str, fields: Table, files: dict[str, SeenFile]) -> dict[str, object]:
        """Accept a message and return it. Raises `Refused`, or `Broken` when the connection is to break."""
        self._count()
        chat = number_of(fields, "chat_id")
        fault = self._judge(chat)
        number = self.town.next_message(chat)
        seen = self._message(method, fields, files, self.named(chat, number), chat)
        if fault is None or self.ambiguous_delivers:
            self._keep(seen)
        if fault is not None:
            raise Broken
        return self._result(seen, chat, number)

    def change(self, method: str, fields: Table) -> dict[str, object]:
        """Accept an edit and return the message. Raises as `deliver`."""
        self._count()
        chat, number = number_of(fields, "chat_id"), number_of(fields, "message_id")
        fault = self._judge(chat)
        before = self._shown.get(self.named(chat, number))
        if before is None:
            raise Refused(400, "Bad Request: message to edit not found")
        after = replace(
            before, at=self.now(), options=options_of(fields), edit_of=before.provider_id, kind="edit", reply_to=None
        )
        if method == "editmessagetext":
            if before.files:
                raise Refused(400, "Bad Request: there is no text in the message to edit")
            after = self._worded(after, _needed(text_of(fields, "text", TEXT)))
        elif method == "editmessagecaption":
            after = self._worded(after, text_of(fields, "caption", CAPTION))
        if (after.text, after.options) == (before.text, before.options):
            raise Refused(400, "Bad Request: message is not modified: specified new message content and reply markup")
        if fault is None or self.ambiguous_delivers:
            self._keep(after)
        if fault is not None:
            raise Broken
        return self._result(after, chat, number)

    def delete(self, fields: Table) -> bool:
        """Take back a message of the bot. Raises `Refused`."""
        name = self.named(number_of(fields, "chat_id"), number_of(fields, "message_id"))
        if self._shown.pop(name, None) is None:
            raise Refused(400, "Bad Request: message to delete not found")
        return True

    def _message(self, method: str, fields: Table, files: dict[str, SeenFile], name: str, chat: int) -> Seen:
        reply = fields.get("reply_parameters")
        replied = self.named(chat, number_of(reply, "message_id")) if isinstance(reply, dict) else None
        seen = Seen(name, str(chat), "", self.now(), options_of(fields), reply_to=replied)
        if method == "sendmessage":
            return self._worded(seen, _needed(text_of(fields, "text", TEXT)))
        if method == "sendlocation":
            point = Location(degrees_of(fields, "latitude", 90), degrees_of(fields, "longitude", 180))
            return replace(seen, location=point, kind="location")
        kind = "photo" if method == "sendphoto" else "document"
        file = files.get(kind)
        if file is None:
            raise bad(f"there is no {kind} in the request")
        if not file.data or len(file.data) > (PHOTO_BYTES if kind == "photo" else DOCUMENT_BYTES):
            raise bad(f"{kind} is empty or too big")
        worded = self._worded(seen, text_of(fields, "caption", CAPTION))
        return replace(worded, files=(file,), kind=kind)

    def _worded(self, seen: Seen, text: str) -> Seen:
        """Give a message its text; a link to the map is a place to whoever reads it."""
        link = _MAP.search(text)
        place = Location(float(link[1]), float(link[2])) if link else None
        return replace(seen, text=text, location=place)

    def _keep(self, seen: Seen) -> None:
        self.seen.append(seen)
        self._shown[seen.provider_id] = seen
        self.town.texts[seen.provider_id] = seen.text

    def _result(self, seen: Seen, chat: int, number: int) -> dict[str, object]:
        message = {"message_id": number, "from": self.bot, "chat": self.town.place(chat), "date": self.town.moment()}
        return {**message, "text": seen.text}

    def _count(self) -> None:
        """Hold to the rate in every sliding second. Raises `Refused` beyond it."""
        if self.rate is None:
            return
        now = self.now()
        while self._window and self._window[0] <= now - timedelta(seconds=1):
            self._window.popleft()
        if len(self._window) >= self.rate:
            raise Refused(429, "Too Many Requests: retry after 1", complaint=True, retry_after=1)
        self._window.append(now)

    def _judge(self, chat: int) -> Fault | None:
        """Return the fault that breaks the connection after all else was well. Raises `Refused` for the others."""
        fault = self.faults.get(str(chat))
        if fault is not None and fault.kind == "throttled":
            seconds = math.ceil(fault.retry_after)
            raise Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        if fault is not None and fault.kind == "unavailable":
            raise Refused(502, "Bad Gateway")
        self._reach(chat, blocked=fault is not None and fault.kind == "unreachable")
        if fault is not None and fault.kind == "rejected":
            raise Refused(400, "Bad Request: wrong type of the web page content")
        return fault if fault is not None and fault.kind == "ambiguous" else None

    def _reach(self, chat: int, *, blocked: bool) -> None:
        group = self.town.group_of(chat)
        person = self.town.chat(chat)
        if group is not None and group.moved_to not in (None, chat):
            moved_to = group.moved_to or 0
            description = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refused(400, description, migrate_to_chat_id=moved_to)
        if group is not None and blocked:
            raise Refused(403, "Forbidden: bot was kicked from the group chat")
        if group is None and person is None:
            raise Refused(400, "Bad Request: chat not found")
        if person is not None and (blocked or person.blocked):
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if person is not None and not person.started:
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")


def _needed(text: str) -> str:
    if not text.strip():
        raise bad("message text is empty")
    return text
