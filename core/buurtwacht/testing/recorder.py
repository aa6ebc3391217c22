"""Everything that leaves us, written down where it leaves: around the channel, whichever it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from buurtwacht.vocabulary.channels import Channel, MenuCommand, Outgoing, Receipt
from buurtwacht.vocabulary.errors import Ambiguous, DeliveryError
from buurtwacht.vocabulary.events import Accept, MediaRef

if TYPE_CHECKING:
    from starlette.routing import Route


@dataclass(frozen=True, slots=True)
class Attempt:
    """One message or edit that was handed to a channel, and how that ended."""

    number: int
    account: str
    at: datetime
    outgoing: Outgoing
    #: the provider's id, when it was accepted
    provider_id: str | None
    error: DeliveryError | None

    @property
    def is_ambiguous(self) -> bool:
        """Whether nobody knows if it arrived."""
        return isinstance(self.error, Ambiguous)


class Recorder:
    """The attempts of all accounts, in order. `accepted` is called when a provider took a message, before we know."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.attempts: list[Attempt] = []
        self.accepted: Callable[[], None] = lambda: None

    def note(
        self, account: str, outgoing: Outgoing, provider_id: str | None = None, error: DeliveryError | None = None
    ) -> None:
        """Write an attempt down."""
        self.attempts.append(Attempt(len(self.attempts), account, self.now(), outgoing, provider_id, error))

    def around(self, channel: Channel) -> RecordedChannel:
        """Return the channel with everything it sends written down here."""
        return RecordedChannel(channel, self)


class RecordedChannel:
    """A channel as it was, only that it is watched."""

    def __init__(self, channel: Channel, recorder: Recorder) -> None:
        self.account = channel.account
        self.capabilities = channel.capabilities
        self._channel = channel
        self._recorder = recorder

    async def start(self) -> None:
        """Start the channel."""
        await self._channel.start()

    def routes(self, accept: Accept) -> Sequence[Route]:
        """Return the channel's routes."""
        return self._channel.routes(accept)

    async def receive(self, accept: Accept) -> None:
        """Let the channel receive."""
        await self._channel.receive(accept)

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send, and write down what came of it. Raises what the channel raises."""
        try:
            receipt = await self._channel.send(outgoing)
        except DeliveryError as error:
            self._recorder.note(self.account, outgoing, error=error)
            raise
        self._recorder.note(self.account, outgoing, provider_id=receipt.provider_id)
        self._recorder.accepted()
        return receipt

    async def condition(self) -> str:
        """Return what keeps the channel from hearing anything."""
        return await self._channel.condition()

    async def fetch(self, media: MediaRef) -> bytes:
        """Fetch a file."""
        return await self._channel.fetch(media)

    async def set_menu(self, menus: Mapping[str, Sequence[MenuCommand]]) -> None:
        """Show the commands."""
        await self._channel.set_menu(menus)

    def invite(self, payload: str, text: str) -> str:
        """Return a link with which somebody starts a conversation."""
        return self._channel.invite(payload, text)

    async def close(self) -> None:
        """Close the channel."""
        await self._channel.close()
