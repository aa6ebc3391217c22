"""What a provider told us to wait for: kept, not provoked again by a restart, and what presses goes round it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from buurtwacht.edge.desk import Desk
from buurtwacht.records import holds
from buurtwacht.records.schema import account, delivery, hold
from buurtwacht.vocabulary.errors import Ambiguous, StoreUnavailable, Throttled
from buurtwacht.vocabulary.messages import Severity

from .quarter import START, Quarter


@pytest.fixture
def quarter(tmp_path: Path) -> Iterator[Quarter]:
    one = Quarter(tmp_path)
    yield one
    one.close()


def kept(quarter: Quarter) -> list[tuple[str, int, float]]:
    """Return the accounts and addresses that are held, with the seconds since the beginning at which each ends."""
    with quarter.database.reading() as connection:
        rows = map(tuple, connection.execute(select(hold.c.account, hold.c.address_id, hold.c.until)))
        return sorted((row[0], row[1], (row[2] - START).total_seconds()) for row in rows)


def standing(quarter: Quarter) -> tuple[str, str]:
    with quarter.database.reading() as connection:
        row = connection.execute(select(account.c.state, account.c.reason).where(account.c.name == "telegram")).one()
        return row.state, row.reason


# --- the account ---------------------------------------------------------------------------------------------------


def test_a_restart_does_not_ask_again_before_the_account_may(quarter: Quarter) -> None:
    quarter.chat.answers[""] = [Throttled(3 * 3600, "account")]
    quarter.queue("Krant", quarter.person("Henk"), severity=Severity.INFO)
    quarter.settle()
    for life in range(3):
        quarter.start()
        quarter.queue("Nog een krant", quarter.person(f"Buur{life}"), severity=Severity.INFO)
        quarter.advance(1800)
    assert quarter.chat.shown == []
    quarter.advance(2 * 3600)
    assert {at for at, _, _ in quarter.chat.shown} == {START + timedelta(hours=3)}
    assert len(quarter.chat.shown) == 4
    assert kept(quarter) == [], "what is over is forgotten"


def test_hours_of_waiting_are_said_and_their_end_as_well(quarter: Quarter) -> None:
    quarter.chat.answers[""] = [Throttled(3600, "account")]
    quarter.queue("Krant", quarter.person("Henk"), severity=Severity.INFO)
    quarter.advance(1)
    assert standing(quarter) == ("down", "told to wait until 2026-01-16 01:42 UTC")
    quarter.start()
    quarter.advance(1)
    assert standing(quarter)[0] == "down"
    quarter.advance(3600)
    assert standing(quarter) == ("ok", "")


def test_a_pause_of_seconds_is_kept_and_nobody_is_alarmed(quarter: Quarter) -> None:
    quarter.chat.answers[""] = [Throttled(20, "account")]
    quarter.queue("Krant", quarter.person("Henk"))
    quarter.settle()
    assert kept(quarter) == [("telegram", holds.ACCOUNT, 20.0)]
    assert quarter.states == []
    quarter.advance(30)
    assert kept(quarter) == []


def test_a_hold_that_is_over_is_forgotten_also_when_the_database_was_gone_at_that_moment(quarter: Quarter) -> None:
    quarter.chat.answers[""] = [Throttled(20, "account")]
    quarter.queue("Krant", quarter.person("Henk"))
    quarter.settle()
    quarter.troubles["lift"] = [StoreUnavailable("gone")]
    quarter.virtual.set(START + timedelta(seconds=21))
    with pytest.raises(StoreUnavailable):
        quarter.settle()
    quarter.advance(10)
    assert kept(quarter) == []
    assert quarter.chat.texts == ["Krant"]


def test_after_a_restart_too_what_presses_goes_over_the_other_messenger(quarter: Quarter) -> None:
    quarter.chat.answers[""] = [Throttled(6 * 3600, "account")]
    quarter.queue("Krant", quarter.person("Henk"), severity=Severity.INFO)
    quarter.settle()
    quarter.start()
    both = quarter.person("Riet", "telegram", "whatsapp")
    alert = quarter.queue("Brand", both, severity=Severity.CRITICAL)
    quarter.queue("Krant", both, severity=Severity.INFO)
    quarter.advance(180)
    assert quarter.phone.texts == ["Brand"]
    assert quarter.phone.shown[0][0] <= START + timedelta(minutes=3)
    assert quarter.state(alert) == "sent"
    assert quarter.chat.shown == []


def test_two_refused_together_hold_the_account_after_a_restart_as_well(quarter: Quarter) -> None:
    for name in ("Henk", "Riet"):
        quarter.chat.answers[f"{name}@telegram"] = [Throttled(600, "recipient")]
        quarter.queue("Kijk uit", quarter.person(name))
    quarter.settle()
    quarter.start()
    quarter.queue("Kijk uit", quarter.person("Fatima"))
    quarter.advance(599)
    assert quarter.chat.shown == []
    quarter.advance(2)
    assert len(quarter.chat.shown) == 3


def test_the_longer_of_two_holds_counts(quarter: Quarter) -> None:
    with quarter.database.writing() as connection:
        for seconds in (600, 60, 900, 30):
            until = START + timedelta(seconds=seconds)
            holds.keep(connection, "telegram", [holds.Hold(holds.ACCOUNT, until, "throttled")])
    assert kept(quarter) == [("telegram", holds.ACCOUNT, 900.0)]


# --- one recipient -------------------------------------------------------------------------------------------------


def test_a_recipient_held_for_an_hour_is_left_alone_after_a_restart(quarter: Quarter) -> None:
    henk, riet = quarter.person("Henk"), quarter.person("Riet")
    quarter.chat.answers["Henk@telegram"] = [Throttled(3600, "recipient")]
    quarter.queue("Krant", henk, severity=Severity.INFO)
    quarter.settle()
    quarter.start()
    quarter.queue("Kijk uit", henk, riet)
    quarter.advance(3599)
    assert [to for _, to, _ in quarter.chat.shown] == ["Riet@telegram"]
    quarter.advance(1)
    assert sorted(text for at, to, text in quarter.chat.shown if to == "Henk@telegram") == ["Kijk uit", "Krant"]
    assert quarter.states == [], "one of many is no trouble of the account"


def test_a_recipient_held_for_seconds_is_no_affair_of_the_database(quarter: Quarter) -> None:
    quarter.chat.answers["Henk@telegram"] = [Throttled(5, "recipient")]
    quarter.queue("Krant", quarter.person("Henk"))
    quarter.settle()
    assert kept(quarter) == []


def test_what_presses_leaves_a_recipient_who_is_held_for_hours_by_his_other_address(quarter: Quarter) -> None:
    riet = quarter.person("Riet", "telegram", "whatsapp")
    quarter.chat.answers["Riet@telegram"] = [Throttled(3600, "recipient", "messaging limit")]
    tried = quarter.queue("Brand", riet, severity=Severity.CRITICAL)
    quarter.settle()
    assert quarter.phone.texts == ["Brand"], "it is known that it would take an hour"
    assert quarter.state(tried) == "sent"
    quarter.queue("Brand is uit", riet, severity=Severity.URGENT)
    news = quarter.queue("Krant", riet, severity=Severity.INFO)
    quarter.advance(180)
    assert quarter.phone.texts == ["Brand", "Brand is uit"], "what was never tried goes round it too"
    assert quarter.state(news) == "queued"
    quarter.advance(3600)
    assert quarter.chat.texts == ["Krant"]


# --- what nobody knows ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("again", [True, False])
def test_what_is_said_again_is_a_setting_for_each_severity(quarter: Quarter, severity: Severity, again: bool) -> None:
    desk: Desk = quarter.desks["telegram"]
    desk._repeats = frozenset((severity,)) if again else frozenset(set(Severity) - {severity})
    quarter.chat.answers["Henk@telegram"] = [Ambiguous("no_answer")]
    message = quarter.queue("Kijk uit", quarter.person("Henk"), severity=severity)
    quarter.advance(60)
    if again:
        assert quarter.chat.texts == ["Herhaling: Kijk uit"]
        assert quarter.states_of(message) == [("sent", "may have arrived twice")]
    else:
        assert quarter.chat.texts == []
        assert quarter.states_of(message) == [("unknown", "no_answer")]


def test_so_it_is_for_what_a_dead_process_was_sending(quarter: Quarter) -> None:
    henk, riet = quarter.person("Henk"), quarter.person("Riet")
    alert = quarter.queue("Brand", henk, severity=Severity.CRITICAL)
    news = quarter.queue("Krant", riet, severity=Severity.INFO)
    assert len(quarter.desks["telegram"].exchange([], START, 2).jobs) == 2
    quarter.start()
    quarter.desks["telegram"]._repeats = frozenset((Severity.INFO,))
    quarter.advance(15)
    assert quarter.chat.texts == ["Herhaling: Krant"]
    assert quarter.states_of(alert) == [("unknown", "interrupted")]
    assert quarter.states_of(news) == [("sent", "may have arrived twice")]
    with quarter.database.reading() as connection:
        assert connection.execute(select(delivery.c.repeat).where(delivery.c.message_id == news)).scalar_one() is True
