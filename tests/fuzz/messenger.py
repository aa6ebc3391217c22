"""A messenger for the machine that fuzzes the outbox: it answers as it is told to, and writes down all it sees."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from buurtwacht.vocabulary.channels import Capabilities, Outgoing, Receipt
from buurtwacht.vocabulary.clock import VirtualClock
from buurtwacht.vocabulary.errors import DeliveryError, Throttled


@dataclass(frozen=True, slots=True)
class Fate:
    """What is to become of one send: the error it ends in, if any, and whether it is shown all the same."""

    error: DeliveryError | None = None
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """One send as the provider saw it."""

    at: datetime
    account: str
    to: str
    delivery: int
    text: str
    provider_id: str
    #: whether it stands on the screen now
    shown: bool
    edits: bool


@dataclass(frozen=True, slots=True)
class Told:
    """That it told us to wait: said at a moment, until another, about a recipient ("": the account)."""

    at: datetime
    until: datetime
    to: str

    @property
    def is_kept(self) -> bool:
        """Whether a process that starts must know of it: the account always, a recipient from 30 seconds on."""
        return not self.to or self.until - self.at >= timedelta(seconds=30)


class Provider:
    """One account. `look` is called whenever something leaves; what it raises is kept in `complaints`."""

    def __init__(
        self,
        name: str,
        capabilities: Capabilities,
        clock: VirtualClock,
        look: Callable[[Provider, Outgoing], None],
        complaints: list[str],
    ) -> None:
        self.account = name
        self.capabilities = capabilities
        self.attempts: list[Attempt] = []
        #: what it told us to wait for, as far as the process that runs the account heard it
        self.told: list[Told] = []
        #: answers to come, by recipient; "" for whoever is next
        self.fates: dict[str, list[Fate]] = {}
        self.out_of_order: DeliveryError | None = None
        self.in_flight: Counter[str] = Counter()
        #: set while nobody gets an answer
        self.hangs: asyncio.Event | None = None
        #: grows with each process that runs the account: what an earlier one hears, the later does not know
        self.life = 0
        self._clock = clock
        self._look = look
        self._complaints = complaints

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Answer as told."""
        to, life = outgoing.to[0].value, self.life
        try:
            self._look(self, outgoing)
        except AssertionError as error:  # whoever sends takes it for an answer
            self._complaints.append(str(error))
        fate = self._fate(to)
        shown = fate.shown or fate.error is None
        provider_id = f"{self.account}-{len(self.attempts)}"
        self.attempts.append(
            Attempt(
                self._clock.now(),
                self.account,
                to,
                outgoing.delivery,
                outgoing.text,
                provider_id,
                shown,
                edits=outgoing.edit_of is not None,
            )
        )
        self.in_flight[to] += 1
        try:
            if self.hangs is not None:
                await self.hangs.wait()
            await asyncio.sleep(0)
        finally:
            self.in_flight[to] -= 1
        if isinstance(fate.error, Throttled) and life == self.life:
            now = self._clock.now()
            until = now + timedelta(seconds=fate.error.retry_after)
            self.told.append(Told(now, until, to if fate.error.scope == "recipient" else ""))
        if fate.error is not None:
            raise fate.error
        return Receipt(outgoing.edit_of or provider_id)

    def begin_again(self) -> None:
        """Take note that another process runs the account from now on."""
        self.life += 1
        self.told = [one for one in self.told if one.is_kept]

    def _fate(self, to: str) -> Fate:
        for queue in (self.fates.get(to), self.fates.get("")):
            if queue:
                return queue.pop(0)
        return Fate(self.out_of_order)
