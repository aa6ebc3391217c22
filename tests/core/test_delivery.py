"""From outbox to messenger: what arrives, in which order, how fast, and what a crash or a stop leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from buurtwacht.records import outbox
from buurtwacht.records.schema import delivery
from buurtwacht.vocabulary.clock import SystemClock
from buurtwacht.vocabulary.errors import (
    StoreUnavailable,
    Throttled,
    Unavailable,
)
from buurtwacht.vocabulary.ids import new_id
from buurtwacht.vocabulary.messages import Choice, Message, Severity, Text

from .quarter import START, Quarter, say


@pytest.fixture
def quarter(tmp_path: Path) -> Iterator[Quarter]:
    one = Quarter(tmp_path)
    yield one
    one.close()


# --- what arrives --------------------------------------------------------------------------------------------------


def test_a_message_arrives_and_is_written_down(quarter: Quarter) -> None:
    henk = quarter.person("Henk")
    message = quarter.queue("Kijk uit", henk)
    quarter.settle()
    assert quarter.chat.shown == [(START, "Henk@telegram", "Kijk uit")]
    assert quarter.state(message) == "sent"
    assert [(one.stage, one.what, one.person) for one in quarter.glimpses] == [
        ("queued", "watch words", "Henk"),
        ("sent", "watch words", "Henk"),
    ]
    assert quarter.deliveries["telegram"].next_due() is None


def test_what_is_no_longer_true_is_not_said_and_holds_nothing_up(quarter: Quarter) -> None:
    people = [quarter.person(f"Buur{number}") for number in range(150)]
    old = quarter.queue("Voorbij", *people, expires_at=START)
    gone = quarter.queue("Ingetrokken", *people)
    unit = quarter.database.unit()
    outbox.withdraw(unit, gone)
    unit.commit()
    quarter.queue("Nog waar", people[0], severity=Severity.INFO)
    quarter.settle()
    assert quarter.chat.texts == ["Nog waar"]
    assert set(quarter.states_of(old)) == {("withdrawn", "expired")}
    assert set(quarter.states_of(gone)) == {("withdrawn", "withdrawn")}


def test_one_bad_text_does_not_hold_up_the_others(quarter: Quarter) -> None:
    henk, riet = quarter.person("Henk"), quarter.person("Riet")
    bad = quarter.queue(Message(Text("nowhere", domain="watch")), henk)
    quarter.queue("Kijk uit", henk, riet)
    quarter.settle()
    assert quarter.states_of(bad) == [("failed", "cannot be put into words")]
    assert sorted(quarter.chat.shown) == [(START, "Henk@telegram", "Kijk uit"), (START, "Riet@telegram", "Kijk uit")]


def test_somebody_without_an_address_is_on_record(quarter: Quarter) -> None:
    message = quarter.queue("Kijk uit", quarter.person("Piet", "email"))
    quarter.settle()
    assert quarter.state(message) == "queued", "another account's affair"
    assert quarter.states_of(quarter.queue("Kijk uit", new_id())) == [("failed", "no address")]


# --- order ---------------------------------------------------------------------------------------------------------


def test_what_presses_goes_first(quarter: Quarter) -> None:
    quarter.start(rate=1)
    for severity in reversed(Severity):
        quarter.queue(severity.value, quarter.person(severity.value), severity=severity)
    quarter.queue("first word", quarter.person("eerste"), severity=Severity.NOTICE, first_word=True)
    quarter.advance(10)
    assert quarter.chat.texts == ["first word", "critical", "urgent", "notice", "info"]


def test_a_critical_message_does_not_wait_behind_a_crowd(quarter: Quarter) -> None:
    people = [quarter.person(f"Buur{number}") for number in range(90)]
    quarter.start(rate=30)
    quarter.queue("Krant", *people, severity=Severity.INFO)
    quarter.settle()
    assert len(quarter.chat.shown) == 30
    quarter.queue("Brand", people[-1], severity=Severity.CRITICAL)
    quarter.advance(1)
    assert "Brand" in quarter.chat.texts[30:60]
    quarter.advance(10)
    assert quarter.chat.texts.count("Krant") == 90


def test_order_holds_for_one_recipient_and_thread(quarter: Quarter) -> None:
    henk = quarter.person("Henk")
    quarter.chat.answers["Henk@telegram"] = [Unavailable("502")]
    quarter.queue("een", henk, thread=1, severity=Severity.INFO)
    quarter.queue("twee", henk, thread=1, severity=Severity.CRITICAL)
    quarter.queue("ander", henk, thread=2, severity=Severity.NOTICE)
    quarter.advance(10)
    assert quarter.chat.texts.index("een") < quarter.chat.texts.index("twee")
    assert sorted(quarter.chat.texts) == ["ander", "een", "twee"]


# --- changes -------------------------------------------------------------------------------------------------------


def test_an_update_of_something_unsent_replaces_it(quarter: Quarter) -> None:
    quarter.start(rate=1)
    henk, riet = quarter.person("Henk"), quarter.person("Riet")
    first = quarter.queue("oud", henk, riet, thread=1)
    quarter.settle()
    brief = Message(say("words", "nieuw"), brief=say("brief", "nieuw"))
    update = quarter.queue(brief, henk, riet, thread=1, replaces=first)
    quarter.advance(20)
    assert [(one.to[0].value, one.text, one.edit_of) for one in quarter.chat.outgoing] == [
        ("Henk@telegram", "oud", None),
        ("Riet@telegram", "nieuw", None),
        ("Henk@telegram", "nieuw", "telegram-1"),
    ]
    assert sorted(quarter.states_of(update)) == [("sent", ""), ("withdrawn", "shown already")]


def test_where_nothing_can_be_edited_a_short_line_is_said(quarter: Quarter) -> None:
    riet = quarter.person("Riet", "whatsapp")
    first = quarter.queue("oud", riet, thread=1)
    quarter.settle()
    message = Message(
        say("words", "nieuw"), (Choice("ja", say("words", "Ja")),), answer="x", brief=say("brief", "nieuw")
    )
    quarter.queue(message, riet, thread=1, replaces=first)
    quarter.settle()
    assert quarter.phone.texts == ["oud", "kort: nieuw"]


def test_a_tally_is_one_message_that_is_edited_and_never_a_stream(quarter: Quarter) -> None:
    henk, riet = quarter.person("Henk"), quarter.person("Riet", "whatsapp")
    first = quarter.queue("geteld: 0", henk, riet, thread=1)
    quarter.settle()
    newer = quarter.queue(Message(say("words", "geteld: 7"), edit_only=True), henk, riet, thread=1, replaces=first)
    quarter.settle()
    assert (quarter.chat.texts, quarter.phone.texts) == (["geteld: 0", "geteld: 7"], ["geteld: 0"])
    assert quarter.chat.outgoing[-1].edit_of == "telegram-1"
    assert sorted(quarter.states_of(newer)) == [("sent", ""), ("withdrawn", "only an edit")]


# --- long messages -------------------------------------------------------------------------------------------------


def test_a_long_message_goes_in_parts_and_what_went_is_not_sent_again(quarter: Quarter) -> None:
    henk = quarter.person("Henk")
    message = quarter.queue("woord " * 1200, henk)
    quarter.settle()
    assert [text[-5:] for text in quarter.chat.texts] == ["(1/2)", "(2/2)"]
    again = quarter.queue("ander " * 1200, henk)
    quarter.play(_until_shown(quarter, 3))
    quarter.chat.answers["Henk@telegram"] = [Unavailable("502")]
    quarter.advance(30)
    assert [text[-5:] for text in quarter.chat.texts] == ["(1/2)", "(2/2)"] * 2
    assert (quarter.state(message), quarter.state(again)) == ("sent", "sent")


async def _until_shown(quarter: Quarter, count: int) -> None:
    while len(quarter.chat.shown) < count:
        await quarter.deliveries["telegram"].step()


def test_each_part_counts_for_the_pace(quarter: Quarter) -> None:
    quarter.start(rate=1)
    quarter.queue("woord " * 1200, quarter.person("Henk"))
    quarter.queue("Kijk uit", quarter.person("Riet"))
    quarter.advance(10)
    assert [at - START for at, _, _ in quarter.chat.shown] == [timedelta(seconds=second) for second in range(3)]


# --- pace ----------------------------------------------------------------------------------------------------------


def test_never_more_than_the_rate_in_a_second(quarter: Quarter) -> None:
    quarter.start(rate=30)
    quarter.queue("Kijk uit", *(quarter.person(f"Buur{number}") for number in range(100)))
    quarter.advance(5)
    seconds = [(at - START).total_seconds() for at, _, _ in quarter.chat.shown]
    assert [seconds.count(second) for second in (0, 1, 2, 3)] == [30, 30, 30, 10]


def test_one_recipient_gets_three_at_once_and_then_one_a_second(quarter: Quarter) -> None:
    henk = quarter.person("Henk")
    for number in range(6):
        quarter.queue(str(number), henk)
    quarter.advance(10)
    assert [(at - START).total_seconds() for at, _, _ in quarter.chat.shown] == [0, 0, 0, 1, 2, 3]
    assert quarter.chat.texts == list("012345")


# --- crashes -------------------------------------------------------------------------------------------------------


def test_what_a_dead_process_was_sending_is_taken_up_at_the_next_start(quarter: Quarter) -> None:
    henk, riet = quarter.person("Henk"), quarter.person("Riet")
    alert = quarter.queue("Brand", henk, severity=Severity.CRITICAL)
    news = quarter.queue("Krant", riet, severity=Severity.INFO)
    waiting = quarter.queue("Later", henk, severity=Severity.INFO)
    assert len(quarter.desks["telegram"].exchange([], START, 2).jobs) == 2
    quarter.start()
    quarter.advance(15)
    assert quarter.chat.texts == ["Herhaling: Brand", "Later"]
    assert [quarter.state(one) for one in (alert, news, waiting)] == ["sent", "unknown", "sent"]


def test_an_answer_that_could_not_be_written_down_is_written_down_later(quarter: Quarter) -> None:
    message = quarter.queue("Kijk uit", quarter.person("Henk"))
    quarter.troubles["exchange"] = [None, StoreUnavailable("disk full")]
    with pytest.raises(StoreUnavailable):
        quarter.play(quarter.deliveries["telegram"].step())
    assert quarter.state(message) == "sending"
    quarter.settle()
    assert quarter.state(message) == "sent"
    assert quarter.chat.texts == ["Kijk uit"]


def test_a_long_message_waiting_for_its_second_part_is_not_lost_when_the_account_must_wait(quarter: Quarter) -> None:
    quarter.start(rate=1)
    message = quarter.queue("woord " * 1200, quarter.person("Henk"))
    quarter.settle()
    quarter.chat.answers["Henk@telegram"] = [Throttled(5, "account")]
    quarter.advance(20)
    assert [(text[-5:], (at - START).total_seconds()) for at, _, text in quarter.chat.shown] == [
        ("(1/2)", 0),
        ("(2/2)", 6),
    ]
    assert quarter.state(message) == "sent"


# --- the loop ------------------------------------------------------------------------------------------------------


def test_the_loop_delivers_what_was_queued_and_stops_when_told(tmp_path: Path) -> None:
    quarter = Quarter(tmp_path, SystemClock())
    people = [quarter.person(f"Buur{number}") for number in range(300)]

    async def day() -> None:
        stop = asyncio.Event()
        one = quarter.deliveries["telegram"]
        quarter.chat.on_show = lambda: stop.set() if len(quarter.chat.shown) == 301 else None
        running = asyncio.create_task(one.run(stop))
        await asyncio.sleep(0)
        quarter.queue("Kijk uit", *people)
        one.wake()
        while len(quarter.chat.shown) < 300:
            await asyncio.sleep(0)
        quarter.queue("Brand", people[0], severity=Severity.CRITICAL)
        await asyncio.get_running_loop().run_in_executor(None, one.wake)
        await running

    quarter.play(asyncio.wait_for(day(), 120))
    with quarter.database.reading() as connection:
        states = list(connection.execute(select(delivery.c.state)).scalars())
    assert states == ["sent"] * 301
    quarter.close()


def test_stopping_finishes_what_is_being_sent_and_takes_nothing_new(tmp_path: Path) -> None:
    quarter = Quarter(tmp_path, SystemClock())
    quarter.start(rate=2)
    message = quarter.queue("Kijk uit", *(quarter.person(name) for name in ("Henk", "Riet", "Kees")))

    async def day() -> None:
        stop = asyncio.Event()
        quarter.chat.hold = asyncio.Event()
        running = asyncio.create_task(quarter.deliveries["telegram"].run(stop))
        while len(quarter.chat.in_flight) < 2:
            await asyncio.sleep(0)
        stop.set()
        await asyncio.sleep(0)
        quarter.chat.hold.set()
        await running

    quarter.play(asyncio.wait_for(day(), 120))
    assert [state for state, _ in quarter.states_of(message)] == ["sent", "sent", "queued"]
    quarter.close()


def test_a_send_that_never_ends_is_broken_off_and_counts_as_ambiguous(tmp_path: Path) -> None:
    quarter = Quarter(tmp_path)
    message = quarter.queue("Kijk uit", quarter.person("Henk"))

    async def day() -> None:
        one = quarter.deliveries["telegram"]
        quarter.chat.hold = asyncio.Event()
        step = asyncio.create_task(one.step())
        while not quarter.chat.in_flight:
            await asyncio.sleep(0)
        await one.drain(0.0)
        await step

    quarter.play(asyncio.wait_for(day(), 120))
    assert quarter.states_of(message) == [("queued", "interrupted")]
    quarter.close()
