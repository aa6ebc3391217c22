"""What both sides are given: Telegram updates as JSON, and the answers of a Bot API that costs nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence

TOKEN = "123456:benchmark"
#: the first of the people; the others follow
FIRST_CHAT = 1000
#: seconds of rest after each round, on every side: a bot is idle between two messages
EVERY = 0.01
#: the bot as getMe tells it
ME = {"id": 123456, "is_bot": True, "first_name": "Buurtwacht", "username": "buurtwacht_bot"}


def person(place: int) -> int:
    """Return the chat id of a person by his place, from 0."""
    return FIRST_CHAT + place


def ping(number: int, place: int) -> dict[str, object]:
    """Return the update in which a person types /ping, as Telegram sends it."""
    return typed(number, place, "/ping", entities=[{"offset": 0, "length": 5, "type": "bot_command"}])


def typed(number: int, place: int, words: str, **more: object) -> dict[str, object]:
    """Return the update in which a person types something; `more` goes into the message."""
    chat = person(place)
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "from": {
                "id": chat,
                "is_bot": False,
                "first_name": "Fatima",
                "username": f"neighbour{place}",
                "language_code": "nl",
            },
            "chat": {"id": chat, "first_name": "Fatima", "username": f"neighbour{place}", "type": "private"},
            "date": 1768524120,
            "text": words,
            **more,
        },
    }


def pings(first: int, count: int) -> list[dict[str, object]]:
    """Return updates with numbers from `first` on, each of another person: one person is answered once a second."""
    return [ping(number, number) for number in range(first, first + count)]


def answer(result: object) -> bytes:
    """Return the body of an answer of the Bot API."""
    return json.dumps({"ok": True, "result": result}).encode()


def sent(number: int) -> bytes:
    """Return the answer to sendMessage."""
    message = {
        "message_id": number,
        "from": ME,
        "chat": {"id": FIRST_CHAT, "first_name": "Fatima", "type": "private"},
        "date": 1768524120,
        "text": "pong",
    }
    return answer(message)


def words(commands: int) -> Sequence[str]:
    """Return so many command words with `ping` in the middle, where a search from either end is half done."""
    names = [f"word{place}" for place in range(commands - 1)]
    return [*names[: len(names) // 2], "ping", *names[len(names) // 2 :]]
