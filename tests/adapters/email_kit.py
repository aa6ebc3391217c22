"""An e-mail account wired to its stand-in, for tests of the adapter alone."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx
from starlette.applications import Starlette

from buurtwacht import AccountSettings, Channel, Handle, Inbound, Outgoing, StoreUnavailable
from buurtwacht.testing.provider import SECRET
from buurtwacht.vocabulary.clock import VirtualClock
from buurtwacht_email import adapter
from buurtwacht_email.stand_in import MailServer
from buurtwacht_email.stand_in.reading import Letter

T = TypeVar("T")
NOW = datetime(2026, 1, 16, 0, 42, tzinfo=UTC)
PUBLIC = "http://127.0.0.1"


@dataclass
class Office:
    """One account, the server it hands mail in at, and Els, who has a mailbox there."""

    server: MailServer
    channel: Channel
    clock: VirtualClock
    runner: asyncio.Runner
    els: tuple[Handle, ...]
    kept: list[Inbound] = field(default_factory=list)
    is_gone: bool = False

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def send(self, outgoing: Outgoing) -> Letter:
        """Send a mail, and return it as it is read."""
        receipt = self.run(self.channel.send(outgoing))
        return self.server.letters[receipt.provider_id]

    async def accept(self, events: Sequence[Inbound]) -> int:
        if self.is_gone:
            raise StoreUnavailable("the database is gone")
        known = {one.key for one in self.kept}
        self.kept += [one for one in events if one.key not in known]
        return len(events)

    def visit(self, address: str, method: str = "GET", **request: Any) -> httpx.Response:
        """Ask for a page, as a browser or a scanner does."""
        app = Starlette(routes=list(self.channel.routes(self.accept)))

        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC) as client:
                return await client.request(method, address, **request)

        return self.run(ask())


def opened(runner: asyncio.Runner, *, public_url: str = PUBLIC, **options: object) -> Office:
    """Return an account of which nothing was asked yet."""
    clock = VirtualClock(NOW)
    server = MailServer("email", clock.now)
    given = {**server.settings(), "clock": clock, **options}
    channel = adapter.open(AccountSettings("email", given, public_url, secret=SECRET))
    return Office(server, channel, clock, runner, server.person("Els"))
