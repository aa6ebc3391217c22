"""The ping with raw aiogram: nothing is kept. Prints seconds of CPU a ping. Runs in an environment of its own."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from typing import Any

import click
from aiogram import Bot, Dispatcher
from aiogram.client.session.base import BaseSession
from aiogram.filters import Command
from aiogram.methods import TelegramMethod
from aiogram.types import Message, Update

from benchmarks.updates import EVERY, TOKEN, pings, sent, words


class Stub(BaseSession):
    """A Bot API in memory."""

    def __init__(self) -> None:
        super().__init__()
        self._sent = 0

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:
        """Answer one request, read as its own session would read it."""
        self._sent += 1
        return self.check_response(bot, method, 200, sent(self._sent).decode()).result

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        """Nothing is streamed."""
        yield b""

    async def close(self) -> None:
        """Nothing to close."""


async def _pong(message: Message) -> None:
    await message.answer("pong")


async def _measure(commands: int, at_once: int, rounds: int) -> float:
    bot, dispatcher = Bot(TOKEN, session=Stub()), Dispatcher()
    for word in words(commands):
        dispatcher.message.register(_pong, Command(word))
    spent = 0.0
    for place in range(2 * rounds):  # once to warm up, once to measure
        if place == rounds:
            spent = -time.process_time()
        body = json.dumps(pings(1 + place * at_once, at_once))
        updates = [Update.model_validate(one, context={"bot": bot}) for one in json.loads(body)]
        await asyncio.gather(*(dispatcher.feed_update(bot, update) for update in updates))
        await asyncio.sleep(EVERY)
    return (spent + time.process_time()) / (rounds * at_once)


@click.command()
@click.option("--commands", default=50)
@click.option("--at-once", default=20)
@click.option("--rounds", default=100)
def main(commands: int, at_once: int, rounds: int) -> None:
    """Measure and print."""
    click.echo(json.dumps({"cpu": asyncio.run(_measure(commands, at_once, rounds))}))


if __name__ == "__main__":
    main()
