"""The stand-in is as strict as the Bot API, and keeps to what `provider.StandIn` promises."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from buurtwacht.testing.provider import StandIn
from buurtwacht_telegram.shapes import Table
from buurtwacht_telegram.stand_in import BotApi

from .telegram_account import NIGHT, Account


@pytest.fixture
def telegram() -> Iterator[Account]:
    account = Account()
    yield account
    account.close()


def ask(
    account: Account, method: str, /, token: str = "", fields: Table | None = None, **parameters: object
) -> tuple[int, object]:
    async def call() -> tuple[int, object]:
        transport = httpx.ASGITransport(account.api.app)
        body = {**parameters, **(fields or {})}
        async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
            answer = await client.post(f"/bot{token or account.api.token}/{method}", json=body)
        said = answer.json()
        return answer.status_code, said.get("result", said.get("description"))

    return account.run(call())


def test_it_is_a_stand_in() -> None:
    stand_in: StandIn = BotApi("north", lambda: NIGHT)
    assert stand_in.settings()["token"]
    assert stand_in.person("Henk") == stand_in.person("Henk")
    assert stand_in.person("Henk") != BotApi("south", lambda: NIGHT).person("Henk")
    assert stand_in.deletes("Henk", "1:1") is None
    assert stand_in.status("1:1", "read") is None


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("sendMessage", {"text": ""}),
        ("sendMessage", {"text": "x" * 4097}),
        ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "Ja", "callback_data": ""}]]}}),
        ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "Ja"}]]}}),
        (
            "sendMessage",
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "Ja", "callback_data": "x" * 65}]]}},
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "Ja", "callback_data": "x"}] * 9]}},
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "Ja", "callback_data": "x"}]] * 101}},
        ),
        ("sendLocation", {"latitude": 91, "longitude": 0}),
        ("sendPhoto", {"caption": "x"}),
        ("setMyCommands", {"commands": [{"command": "Hulp", "description": "x"}]}),
        ("setWebhook", {"url": "http://wacht.example/hook"}),
        ("setWebhook", {"url": "https://wacht.example/hook", "secret_token": "a b"}),
    ],
)
def test_what_the_real_one_refuses_is_refused_and_written_down(
    telegram: Account, method: str, parameters: dict[str, object]
) -> None:
    if method.startswith("send"):
        parameters = {"chat_id": int(telegram.fatima.value), **parameters}
    assert ask(telegram, method, fields=parameters)[0] == 400
    assert len(telegram.api.complaints) == 1
    assert telegram.api.seen == []


def test_unknown_methods_parameters_and_tokens(telegram: Account) -> None:
    assert ask(telegram, "sendEverything")[0] == 404
    assert ask(telegram, "getMe", token="1:x") == (401, "Unauthorized")
    assert ask(telegram, "getMe", colour="blue")[0] == 200
    assert telegram.api.complaints == ["sendeverything: Not Found", "getme: unknown parameters colour"]


def test_deleting_and_taking_buttons_away(telegram: Account) -> None:
    name = telegram.send("Verdachte auto")
    chat, number = telegram.api.town.named[name]
    keyboard = {"inline_keyboard": [[{"text": "Ja", "callback_data": "1"}]]}
    assert ask(telegram, "editMessageReplyMarkup", chat_id=chat, message_id=number, reply_markup=keyboard)[0] == 200
    assert ask(telegram, "editMessageReplyMarkup", chat_id=chat, message_id=number, reply_markup=keyboard)[0] == 400
    assert telegram.api.seen[-1].options == (("1", "Ja"),)
    assert ask(telegram, "deleteMessage", chat_id=chat, message_id=number) == (200, True)
    assert ask(telegram, "deleteMessage", chat_id=chat, message_id=number)[0] == 400


def test_the_rate_is_counted_in_every_sliding_second(telegram: Account) -> None:
    telegram.api.rate = 2
    chat = int(telegram.fatima.value)
    statuses = [ask(telegram, "sendMessage", chat_id=chat, text="x")[0] for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert len(telegram.api.complaints) == 1
    assert ask(telegram, "answerCallbackQuery", callback_query_id="1")[0] == 200
