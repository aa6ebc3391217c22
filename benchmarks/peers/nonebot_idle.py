"""A bot of NoneBot2 with its Telegram adapter that polls and waits, as its documentation builds one.

Says `ready` and goes on. Runs in an environment of its own.
"""

from __future__ import annotations

import json

import click
import nonebot
from nonebot import on_command
from nonebot.adapters.telegram import Adapter, Bot

from benchmarks.updates import TOKEN


@click.command()
@click.option("--port", type=int, required=True)
def main(port: int) -> None:
    """Wait."""
    bots = json.dumps([{"token": TOKEN, "api_server": f"http://127.0.0.1:{port}/"}])
    nonebot.logger.remove()  # it speaks on standard output
    nonebot.init(driver="~httpx", telegram_bots=json.loads(bots))
    driver = nonebot.get_driver()
    driver.register_adapter(Adapter)
    ping = on_command("ping")

    @ping.handle()
    async def _pong() -> None:
        await ping.finish("pong")

    @driver.on_bot_connect
    async def _connected(bot: Bot) -> None:
        print("ready", flush=True)

    nonebot.run()


if __name__ == "__main__":
    main()
