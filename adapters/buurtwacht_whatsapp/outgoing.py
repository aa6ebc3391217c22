"""What a message becomes in the Cloud API: its parts, each one request, checked against Meta's limits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from buurtwacht import Layout, Outgoing, Parcel, Rejected, TemplateUse

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"

# platforms.md section 3, "Interactive" and "Media"; characters and bytes.
TEXT = 4096
INTERACTIVE_TEXT = 1024
CAPTION = 1024
BUTTONS, BUTTON_TITLE, BUTTON_ID = 3, 20, 256
ROWS, ROW_TITLE, ROW_ID, LIST_TITLE = 10, 24, 200, 20
IMAGE_BYTES = 5 * 1024 * 1024
DOCUMENT_BYTES = 100 * 1024 * 1024
IMAGE_TYPES = ("image/jpeg", "image/png")
#: All that an upload may be (the Cloud API names them when it refuses another, code 100).
UPLOAD_TYPES = frozenset(
    {
        *IMAGE_TYPES,
        "image/webp",
        "audio/aac",
        "audio/amr",
        "audio/mp4",
        "audio/mpeg",
        "audio/ogg",
        "audio/opus",
        "video/3gpp",
        "video/mp4",
        "text/plain",
        "application/pdf",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    }
)
#: Files of text that Meta does not know: a calendar, a map, an export of data.
_TEXTUAL = re.compile(r"text/.+|application/(?:.+\+)?(?:json|xml)")
#: Quick replies of one template.
TEMPLATE_BUTTONS = 10


@dataclass(frozen=True, slots=True)
class Part:
    """One request: the type of message and its content, as the Cloud API names them."""

    kind: str
    content: Mapping[str, Json]


def parts(outgoing: Outgoing, media: Sequence[str]) -> tuple[Part, ...]:
    """Return the requests one message takes, the words and choices first; `media` are the ids of its parcels.

    Text is passed on as it was typed: WhatsApp reads *, _, ~ and ` as formatting and has no way to escape them, and
    invisible characters between would break links and number plates for whoever copies them.
    A template goes alone, as nothing else may be sent where one is needed.
    Raises `Rejected` for what Meta would refuse for its form.
    """
    if outgoing.template is not None:
        return (_template(outgoing, outgoing.template),)
    files = list(zip(outgoing.parcels, media, strict=True))
    first, left = _words(outgoing, files)
    found = [first] if first is not None else []
    found += [_file(parcel, ident, "") for parcel, ident in left]
    if outgoing.location is not None:
        place = outgoing.location
        found.append(Part("location", {"latitude": place.latitude, "longitude": place.longitude}))
    if not found:
        raise Rejected("nothing to send")
    return tuple(found)


#: More spaces in a row than a parameter may hold (132018).
_WIDE = re.compile(r" {5,}")
_Files: TypeAlias = list[tuple[Parcel, str]]


def _words(outgoing: Outgoing, files: _Files) -> tuple[Part | None, _Files]:
    """Return the part with the text and the choices, and the files that did not fit into it."""
    text = outgoing.text
    if outgoing.layout is Layout.BUTTONS:
        header, left = (files[0], files[1:]) if files else (None, files)
        return _buttons(outgoing, header), left
    if outgoing.layout is Layout.LIST:
        return _list(outgoing), files
    if not text:
        return None, files
    if files and len(text) <= CAPTION:
        return _file(*files[0], caption=text), files[1:]
    _at_most("text", len(text), TEXT)
    return Part("text", {"body": text, "preview_url": False}), files


def _buttons(outgoing: Outgoing, header: tuple[Parcel, str] | None) -> Part:
    _at_most("text beside buttons", len(outgoing.text), INTERACTIVE_TEXT)
    _at_most("buttons", len(outgoing.options), BUTTONS)
    for option in outgoing.options:
        _at_most("title of a button", len(option.label), BUTTON_TITLE)
        _at_most("id of a button", len(option.id), BUTTON_ID)
    content: dict[str, Json] = {
        "type": "button",
        "body": {"text": outgoing.text},
        "action": {
            "buttons": [{"type": "reply", "reply": {"id": each.id, "title": each.label}} for each in outgoing.options]
        },
    }
    if header is not None:
        parcel, ident = header
        file = _file(parcel, ident, "")
        content["header"] = {"type": file.kind, file.kind: file.content}
    return Part("interactive", content)


def _list(outgoing: Outgoing) -> Part:
    _at_most("text beside a list", len(outgoing.text), INTERACTIVE_TEXT)
    _at_most("rows", len(outgoing.options), ROWS)
    _at_most("title of a list", len(outgoing.list_title), LIST_TITLE)
    for option in outgoing.options:
        _at_most("title of a row", len(option.label), ROW_TITLE)
        _at_most("id of a row", len(option.id), ROW_ID)
    rows: list[Json] = [{"id": option.id, "title": option.label} for option in outgoing.options]
    return Part(
        "interactive",
        {
            "type": "list",
            "body": {"text": outgoing.text},
            "action": {"button": outgoing.list_title, "sections": [{"rows": rows}]},
        },
    )


def media_kind(parcel: Parcel) -> str:
    """Return "image" or "document": Meta shows JPEG and PNG up to 5 MB as pictures, everything else is a file."""
    is_image = parcel.kind == "photo" and parcel.mime in IMAGE_TYPES and len(parcel.content) <= IMAGE_BYTES
    return "image" if is_image else "document"


def upload_type(mime: str) -> str:
    """Return as what a file is uploaded: what Meta does not know but is text goes as plain text, under its own name."""
    plain = mime.partition(";")[0].strip().lower()
    return "text/plain" if plain not in UPLOAD_TYPES and _TEXTUAL.fullmatch(plain) else plain


def _file(parcel: Parcel, ident: str, caption: str) -> Part:
    kind = media_kind(parcel)
    content: dict[str, Json] = {"id": ident}
    if caption:
        content["caption"] = caption
    if kind == "document":
        content["filename"] = parcel.name
    return Part(kind, content)


def _template(outgoing: Outgoing, use: TemplateUse) -> Part:
    _at_most("buttons of a template", len(outgoing.options), TEMPLATE_BUTTONS, least=0)
    components: list[Json] = []
    if use.parameters:
        values: list[Json] = [{"type": "text", "text": _one_line(value)} for value in use.parameters]
        components.append({"type": "body", "parameters": values})
    for index, option in enumerate(outgoing.options):
        components.append(
            {
                "type": "button",
                "sub_type": "quick_reply",
                "index": str(index),
                "parameters": [{"type": "payload", "payload": option.id}],
            }
        )
    content: dict[str, Json] = {"name": use.name, "language": {"code": use.language}}
    if components:
        content["components"] = components
    return Part("template", content)


def _one_line(value: str) -> str:
    """Return a parameter as Meta takes it: no line breaks or tabs, at most four spaces in a row, never empty.

    The core makes them so already; a stray one must not cost somebody an alert.
    """
    return _WIDE.sub(" " * 4, re.sub(r"\s", " ", value)).strip() or "-"


def _at_most(what: str, length: int, limit: int, *, least: int = 1) -> None:
    if not least <= length <= limit:
        raise Rejected(f"{what}: {length}, allowed are {least} to {limit}")
