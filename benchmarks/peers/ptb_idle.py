"""A bot of python-telegram-bot that polls and waits, as its documentation builds one; says `ready` and goes on."""

from __future__ import annotations

import asyncio

import click
from telegram import Update
from telegram.ext import ApplicationBuilder, CommandHandler, ContextTypes

from benchmarks.updates import TOKEN


async def _pong(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    await update.message.reply_text("pong")


async def _wait(port: int) -> None:
    application = ApplicationBuilder().token(TOKEN).base_url(f"http://127.0.0.1:{port}/bot").build()
    application.add_handler(CommandHandler("ping", _pong))
    async with application:
        assert application.updater is not None
        await application.updater.start_polling()
        await application.start()
        print("ready", flush=True)
        await asyncio.Event().wait()


@click.command()
@click.option("--port", type=int, required=True)
def main(port: int) -> None:
    """Wait."""
    asyncio.run(_wait(port))


if __name__ == "__main__":
    main()
