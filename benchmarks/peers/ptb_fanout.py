"""The fan-out with a hand-written python-telegram-bot loop: nothing is kept. Prints messages a second."""

from __future__ import annotations

import asyncio
import json
import time

import click
from telegram import Bot
from telegram.request import HTTPXRequest

from benchmarks.updates import TOKEN, person

#: How many are under way at once: what was quickest when it was tried with 16, 32, 64 and 128.
_AT_ONCE = 32


async def _measure(port: int, members: int) -> float:
    request = HTTPXRequest(connection_pool_size=_AT_ONCE, pool_timeout=60)
    bot = Bot(TOKEN, base_url=f"http://127.0.0.1:{port}/bot", request=request)
    room = asyncio.Semaphore(_AT_ONCE)

    async def send(place: int) -> None:
        async with room:
            await bot.send_message(person(place), "pong")

    spent = 0.0
    async with bot:
        for _ in range(2):  # once to warm up, once to measure
            began = time.perf_counter()
            await asyncio.gather(*(send(place) for place in range(members)))
            spent = time.perf_counter() - began
    return members / spent


@click.command()
@click.option("--port", type=int, required=True)
@click.option("--members", default=1000)
def main(port: int, members: int) -> None:
    """Measure and print."""
    click.echo(json.dumps({"rate": asyncio.run(_measure(port, members))}))


if __name__ == "__main__":
    main()
