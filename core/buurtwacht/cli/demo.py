"""`buurtwacht demo`: the playground in the browser, with a sample town."""

from __future__ import annotations

import asyncio

import click

from buurtwacht import demo
from buurtwacht.app import App
from buurtwacht.cli.output import say
from buurtwacht.vocabulary import logs


@click.command("demo")
@click.option("--port", default=8080, show_default=True, help="Where the page is; 0 takes a free port.")
def command(port: int) -> None:
    """Try Buurtwacht in the browser: telephones side by side, and the first story at a click.

    A sample town in a temporary folder, which is removed at the end; no accounts, no configuration, and nothing is
    sent to anybody. Ctrl-C ends it.

    \b
    Example:
      buurtwacht demo --port 8080
    """
    logs.configure(level="WARNING")
    with demo.town(port) as (app, bench):
        asyncio.run(_run(app, bench))


async def _run(app: App, bench: demo.DemoBench) -> None:
    bench.loop = asyncio.get_running_loop()
    await app.run(started=lambda port: say(f"Buurtwacht's playground: http://127.0.0.1:{port}/playground"))
