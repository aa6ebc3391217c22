"""The route Telegram calls, and what Telegram is told to call."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from starlette.applications import Starlette

from buurtwacht import Misconfigured, Tapped, Unavailable, Unreadable
from buurtwacht_telegram.webhook import ALLOWED, LARGEST

from .telegram_account import Account

URL = "https://wacht.example/webhooks/telegram"


@pytest.fixture
def telegram() -> Iterator[Account]:
    account = Account(public_url="https://wacht.example")
    yield account
    account.close()
    assert account.api.complaints == []


def test_an_update_is_kept_before_telegram_hears_so(telegram: Account) -> None:
    _, update = telegram.api.says("Fatima", "verdachte auto")
    assert telegram.deliver(update) == 200
    assert telegram.deliver(update) == 200
    assert len(telegram.inbox.events) == 1
    telegram.inbox.broken = True
    assert telegram.deliver(telegram.api.says("Fatima", "rood")[1]) == 503
    assert len(telegram.inbox.events) == 1


@pytest.mark.parametrize("secret", [None, "", "wrong", "secret_of_telegra", "é", "Secret_of_telegram"])
def test_without_the_secret_nothing_is_read(telegram: Account, secret: str | None) -> None:
    _, update = telegram.api.says("Fatima", "verdachte auto")
    headers = {} if secret is None else {b"x-telegram-bot-api-secret-token": secret.encode()}
    assert telegram.post(update.body, headers) == 401
    assert telegram.inbox.events == []


def test_a_body_over_three_megabytes_is_not_taken_in(telegram: Account) -> None:
    assert telegram.post(b" " * (LARGEST + 1)) == 413
    assert telegram.post(b" " * LARGEST) == 200
    assert isinstance(telegram.inbox.events[0].event, Unreadable)


def test_a_body_of_unannounced_length_is_measured_while_it_comes(telegram: Account) -> None:
    async def endless() -> object:
        app = Starlette(routes=list(telegram.channel.routes(telegram.inbox.accept)))
        sent = 0

        async def chunks() -> object:
            nonlocal sent
            while sent < 100:
                sent += 1
                yield b" " * 1_000_000

        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://us") as client:
            headers = {"x-telegram-bot-api-secret-token": telegram.api.town.secret}
            answer = await client.post("/webhooks/telegram", content=chunks(), headers=headers)  # type: ignore[arg-type]
        return answer.status_code, sent

    assert telegram.run(endless()) == (413, 4)


@pytest.mark.parametrize("body", [b"", b"not json", b"[" * 100_000, b'{"update_id": 5, "message": 7}'])
def test_what_is_signed_but_unreadable_is_taken_and_recorded(telegram: Account, body: bytes) -> None:
    assert telegram.post(body) == 200
    assert telegram.post(body) == 200
    assert [type(each.event) for each in telegram.inbox.events] == [Unreadable]


def test_what_concerns_nobody_is_taken_and_let_go(telegram: Account) -> None:
    assert telegram.post(b'{"update_id": 5, "poll": {}}') == 200
    assert telegram.inbox.events == []


def test_a_tap_is_answered_after_it_is_kept_and_a_failing_answer_fails_nothing(telegram: Account) -> None:
    alert = telegram.send("Verdachte auto")
    tap = telegram.api.taps("Fatima", "a:1", alert)
    telegram.inbox.broken = True
    assert telegram.deliver(tap) == 503
    assert telegram.api.answered == []
    telegram.inbox.broken = False
    assert telegram.deliver(tap) == 200
    assert telegram.inbox.events[0].event == Tapped("a:1", alert)
    telegram.run(telegram.pause(0))
    assert telegram.api.answered == ["tap1"]
    telegram.api.down = True
    assert telegram.deliver(telegram.api.taps("Fatima", "a:2", alert)) == 200


def test_a_polled_account_has_no_route() -> None:
    account = Account()
    assert account.deliver(account.api.says("Fatima", "hoi")[1]) == 404
    account.close()


def test_starting_sets_the_webhook_only_when_it_differs(telegram: Account) -> None:
    telegram.run(telegram.channel.start())
    telegram.run(telegram.channel.start())
    assert telegram.api.calls["setwebhook"] == 1
    assert telegram.api.updates.url == URL
    assert telegram.api.updates.allowed == list(ALLOWED)
    telegram.api.updates.allowed = ["message"]
    telegram.run(telegram.channel.start())
    assert telegram.api.calls["setwebhook"] == 2


def test_a_changed_secret_shows_as_401_and_is_set_again(telegram: Account) -> None:
    telegram.run(telegram.channel.start())
    telegram.api.updates.trouble = "Wrong response from the webhook: 401 Unauthorized"
    telegram.run(telegram.channel.start())
    assert telegram.api.calls["setwebhook"] == 2


def test_a_polled_account_takes_an_old_webhook_away() -> None:
    account = Account()
    account.api.updates.url = URL
    account.run(account.channel.start())
    assert account.api.updates.url == ""
    account.run(account.channel.start())
    assert account.api.calls["deletewebhook"] == 1
    account.close()


def test_showing_and_setting_by_hand(telegram: Account) -> None:
    before = telegram.run(telegram.channel.webhook())
    assert (before.url, before.wanted, before.differs) == ("", URL, True)
    after = telegram.run(telegram.channel.set_webhook())
    assert (after.url, after.wanted, after.differs) == (URL, URL, False)


def test_what_keeps_updates_from_us_is_told_while_it_lasts(telegram: Account) -> None:
    def condition() -> str:
        return telegram.run(telegram.channel.condition())

    assert condition() == "webhook_not_set"
    telegram.run(telegram.channel.start())
    assert condition() == ""
    telegram.api.updates.trouble = "Connection refused"
    telegram.api.updates.put(telegram.api.says("Fatima", "auto")[1])
    assert condition() == "Connection refused"
    telegram.api.updates.waiting.clear()
    assert condition() == ""
    telegram.api.down = True
    with pytest.raises(Unavailable):
        condition()


def test_an_account_that_is_refused_and_one_that_cannot_be_asked() -> None:
    refused = Account(token="1:wrong")
    with pytest.raises(Misconfigured):
        refused.run(refused.channel.start())
    refused.close()
    silent = Account()
    silent.api.down = True
    with pytest.raises(Unavailable):
        silent.run(silent.channel.start())
    silent.close()


@pytest.mark.parametrize("unknown", [404, 500])
def test_a_server_that_does_not_know_getwebhookinfo_is_simply_told(unknown: int) -> None:
    told: list[str] = []

    def small_server(request: httpx.Request) -> httpx.Response:
        method = request.url.path.rpartition("/")[2]
        told.append(method)
        if method == "getMe":
            return httpx.Response(200, json={"ok": True, "result": {"id": 5, "username": "b"}})
        if method == "getWebhookInfo":
            return httpx.Response(unknown, text="Cannot POST")
        return httpx.Response(200, json={"ok": True, "result": True})

    account = Account(httpx.MockTransport(small_server))
    account.run(account.channel.start())
    account.close()
    assert told == ["getMe", "getWebhookInfo", "deleteWebhook"]
