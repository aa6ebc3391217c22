"""What every channel must do, built-in or not: derive a test class from `ChannelConformance` and say where yours is.

    class TestSignal(ChannelConformance):
        adapter = buurtwacht_signal.adapter

The tests go through the adapter's stand-in, in the provider's own form, and check every request against its limits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, ClassVar, TypeVar

import pytest

from buurtwacht.testing.messengers import Messenger
from buurtwacht.testing.picture import photograph
from buurtwacht.testing.provider import Fault, Seen, StandIn, Update
from buurtwacht.testing.recorder import Recorder
from buurtwacht.testing.stores import at_start
from buurtwacht.vocabulary.channels import Adapter, Channel, Layout, MenuCommand, Option, Outgoing, Parcel
from buurtwacht.vocabulary.clock import VirtualClock
from buurtwacht.vocabulary.errors import (
    Ambiguous,
    DeliveryError,
    Rejected,
    StoreUnavailable,
    Throttled,
    Unavailable,
    Unreachable,
    WindowClosed,
)
from buurtwacht.vocabulary.events import Deleted, Handle, Inbound, Reacted, Said, Status, Tapped
from buurtwacht.vocabulary.messages import Location

T = TypeVar("T")
ACCOUNT = "conformance"
_ERRORS: Mapping[str, type[DeliveryError]] = {
    "unreachable": Unreachable,
    "throttled": Throttled,
    "rejected": Rejected,
    "unavailable": Unavailable,
    "ambiguous": Ambiguous,
}


@dataclass(slots=True)
class Line:
    """One account wired to its stand-in, and what was accepted of it."""

    messenger: Messenger
    stand_in: StandIn
    channel: Channel
    clock: VirtualClock
    runner: asyncio.Runner
    kept: list[Inbound] = field(default_factory=list)
    is_gone: bool = False

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something to its end."""
        return self.runner.run(work)

    async def accept(self, events: Sequence[Inbound]) -> int:
        """Keep events as the inbox does: a repeat is known by its key."""
        if self.is_gone:
            raise StoreUnavailable("the database is gone")
        known = {one.key for one in self.kept}
        fresh = [one for one in events if one.key not in known]
        self.kept += fresh
        return len(fresh)

    def tell(self, news: Update | None) -> list[Inbound]:
        """Let the provider tell something that it does tell; return what was new."""
        assert news is not None
        before = len(self.kept)
        assert self.run(self.messenger.deliver(news, self.channel, self.accept)), "what is kept is answered with 200"
        return self.kept[before:]

    def send(self, outgoing: Outgoing) -> Seen:
        """Send something, and return it as its recipient sees it."""
        receipt = self.run(self.channel.send(outgoing))
        return next(one for one in reversed(self.stand_in.seen) if one.provider_id == receipt.provider_id)


def options(count: int, title: str = "Keuze") -> tuple[Option, ...]:
    """Return so many choices, with ids as long as ours are at most."""
    return tuple(Option(f"{2**63 - 1:x}.{number}", f"{title} {number}") for number in range(count))


class ChannelConformance:
    """What every channel must do. `adapter` is the object that the entry point names; its `stand_in` must be there."""

    adapter: ClassVar[Adapter]

    @pytest.fixture
    def line(self) -> Iterator[Line]:
        """Give an account that has started, and a person who wrote a moment ago."""
        clock = VirtualClock(at_start())
        messenger = Messenger(ACCOUNT, self.adapter, clock, Recorder(clock.now), {}, wire=True)
        assert messenger.is_wired, "an adapter without a stand-in cannot be shown to conform"
        runner = asyncio.Runner()
        channel = messenger.open()
        stand_in: StandIn = messenger.provider  # type: ignore[assignment] # it is wired
        made = Line(messenger, stand_in, channel, clock, runner)
        made.run(channel.start())
        yield made
        made.run(channel.close())
        runner.close()
        assert stand_in.complaints == [], "the provider would have refused this for its form"

    @pytest.fixture
    def henk(self, line: Line) -> tuple[Handle, ...]:
        """Give the handles of a person who wrote a moment ago."""
        handles = line.stand_in.person("Henk")
        line.stand_in.opens("Henk")
        return handles

    @pytest.fixture
    def letter(self, henk: tuple[Handle, ...]) -> Outgoing:
        """Give a plain message to him."""
        return Outgoing(
            delivery=2**62 + 17, to=henk, text="Verdachte auto in de *Meidoornstraat* <nr_1> & `lichten uit`"
        )

    # --- what the adapter says of itself -----------------------------------------------------------------------------

    def test_capabilities_hold_together(self, line: Line) -> None:
        """A title without buttons, or rows without a title, is a promise that means nothing."""
        can = line.channel.capabilities
        assert self.adapter.name
        assert line.channel.account == ACCOUNT
        assert bool(can.buttons) == bool(can.button_title)
        assert bool(can.list_rows) == bool(can.list_row_title) == bool(can.list_title)
        assert 0 < can.interactive_text <= can.text
        assert can.rate > 0
        assert can.templates == (can.window is not None)
        assert can.recipient_pace.burst >= 1

    # --- sending -----------------------------------------------------------------------------------------------------

    def test_a_text_arrives_as_it_was(self, line: Line, letter: Outgoing) -> None:
        """Whatever a messenger takes for formatting stays what people wrote."""
        seen = line.send(letter)
        assert seen.text == letter.text
        assert seen.to in {one.value for one in letter.to}

    def test_the_longest_text_arrives(self, line: Line, letter: Outgoing) -> None:
        """The limit that is stated is the limit that holds."""
        seen = line.send(replace(letter, text="é" * line.channel.capabilities.text))
        assert len(seen.text) == line.channel.capabilities.text

    def test_choices_arrive_with_their_ids(self, line: Line, letter: Outgoing) -> None:
        """As buttons and as a list, as many and with titles as long as is stated."""
        can = line.channel.capabilities
        layouts = ((Layout.BUTTONS, can.buttons, can.button_title), (Layout.LIST, can.list_rows, can.list_row_title))
        for layout, count, length in layouts:
            if not count:
                continue
            made = [Option(one.id, one.label.ljust(length, ".")) for one in options(min(count, 10))]
            title = "Kies"[: can.list_title] if layout is Layout.LIST else ""
            seen = line.send(replace(letter, layout=layout, options=tuple(made), list_title=title))
            assert seen.options == tuple((one.id, one.label) for one in made)

    def test_an_edit_changes_text_and_choices(self, line: Line, letter: Outgoing) -> None:
        """The same edit twice is no error: it shows what it should."""
        can = line.channel.capabilities
        first = line.send(_with_choices(line, letter))
        edit = replace(letter, text="Voorbij", edit_of=first.provider_id)
        if not can.edit:
            with pytest.raises(Rejected):
                line.run(line.channel.send(edit))
            return
        seen = line.send(edit)
        assert (seen.text, seen.options, seen.edit_of) == ("Voorbij", (), first.provider_id)
        assert line.run(line.channel.send(edit)).provider_id == first.provider_id

    def test_a_photo_a_document_and_a_place_arrive(self, line: Line, letter: Outgoing) -> None:
        """In as many messages as it takes; the receipt is that of the words."""
        can = line.channel.capabilities
        for kind, mime, is_able in (("photo", "image/jpeg", can.photos), ("document", "text/calendar", can.documents)):
            if is_able:
                line.run(line.channel.send(replace(letter, parcels=(Parcel(f"een.{kind}", mime, photograph(), kind),))))
                assert any(file.data == photograph() for seen in line.stand_in.seen for file in seen.files)
        if can.location:
            line.run(line.channel.send(replace(letter, location=Location(51.53, 4.44))))
            assert any(seen.location is not None for seen in line.stand_in.seen)

    def test_a_reply_quotes(self, line: Line, letter: Outgoing) -> None:
        """What is answered is shown above the answer."""
        message, news = line.stand_in.says("Henk", "ping")
        line.tell(news)
        assert line.send(replace(letter, reply_to=message)).reply_to == message

    @pytest.mark.parametrize("kind", sorted(_ERRORS))
    def test_each_refusal_is_told_apart(self, line: Line, letter: Outgoing, kind: str) -> None:
        """All retry policy rests on these errors."""
        for handle in letter.to:
            line.stand_in.faults[handle.value] = Fault(kind, retry_after=7.0)  # type: ignore[arg-type] # one of the kinds
        with pytest.raises(_ERRORS[kind]) as raised:
            line.run(line.channel.send(letter))
        assert type(raised.value) is _ERRORS[kind]
        assert all(handle.value not in str(raised.value) for handle in letter.to), "a reason names nobody"
        if isinstance(raised.value, Throttled):
            assert raised.value.scope == "recipient"
            assert raised.value.retry_after > 0

    def test_a_closed_window_is_told(self, line: Line, letter: Outgoing) -> None:
        """Free text after the window is refused as that, so that a template can go instead."""
        window = line.channel.capabilities.window
        if window is None:
            line.clock.set(line.clock.now() + timedelta(days=365))
            assert line.send(letter).text == letter.text, "without a window, silence closes nothing"
            return
        line.clock.set(line.clock.now() + window + timedelta(seconds=1))
        with pytest.raises(WindowClosed):
            line.run(line.channel.send(letter))

    def test_who_never_wrote_is_not_reached(self, line: Line, letter: Outgoing) -> None:
        """Where somebody has to start the conversation, he is unreachable until he did."""
        anna = line.stand_in.person("Anna")
        if not line.channel.capabilities.needs_start:
            line.stand_in.opens("Anna")
            assert line.send(replace(letter, to=anna)).text == letter.text
            return
        with pytest.raises(Unreachable):
            line.run(line.channel.send(replace(letter, to=anna)))

    def test_an_outage_is_no_loss(self, line: Line, letter: Outgoing) -> None:
        """Nothing was accepted, so trying again cannot double it."""
        line.stand_in.down = True
        with pytest.raises(Unavailable):
            line.run(line.channel.send(letter))
        line.stand_in.down = False
        assert line.send(letter).text == letter.text

    # --- receiving ---------------------------------------------------------------------------------------------------

    def test_words_come_in_with_who_said_them(self, line: Line, henk: tuple[Handle, ...]) -> None:
        """All handles of the person, the most durable first; a repeat has the same key."""
        message, news = line.stand_in.says("Henk", "verdachte auto 🚗")
        (heard,) = line.tell(news)
        assert heard.event == replace(_said(heard), message=message, text="verdachte auto 🚗")
        assert heard.sender == henk
        assert heard.group is None
        assert line.tell(news) == [], "a repeat is recognised"

    def test_what_comes_beside_words_is_told(self, line: Line, henk: tuple[Handle, ...]) -> None:
        """A quote, a forwarding, a photograph, a voice and a place; where people only answer, the quote alone."""
        shown = line.send(Outgoing(1, henk, "Let op"))
        _, news = line.stand_in.says("Henk", "waar?", reply_to=shown.provider_id)
        assert _said(line.tell(news)[0]).reply_to == shown.provider_id
        if line.channel.capabilities.answers_only:
            return
        _, news = line.stand_in.says("Henk", "doorgestuurd", forwarded=True)
        assert _said(line.tell(news)[0]).forwarded
        _, news = line.stand_in.says("Henk", "kijk", photo=photograph())
        media = _said(line.tell(news)[0]).media
        assert media is not None
        assert media.kind == "photo"
        assert line.run(line.channel.fetch(media)) == photograph()
        _, news = line.stand_in.says("Henk", voice=True)
        spoken = [_said(one).media for one in line.tell(news)]
        assert [one.kind for one in spoken if one is not None] == ["voice"]
        _, news = line.stand_in.says("Henk", location=Location(51.53, 4.44))
        places = [_said(one).location for one in line.tell(news)]
        assert [(round(one.latitude, 2), round(one.longitude, 2)) for one in places if one] == [(51.53, 4.44)]

    def test_a_tap_gives_back_what_was_put_behind_it(self, line: Line, letter: Outgoing) -> None:
        """The id of the choice, and on which message it stood; numbered lines are answered in words."""
        shown = line.send(_with_choices(line, letter))
        if not shown.options:
            return
        (heard,) = line.tell(line.stand_in.taps("Henk", shown.options[1][0], shown.provider_id))
        assert isinstance(heard.event, Tapped)
        assert (heard.event.choice, heard.event.on) == (options(2)[1].id, shown.provider_id)
        assert heard.sender == letter.to

    def test_a_reaction_names_its_message(self, line: Line, letter: Outgoing) -> None:
        """And taking it away is told as one with nothing."""
        shown = line.send(letter)
        if not line.channel.capabilities.reactions:
            return
        for emoji in ("👍", ""):
            (heard,) = line.tell(line.stand_in.reacts("Henk", emoji, shown.provider_id))
            assert heard.event == Reacted(emoji, shown.provider_id)

    def test_receipts_name_our_message(self, line: Line, letter: Outgoing) -> None:
        """Delivered, read and failed, with our id where the messenger carries it."""
        if not line.channel.capabilities.receipts:
            assert line.stand_in.status("1:1", "read") is None
            return
        shown = line.send(letter)
        for state in ("delivered", "read", "failed"):
            (heard,) = line.tell(line.stand_in.status(shown.provider_id, state))
            assert isinstance(heard.event, Status)
            assert (heard.event.provider_id, heard.event.state) == (shown.provider_id, state)
            assert heard.event.delivery in (None, letter.delivery)
            assert heard.event.error == ("Unreachable" if state == "failed" else "")

    def test_what_is_taken_back_is_told_where_it_is(self, line: Line, henk: tuple[Handle, ...]) -> None:
        """A deletion names the message it takes back."""
        message, news = line.stand_in.says("Henk", "vergissing")
        line.tell(news)
        update = line.stand_in.deletes("Henk", message)
        if update is not None:
            assert [one.event for one in line.tell(update)] == [Deleted(message)]

    def test_nothing_is_answered_before_it_is_kept(self, line: Line, henk: tuple[Handle, ...]) -> None:
        """While the database is gone the provider is told to come again, and then it counts."""
        _, news = line.stand_in.says("Henk", "niet kwijtraken")
        line.is_gone = True
        assert not line.run(line.messenger.deliver(news, line.channel, line.accept))
        line.is_gone = False
        assert len(line.tell(news)) == 1

    def test_nobody_else_speaks_for_the_provider(self, line: Line, henk: tuple[Handle, ...]) -> None:
        """Without the right secret or signature nothing is taken."""
        _, news = line.stand_in.says("Henk", "hulp")
        forged = replace(news, headers={"content-type": "application/json"})
        assert not line.run(line.messenger.deliver(forged, line.channel, line.accept))
        assert line.kept == []

    # --- the rest ----------------------------------------------------------------------------------------------------

    def test_a_menu_and_an_invitation_can_be_had(self, line: Line) -> None:
        """A channel without a menu does nothing; a link leads somewhere, and there is none where nobody can begin."""
        line.run(line.channel.set_menu({"nl": [MenuCommand("hulp", "Wat kan ik doen?")]}))
        link = line.channel.invite("join-TB", "aanmelden TB")
        assert not link if line.channel.capabilities.answers_only else link.startswith(("https://", "/"))

    def test_it_says_whether_it_hears(self, line: Line) -> None:
        """Nothing keeps it from hearing now."""
        assert line.run(line.channel.condition()) == ""


def _with_choices(line: Line, letter: Outgoing) -> Outgoing:
    """Return a message with two choices, where there is a form for them: as buttons, else as a list."""
    can = line.channel.capabilities
    if can.buttons:
        return replace(letter, layout=Layout.BUTTONS, options=options(2))
    if can.list_rows:
        return replace(letter, layout=Layout.LIST, options=options(2), list_title="Kies"[: can.list_title])
    return letter


def _said(inbound: Inbound) -> Said:
    assert isinstance(inbound.event, Said)
    return inbound.event
