"""The ping with raw python-telegram-bot: nothing is kept. Prints seconds of CPU a ping.

Its HTTP layer is stubbed at `BaseRequest`, its own seam, which costs it less than httpx would.
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import click
from telegram import Update
from telegram.ext import Application, ApplicationBuilder, CommandHandler, ContextTypes
from telegram.request import BaseRequest, RequestData

from benchmarks.updates import EVERY, ME, TOKEN, answer, pings, sent, words


class Stub(BaseRequest):
    """A Bot API in memory."""

    def __init__(self) -> None:
        self.updates = answer([])
        self._sent = 0

    @property
    def read_timeout(self) -> float:
        """Seconds."""
        return 5.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: Any, **named: Any
    ) -> tuple[int, bytes]:
        """Answer one request."""
        match url.rpartition("/")[2]:
            case "sendMessage":
                self._sent += 1
                # the body of the request, as it would go over the wire
                assert request_data is not None
                assert json.dumps(request_data.parameters)
                return 200, sent(self._sent)
            case "getUpdates":
                return 200, self.updates
            case "getMe":
                return 200, answer(ME)
        return 200, answer(True)


async def _pong(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    await update.message.reply_text("pong")


async def _measure(
    application: Application[Any, Any, Any, Any, Any, Any], stub: Stub, at_once: int, rounds: int
) -> float:
    spent = 0.0
    async with application:
        for place in range(2 * rounds):  # once to warm up, once to measure
            if place == rounds:
                spent = -time.process_time()
            stub.updates = answer(pings(1 + place * at_once, at_once))
            updates = await application.bot.get_updates(timeout=25)
            await asyncio.gather(*(application.process_update(update) for update in updates))
            await asyncio.sleep(EVERY)
        spent += time.process_time()
    return spent / (rounds * at_once)


@click.command()
@click.option("--commands", default=50)
@click.option("--at-once", default=20)
@click.option("--rounds", default=100)
def main(commands: int, at_once: int, rounds: int) -> None:
    """Measure and print."""
    stub = Stub()
    application = ApplicationBuilder().token(TOKEN).request(stub).get_updates_request(stub).updater(None).build()
    for word in words(commands):
        application.add_handler(CommandHandler(word, _pong))
    click.echo(json.dumps({"cpu": asyncio.run(_measure(application, stub, at_once, rounds))}))


if __name__ == "__main__":
    main()
