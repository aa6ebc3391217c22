"""The webhook: Meta's challenge, the signature over the raw bytes, and an answer only when everything is kept."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from buurtwacht import Accept, StoreUnavailable, Unreadable
from buurtwacht_whatsapp.incoming import read
from buurtwacht_whatsapp.settings import Settings

#: Bytes (Meta, webhooks: payloads of up to 3 MB).
BODY_LIMIT: Final = 3 * 1024 * 1024

_log = structlog.get_logger("buurtwacht.whatsapp")


class Webhook:
    """Two routes on /webhooks/<account>."""

    def __init__(self, account: str, settings: Settings, accept: Accept, now: Callable[[], datetime]) -> None:
        self._account = account
        self._number_id = settings.phone_number_id
        self._secret = settings.app_secret.encode()
        self._verify_token = settings.verify_token.encode()
        self._accept = accept
        self._now = now

    def routes(self) -> list[Route]:
        """Return the routes."""
        path = f"/webhooks/{self._account}"
        return [
            Route(path, self._challenge, methods=["GET"]),
            Route(path, self._update, methods=["POST"]),
        ]

    async def _challenge(self, request: Request) -> Response:
        """Answer Meta's question whether this address is ours (Meta, webhooks: verification requests)."""
        asked = request.query_params
        token = asked.get("hub.verify_token", "").encode()
        is_ours = hmac.compare_digest(token, self._verify_token) and asked.get("hub.mode") == "subscribe"
        if not is_ours:
            return PlainTextResponse("wrong token", 403)
        return PlainTextResponse(asked.get("hub.challenge", ""), headers={"X-Content-Type-Options": "nosniff"})

    async def _update(self, request: Request) -> Response:
        try:
            body = await _bounded(request)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return PlainTextResponse("too large", 413)
        if not self._is_signed(body, request.headers.get("X-Hub-Signature-256", "")):
            _log.warning("webhook without a right signature", account=self._account)
            return PlainTextResponse("no right signature", 401)
        items = read(body, self._number_id, self._now())
        unreadable = [item.event.reason for item in items if isinstance(item.event, Unreadable)]
        if unreadable:
            _log.info("items without a reading", account=self._account, count=len(unreadable))
        try:
            await self._accept(items)
        except StoreUnavailable:
            return PlainTextResponse("not kept, please repeat", 503)
        return PlainTextResponse("kept")

    def _is_signed(self, body: bytes, header: str) -> bool:
        """Whether Meta signed these very bytes; re-written JSON would not match, as Meta escapes differently."""
        right = "sha256=" + hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(header.encode("latin-1", "replace"), right.encode())


async def _bounded(request: Request) -> bytes | None:
    """Return the body, or None as soon as it is known to be too large."""
    length = request.headers.get("Content-Length", "")
    if length.isascii() and length.isdigit() and int(length[:12]) > BODY_LIMIT:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            return None
    return bytes(body)
