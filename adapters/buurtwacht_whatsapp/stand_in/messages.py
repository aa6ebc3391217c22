"""POST /messages of the stand-in: whether Meta would take a message, and what its recipient sees."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from buurtwacht import Location
from buurtwacht.testing.provider import Fault, Seen, SeenFile
from buurtwacht_whatsapp.stand_in.limits import inside, interactive_options, worded
from buurtwacht_whatsapp.stand_in.people import Person
from buurtwacht_whatsapp.stand_in.refusals import Broken, Refused

if TYPE_CHECKING:
    from buurtwacht_whatsapp.stand_in import CloudApi

#: What a fault of the test kit is among Meta's codes; `ambiguous` is no code but a broken connection.
_FAULT_CODES = {"unreachable": 131026, "throttled": 131056, "rejected": 131009, "unavailable": 131016}
_CAPTION = 1024


@dataclass(frozen=True, slots=True)
class _Content:
    """What one message shows."""

    kind: str
    text: str = ""
    options: tuple[tuple[str, str], ...] = ()
    files: tuple[SeenFile, ...] = ()
    location: Location | None = None
    template: str | None = None
    language: str = ""


class Messages:
    """Takes messages to people, or refuses them as Meta would."""

    def __init__(self, api: CloudApi, media: Mapping[str, SeenFile], trackers: dict[str, str]) -> None:
        self._api = api
        self._media = media
        self._trackers = trackers

    def take(self, payload: dict[str, object]) -> Response:
        """Return the answer to one request. Raises `Refused` for what Meta would refuse."""
        to, person = self._recipient(payload)
        fault = self._fault(to, person)
        if fault is not None and fault.kind in _FAULT_CODES:
            wait = fault.retry_after if fault.kind == "throttled" else None
            raise Refused(_FAULT_CODES[fault.kind], fault.kind, is_complaint=False, retry_after=wait)
        content = self._content(payload)
        is_closed = not person.window_open(self._api.now()) or (fault is not None and fault.kind == "window_closed")
        if is_closed and content.template is None:
            raise Refused(131047, "24 hours passed", is_complaint=False)
        if not person.take(self._api.now()):
            raise Refused(131056, "more than one message in 6 seconds, and the burst is used up")
        is_ambiguous = fault is not None and fault.kind == "ambiguous"
        if is_ambiguous and not self._api.ambiguous_delivers:
            return Broken()
        wamid = self._seen(payload, to, content)
        if is_ambiguous:
            delivery = self._api.seen[-1].delivery
            if delivery is not None:
                self._api.unanswered(delivery, wamid)
            return Broken()
        contact = {"input": to, "wa_id": person.wa_id} if "to" in payload else {"input": to, "user_id": person.user}
        return JSONResponse({"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": wamid}]})

    def _seen(self, payload: dict[str, object], to: str, content: _Content) -> str:
        wamid = self._api.wamid()
        tracker = payload.get("biz_opaque_callback_data")
        if isinstance(tracker, str):
            if len(tracker) > 512:
                raise Refused(131009, "biz_opaque_callback_data: 512 characters are allowed")
            self._trackers[wamid] = tracker
        delivery = re.match(r"\d+", tracker) if isinstance(tracker, str) else None
        reply_to = inside(payload, "context").get("message_id") if "context" in payload else None
        self._api.seen.append(
            Seen(
                provider_id=wamid,
                to=to,
                text=content.text,
                at=self._api.now(),
                options=content.options,
                template=content.template,
                language=content.language,
                files=content.files,
                location=content.location,
                reply_to=reply_to if isinstance(reply_to, str) else None,
                delivery=int(delivery[0]) if delivery else None,
                kind=content.kind,
            )
        )
        return wamid

    def _recipient(self, payload: dict[str, object]) -> tuple[str, Person]:
        """Return the handle a message is for, and whose it is."""
        if payload.get("messaging_product") != "whatsapp":
            raise Refused(131008, "messaging_product is required")
        if payload.get("recipient_type", "individual") != "individual":
            raise Refused(131215, "groups are not for this account")
        to, user = payload.get("to"), payload.get("recipient")
        if isinstance(to, str) and re.fullmatch(r"\+?\d{5,15}", to):
            handle = f"+{to.removeprefix('+')}"
        elif to is None and isinstance(user, str) and re.fullmatch(r"[A-Z]{2}\.[A-Za-z0-9]{1,128}", user):
            handle = user
        else:
            raise Refused(131009, "to is a phone number, recipient a user id")
        person = self._api.people.find(handle)
        if person is None or person.blocked:
            raise Refused(131026, "message undeliverable", is_complaint=False)
        return handle, person

    def _fault(self, to: str, person: Person) -> Fault | None:
        values = (to, *(handle.value for handle in person.handles))
        return next((self._api.faults[value] for value in values if value in self._api.faults), None)

    def _content(self, payload: dict[str, object]) -> _Content:
        kind = str(payload.get("type"))
        match kind:
            case "text":
                return _Content(kind, text=worded(inside(payload, kind), "body", 4096))
            case "image" | "document":
                told = inside(payload, kind)
                return _Content(kind, text=_caption(told), files=(self._file(told, kind),))
            case "location":
                return _Content(kind, location=_place(inside(payload, kind)))
            case "interactive":
                return self._interactive(inside(payload, kind))
            case "template":
                told = inside(payload, kind)
                filled = self._api.library.fill(told)
                language = str(inside(told, "language").get("code"))
                return _Content(kind, filled.text, filled.options, template=str(told["name"]), language=language)
            case _:
                raise Refused(131051, f"type {kind}")

    def _interactive(self, told: Mapping[str, object]) -> _Content:
        options = interactive_options(told)
        files: tuple[SeenFile, ...] = ()
        if "header" in told:
            header = inside(told, "header")
            kind = str(header.get("type"))
            files = (self._file(inside(header, kind), kind),)
        return _Content(str(told["type"]), str(inside(told, "body")["text"]), tuple(options), files)

    def _file(self, told: Mapping[str, object], kind: str) -> SeenFile:
        file = self._media.get(str(told.get("id")))
        if file is None:
            raise Refused(131053, "no such file")
        if kind == "image" and file.mime not in ("image/jpeg", "image/png"):
            raise Refused(131053, "an image is JPEG or PNG")
        return file


def _caption(told: Mapping[str, object]) -> str:
    return worded(told, "caption", _CAPTION) if "caption" in told else ""


def _place(told: Mapping[str, object]) -> Location:
    latitude, longitude = told.get("latitude"), told.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        raise Refused(131009, "latitude and longitude")
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise Refused(131009, "latitude and longitude")
    return Location(float(latitude), float(longitude))
