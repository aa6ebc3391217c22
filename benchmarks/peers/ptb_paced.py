"""The fan-out with raw python-telegram-bot that obeys `RetryAfter`, and with its own rate limiter. Keeps nothing."""

from __future__ import annotations

import asyncio
import warnings

from telegram.error import RetryAfter
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from benchmarks.peers.errand import AT_ONCE, command, run_errand
from benchmarks.updates import TOKEN


async def errand(port: int, members: int, way: str) -> dict[str, float]:
    """Send; `limited` is all at once through the library's rate limiter, with its thirty a second."""
    room = AT_ONCE if way in ("crowd", "loop") else 256
    request = HTTPXRequest(connection_pool_size=room, pool_timeout=3600, read_timeout=30)
    limiter = AIORateLimiter(max_retries=100) if way == "limited" else None
    bot: ExtBot[int] = ExtBot(TOKEN, base_url=f"http://127.0.0.1:{port}/bot", request=request, rate_limiter=limiter)

    async def send(chat: int, text: str) -> None:
        while True:
            try:
                await bot.send_message(chat, text)
                return
            except RetryAfter as refused:
                await asyncio.sleep(float(refused.retry_after))  # type: ignore[arg-type] # whole seconds until told otherwise

    async with bot:
        return await run_errand(send, "gather" if way == "limited" else way, members)


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # the library's, of the type that seconds will have one day
    command(errand)()
