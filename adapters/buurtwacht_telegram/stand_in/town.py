"""The people and groups on the other side, and the updates that what they do becomes."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from buurtwacht import Handle, Location
from buurtwacht.testing.provider import Chat, Update


@dataclass(slots=True)
class Group:
    """A group with the bot in it; `moved_to` once it became a supergroup."""

    title: str
    id: int
    moved_to: int | None = None


@dataclass(slots=True)
class Town:
    """Everybody this bot can meet, by name; ids differ from one account to the next."""

    account: str
    now: Callable[[], datetime]
    secret: str
    bot: dict[str, object]
    people: dict[str, Chat] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    #: chat and number of each message, by the name that the adapter has for it
    named: dict[str, tuple[int, int]] = field(default_factory=dict)
    reactions: dict[tuple[str, str], str] = field(default_factory=dict)
    _by_id: dict[str, Chat] = field(default_factory=dict)
    _last: dict[int, int] = field(default_factory=dict)
    _updates: int = 0

    def person(self, name: str, language: str) -> Chat:
        """Return the person of this name, made when new: his chat is not started yet."""
        if name not in self.people:
            number = 100_000_000 + zlib.crc32(self.account.encode()) % 8_000 * 100_000 + len(self.people)
            chat = Chat(name, language, (Handle("chat", str(number)),))
            self.people[name] = self._by_id[str(number)] = chat
        return self.people[name]

    def group(self, title: str) -> Group:
        """Return the group of this title, made when new."""
        if title not in self.groups:
            number = zlib.crc32(self.account.encode()) % 8_000 * 1_000 + len(self.groups) + 1
            self.groups[title] = Group(title, -number)
        return self.groups[title]

    def chat(self, number: int) -> Chat | None:
        """Return the person whose private chat has this id."""
        return self._by_id.get(str(number))

    def group_of(self, number: int) -> Group | None:
        """Return the group that has or had this id."""
        return next((each for each in self.groups.values() if number in (each.id, each.moved_to)), None)

    def next_message(self, chat: int) -> int:
        """Return the id of the next message in a chat: they count up in each chat alone."""
        self._last[chat] = self._last.get(chat, 0) + 1
        return self._last[chat]

    # --- parts of updates ------------------------------------------------------------------------------------------

    def number(self, person: str) -> int:
        """Return the user id of a person."""
        return int(self.people[person].handles[0].value)

    def user(self, person: str) -> dict[str, object]:
        """Return a person as a User."""
        return {
            "id": self.number(person),
            "is_bot": False,
            "first_name": person,
            "language_code": self.people[person].language,
        }

    def place(self, chat: int) -> dict[str, object]:
        """Return a chat as a Chat."""
        group = self.group_of(chat)
        if group is not None:
            return {"id": chat, "type": "supergroup" if chat == group.moved_to else "group", "title": group.title}
        known = self.chat(chat)
        return {"id": chat, "type": "private", "first_name": known.name if known else ""}

    def where(self, person: str, group: str | None) -> int:
        """Return the chat a person speaks in: his own, or the group of that title or id."""
        if group is None:
            return self.number(person)
        found = self.groups.get(group) or self.group_of(int(group))
        if found is None:
            raise KeyError(group)
        return found.moved_to or found.id

    def moment(self) -> int:
        """Return the present second."""
        return int(self.now().timestamp())

    def update(self, content: Mapping[str, object]) -> Update:
        """Return the request to our webhook, with the next update id."""
        self._updates += 1
        body = json.dumps({"update_id": 5_000 + self._updates, **content}).encode()
        headers = {"content-type": "application/json", "x-telegram-bot-api-secret-token": self.secret}
        return Update(headers, body)

    def keep_file(self, kind: str, content: bytes) -> str:
        """Keep a file at Telegram and return its id."""
        name = f"{kind}{len(self.files) + 1}"
        self.files[name] = content
        return name

    def message(self, person: str, chat: int, number: int, content: Mapping[str, object]) -> dict[str, object]:
        """Return a person's message as a Message."""
        return {
            "message_id": number,
            "from": self.user(person),
            "chat": self.place(chat),
            "date": self.moment(),
            **content,
        }

    def ours(self, name: str) -> dict[str, object]:
        """Return a message of the bot, as updates about it carry it."""
        chat, number = self.named[name]
        return {
            "message_id": number,
            "from": self.bot,
            "chat": self.place(chat),
            "date": self.moment(),
            "text": self.texts.get(name, ""),
        }


def content_of(town: Town, text: str, photo: bytes | None, location: Location | None, voice: bool) -> dict[str, object]:
    """Return what a person's message holds besides who and when."""
    content: dict[str, object] = {}
    if photo is not None:
        small = {"file_id": town.keep_file("thumb", photo), "file_unique_id": "t", "width": 90, "height": 60}
        large = {"file_id": town.keep_file("photo", photo), "file_unique_id": "p", "width": 1280, "height": 853}
        content["photo"] = [small, large]
    if voice:
        name = town.keep_file("voice", b"OggS")
        content["voice"] = {"file_id": name, "file_unique_id": name, "duration": 3, "mime_type": "audio/ogg"}
    if location is not None:
        point = {"latitude": location.latitude, "longitude": location.longitude}
        if location.accuracy is not None:
            point["horizontal_accuracy"] = location.accuracy
        content["location"] = point
    if text:
        content["caption" if photo is not None or voice else "text"] = text
    return content
