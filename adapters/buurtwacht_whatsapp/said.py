"""What a person did, from one item of the `messages` list: words, files, taps, reactions, edits and deletions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from buurtwacht import Deleted, Edited, Location, MediaRef, Reacted, Said, Tapped
from buurtwacht_whatsapp.fields import degrees, mapping, needed, text

_PersonEvent: TypeAlias = "Said | Tapped | Reacted | Edited | Deleted"
_MEDIA: Final[Mapping[str, Literal["photo", "document", "voice", "video"]]] = {
    "image": "photo",
    "sticker": "photo",
    "document": "document",
    "audio": "voice",
    "voice": "voice",
    "video": "video",
}


def person_event(item: Mapping[str, object], ident: str) -> _PersonEvent:
    """Return the event of one item; `ident` is its wamid.

    Kinds without a reading here (a shared contact, an order, a poll, what Meta calls unsupported) are an empty `Said`:
    their sender is told that we did not understand, and nobody else's number is kept.
    Raises `Malformed` when a known kind lacks what makes it one.
    """
    kind = needed(item, "type")
    match kind:
        case "reaction":
            reaction = mapping(item.get("reaction"), "reaction")
            return Reacted(text(reaction, "emoji"), needed(reaction, "message_id"))
        case "button":
            button = mapping(item.get("button"), "button")
            return Tapped(needed(button, "payload"), _context(item)[0], ident)
        case "interactive":
            return _interactive(item, ident)
        case "edit":
            return _edited(item)
        case "revoke":
            return Deleted(needed(mapping(item.get("revoke"), "revoke"), "original_message_id"))
        case _:
            return _said(item, kind, ident)


def _said(item: Mapping[str, object], kind: str, ident: str) -> Said:
    reply_to, forwarded = _context(item)
    words, media, location = "", None, None
    if kind == "text":
        words = text(mapping(item.get("text"), "text"), "body")
    elif kind in _MEDIA:
        file = mapping(item.get(kind), kind)
        words = text(file, "caption")
        media = MediaRef(
            ref=needed(file, "id"), mime=text(file, "mime_type"), kind=_MEDIA[kind], name=text(file, "filename")
        )
    elif kind == "location":
        place = mapping(item.get("location"), "location")
        location = Location(degrees(place, "latitude", 90.0), degrees(place, "longitude", 180.0))
    return Said(ident, words, reply_to, forwarded, media, location)


def _interactive(item: Mapping[str, object], ident: str) -> Said | Tapped:
    """Return a tap; other interactive answers (a form, a permission to call) are nothing we ever asked for."""
    interactive = mapping(item.get("interactive"), "interactive")
    kind = needed(interactive, "type")
    reply_to, forwarded = _context(item)
    if kind in ("button_reply", "list_reply"):
        return Tapped(needed(mapping(interactive.get(kind), kind), "id"), reply_to, ident)
    return Said(ident, "", reply_to, forwarded)


def _edited(item: Mapping[str, object]) -> Edited:
    edit = mapping(item.get("edit"), "edit")
    original = needed(edit, "original_message_id")
    message = mapping(edit.get("message"), "message")
    kind = needed(message, "type")
    content = mapping(message.get(kind), kind)
    return Edited(original, text(content, "body" if kind == "text" else "caption"))


def _context(item: Mapping[str, object]) -> tuple[str | None, bool]:
    """Return the message that is answered, if any, and whether this one was passed on from elsewhere."""
    raw = item.get("context")
    if raw is None:
        return None, False
    context = mapping(raw, "context")
    forwarded = bool(context.get("forwarded")) or bool(context.get("frequently_forwarded"))
    return text(context, "id") or None, forwarded
