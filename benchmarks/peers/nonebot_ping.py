"""The ping with NoneBot2 and its Telegram adapter: nothing is kept. Prints seconds of CPU a ping.

Its requests are answered from memory where its driver would send them. Runs in an environment of its own.
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import click
import nonebot
from nonebot import on_command
from nonebot.adapters.telegram import Adapter, Bot
from nonebot.adapters.telegram.config import BotConfig
from nonebot.adapters.telegram.event import Event
from nonebot.drivers import Request, Response

from benchmarks.updates import EVERY, ME, TOKEN, answer, pings, sent, words


class Stub:
    """A Bot API in memory."""

    def __init__(self) -> None:
        self.sent = 0

    async def request(self, setup: Request) -> Response:
        """Answer one request."""
        if str(setup.url).rpartition("/")[2] == "sendMessage":
            # the body of the request, as it would go over the wire
            assert json.dumps(setup.json or setup.data)
            self.sent += 1
            return Response(200, content=sent(self.sent))
        return Response(200, content=answer(ME))


def _add(word: str) -> None:
    command = on_command(word, block=True)

    @command.handle()
    async def _pong() -> None:
        await command.finish("pong")


async def _measure(commands: int, at_once: int, rounds: int) -> float:
    adapter = Adapter(nonebot.get_driver())
    stub = Stub()
    adapter.request = stub.request  # type: ignore[method-assign] # nothing leaves this process
    bot = Bot(adapter, TOKEN.partition(":")[0], config=BotConfig(token=TOKEN))
    for word in words(commands):
        _add(word)
    spent = 0.0
    for place in range(2 * rounds):  # once to warm up, once to measure
        if place == rounds:
            spent = -time.process_time()
        body = json.dumps(pings(1 + place * at_once, at_once))
        events: list[Any] = [Event.parse_event(one) for one in json.loads(body)]
        await asyncio.gather(*(bot.handle_event(event) for event in events))
        await asyncio.sleep(EVERY)
    assert stub.sent == 2 * rounds * at_once, "not every ping was answered"
    return (spent + time.process_time()) / (rounds * at_once)


@click.command()
@click.option("--commands", default=50)
@click.option("--at-once", default=20)
@click.option("--rounds", default=100)
def main(commands: int, at_once: int, rounds: int) -> None:
    """Measure and print."""
    nonebot.logger.remove()  # it speaks on standard output
    nonebot.init(driver="~httpx")
    click.echo(json.dumps({"cpu": asyncio.run(_measure(commands, at_once, rounds))}))


if __name__ == "__main__":
    main()
