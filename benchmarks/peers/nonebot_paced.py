"""The fan-out with NoneBot2 and its Telegram adapter: its bot sends without having been spoken to.

The adapter tells nothing apart from a 429 but the words of its error, so these are read. Keeps nothing. Runs in an
environment of its own.
"""

from __future__ import annotations

import asyncio
import re

import nonebot
from nonebot.adapters.telegram import Adapter, Bot
from nonebot.adapters.telegram.config import BotConfig
from nonebot.adapters.telegram.exception import NetworkError

from benchmarks.peers.errand import command, run_errand
from benchmarks.updates import TOKEN

_WAIT = re.compile(r'retry_after"?:\s*(\d+)')


async def errand(port: int, members: int, way: str) -> dict[str, float]:
    """Send."""
    nonebot.logger.remove()  # it speaks on standard output
    nonebot.init(driver="~httpx")
    config = BotConfig(token=TOKEN, api_server=f"http://127.0.0.1:{port}/")
    bot = Bot(Adapter(nonebot.get_driver()), TOKEN.partition(":")[0], config=config)

    async def send(chat: int, text: str) -> None:
        while True:
            try:
                await bot.send_message(chat_id=chat, text=text)
                return
            except NetworkError as error:
                wait = _WAIT.search(str(error))
                if wait is None:
                    raise
                await asyncio.sleep(int(wait[1]))

    return await run_errand(send, way, members)


if __name__ == "__main__":
    command(errand)()
