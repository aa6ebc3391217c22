"""The fan-out with aiogram, by hand: nothing is kept. Prints messages a second, seconds of CPU and bytes.

Runs in an environment of its own.
"""

from __future__ import annotations

import asyncio
import json

import click
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from benchmarks.peers.errand import twice
from benchmarks.updates import TOKEN


async def _measure(port: int, members: int) -> dict[str, float]:
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(f"http://127.0.0.1:{port}")))

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
