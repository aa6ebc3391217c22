"""An account at the Telegram stand-in, for the tests beside it: one loop, a clock that stands still, no waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

import httpx
from starlette.applications import Starlette

from buurtwacht import AccountSettings, Handle, Inbound, Outgoing, StoreUnavailable
from buurtwacht.testing.provider import Update
from buurtwacht_telegram import adapter
from buurtwacht_telegram.channel import TelegramChannel
from buurtwacht_telegram.stand_in import BotApi

T = TypeVar("T")

NIGHT = datetime(2026, 1, 16, 0, 42, tzinfo=UTC)


class Inbox:
    """What was accepted; like the real one it knows a repeat by its key, and it can be out of order."""

    def __init__(self) -> None:
        self.events: list[Inbound] = []
        self.broken = False

    async def accept(self, batch: Sequence[Inbound]) -> int:
        if self.broken:
            raise StoreUnavailable
        known = {each.key for each in self.events}
        new = [each for each in batch if each.key not in known]
        self.events.extend(new)
        return len(new)


class Account:
    """A channel wired to a stand-in. `transport` replaces the stand-in where a server misbehaves in its own way."""

    def __init__(
        self, transport: httpx.AsyncBaseTransport | None = None, public_url: str = "", **options: object
    ) -> None:
        self.api = BotApi("telegram", self.now)
        self.inbox = Inbox()
        self.pauses: list[float] = []
        self.runner = asyncio.Runner()
        given = {
            **self.api.settings(),
            "transport": transport or httpx.ASGITransport(self.api.app),
            "clock": self,
            "pause": self.pause,
            **options,
        }
        opened = adapter.open(AccountSettings("telegram", given, public_url))
        assert isinstance(opened, TelegramChannel)
        self.channel = opened
        self.fatima = self.api.person("Fatima")[0]
        self.api.opens("Fatima")

    def now(self) -> datetime:
        return NIGHT

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0)

    def run(self, coroutine: Coroutine[object, object, T]) -> T:
        return self.runner.run(coroutine)

    def close(self) -> None:
        self.run(self.channel.close())
        self.runner.close()

    def send(self, text: str = "", to: Handle | None = None, **rest: object) -> str:
        """Send a message, to Fatima unless said otherwise, and return its id at Telegram."""
        outgoing = Outgoing(delivery=1, to=(to or self.fatima,), text=text, **rest)  # type: ignore[arg-type]
        return self.run(self.channel.send(outgoing)).provider_id

    def deliver(self, update: Update | None, headers: dict[str, str] | None = None) -> int:
        """Call the webhook the way Telegram does and return the status."""
        assert update is not None
        return self.post(update.body, dict(update.headers) if headers is None else headers)

    def post(self, body: bytes, headers: Mapping[str, str] | Mapping[bytes, bytes] | None = None) -> int:
        """POST to the webhook, rightly signed unless headers are given, and return the status."""
        signed = {"x-telegram-bot-api-secret-token": self.api.town.secret} if headers is None else headers

        async def call() -> int:
            app = Starlette(routes=list(self.channel.routes(self.inbox.accept)))
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://us") as client:
                answer = await client.post("/webhooks/telegram", content=body, headers=signed)
            await asyncio.sleep(0)
            return answer.status_code

        return self.run(call())

    def poll(self) -> bool:
        """Ask for updates once."""
        return self.run(self.channel.polling.step(self.inbox.accept))
