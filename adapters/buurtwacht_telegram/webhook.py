"""The way Telegram reaches us: the route it calls, and what it has been told to call."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from telegram.error import InvalidToken

from buurtwacht import Accept, Inbound, StoreUnavailable
from buurtwacht_telegram.request import Down, Wire
from buurtwacht_telegram.shapes import hint

log = structlog.get_logger(__name__)

#: what we want to hear; the last three are not sent unless asked for (Bot API, `allowed_updates`)
ALLOWED = ("message", "edited_message", "callback_query", "message_reaction", "my_chat_member", "chat_member")

#: bytes of one request
LARGEST = 3 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Registration:
    """What Telegram calls, beside what it should: empty addresses mean that it is polled.

    `trouble` is what Telegram last said went wrong when it called.
    """

    url: str
    wanted: str
    allowed: tuple[str, ...] = ()
    pending: int = 0
    trouble: str = ""

    @property
    def differs(self) -> bool:
        """Whether it must be set again. A secret cannot be read back, but a wrong one shows as 401 in `trouble`."""
        if self.url != self.wanted:
            return True
        return bool(self.wanted) and (set(self.allowed) != set(ALLOWED) or "401" in self.trouble)

    @property
    def condition(self) -> str:
        """What keeps updates from us now. The last trouble stays on record at Telegram: it counts while they wait."""
        if self.url != self.wanted:
            return "webhook_not_set"
        return self.trouble if self.pending else ""


async def registration(wire: Wire, wanted: str) -> Registration:
    """Ask Telegram what it calls. Raises a `TelegramError`."""
    found = await wire.call("getWebhookInfo")
    info = found if isinstance(found, dict) else {}
    allowed = info.get("allowed_updates")
    pending = info.get("pending_update_count")
    return Registration(
        url=hint(info, "url"),
        wanted=wanted,
        allowed=tuple(str(each) for each in allowed) if isinstance(allowed, list) else (),
        pending=pending if isinstance(pending, int) else 0,
        trouble=hint(info, "last_error_message"),
    )


async def register(wire: Wire, wanted: str, secret: str) -> None:
    """Have Telegram call `wanted`, or hold updates for polling when that is empty; nothing waiting is dropped.

    Raises a `TelegramError`.
    """
    if not wanted:
        await wire.call("deleteWebhook")
        return
    await wire.call("setWebhook", {"url": wanted, "secret_token": secret, "allowed_updates": list(ALLOWED)})


async def settle(wire: Wire, wanted: str, secret: str) -> None:
    """Set what Telegram calls when it differs; a server that cannot tell is told. Raises a `TelegramError`."""
    try:
        if not (await registration(wire, wanted)).differs:
            return
    except (InvalidToken, Down):
        # The token was accepted a moment ago: this server may just not know getWebhookInfo. If there is real trouble,
        # the next request says so.
        log.info("telegram.webhook_unknown")
    await register(wire, wanted, secret)


def webhook_route(
    account: str,
    secret: str,
    accept: Accept,
    read: Callable[[bytes], tuple[Inbound | None, str]],
    answer: Callable[[str], None],
) -> Route:
    """Return the route that Telegram calls for this account: 200 once the update is kept."""
    expected = secret.encode()

    async def receive(request: Request) -> Response:
        given = request.headers.get("x-telegram-bot-api-secret-token", "").encode("latin-1", "replace")
        if not expected or not hmac.compare_digest(given, expected):
            return Response(status_code=401)
        try:
            body = await _body(request)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return Response(status_code=413)
        event, tap = read(body)
        try:
            if event is not None:
                await accept([event])
        except StoreUnavailable:
            return Response(status_code=503)
        if tap:
            answer(tap)
        return Response(status_code=200)

    return Route(f"/webhooks/{account}", receive, methods=["POST"])


async def _body(request: Request) -> bytes | None:
    """Return the body, None as soon as it proves longer than 3 MB."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:12]) > LARGEST:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return None
    return bytes(body)
