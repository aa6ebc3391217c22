"""From an `Outgoing` to one request of the Bot API: plain text, no previews, buttons in rows that fit a telephone.

One delivery is one request wherever that is possible, so that a repeat cannot send half of it twice and the pace counts
right. A place that goes with words therefore becomes a link to a map under them; without words it is sent as a place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from buurtwacht import Handle, Layout, Location, Option, Outgoing, Parcel, Rejected, Unreachable
from buurtwacht_telegram.names import Names, split

#: Bot API limits
TEXT, CAPTION, CALLBACK_BYTES, BUTTONS = 4096, 1024, 64, 100

#: the longest label (characters) that a narrow telephone shows whole with this many buttons in a row
_FITS = {3: 9, 2: 16}


@dataclass(frozen=True, slots=True)
class Letter:
    """One request: the method, its parameters, and the file that goes along as (parameter, name, bytes)."""

    method: str
    parameters: dict[str, object]
    file: tuple[str, str, bytes] | None = None


def compose(outgoing: Outgoing, names: Names) -> tuple[Letter, Sequence[Letter]]:
    """Return the request that is the delivery, and those that may follow it.

    What follows (files that did not fit below one caption) is no part of the promise: the words went first.
    Raises `Unreachable` without an address of ours, `Rejected` for buttons the Bot API cannot carry.
    """
    chat = chat_of(outgoing)
    common: dict[str, object] = {"chat_id": chat}
    if outgoing.silent:
        common["disable_notification"] = True
    first = dict(common)
    if reply := _reply(outgoing.reply_to, chat, names):
        first["reply_parameters"] = reply
    if keyboard := keyboard_of(outgoing):
        first["reply_markup"] = {"inline_keyboard": keyboard}
    if outgoing.location and not outgoing.text and not outgoing.parcels:
        return Letter("sendLocation", first | _point(outgoing.location)), ()
    parcels = outgoing.parcels
    if parcels and len(outgoing.text) <= CAPTION:
        caption = with_map(outgoing.text, outgoing.location, CAPTION)
        words: dict[str, object] = {"caption": caption} if caption else {}
        rest = [_parcel(parcel, common) for parcel in parcels[1:]]
        return _parcel(parcels[0], first | words), rest
    text = with_map(outgoing.text, outgoing.location, TEXT)
    letter = Letter("sendMessage", first | {"text": text, "link_preview_options": {"is_disabled": True}})
    return letter, [_parcel(parcel, common) for parcel in parcels]


def compose_edit(outgoing: Outgoing, message: str, names: Names, *, caption: bool) -> Letter:
    """Return the request that makes an earlier message read like this one. Raises `Rejected` for an id not ours.

    A private chat stays the same one, also when the token with which its messages were called is another now. A group
    that became a supergroup counts its messages anew.
    """
    chat = chat_of(outgoing)
    number = split(message)[1] if chat > 0 else names.number(message, chat)
    if number is None:
        raise Rejected("edit_of_nothing")
    parameters: dict[str, object] = {"chat_id": chat, "message_id": number}
    if keyboard := keyboard_of(outgoing):
        parameters["reply_markup"] = {"inline_keyboard": keyboard}
    if caption:
        return Letter(
            "editMessageCaption", parameters | {"caption": with_map(outgoing.text, outgoing.location, CAPTION)}
        )
    parameters["link_preview_options"] = {"is_disabled": True}
    return Letter("editMessageText", parameters | {"text": with_map(outgoing.text, outgoing.location, TEXT)})


def chat_of(outgoing: Outgoing) -> int:
    """Return the chat that a message goes to. Raises `Unreachable` when it has no address here."""
    handle: Handle | None = outgoing.handle("group") if outgoing.is_group else outgoing.handle("chat", "group")
    if handle is None or not _is_id(handle.value):
        raise Unreachable("no_chat")
    return int(handle.value)


def keyboard_of(outgoing: Outgoing) -> list[list[dict[str, str]]]:
    """Return the rows of buttons; none when the choices stand in the text. Raises `Rejected` beyond the limits."""
    if outgoing.layout not in (Layout.BUTTONS, Layout.LIST):
        return []
    if len(outgoing.options) > BUTTONS or any(len(each.id.encode()) > CALLBACK_BYTES for each in outgoing.options):
        raise Rejected("buttons_beyond_limits")
    width = 1 if outgoing.layout is Layout.LIST else 3
    return [[{"text": each.label, "callback_data": each.id} for each in row] for row in _rows(outgoing.options, width)]


def with_map(text: str, location: Location | None, limit: int) -> str:
    """Return `text` with a link to the place below it, if there is a place and still room."""
    if location is None:
        return text
    link = f"https://www.openstreetmap.org/?mlat={location.latitude:.6f}&mlon={location.longitude:.6f}#map=18"
    both = f"{text}\n{link}" if text else link
    return both if len(both) <= limit else text


def _rows(options: Sequence[Option], width: int) -> list[list[Option]]:
    """Fill rows in order; a row takes one more button while each of its labels still shows whole."""
    rows: list[list[Option]] = []
    for option in options:
        row = [*rows[-1], option] if rows else []
        if row and len(row) <= width and max(len(each.label) for each in row) <= _FITS[len(row)]:
            rows[-1] = row
        else:
            rows.append([option])
    return rows


def _reply(reply_to: str | None, chat: int, names: Names) -> dict[str, object] | None:
    number = names.number(reply_to or "", chat)
    return None if number is None else {"message_id": number, "allow_sending_without_reply": True}


def _point(location: Location) -> dict[str, object]:
    point: dict[str, object] = {"latitude": location.latitude, "longitude": location.longitude}
    if location.accuracy is not None:
        point["horizontal_accuracy"] = min(location.accuracy, 1500.0)  # Bot API: 0 to 1500 metres
    return point


def _parcel(parcel: Parcel, parameters: dict[str, object]) -> Letter:
    photo = parcel.kind == "photo"
    kind, method = ("photo", "sendPhoto") if photo else ("document", "sendDocument")
    return Letter(method, parameters, (kind, parcel.name or kind, parcel.content))


def _is_id(value: str) -> bool:
    return value.removeprefix("-").isdecimal() and value.isascii()
