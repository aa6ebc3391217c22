"""Receiving: what channels hand in is kept before anything else; files they announced are fetched afterwards."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import structlog

from buurtwacht.host.core import Core
from buurtwacht.records import fetching
from buurtwacht.records.fetching import Fetching
from buurtwacht.vocabulary.channels import Channel, Glimpse
from buurtwacht.vocabulary.errors import DeliveryError, Rejected, Replay, StoreUnavailable
from buurtwacht.vocabulary.events import FILE, Accept, Fetched, Inbound, Status

T = TypeVar("T")
#: Runs a function that touches the database away from the event loop.
RunInThread = Callable[..., Awaitable[Any]]

log = structlog.get_logger("buurtwacht.receiving")


class Receiving:
    """The way in, for all accounts of a process."""

    def __init__(self, core: Core, run_in_thread: RunInThread) -> None:
        self._core = core
        self._run = run_in_thread
        #: called when files were announced, so that who fetches them need not poll
        self.announced: Callable[[], None] = lambda: None

    def accept_for(self, account: str) -> Accept:
        """Return the function with which a channel hands in its events."""

        async def accept(events: Sequence[Inbound]) -> int:
            if not events:
                return 0
            # Shown where it is kept: back on the event loop it may have been handled already.
            shown = partial(self._look, account, events)
            fresh: int = await self._run(self._core.inbox.accept, account, events, shown)
            if any(getattr(one.event, "media", None) is not None for one in events):
                self.announced()
            return fresh

        return accept

    async def fetch_step(self, channels: Mapping[str, Channel]) -> bool:
        """Fetch files that are due; return whether there were any."""
        waiting: list[Fetching] = await self._run(
            fetching.due, self._core.database, self._core.keyring, self._core.clock.now()
        )
        for one in waiting:
            await self._fetch(one, channels.get(one.account))
        return bool(waiting)

    async def _fetch(self, one: Fetching, channel: Channel | None) -> None:
        now = self._core.clock.now()
        database = self._core.database
        try:
            if channel is None:
                raise Rejected("account is gone")
            content = await channel.fetch(one.media)
            kept: tuple[int, str] = await self._run(fetching.arrived, database, self._core.keyring, one, content, now)
        except (StoreUnavailable, Replay):
            raise
        except Exception as error:
            # Whatever one file leads to, those behind it are fetched.
            final = isinstance(error, Rejected)
            reason = error.reason if isinstance(error, DeliveryError) else type(error).__name__
            given_up: bool = await self._run(fetching.failed, database, one, now, final=final)
            if given_up or not isinstance(error, DeliveryError):
                log.warning("file given up" if given_up else "file not fetched", account=one.account, reason=reason)
            return
        event = Fetched(one.inbound.event.message, *kept)  # type: ignore[union-attr] # a Said announced it
        told = Inbound(f"{FILE}{one.inbound.key}", event, now, one.inbound.sender, one.inbound.group)
        fresh: int = await self._run(self._core.inbox.accept, one.account, [told])
        # Only now: a crash before this fetches it once more, instead of telling nobody.
        await self._run(fetching.finished, database, one, None if fresh else kept[0])

    def _look(self, account: str, events: Sequence[Inbound]) -> None:
        if self._core.look is None:
            return
        for one in events:
            if not isinstance(one.event, Status):
                self._core.look(Glimpse(self._core.clock.now(), "inbox", one.event.kind, one.name, account))


async def introduce(channel: Channel) -> None:
    """Have a channel prove its credentials and learn its own name, changing nothing at the provider if it can.

    Raises `Misconfigured` when they are refused, `Unavailable` when the provider cannot be asked.
    """
    identify = getattr(channel, "identify", None)
    await (identify() if identify is not None else channel.start())
