"""The Graph API's side of the stand-in: messages, media, the number and the templates, over HTTP."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from buurtwacht.testing.provider import SeenFile
from buurtwacht_whatsapp.outgoing import UPLOAD_TYPES
from buurtwacht_whatsapp.stand_in.messages import Messages
from buurtwacht_whatsapp.stand_in.refusals import Refused

if TYPE_CHECKING:
    from buurtwacht_whatsapp.stand_in import CloudApi

_Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]

#: Bytes: platforms.md section 3, "Media".
_LARGEST = {"image/jpeg": 5 * 1024 * 1024, "image/png": 5 * 1024 * 1024}
_LARGEST_FILE = 100 * 1024 * 1024


class GraphServer:
    """Answers as graph.facebook.com does, for the one account of `api`."""

    def __init__(self, api: CloudApi) -> None:
        self._api = api
        #: biz_opaque_callback_data by message id
        self.trackers: dict[str, str] = {}
        self._media: dict[str, SeenFile] = {}
        self._messages = Messages(api, self._media, self.trackers)
        self._sent: deque[datetime] = deque()

    def routes(self) -> list[Route]:
        """Return the routes; the version in the path may be any."""

        def route(path: str, method: str, endpoint: _Endpoint) -> Route:
            return Route(path, self._guarded(endpoint), methods=[method])

        return [
            route("/files/{media}", "GET", self._file),
            route("/{version}/{number}/messages", "POST", self._message),
            route("/{version}/{number}/media", "POST", self._upload),
            route("/{version}/{waba}/message_templates", "GET", self._templates),
            route("/{version}/{waba}/message_templates", "POST", self._new_template),
            route("/{version}/{waba}/message_templates", "DELETE", self._gone_template),
            route("/{version}/{node}", "GET", self._node),
            route("/{version}/{node}", "POST", self._changed_template),
        ]

    def store(self, name: str, mime: str, content: bytes) -> str:
        """Keep a file and return its id."""
        ident = f"88{len(self._media) + 1:08d}"
        self._media[ident] = SeenFile(name, mime, content)
        return ident

    def _guarded(self, endpoint: _Endpoint) -> _Endpoint:
        async def answer(request: Request) -> Response:
            if self._api.latency:
                await asyncio.sleep(self._api.latency)
            try:
                if self._api.down:
                    raise Refused(131016, "service unavailable", is_complaint=False)
                if request.headers.get("Authorization") != f"Bearer {self._api.token}":
                    raise Refused(190, "access token", is_complaint=False)
                return await endpoint(request)
            except Refused as refused:
                if refused.is_complaint:
                    self._api.complaints.append(f"{refused.code}: {refused.details}")
                return refused.answer()

        return answer

    async def _message(self, request: Request) -> Response:
        self._own(request.path_params["number"], self._api.number_id)
        self._keep_rate()
        return self._messages.take(await _object(request))

    def _keep_rate(self) -> None:
        """Count a message; refuse it when `rate` of them fell in the second before."""
        now = self._api.now()
        while self._sent and now - self._sent[0] >= timedelta(seconds=1):
            self._sent.popleft()
        if self._api.rate is not None and len(self._sent) >= self._api.rate:
            raise Refused(130429, "throughput")
        self._sent.append(now)

    async def _upload(self, request: Request) -> Response:
        self._own(request.path_params["number"], self._api.number_id)
        async with request.form(max_part_size=_LARGEST_FILE) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile) or form.get("messaging_product") != "whatsapp":
                raise Refused(131008, "file and messaging_product are required")
            mime = file.content_type or ""
            content = await file.read()
        if mime not in UPLOAD_TYPES:
            raise Refused(100, "file must be of one of the types that are taken")
        if len(content) > _LARGEST.get(mime, _LARGEST_FILE):
            raise Refused(131053, "the file is too large")
        return JSONResponse({"id": self.store(file.filename or "", mime, content)})

    async def _node(self, request: Request) -> Response:
        ident = str(request.path_params["node"])
        if ident == self._api.number_id:
            return JSONResponse({"id": ident, "display_phone_number": _spaced(self._api.number)})
        file = self._media.get(ident)
        if file is not None:
            told = {
                "id": ident,
                "url": f"{self._api.api_url}/files/{ident}",
                "mime_type": file.mime,
                "sha256": hashlib.sha256(file.data).hexdigest(),
                "file_size": len(file.data),
                "messaging_product": "whatsapp",
            }
            return JSONResponse(told)
        return _absent()

    async def _file(self, request: Request) -> Response:
        file = self._media.get(request.path_params["media"])
        return Response(file.data, media_type=file.mime) if file else Response(status_code=404)

    async def _templates(self, request: Request) -> Response:
        self._own(request.path_params["waba"], self._api.waba_id)
        found = self._api.library.listed(request.query_params.get("name", ""))
        start = int(request.query_params.get("after", "0"))
        end = start + int(request.query_params.get("limit", "25"))
        paging: dict[str, object] = {"cursors": {"before": str(start), "after": str(end)}}
        if end < len(found):
            paging["next"] = f"{self._api.api_url}/next"
        return JSONResponse({"data": found[start:end], "paging": paging})

    async def _new_template(self, request: Request) -> Response:
        self._own(request.path_params["waba"], self._api.waba_id)
        template = self._api.library.create(await _object(request))
        return JSONResponse({"id": template.ident, "status": template.status, "category": "UTILITY"})

    async def _gone_template(self, request: Request) -> Response:
        self._own(request.path_params["waba"], self._api.waba_id)
        is_gone = self._api.library.delete(request.query_params.get("name", ""))
        return JSONResponse({"success": True}) if is_gone else _absent()

    async def _changed_template(self, request: Request) -> Response:
        template = self._api.library.by_id(str(request.path_params["node"]))
        if template is None:
            return _absent()
        self._api.library.change(template, await _object(request))
        return JSONResponse({"success": True})

    def _own(self, named: str, ours: str) -> None:
        if named != ours:
            raise Refused(10, "not an object of this token")


async def _object(request: Request) -> dict[str, object]:
    try:
        payload = json.loads(await request.body())
    except ValueError:
        raise Refused(100, "not JSON") from None
    if not isinstance(payload, dict):
        raise Refused(100, "not an object")
    return payload


def _absent() -> Response:
    error = {"message": "Unsupported request", "type": "GraphMethodException", "code": 100, "error_subcode": 33}
    return JSONResponse({"error": error}, 400)


def _spaced(number: str) -> str:
    """Return a number as Meta displays it, with spaces in it."""
    return f"{number[:3]} {number[3:5]} {number[5:]}"
