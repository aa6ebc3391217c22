"""The fan-out with aiogram that obeys `TelegramRetryAfter`. Keeps nothing. Runs in an environment of its own."""

from __future__ import annotations

import asyncio

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramRetryAfter

from benchmarks.peers.errand import command, run_errand
from benchmarks.updates import TOKEN


async def errand(port: int, members: int, way: str) -> dict[str, float]:
    """Send."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(f"http://127.0.0.1:{port}"))
    async with Bot(TOKEN, session=session) as bot:

        async def send(chat: int, text: str) -> None:
            while True:
                try:
                    await bot.send_message(chat, text)
                    return
                except TelegramRetryAfter as refused:
                    await asyncio.sleep(refused.retry_after)

        return await run_errand(send, way, members)


if __name__ == "__main__":
    command(errand)()
