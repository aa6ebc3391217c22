"""`buurtwacht demo`: the playground in the browser, with a sample town."""

from __future__ import annotations

import asyncio

import click

from buurtwacht import demo
from buurtwacht.app import App
from buurtwacht.cli.output import say
from buurtwacht.vocabulary import logs
from buurtwacht.vocabulary.errors import ConfigurationError, Fault


@click.command("demo")
@click.option(
    "--port",
    default=8080,
    type=click.IntRange(0, 65_535),
    show_default=True,
    help="Where the page is; 0 takes a free port.",
)
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
        try:
            asyncio.run(_run(app, bench))
        except ConfigurationError as error:
            # There is no configuration whose port could be changed.
            mend = f"take another one: buurtwacht demo --port {port + 1 if port < 65_535 else 0}"
            raise ConfigurationError([Fault("--port", f"127.0.0.1:{port} is taken", mend)]) from error


async def _run(app: App, bench: demo.DemoBench) -> None:
    bench.loop = asyncio.get_running_loop()
    await app.run(started=lambda port: say(f"Buurtwacht's playground: http://127.0.0.1:{port}/playground"))
