"""Asking for updates: what is confirmed, what is repeated, and how trouble is lived through."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import httpx
import pytest
import structlog

from buurtwacht import Misconfigured, Said, Unreadable

from .telegram_account import Account


@pytest.fixture
def telegram() -> Iterator[Account]:
    account = Account()
    yield account
    account.close()


def texts(account: Account) -> list[str]:
    return [each.event.text for each in account.inbox.events if isinstance(each.event, Said)]


def test_updates_are_confirmed_only_after_they_were_kept(telegram: Account) -> None:
    for word in ("auto", "rood"):
        telegram.api.updates.put(telegram.api.says("Fatima", word)[1])
    telegram.inbox.broken = True
    assert not telegram.poll()
    assert len(telegram.api.updates.waiting) == 2, "they were fetched, and not lost"
    telegram.inbox.broken = False
    assert telegram.poll()
    assert texts(telegram) == ["auto", "rood"]
    assert not telegram.poll()
    assert len(telegram.api.updates.waiting) == 0


def test_a_crash_between_fetching_and_confirming_repeats(telegram: Account) -> None:
    telegram.api.updates.put(telegram.api.says("Fatima", "auto")[1])
    telegram.poll()
    again = Account(httpx.ASGITransport(telegram.api.app), token=telegram.api.token)
    again.poll()
    assert texts(again) == ["auto"]
    assert again.inbox.events[0].key == telegram.inbox.events[0].key
    again.close()


def test_one_bad_update_does_not_hold_up_the_next(telegram: Account) -> None:
    telegram.api.updates.waiting.append({"update_id": 1, "message": {"chat": 7}})
    telegram.api.updates.waiting.append({"update_id": 2, "message": "what"})
    telegram.api.updates.put(telegram.api.says("Fatima", "auto")[1])
    telegram.poll()
    telegram.poll()
    assert [type(each.event) for each in telegram.inbox.events] == [Unreadable, Unreadable, Said]
    assert len(telegram.api.updates.waiting) == 0


def test_numbers_that_begin_anew_after_a_quiet_week_are_not_missed(telegram: Account) -> None:
    telegram.api.updates.put(telegram.api.says("Fatima", "auto")[1])
    telegram.poll()
    telegram.poll()
    late = json.loads(telegram.api.says("Fatima", "rood")[1].body)
    telegram.api.updates.waiting.append({**late, "update_id": 3})
    telegram.poll()
    assert texts(telegram) == ["auto", "rood"]


def test_trouble_is_logged_when_it_changes_and_waited_out_longer_each_time(telegram: Account) -> None:
    async def some_rounds(count: int) -> None:
        task = asyncio.create_task(telegram.channel.receive(telegram.inbox.accept))
        while len(telegram.pauses) < count:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with structlog.testing.capture_logs() as logged:
        telegram.api.down = True
        telegram.run(some_rounds(7))
        assert telegram.pauses[:7] == [1, 2, 4, 8, 16, 30, 30]
        telegram.api.down = False
        telegram.api.updates.url = "https://elsewhere.example"
        telegram.poll()
        assert telegram.run(telegram.channel.condition()) == "another_program_polls_this_bot"
        telegram.api.updates.url = ""
        telegram.poll()
        assert telegram.run(telegram.channel.condition()) == ""
    assert [entry["event"] for entry in logged] == [
        "telegram.polling_troubled",
        "telegram.polling_troubled",
        "telegram.polling_recovered",
    ]


def test_an_empty_answer_that_came_at_once_is_not_asked_again_at_once(telegram: Account) -> None:
    async def one_round() -> None:
        task = asyncio.create_task(telegram.channel.receive(telegram.inbox.accept))
        while not telegram.pauses:
            await asyncio.sleep(0)
        task.cancel()

    telegram.run(one_round())
    assert telegram.pauses[0] == 0.5


def test_a_refused_account_stops_and_an_unknown_method_does_not() -> None:
    refused = Account(token="1:wrong")
    with pytest.raises(Misconfigured):
        refused.run(refused.channel.receive(refused.inbox.accept))
    refused.close()

    def no_polling_here(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/getMe"):
            return httpx.Response(200, json={"ok": True, "result": {"id": 5, "username": "b"}})
        return httpx.Response(404)

    other = Account(httpx.MockTransport(no_polling_here))
    assert not other.poll()
    other.close()


def test_an_account_with_a_webhook_is_not_polled() -> None:
    account = Account(public_url="https://wacht.example")
    account.run(account.channel.receive(account.inbox.accept))
    assert account.api.calls["getupdates"] == 0
    account.close()


def test_taps_that_were_polled_are_answered(telegram: Account) -> None:
    alert = telegram.send("Verdachte auto")
    telegram.api.updates.put(telegram.api.taps("Fatima", "a:1", alert))
    telegram.poll()
    telegram.run(telegram.pause(0))
    telegram.run(telegram.pause(0))
    assert telegram.api.answered == ["tap1"]
