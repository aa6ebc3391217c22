"""Asking outside: the sources that plugins listen to, each at its own pace; what they say goes into the inbox.

A source that does not answer spoils nothing: it is asked again, its plugin is told once nothing is known any more, and
nobody concludes from its silence that there is nothing.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import ssl
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

import httpx
import structlog

from buurtwacht.edge.own_loop import LeftBehind, OwnLoop
from buurtwacht.edge.receiving import RunInThread
from buurtwacht.host.core import Core
from buurtwacht.host.health import place_of
from buurtwacht.host.in_time import TooSlow
from buurtwacht.host.outside import Item, Source
from buurtwacht.records import outside
from buurtwacht.vocabulary.errors import Replay, StoreUnavailable, Unavailable

#: Seconds that one answer may take, that a whole `fetch` may take, and after which one that did not stop then is left
#: behind: it blocks.
ANSWER_SECONDS = 10.0
FETCH_SECONDS = 30.0
BLOCKED_SECONDS = 35.0
#: The largest answer, in bytes, and the most items of one `fetch`.
LARGEST = 1_000_000
MOST_ITEMS = 2_000
#: A source that is run by another process, or is paused, is looked at again after this.
_AGAIN = timedelta(seconds=2)

log = structlog.get_logger("buurtwacht.outside")


class Visitor:
    """Asks addresses outside, with limits; what `fetch` of a plugin works with."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def json(self, url: str, params: Mapping[str, str] | None = None) -> Any:
        """Return what stands at an address, read as JSON. Raises `Unavailable` for all that is not that."""
        content = await self._get(url, params)
        try:
            return json.loads(content)
        except (ValueError, RecursionError) as error:
            raise Unavailable("it answers something that is not JSON") from error

    async def text(self, url: str, params: Mapping[str, str] | None = None) -> str:
        """Return what stands at an address, as text. Raises `Unavailable` for any answer but one with status 200."""
        return (await self._get(url, params)).decode("utf-8", "replace")

    async def _get(self, url: str, params: Mapping[str, str] | None) -> bytes:
        _permit(url)
        content = bytearray()
        try:
            async with (
                asyncio.timeout(ANSWER_SECONDS),
                self._client.stream("GET", url, params=dict(params) if params else None) as answer,
            ):
                if answer.status_code != httpx.codes.OK:
                    raise Unavailable(f"it answers with status {answer.status_code}")
                async for chunk in answer.aiter_bytes():
                    content += chunk
                    if len(content) > LARGEST:
                        raise Unavailable(f"it answers more than {LARGEST} bytes")
        except TimeoutError as error:
            raise Unavailable(f"it does not answer within {ANSWER_SECONDS:.0f} seconds") from error
        except httpx.HTTPError as error:
            raise Unavailable(f"it cannot be reached ({type(error).__name__})") from error
        return bytes(content)


def _permit(url: str) -> None:
    """Let https through, and http on loopback. Raises `ValueError`: such an address is a mistake of the plugin."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https" and host:
        return
    try:
        here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = False
    if parts.scheme != "http" or not here:
        raise ValueError("a source is asked over https, or over http on loopback")


class Sources:
    """Asks every source of every plugin when its time has come.

    `held` says whether this process may ask a source now, by the name of its lease: of several processes one asks.
    `transport` makes what is asked in place of the world outside: in tests, and where only this computer is asked.
    Each `fetch` runs on a loop of its own, so one that blocks keeps nobody waiting.
    """

    def __init__(
        self,
        core: Core,
        run_in_thread: RunInThread,
        held: Callable[[str], bool] = lambda lease: True,
        transport: Callable[[], httpx.AsyncBaseTransport] | None = None,
    ) -> None:
        self._core = core
        self._run_in_thread = run_in_thread
        self._held = held
        self._transport = transport
        self._headers = {"user-agent": f"buurtwacht/{version('buurtwacht')}"}
        #: made once: to read all certificates takes longer than to ask
        self._tls: ssl.SSLContext | None = None
        #: what was asked last of each source, by lease
        self._asked: dict[str, OwnLoop[Sequence[Item]]] = {}
        self._sources = [(plugin, one) for plugin, one in core.plugins.sources]
        self._due: dict[str, datetime] = {}

    @property
    def leases(self) -> list[str]:
        """The names under which processes agree who asks which source."""
        return [_lease(plugin, one) for plugin, one in self._sources]

    def next_due(self) -> datetime | None:
        """Return when the next source is to be asked, or None when there is none."""
        now = self._core.clock.now()
        return min((self._due.get(_lease(plugin, one), now) for plugin, one in self._sources), default=None)

    async def step(self) -> bool:
        """Ask every source whose time has come, in order; return whether there was one."""
        now = self._core.clock.now()
        due = [(plugin, one) for plugin, one in self._sources if self._due.get(_lease(plugin, one), now) <= now]
        for plugin, one in due:
            await self._ask(plugin, one, now)
        return bool(due)

    async def run(self) -> None:
        """Ask each source at its time, for ever; one that is slow keeps no other waiting."""
        async with asyncio.TaskGroup() as tasks:
            for plugin, one in self._sources:
                tasks.create_task(self._keep_asking(plugin, one), name=_lease(plugin, one))

    def is_stuck(self, plugin: str, name: str) -> bool:
        """Return whether a source is not asked now, as what it was asked before has not come back."""
        asked = self._asked.get(f"source:{plugin}:{name}")
        return asked is not None and not asked.is_over

    async def _keep_asking(self, plugin: str, source: Source) -> None:
        while True:
            now = self._core.clock.now()
            await self._ask(plugin, source, now)
            # The clock of the demo can be moved; the world outside goes by a clock of its own.
            await asyncio.sleep(max(1.0, (self._due[_lease(plugin, source)] - now).total_seconds()))

    async def _ask(self, plugin: str, source: Source, now: datetime) -> None:
        lease = _lease(plugin, source)
        if not self._held(lease) or self._core.health.is_paused(plugin):
            self._due[lease] = now + _AGAIN
            return
        self._due[lease] = now + source.every
        try:
            try:
                items = await self._fetch(plugin, source)
            except Unavailable as gone:
                await self._run_in_thread(self._failed, plugin, source, gone.reason)
            except Exception as error:
                # A mistake of the plugin is its own error (R51), and nothing is known through it either.
                await self._run_in_thread(self._core.health.failed, plugin, f"source {source.name}", error)
                await self._run_in_thread(self._failed, plugin, source, f"{type(error).__name__} at {place_of(error)}")
            else:
                await self._run_in_thread(self._heard, plugin, source, items)
        except (StoreUnavailable, Replay) as gone:
            log.error("what a source said was not kept; it is asked again", plugin=plugin, reason=str(gone))

    async def _fetch(self, plugin: str, source: Source) -> Sequence[Item]:
        if self.is_stuck(plugin, source.name):
            raise Unavailable("it is still busy with what it was asked before")
        settings = await self._run_in_thread(self._settings, plugin)
        asked = self._asked[_lease(plugin, source)] = OwnLoop(lambda: self._say(source, settings))
        try:
            with self._core.trace.called(plugin, f"source {source.name}"):
                items = await asked.result(BLOCKED_SECONDS)
        except LeftBehind as left:
            slow = TooSlow(plugin, f"blocks for longer than {FETCH_SECONDS:.0f} seconds")
            await self._run_in_thread(self._core.health.failed, plugin, f"source {source.name}", slow, at=left.at)
            raise Unavailable(f"it blocks at {left.at}") from left
        if wrong := next((one for one in items if not isinstance(one, Item) or not one.key), None):
            raise TypeError(f"a source returns items with a key, not {type(wrong).__name__}")
        if len(items) > MOST_ITEMS:
            raise Unavailable(f"it says {len(items)} things at once, more than {MOST_ITEMS}")
        return items

    async def _say(self, source: Source, settings: Any) -> Sequence[Item]:
        """Return what a source says now; on a loop of its own."""
        async with self._client() as client:
            try:
                async with asyncio.timeout(FETCH_SECONDS):
                    return list(await source.fetch(Visitor(client), settings))
            except TimeoutError as error:
                raise Unavailable(f"it does not answer within {FETCH_SECONDS:.0f} seconds") from error

    def _client(self) -> httpx.AsyncClient:
        """Make a client: connections belong to the loop on which they were opened."""
        if self._transport is not None:
            return httpx.AsyncClient(transport=self._transport(), headers=self._headers, timeout=ANSWER_SECONDS)
        if self._tls is None:
            self._tls = httpx.create_ssl_context()
        return httpx.AsyncClient(verify=self._tls, headers=self._headers, timeout=ANSWER_SECONDS)

    def _settings(self, plugin: str) -> Any:
        model = self._core.plugins.get(plugin).manifest.settings
        return None if model is None else self._core.settings.of(plugin, None)

    def _heard(self, plugin: str, source: Source, items: Sequence[Item]) -> None:
        core, now = self._core, self._core.clock.now()
        said = [(one.key, one.facts) for one in items]
        # First that it answers: a plugin hears that something is known again before what it is.
        if outside.answered(core.inbox, core.database, plugin, source.name, now):
            log.info("a source answers again", plugin=plugin, source=source.name)
        outside.hear(core.inbox, core.database, core.keyring, plugin, source.name, said, now)

    def _failed(self, plugin: str, source: Source, reason: str) -> None:
        core, now = self._core, self._core.clock.now()
        from_then = now - source.unknown_after
        if outside.failed(core.inbox, core.database, plugin, source.name, reason, now, from_then):
            log.warning("a source says nothing: nothing is known", plugin=plugin, source=source.name, reason=reason)


def _lease(plugin: str, source: Source) -> str:
    return f"source:{plugin}:{source.name}"
