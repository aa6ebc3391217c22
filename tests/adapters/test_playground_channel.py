"""A playground telephone takes and refuses what the messenger it imitates would."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import timedelta

import pytest

from buurtwacht import (
    AccountSettings,
    Channel,
    ConfigurationError,
    DeliveryError,
    Handle,
    Layout,
    Option,
    Outgoing,
    Parcel,
    Rejected,
    Said,
    Status,
    TemplateUse,
    Unavailable,
    Unreachable,
    WindowClosed,
)
from buurtwacht_playground import adapter
from buurtwacht_playground.board import Board
from buurtwacht_playground.channel import PlaygroundChannel
from buurtwacht_playground.hands import Hands
from buurtwacht_playground.telephones import Telephone

from .playground_town import Town

FATIMA, HENK = Handle("chat", "1001"), Handle("phone", "+31612345671")
TEMPLATE = TemplateUse("buurtwacht_alert", "nl", ("verdacht voertuig",))


@pytest.fixture
def town() -> Town:
    return Town()


def board(town: Town) -> Board:
    channel = town.channels["telegram"]
    assert isinstance(channel, PlaygroundChannel)
    return channel.board


def phone(town: Town, name: str) -> Telephone:
    found = board(town)
    found.gather()
    return next(one for one in found.telephones.values() if one.name == name)


def send(channel: Channel, outgoing: Outgoing) -> str:
    async def scenario() -> str:
        receipt = await channel.send(outgoing)
        await asyncio.sleep(0)  # lets the receipts go
        return receipt.provider_id

    return asyncio.run(scenario())


def run(act: Coroutine[object, object, None]) -> None:
    asyncio.run(act)


def options(*labels: str) -> tuple[Option, ...]:
    return tuple(Option(f"c{number}", label) for number, label in enumerate(labels))


def test_both_accounts_lay_their_telephones_on_one_board(town: Town) -> None:
    first, second = town.channels.values()
    assert isinstance(first, PlaygroundChannel)
    assert isinstance(second, PlaygroundChannel)
    assert first.board is second.board
    assert Town().channels["telegram"] is not first
    assert board(Town()) is not first.board


def test_only_the_first_account_serves_the_page(town: Town) -> None:
    async def accept(batch: object) -> int:
        return 0

    assert [route.path for route in town.channels["telegram"].routes(accept)][:1] == ["/playground"]
    assert not town.channels["whatsapp"].routes(accept)


def test_an_edit_changes_the_message_and_marks_it(town: Town) -> None:
    telegram = town.channels["telegram"]
    first = send(telegram, Outgoing(1, (FATIMA,), "112: onbekend"))
    assert send(telegram, Outgoing(2, (FATIMA,), "112: gebeld", edit_of=first)) == first
    [bubble] = phone(town, "Fatima").bubbles.values()
    assert (bubble.text, bubble.edited) == ("112: gebeld", True)


@pytest.mark.parametrize(
    ("account", "outgoing", "reason"),
    [
        ("telegram", Outgoing(1, (FATIMA,), "x" * 4097), "text_too_long"),
        ("telegram", Outgoing(1, (FATIMA,), ""), "empty"),
        ("telegram", Outgoing(1, (FATIMA,), "x", Layout.LIST, options("a"), list_title="t"), "number_of_options"),
        ("telegram", Outgoing(1, (FATIMA,), "x", Layout.BUTTONS, options(*"a" * 101)), "number_of_options"),
        ("telegram", Outgoing(1, (FATIMA,), "x", Layout.BUTTONS, (Option("é" * 33, "a"),)), "option_id"),
        ("telegram", Outgoing(1, (FATIMA,), "x", edit_of="unknown"), "message_to_edit_not_found"),
        ("telegram", Outgoing(1, (FATIMA,), "x", template=TEMPLATE), "no_templates"),
        ("whatsapp", Outgoing(1, (HENK,), "x" * 1025, Layout.BUTTONS, options("a")), "text_too_long"),
        ("whatsapp", Outgoing(1, (HENK,), "x", Layout.BUTTONS, options(*"abcd")), "number_of_options"),
        ("whatsapp", Outgoing(1, (HENK,), "x", Layout.BUTTONS, options("x" * 21)), "option_title"),
        ("whatsapp", Outgoing(1, (HENK,), "x", Layout.LIST, options(*"a" * 11), list_title="t"), "number_of_options"),
        ("whatsapp", Outgoing(1, (HENK,), "x", Layout.LIST, options("x" * 25), list_title="t"), "option_title"),
        ("whatsapp", Outgoing(1, (HENK,), "x", Layout.LIST, options("a"), list_title="x" * 21), "list_title"),
        ("whatsapp", Outgoing(1, (HENK,), "x", edit_of="unknown"), "cannot_edit"),
        ("whatsapp", Outgoing(1, (HENK,), "x", template=TemplateUse("t", "nl", ("a\nb",))), "template_parameter"),
    ],
)
def test_a_message_beyond_the_limits_is_rejected(town: Town, account: str, outgoing: Outgoing, reason: str) -> None:
    Hands(board(town)).window(phone(town, "Henk"), opened=True)
    with pytest.raises(Rejected, match=reason):
        send(town.channels[account], outgoing)
    assert not phone(town, "Fatima").bubbles
    assert not phone(town, "Henk").bubbles


def test_outside_the_window_only_a_template_arrives(town: Town) -> None:
    whatsapp = town.channels["whatsapp"]
    with pytest.raises(WindowClosed):
        send(whatsapp, Outgoing(1, (HENK,), "Verdacht voertuig"))
    send(whatsapp, Outgoing(1, (HENK,), "Verdacht voertuig", template=TEMPLATE))
    assert next(iter(phone(town, "Henk").bubbles.values())).view()["template"] is True


def test_the_window_closes_24_hours_after_the_person_wrote(town: Town) -> None:
    henk = phone(town, "Henk")
    run(Hands(board(town)).say(henk, "hallo"))
    send(town.channels["whatsapp"], Outgoing(1, (HENK,), "Dag Henk"))
    town.time += timedelta(hours=24)
    with pytest.raises(WindowClosed):
        send(town.channels["whatsapp"], Outgoing(2, (HENK,), "Dag Henk"))


def test_whatsapp_reports_delivered_and_read_only_when_somebody_looks(town: Town) -> None:
    whatsapp = town.channels["whatsapp"]
    ident = send(whatsapp, Outgoing(7, (HENK,), "Verdacht voertuig", template=TEMPLATE))
    send(town.channels["telegram"], Outgoing(8, (FATIMA,), "Verdacht voertuig"))
    assert [inbound.event for _, inbound in town.accepted] == [Status(ident, "delivered", delivery=7)]


def test_receipts_wait_while_the_database_is_away(town: Town) -> None:
    town.down = True
    ident = send(town.channels["whatsapp"], Outgoing(7, (HENK,), "Verdacht voertuig", template=TEMPLATE))
    assert not town.accepted
    town.down = False
    run(Hands(board(town)).say(phone(town, "Henk"), "ik let op"))
    assert town.accepted[0][1].event == Status(ident, "delivered", delivery=7)
    assert isinstance(town.accepted[1][1].event, Said)


@pytest.mark.parametrize(("state", "error"), [("blocked", Unreachable), ("off", Unavailable)])
def test_a_telephone_that_takes_nothing_raises(town: Town, state: str, error: type[DeliveryError]) -> None:
    hands, fatima = Hands(board(town)), phone(town, "Fatima")
    if state == "blocked":
        run(hands.block(fatima, blocked=True))
    else:
        hands.switch(fatima, on=False)
    with pytest.raises(error):
        send(town.channels["telegram"], Outgoing(1, (FATIMA,), "hallo"))


def test_a_stranger_cannot_be_reached(town: Town) -> None:
    with pytest.raises(Unreachable):
        send(town.channels["telegram"], Outgoing(1, (Handle("chat", "4711"),), "hallo"))


def test_a_photo_that_was_sent_can_be_fetched(town: Town) -> None:
    run(Hands(board(town)).photo(phone(town, "Fatima"), b"picture", "image/jpeg", "dit is hem"))
    said = town.events()[0]
    assert isinstance(said, Said)
    assert said.media is not None
    assert asyncio.run(town.channels["telegram"].fetch(said.media)) == b"picture"
    with pytest.raises(Rejected):
        asyncio.run(town.channels["whatsapp"].fetch(said.media))


def test_a_file_stands_on_the_telephone(town: Town) -> None:
    send(town.channels["telegram"], Outgoing(1, (FATIMA,), "", parcels=(Parcel("rooster.ics", "text/calendar", b"x"),)))
    view = next(iter(phone(town, "Fatima").bubbles.values())).view()
    assert "rooster.ics" in str(view["files"])


def test_outside_the_demo_the_adapter_refuses() -> None:
    settings = AccountSettings("telegram", {"adapter": "playground", "style": "signal", "rate": 0, "colour": "red"})
    assert {fault.where for fault in adapter.faults(settings)} == {"adapter", "style", "rate", "colour"}
    with pytest.raises(ConfigurationError):
        adapter.open(settings)
