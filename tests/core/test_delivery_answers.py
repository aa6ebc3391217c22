"""What follows from each answer of a messenger: the taxonomy of errors, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from buurtwacht.records.outcomes import apply_statuses
from buurtwacht.records.schema import account, delivery
from buurtwacht.vocabulary.errors import (
    Ambiguous,
    DeliveryError,
    Misconfigured,
    Rejected,
    Throttled,
    Unavailable,
    Unreachable,
    WindowClosed,
)
from buurtwacht.vocabulary.events import Status
from buurtwacht.vocabulary.messages import Message, Severity

from .quarter import START, Quarter, say


@pytest.fixture
def quarter(tmp_path: Path) -> Iterator[Quarter]:
    one = Quarter(tmp_path)
    yield one
    one.close()


# --- what follows from an answer -----------------------------------------------------------------------------------


def test_a_recipient_refused_for_speed_waits_alone(quarter: Quarter) -> None:
    henk, riet = quarter.person("Henk"), quarter.person("Riet")
    quarter.chat.answers["Henk@telegram"] = [Throttled(7, "recipient")]
    quarter.queue("Kijk uit", henk, riet)
    quarter.settle()
    quarter.queue("En nog iets", henk, riet)
    quarter.advance(6)
    assert {to for _, to, _ in quarter.chat.shown} == {"Riet@telegram"}
    quarter.advance(2)
    times = [at for at, to, _ in quarter.chat.shown if to == "Henk@telegram"]
    assert times == [START + timedelta(seconds=7)] * 2


def test_an_account_refused_for_speed_waits_as_a_whole(quarter: Quarter) -> None:
    quarter.chat.answers["Henk@telegram"] = [Throttled(7, "account")]
    quarter.queue("Kijk uit", quarter.person("Henk"))
    quarter.settle()
    quarter.queue("Kijk uit", quarter.person("Riet"))
    quarter.advance(6.9)
    assert quarter.chat.shown == []
    quarter.advance(1)
    assert {at for at, _, _ in quarter.chat.shown} == {START + timedelta(seconds=7)}


def test_two_recipients_refused_together_hold_the_account(quarter: Quarter) -> None:
    for name in ("Henk", "Riet"):
        quarter.chat.answers[f"{name}@telegram"] = [Throttled(5, "recipient")]
        quarter.queue("Kijk uit", quarter.person(name))
    quarter.settle()
    quarter.queue("Kijk uit", quarter.person("Fatima"))
    quarter.advance(4.9)
    assert quarter.chat.shown == []
    quarter.advance(1)
    assert len(quarter.chat.shown) == 3


def test_a_provider_that_is_away_is_tried_again(quarter: Quarter) -> None:
    quarter.chat.answers["Henk@telegram"] = [Unavailable("502"), Unavailable("502")]
    message = quarter.queue("Krant", quarter.person("Henk"), severity=Severity.INFO)
    quarter.advance(10)
    assert quarter.chat.shown == [(START + timedelta(seconds=3), "Henk@telegram", "Krant")]
    assert quarter.state(message) == "sent"


def test_when_a_messenger_fails_what_presses_takes_the_other_within_three_minutes(quarter: Quarter) -> None:
    both, one = quarter.person("Riet", "telegram", "whatsapp"), quarter.person("Henk")
    quarter.chat.out_of_order = Unavailable("down")
    alert = quarter.queue("Brand", both, one, severity=Severity.CRITICAL)
    news = quarter.queue("Krant", both, severity=Severity.INFO)
    quarter.advance(180)
    assert [(to, text) for _, to, text in quarter.phone.shown] == [("Riet@whatsapp", "Brand")]
    assert quarter.phone.shown[0][0] - START <= timedelta(minutes=3)
    assert ("telegram", "down", "down") in quarter.states
    quarter.chat.out_of_order = None
    quarter.advance(600)
    assert [(to, text) for _, to, text in quarter.chat.shown] == [
        ("Henk@telegram", "Brand"),
        ("Riet@telegram", "Krant"),
    ]
    assert [state for state, _ in quarter.states_of(alert)] == ["sent", "sent"]
    assert quarter.state(news) == "sent"
    assert ("telegram", "ok", "") in quarter.states


def test_a_long_hold_of_the_account_counts_as_failing_too(quarter: Quarter) -> None:
    quarter.start(rate=1)
    quarter.chat.answers[""] = [Throttled(3600, "account")]
    quarter.queue("Krant", quarter.person("Henk"), severity=Severity.CRITICAL)
    quarter.queue("Brand", quarter.person("Riet", "telegram", "whatsapp"), severity=Severity.CRITICAL)
    quarter.advance(180)
    assert quarter.phone.texts == ["Brand"]


@pytest.mark.parametrize("failure", [Ambiguous("timeout"), RuntimeError("a bug in the adapter")])
def test_nobody_knows_whether_it_arrived(quarter: Quarter, failure: Exception) -> None:
    henk, riet = quarter.person("Henk"), quarter.person("Riet")
    for name in ("Henk", "Riet"):
        quarter.chat.answers[f"{name}@telegram"] = [failure]
    alert = quarter.queue("Brand", henk, severity=Severity.CRITICAL)
    news = quarter.queue("Krant", riet, severity=Severity.NOTICE)
    quarter.advance(60)
    assert quarter.chat.shown == [(START + timedelta(seconds=10), "Henk@telegram", "Herhaling: Brand")]
    assert (quarter.state(alert), quarter.state(news)) == ("sent", "unknown")
    assert quarter.deliveries["telegram"].counts == {"queued": 1, "unknown": 1, "sent": 1, "repeat": 1}


def test_a_receipt_that_came_meanwhile_spares_the_repeat(quarter: Quarter) -> None:
    quarter.phone.answers["Riet@whatsapp"] = [Ambiguous("timeout")]
    alert = quarter.queue("Brand", quarter.person("Riet", "whatsapp"), severity=Severity.CRITICAL)
    quarter.settle()
    with quarter.database.writing() as connection:
        ident = connection.execute(select(delivery.c.id)).scalar_one()
        apply_statuses(connection, "whatsapp", [Status("wamid.1", "sent", delivery=ident)], START)
    quarter.advance(60)
    assert quarter.phone.shown == []
    assert quarter.state(alert) == "sent"


def test_a_repeat_is_said_once(quarter: Quarter) -> None:
    quarter.chat.answers["Henk@telegram"] = [Ambiguous("timeout"), Ambiguous("timeout")]
    alert = quarter.queue("Brand", quarter.person("Henk"), severity=Severity.CRITICAL)
    quarter.advance(60)
    assert quarter.chat.shown == []
    assert quarter.state(alert) == "unknown"


def test_a_closed_window_takes_the_template(quarter: Quarter) -> None:
    silent, open_ = quarter.person("Riet", "whatsapp", heard=False), quarter.person("Kees", "whatsapp")
    quarter.phone.answers["Kees@whatsapp"] = [WindowClosed("131047")]
    alert = quarter.queue(Message(say("alert", "brand")), silent, open_)
    quarter.settle()
    assert quarter.phone.texts == ["Alarm: brand"] * 2
    assert [one.template.name for one in quarter.phone.outgoing if one.template] == ["bw_alert"] * 2
    assert {state for state, _ in quarter.states_of(alert)} == {"sent"}
    with quarter.database.reading() as connection:
        assert set(connection.execute(select(delivery.c.template)).scalars()) == {"bw_alert"}


def test_a_closed_window_without_a_template_takes_the_other_address_or_fails_visibly(quarter: Quarter) -> None:
    both, one = (
        quarter.person("Riet", "whatsapp", "telegram", heard=False),
        quarter.person("Kees", "whatsapp", heard=False),
    )
    message = quarter.queue("Hoi", both, one)
    quarter.settle()
    assert quarter.chat.texts == ["Hoi"]
    assert quarter.states_of(message) == [("sent", ""), ("failed", "no template for this text")]


def test_who_blocked_us_is_reached_by_his_other_address(quarter: Quarter) -> None:
    both, one = quarter.person("Riet", "telegram", "whatsapp"), quarter.person("Henk")
    for name in ("Riet", "Henk"):
        quarter.chat.answers[f"{name}@telegram"] = [Unreachable("blocked")]
    message = quarter.queue("Kijk uit", both, one)
    quarter.settle()
    assert quarter.phone.texts == ["Kijk uit"]
    assert quarter.states_of(message) == [("sent", ""), ("failed", "blocked")]
    again = quarter.queue("Nog iets", both, one)
    quarter.settle()
    assert quarter.phone.texts == ["Kijk uit", "Nog iets"], "the address stays switched off"
    assert quarter.states_of(again)[1] == ("failed", "no address")


def test_what_is_rejected_is_never_tried_again(quarter: Quarter) -> None:
    quarter.chat.answers["Henk@telegram"] = [Rejected("too_long")]
    message = quarter.queue("Kijk uit", quarter.person("Henk", "telegram", "whatsapp"))
    quarter.advance(3600)
    assert quarter.states_of(message) == [("failed", "too_long")]
    assert quarter.chat.shown == quarter.phone.shown == []


def test_an_account_that_is_refused_stops_and_the_others_go_on(quarter: Quarter) -> None:
    quarter.chat.out_of_order = Misconfigured("invalid token")
    both, one = quarter.person("Riet", "telegram", "whatsapp"), quarter.person("Henk")
    alert = quarter.queue("Brand", both, one, severity=Severity.CRITICAL)
    quarter.settle()
    quarter.queue("Nog een brand", both, severity=Severity.CRITICAL)
    quarter.settle()
    assert quarter.deliveries["telegram"].stopped
    assert quarter.deliveries["telegram"].next_due() is None
    assert quarter.states == [("telegram", "stopped", "invalid token")]
    assert quarter.phone.texts == ["Brand", "Nog een brand"], "what presses does not wait for a restart"
    with quarter.database.reading() as connection:
        assert tuple(connection.execute(select(account.c.name, account.c.state)).one()) == ("telegram", "stopped")
    quarter.chat.out_of_order = None
    quarter.start()
    quarter.settle()
    assert quarter.chat.texts == ["Brand"]
    assert [state for state, _ in quarter.states_of(alert)] == ["sent", "sent"]


def _answers() -> list[DeliveryError]:
    return [Throttled(1, "recipient"), Unavailable(), Ambiguous(), Rejected(), Unreachable(), WindowClosed()]


@pytest.mark.parametrize("answer", _answers(), ids=lambda one: type(one).__name__)
def test_nothing_stays_without_a_state(quarter: Quarter, answer: DeliveryError) -> None:
    people = [quarter.person(f"Buur{number}", "telegram", "whatsapp") for number in range(5)]
    quarter.chat.answers[""] = [answer] * 3
    message = quarter.queue("Kijk uit", *people)
    quarter.advance(600)
    assert {state for state, _ in quarter.states_of(message)} <= {"sent", "failed"}
