"""From an Update of the Bot API to events. Tolerant of what is new, strict about what an event rests on.

A message is called by `names` here and everywhere in this adapter.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from buurtwacht import (
    Blocked,
    Edited,
    GroupChanged,
    Handle,
    Inbound,
    Location,
    MediaRef,
    Moved,
    Reacted,
    Said,
    Tapped,
    Unreadable,
)
from buurtwacht_telegram.names import Names
from buurtwacht_telegram.shapes import (
    Malformed,
    Table,
    hint,
    inner,
    items,
    measure,
    number,
    read_json,
    table,
    whole,
    words,
)

#: "/start payload" or "/word@bot rest"; Bot API: 64 of A-Za-z0-9_- after /start
_COMMAND = re.compile(r"/(\w{1,32})(?:@(\w{1,64}))?(?=\s|$)", re.ASCII)
_START = re.compile(r"/start(?:\s+([A-Za-z0-9_-]{1,64}))?\s*", re.ASCII)

#: what makes a message something that a person sent, and no note of the service ("… pinned a message")
_CONTENT = frozenset(
    (  # noqa: SIM905 - twenty words read better in two lines
        "text caption photo document voice video video_note audio animation sticker location venue contact poll dice "
        "story game checklist paid_media live_photo rich_message"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are at Telegram; `reads_groups` when privacy mode is off and everything said in a group reaches us."""

    id: int = 0
    username: str = ""
    reads_groups: bool = False
    names: Names = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Origin:
    """From whom and where an event is."""

    sender: Handle
    group: Handle | None
    name: str
    language: str


def read_update(body: bytes, identity: Identity, now: datetime) -> tuple[Inbound | None, str]:
    """Return the event in the body of one webhook request, and the id of the tap to answer ("" when it is none).

    None is an update that concerns nobody here. A body that cannot be read becomes `Unreadable`.
    """
    try:
        update = table(read_json(body), "update")
    except Malformed as error:
        return _unreadable(_digest(body), error, now), ""
    return read_item(update, identity, now)


def read_item(update: object, identity: Identity, now: datetime) -> tuple[Inbound | None, str]:
    """Return the same as `read_update` for an update that is already taken out of its JSON."""
    key = ""
    try:
        fields = table(update, "update")
        key = f"u{whole(fields, 'update_id')}"
        for kind, reader in _READERS.items():
            if kind in fields:
                event = reader(table(fields[kind], kind), key, identity, now)
                return event, _tap_of(fields)
    except Malformed as error:
        return _unreadable(key or _digest(_spelled(update)), error, now), ""
    return None, ""


def _spelled(update: object) -> bytes:
    try:
        return repr(update).encode("utf-8", "replace")
    except RecursionError:
        return b"nested too deep"


def _digest(content: bytes) -> str:
    """Return a key for what has no number of its own: the same content has the same key."""
    return f"x{hashlib.sha256(content).hexdigest()[:32]}"


def _unreadable(key: str, error: Malformed, now: datetime) -> Inbound:
    return Inbound(key=key, event=Unreadable(str(error)), at=now)


def _tap_of(fields: Table) -> str:
    query = fields.get("callback_query")
    return hint(query, "id") if isinstance(query, dict) else ""


# --- the parts that events share -----------------------------------------------------------------------------------


def _moment(fields: Table, now: datetime) -> datetime:
    """Return the date in seconds (some servers tell milliseconds), `now` when there is none worth the name."""
    seconds = measure(fields, "edit_date") or measure(fields, "date")
    if seconds is None:
        return now
    return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)


def _origin(person: Table | None, chat: Table) -> Origin | None:
    """Return who spoke and where; None for channels, and for those who speak as a group without a name."""
    kind = hint(chat, "type")
    if person is None or kind not in ("private", "group", "supergroup"):
        return None
    group = None if kind == "private" else Handle("group", str(whole(chat, "id")))
    name = f"{hint(person, 'first_name')} {hint(person, 'last_name')}".strip()
    return Origin(Handle("chat", str(whole(person, "id"))), group, name, hint(person, "language_code"))


def _inbound(key: str, event: Said | Tapped | Reacted | Edited | GroupChanged, at: datetime, origin: Origin) -> Inbound:
    return Inbound(key, event, at, (origin.sender,), origin.group, origin.name, origin.language)


def _name_of(message: Table, identity: Identity) -> str:
    return identity.names.message(whole(table(message.get("chat"), "chat"), "id"), whole(message, "message_id"))


def _ours(text: str, identity: Identity) -> str | None:
    """Return a command without the "@bot" behind it, None when it is meant for another bot."""
    command = _COMMAND.match(text)
    if command is None or command[2] is None:
        return text
    if identity.username and command[2].lower() != identity.username.lower():
        return None
    return f"/{command[1]}{text[command.end() :]}"


# --- what people do ------------------------------------------------------------------------------------------------


def _message(message: Table, key: str, identity: Identity, now: datetime) -> Inbound | None:
    chat = table(message.get("chat"), "chat")
    if "migrate_to_chat_id" in message:
        old, new = str(whole(chat, "id")), str(whole(message, "migrate_to_chat_id"))
        return moved(key, old, new, _moment(message, now))
    origin = None if message.get("sender_chat") else _origin(inner(message, "from"), chat)
    text = _ours(words(message, "text") or words(message, "caption"), identity)
    if origin is None or text is None or _CONTENT.isdisjoint(message):
        return None
    start = _START.fullmatch(text)
    quoted = inner(message, "reply_to_message")
    said = Said(
        message=_name_of(message, identity),
        text=text,
        reply_to=identity.names.message(whole(chat, "id"), whole(quoted, "message_id")) if quoted else None,
        forwarded=any(message.get(field) for field in ("forward_origin", "forward_date", "is_automatic_forward")),
        media=_media(message),
        location=_location(message),
        start=(start[1] or "") if start else None,
    )
    return _inbound(key, said, _moment(message, now), origin)


def _edited(message: Table, key: str, identity: Identity, now: datetime) -> Inbound | None:
    origin = _origin(inner(message, "from"), table(message.get("chat"), "chat"))
    text = _ours(words(message, "text") or words(message, "caption"), identity)
    if origin is None or not text:  # a live location moves by edits without words
        return None
    return _inbound(key, Edited(_name_of(message, identity), text), _moment(message, now), origin)


def _tapped(query: Table, key: str, identity: Identity, now: datetime) -> Inbound | None:
    person = table(query.get("from"), "from")
    message = inner(query, "message")
    choice = words(query, "data")
    if not choice:
        return None
    chat: Table = {"type": "private"} if message is None else table(message.get("chat"), "chat")
    origin = _origin(person, chat)
    if origin is None:
        return None
    return _inbound(key, Tapped(choice, None if message is None else _name_of(message, identity)), now, origin)


def _reacted(change: Table, key: str, identity: Identity, now: datetime) -> Inbound | None:
    origin = _origin(inner(change, "user"), table(change.get("chat"), "chat"))
    if origin is None:
        return None
    old, new = ([hint(table(each, side), "emoji") for each in items(change, side)] for side in _REACTIONS)
    if new and not any(new):  # only custom emoji, whose meaning nobody told us
        return None
    shown = [emoji for emoji in new if emoji and emoji not in old] or [emoji for emoji in new if emoji]
    return _inbound(key, Reacted(shown[-1] if shown else "", _name_of(change, identity)), _moment(change, now), origin)


_REACTIONS = ("old_reaction", "new_reaction")


# --- what happens to us --------------------------------------------------------------------------------------------


def _membership(change: Table, key: str, identity: Identity, now: datetime) -> Inbound | None:
    chat = table(change.get("chat"), "chat")
    origin = _origin(table(change.get("from"), "from"), chat)
    ours = table(change.get("new_chat_member"), "new_chat_member")
    if origin is None:
        return None
    status = words(ours, "status")
    at = _moment(change, now)
    if origin.group is None:
        blocked = Blocked(status in ("kicked", "left"))
        return Inbound(key, blocked, at, (origin.sender,), None, origin.name, origin.language)
    privileged = status in ("administrator", "creator")
    member = privileged or status == "member" or (status == "restricted" and ours.get("is_member") is True)
    event = GroupChanged(member, hint(chat, "title"), member and (privileged or identity.reads_groups))
    return _inbound(key, event, at, origin)


def moved(key: str, old: str, new: str, at: datetime) -> Inbound:
    """Return the event that the group `old` lives on as the supergroup `new`."""
    group = Handle("group", old)
    return Inbound(key, Moved(group, (Handle("group", new),)), at, group=group)


# --- what comes along ----------------------------------------------------------------------------------------------


def _media(message: Table) -> MediaRef | None:
    sizes = [table(each, "photo") for each in items(message, "photo")]
    if sizes:
        largest = max(sizes, key=lambda size: (measure(size, "width") or 0) * (measure(size, "height") or 0))
        return MediaRef(_file_id(largest), "image/jpeg", "photo")
    if voice := inner(message, "voice"):
        return MediaRef(_file_id(voice), hint(voice, "mime_type") or "audio/ogg", "voice")
    if video := inner(message, "video") or inner(message, "video_note"):
        return MediaRef(_file_id(video), hint(video, "mime_type") or "video/mp4", "video", hint(video, "file_name"))
    if document := inner(message, "document") or inner(message, "audio"):
        mime = hint(document, "mime_type") or "application/octet-stream"
        return MediaRef(_file_id(document), mime, "document", hint(document, "file_name"))
    return None


def _file_id(file: Table) -> str:
    ref = words(file, "file_id")
    if not ref:
        raise Malformed("file_id is missing")
    return ref


def _location(message: Table) -> Location | None:
    venue = inner(message, "venue")
    point = inner(message, "location") or (inner(venue, "location") if venue else None)
    if point is None:
        return None
    return Location(
        number(point, "latitude", 90.0), number(point, "longitude", 180.0), measure(point, "horizontal_accuracy")
    )


_READERS: dict[str, Callable[[Table, str, Identity, datetime], Inbound | None]] = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _tapped,
    "message_reaction": _reacted,
    "my_chat_member": _membership,
}
