"""What the WhatsApp tests share: an account wired to its stand-in in one process, and a box that keeps events."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import httpx
from starlette.applications import Starlette

from buurtwacht import AccountSettings, Handle, Inbound, Layout, Option, Outgoing, StoreUnavailable
from buurtwacht.testing.provider import StandIn, Update
from buurtwacht_whatsapp import adapter
from buurtwacht_whatsapp.channel import WhatsAppChannel
from buurtwacht_whatsapp.stand_in import CloudApi

T = TypeVar("T")
NIGHT = datetime(2026, 1, 16, 0, 42, tzinfo=UTC)
WEBHOOK = "/webhooks/whatsapp"


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


@dataclass
class Town:
    """One account, the stand-in it talks to, and what was accepted from its webhook."""

    cloud: CloudApi
    channel: WhatsAppChannel
    clock: datetime = NIGHT
    kept: list[Inbound] = field(default_factory=list)
    store_is_gone: bool = False

    def later(self, **span: float) -> None:
        self.clock += timedelta(**span)

    async def accept(self, events: Sequence[Inbound]) -> int:
        if self.store_is_gone:
            raise StoreUnavailable
        self.kept += events
        return len(events)

    async def call(
        self,
        method: str,
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        app = Starlette(routes=list(self.channel.routes(self.accept)))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://town.test") as client:
            return await client.request(method, WEBHOOK, content=content, headers=headers, params=query)

    def post(self, update: Update | None) -> httpx.Response:
        assert update is not None
        return run(self.call("POST", update.body, dict(update.headers)))

    def send(self, outgoing: Outgoing) -> str:
        return run(self.channel.send(outgoing)).provider_id


def town(**changes: object) -> Town:
    """Return a town whose account has the stand-in's settings, changed by `changes`."""
    holder: list[Town] = []
    cloud = CloudApi("whatsapp", lambda: holder[0].clock)
    _: StandIn = cloud

    class TownClock:
        def now(self) -> datetime:
            return holder[0].clock

    options = {**cloud.settings(), "transport": httpx.ASGITransport(cloud.app), "clock": TownClock(), **changes}
    holder.append(Town(cloud, adapter.open(AccountSettings("whatsapp", options))))
    return holder[0]


def message(to: tuple[Handle, ...], text: str = "Verdachte auto in de Meidoornstraat", **more: object) -> Outgoing:
    made = Outgoing(delivery=17, to=to, text=text)
    return replace(made, **more)  # type: ignore[arg-type]


def choices(count: int) -> tuple[Option, ...]:
    return tuple(Option(f"q1:{number}", f"Keuze {number}") for number in range(1, count + 1))


BUTTONS = Layout.BUTTONS
LIST = Layout.LIST
