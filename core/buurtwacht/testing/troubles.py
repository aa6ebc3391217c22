"""What can be made to go wrong in a world, by hand: refusals, outages, crashes, hanging plugins, repeats, receipts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Protocol, get_args, runtime_checkable

from buurtwacht.testing.interference import MOMENTS
from buurtwacht.testing.journal import Journal
from buurtwacht.testing.messengers import Messenger
from buurtwacht.testing.people import Member
from buurtwacht.testing.provider import Fault, FaultKind
from buurtwacht.testing.running import Running
from buurtwacht.testing.sightings import Received


@runtime_checkable
class Forgetful(Protocol):
    """A provider that takes messages without our hearing of it, and tells of them later."""

    def unanswered(self, delivery: int) -> str:
        """Return its id of a message of ours that it never answered; one is given when it has none."""
        ...


class Troubles:
    """The half of `World` that does harm."""

    messengers: Mapping[str, Messenger]
    journal: Journal
    _running: Running

    def messenger(self, account: str) -> Messenger:
        """Return an account's messenger. Raises `LookupError`."""
        if account not in self.messengers:
            raise LookupError(f"this world has no channel {account!r}, only {', '.join(self.messengers)}")
        return self.messengers[account]

    def known_plugin(self, plugin_id: str) -> None:
        """Raise `LookupError` when no plugin has this id."""
        plugins = self._running.process.core.plugins
        if plugin_id not in plugins:
            raise LookupError(f"there is no plugin {plugin_id!r}; here are {', '.join(one.id for one in plugins)}")

    def refuse(self, member: Member, kind: FaultKind) -> None:
        """Have the provider answer everything for this person in this way, on every address."""
        if kind not in get_args(FaultKind):
            raise ValueError(f"{kind!r} is none of {', '.join(get_args(FaultKind))}")
        for account, handles in member.handles.items():
            for one in handles:
                self.messengers[account].provider.faults[one.value] = Fault(kind)

    def accept(self, member: Member) -> None:
        """Have everything for this person accepted again."""
        for account, handles in member.handles.items():
            for one in handles:
                self.messengers[account].provider.faults.pop(one.value, None)

    @contextmanager
    def outage(self, channel: str) -> Iterator[None]:
        """Have the provider refuse what we send and deliver nothing; what people say comes at the end, in order."""
        messenger = self.messenger(channel)
        messenger.provider.down = True
        try:
            yield
        finally:
            messenger.provider.down = False
            self._running.deliver()
            self._running.settle()

    @contextmanager
    def down(self) -> Iterator[None]:
        """Let our process not run while the clock goes on; providers keep what people say until it is back."""
        self._running.stop()
        try:
            yield
        finally:
            self._running.begin_again()

    def crash(self, during: str | None = None) -> None:
        """Die without a goodbye, now or at the next such moment, and start again on the same database.

        `during` is handler (before its commit), send (accepted, and we have not written it down) or receipt.
        """
        if during is None:
            self._running.stop()
            self._running.begin_again()
            return
        if during not in MOMENTS:
            raise ValueError(f"{during!r} is none of {', '.join(MOMENTS)}")
        self._running.interference.crash_at = MOMENTS[during]

    @contextmanager
    def hang(self, plugin_id: str, seconds: float = 60) -> Iterator[None]:
        """Let a plugin's handlers take that long, on a worker of their own; everybody else goes on.

        From ten seconds on that is counted as an error of the plugin (R51), of which the test does not fail.
        """
        self.known_plugin(plugin_id)
        self.journal.slow.add(plugin_id)
        slow = self._running.interference.slow
        slow[plugin_id] = timedelta(seconds=seconds)
        try:
            yield
        finally:
            del slow[plugin_id]

    @contextmanager
    def expects_error(self, plugin_id: str) -> Iterator[None]:
        """Let an error that this plugin logs not fail the test."""
        before = len(self.journal.errors)
        try:
            yield
        finally:
            self._running.settle()
            later = self.journal.errors[before:]
            self.journal.errors[before:] = [one for one in later if one[0] != plugin_id]

    def redeliver(self) -> None:
        """Have the provider repeat its last update, a tap too."""
        self._running.tell_again()

    def receipt(self, received: Received, state: str) -> None:
        """Have the provider report sent, delivered, read or failed; nothing happens where it has no receipts.

        Of a message that it never answered it tells by our own id of the delivery.
        """
        provider = self.messenger(received.channel).provider
        name = received.provider_id
        if not name and isinstance(provider, Forgetful):
            name = provider.unanswered(received.delivery)
        news = provider.status(name, state)
        if news is not None:
            self._running.tell(received.channel, news)
