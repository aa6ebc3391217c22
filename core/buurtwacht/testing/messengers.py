"""The messengers of a world: each the provider's side of one account, in memory or over the wire."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias, runtime_checkable

import httpx
from starlette.applications import Starlette

from buurtwacht.testing.mock import MockChannel
from buurtwacht.testing.provider import SECRET, StandIn, Update
from buurtwacht.testing.recorder import Recorder
from buurtwacht.vocabulary.channels import AccountSettings, Adapter, Channel, TemplateText
from buurtwacht.vocabulary.clock import Clock
from buurtwacht.vocabulary.events import Accept, Inbound

#: What a provider has to tell us: an event as it is, or the request that announces it.
News: TypeAlias = Inbound | Update
#: Where the webhooks of a world are; nothing is ever resolved or connected to.
US = "http://127.0.0.1"


async def _no_pause(seconds: float) -> None:
    await asyncio.sleep(0)


@runtime_checkable
class Judge(Protocol):
    """A provider that judges templates before they may be sent."""

    #: whether every template counts as approved
    knows_all: bool

    def approve(self, name: str, language: str, body: str, buttons: tuple[str, ...] = ()) -> None:
        """Let a template have been approved."""
        ...


class Messenger:
    """One account at a provider. It outlives our process: people are there, and news waits, while we are not.

    `provider` is the mock or the stand-in; both have the same verbs.
    """

    def __init__(
        self,
        account: str,
        adapter: Adapter,
        clock: Clock,
        recorder: Recorder,
        options: Mapping[str, object],
        *,
        wire: bool,
    ) -> None:
        self.account = account
        self.adapter = adapter
        self.capabilities = adapter.capabilities
        #: what waits because the provider delivers nothing, or because we do not run
        self.held: list[News] = []
        self._clock = clock
        self._recorder = recorder
        self._options = options
        self._mock = MockChannel(account, adapter.capabilities, clock.now)
        self.provider: MockChannel | StandIn = self._mock
        self.is_wired = wire and bool(adapter.stand_in)
        if self.is_wired:
            self.provider = _stand_in(adapter.stand_in)(account, clock.now)

    def open(self) -> Channel:
        """Return our channel to this messenger; again for each process."""
        if not self.is_wired:
            return self._recorder.around(self._mock)
        assert not isinstance(self.provider, MockChannel)
        injected = {
            "transport": httpx.ASGITransport(self.provider.app),
            "clock": self._clock,
            "pause": _no_pause,
        }
        options = {**self.provider.settings(), **self._options, **injected}
        unknown = {fault.where for fault in self.adapter.faults(AccountSettings(self.account, options, US))}
        options = {key: value for key, value in options.items() if key not in unknown & injected.keys()}
        return self._recorder.around(self.adapter.open(AccountSettings(self.account, options, US, secret=SECRET)))

    def judge(self, templates: Iterable[TemplateText]) -> None:
        """Let the provider have approved these templates and no others, where it judges them."""
        if isinstance(self.provider, Judge):
            for one in templates:
                self.provider.approve(one.name, one.language, one.body, one.buttons)
            self.provider.knows_all = False

    async def deliver(self, news: News, channel: Channel, accept: Accept) -> bool:
        """Tell us something; return whether we said that we have it."""
        if isinstance(news, Inbound):
            await accept([news])
            return True
        path = news.path or f"/webhooks/{self.account}"
        app = Starlette(routes=list(channel.routes(accept)))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=US) as client:
            if news.visits and (await client.get(path)).status_code != 200:
                return False
            answer = await client.post(path, content=news.body, headers=dict(news.headers))
        await asyncio.sleep(0)
        return answer.status_code == 200


def _stand_in(name: str) -> Callable[[str, Callable[[], datetime]], StandIn]:
    module, _, attribute = name.partition(":")
    made: Callable[[str, Callable[[], datetime]], StandIn] = getattr(importlib.import_module(module), attribute)
    return made


def complaints(messengers: Sequence[Messenger]) -> list[str]:
    """Return what the providers would have refused for its form."""
    return [f"{one.account}: {complaint}" for one in messengers for complaint in one.provider.complaints]
