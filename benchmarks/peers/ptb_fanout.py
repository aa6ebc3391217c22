"""The fan-out with a hand-written python-telegram-bot loop: nothing is kept. Prints messages a second,
seconds of CPU and bytes.
"""

from __future__ import annotations

import asyncio
import json

import click
from telegram import Bot
from telegram.request import HTTPXRequest

from benchmarks.peers.errand import AT_ONCE, twice
from benchmarks.updates import TOKEN


async def _measure(port: int, members: int) -> dict[str, float]:
    request = HTTPXRequest(connection_pool_size=AT_ONCE, pool_timeout=60)
    bot = Bot(TOKEN, base_url=f"http://127.0.0.1:{port}/bot", request=request)

    async def send(chat: int, text: str) -> None:
        await bot.send_message(chat, text)

    async with bot:
        return await twice(send, members)


@click.command()
@click.option("--port", type=int, required=True)
@click.option("--members", default=1000)
def main(port: int, members: int) -> None:
    """Measure and print."""
    click.echo(json.dumps(asyncio.run(_measure(port, members))))


if __name__ == "__main__":
    main()
