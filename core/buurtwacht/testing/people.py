"""The people of a world and their groups: what they do, and what they have before them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from buurtwacht.testing.picture import photograph
from buurtwacht.testing.sightings import Received
from buurtwacht.vocabulary.channels import Layout
from buurtwacht.vocabulary.events import Handle
from buurtwacht.vocabulary.messages import Location

if TYPE_CHECKING:
    from buurtwacht.testing.town import Neighbourhood
    from buurtwacht.testing.world import World


@dataclass(frozen=True, slots=True)
class Said:
    """A message that a person sent us."""

    account: str
    message: str
    text: str


class Member:
    """A person with a telephone. `addresses` are what each messenger calls him: an id, or a number."""

    def __init__(
        self,
        world: World,
        name: str,
        alias: str,
        channels: Sequence[str],
        home: Neighbourhood | None,
        language: str = "nl",
    ) -> None:
        self.name = name
        self.language = language
        #: account to the provider's id or number, the preferred account first
        self.addresses: dict[str, str] = {}
        #: the name under which the messengers know him, which nobody else in the world has
        self.alias = alias
        self.home = home
        self.handles: dict[str, tuple[Handle, ...]] = {}
        #: whether he had just written when he came
        self.window_open = False
        self.world = world
        self._said: list[Said] = []
        for account in channels:
            self._meet(account)

    def __repr__(self) -> str:
        return f"<{self.name} on {', '.join(self.addresses)}>"

    def _meet(self, account: str) -> None:
        messenger = self.world.messenger(account)
        handles = messenger.provider.person(self.alias, self.language)
        kind = messenger.capabilities.handle_kind
        self.handles[account] = handles
        self.addresses[account] = next((one.value for one in handles if one.kind == kind), handles[0].value)

    # --- what he does ------------------------------------------------------------------------------------------------

    def says(
        self,
        text: str,
        *,
        photo: bool | bytes | None = None,
        location: Location | tuple[float, float] | None = None,
        voice: bool = False,
        reply_to: Received | None = None,
        forwarded: bool = False,
    ) -> None:
        """Send us a message, on the messenger he prefers or that of the message he replies to.

        `photo=True` is a small picture with EXIF and a position in it.
        """
        account = self._account(reply_to)
        self._say(account, text, photo, location, voice=voice, reply_to=reply_to, forwarded=forwarded)

    def _say(
        self,
        account: str,
        text: str,
        photo: bool | bytes | None = None,
        location: Location | tuple[float, float] | None = None,
        *,
        voice: bool = False,
        reply_to: Received | None = None,
        forwarded: bool = False,
        group: str | None = None,
    ) -> None:
        message, news = self.world.messenger(account).provider.says(
            self.alias,
            text,
            photo=photograph() if photo is True else photo or None,
            location=Location(*location) if isinstance(location, tuple) else location,
            voice=voice,
            reply_to=reply_to.provider_id if reply_to is not None else None,
            forwarded=forwarded,
            group=group,
        )
        self._said.append(Said(account, message, text))
        self.world.tell(account, news)

    def taps(self, label: str, on: Received | None = None) -> None:
        """Tap a choice: of the newest message with this whole label, or of `on`, also one sent to somebody else.

        Where the choices are numbered lines he types the number, quoting the message.
        """
        self._tap(on or self._carrying(label, self.received), label)

    def _tap(self, on: Received, label: str, group: str | None = None) -> None:
        if label not in on.buttons:
            raise LookupError(f"no choice {label!r} below {on.newest!r}, only {', '.join(on.buttons) or 'nothing'}")
        account = self._account(on)
        place = on.buttons.index(label)
        if on.layout is Layout.LINES:
            number = next(line for line in on.newest.splitlines() if line.endswith(f". {label}")).partition(".")[0]
            self._say(account, number, reply_to=on, group=group)
            return
        provider = self.world.messenger(account).provider
        self.world.tell(account, provider.taps(self.alias, on.options[place], on.provider_id, group=group))

    @staticmethod
    def _carrying(label: str, messages: Sequence[Received]) -> Received:
        arrived = [one for one in messages if one.arrived or one.state == "unknown"]
        for one in reversed(arrived):
            if label in one.buttons:
                return one
        seen = dict.fromkeys(button for one in arrived for button in one.buttons)
        raise LookupError(f"no message with the choice {label!r}; there are: {', '.join(seen) or 'none'}")

    def reacts(self, emoji: str, on: Received | None = None) -> None:
        """Put an emoji on the newest message, or on `on`."""
        target = on or self.last
        account = self._account(target)
        self.world.tell(account, self.world.messenger(account).provider.reacts(self.alias, emoji, target.provider_id))

    def edits(self, text: str) -> None:
        """Change the text of the newest message he sent."""
        said = self._said[-1]
        self.world.tell(said.account, self.world.messenger(said.account).provider.edits(self.alias, said.message, text))

    def deletes(self, text: str | None = None) -> None:
        """Take back the newest message he sent, or the newest with that text. Telegram does not tell us."""
        said = next((one for one in reversed(self._said) if text is None or one.text == text), None)
        if said is None:
            raise LookupError(f"{self.name} sent no message {text!r}" if text else f"{self.name} sent nothing yet")
        self._said.remove(said)
        self.world.tell(said.account, self.world.messenger(said.account).provider.deletes(self.alias, said.message))

    def joins(self) -> None:
        """Become a member the way people do, with a co-ordinator's approval where that is needed; it takes seconds."""
        self.world.join(self)

    def key_holders(self, *members: Member) -> None:
        """Have these neighbours hold his key: he is asked after, and they may be, when he does not answer."""
        self.world.key_holders(self, members)

    def opts_in(self, plugin_id: str) -> None:
        """Ask to hear from a plugin."""
        self.world.opts_in(self, plugin_id)

    def _account(self, about: Received | None) -> str:
        if about is not None and about.channel in self.addresses:
            return about.channel
        return next(iter(self.addresses))

    # --- what he has before him --------------------------------------------------------------------------------------

    @property
    def received(self) -> list[Received]:
        """All that left us for him, in order of `at`; also what did not arrive."""
        return self.world.received(self)

    @property
    def last(self) -> Received:
        """The newest message that arrived. Raises `LookupError` when none did."""
        for one in reversed(self.received):
            if one.arrived:
                return one
        raise LookupError(f"nothing has reached {self.name}")


@dataclass(slots=True)
class Group:
    """A group that is bound to a neighbourhood."""

    world: World = field(repr=False)
    channel: str
    title: str
    handle: Handle

    @property
    def received(self) -> list[Received]:
        """All that was posted in the group."""
        return self.world.received_by(self.channel, {self.handle.value})

    @property
    def last(self) -> Received:
        """The newest message in it. Raises `LookupError` when there is none."""
        arrived = [one for one in self.received if one.arrived]
        if not arrived:
            raise LookupError(f"nothing was posted in {self.title}")
        return arrived[-1]

    def says(self, member: Member, text: str) -> None:
        """Let a member, or anybody else, say something in it."""
        member._say(self.channel, text, group=self.handle.value)

    def taps(self, member: Member, label: str) -> None:
        """Let somebody tap a choice of the newest message in it that carries this whole label."""
        member._tap(member._carrying(label, self.received), label, group=self.handle.value)
