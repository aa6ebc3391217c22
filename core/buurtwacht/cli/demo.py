"""`buurtwacht demo`: the playground in the browser, with a sample town, and with a plugin that somebody is making."""

from __future__ import annotations

import asyncio
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click

from buurtwacht import demo
from buurtwacht.app import App
from buurtwacht.cli.output import WRONG, Report, say, tell
from buurtwacht.kit import reload, trouble, trying
from buurtwacht.kit.trying import Broken, Tried
from buurtwacht.vocabulary import logs
from buurtwacht.vocabulary.errors import ConfigurationError, Fault


@click.command("demo")
@click.option(
    "--plugin",
    "plugins",
    multiple=True,
    metavar="FOLDER|ID",
    help="A plugin to try: a folder that need not be installed, or the id of an installed one. May be repeated.",
)
@click.option("--reload", "reloads", is_flag=True, help="Begin anew when a file of these plugins changes.")
@click.option(
    "--port",
    default=8080,
    type=click.IntRange(0, 65_535),
    show_default=True,
    help="Where the page is; 0 takes a free port.",
)
def command(plugins: Sequence[str], reloads: bool, port: int) -> None:
    """Try Buurtwacht in the browser: telephones side by side, and the first story at a click.

    A sample town in a temporary folder, which is removed at the end; no accounts, no configuration, and nothing is
    sent to anybody. Ctrl-C ends it. With --plugin the page shows each call of your code.

    \b
    Example:
      buurtwacht demo --port 8080
      buurtwacht demo --plugin path/to/package --reload
    """
    # What goes wrong in a plugin of one's own stands on the page, with its stack.
    logs.configure(level="WARNING")
    if reloads and not plugins:
        raise click.UsageError("--reload needs a plugin to look at: --plugin path/to/package")
    try:
        if reloads:
            _reload(plugins, port)
        else:
            _once(plugins, port)
    except Broken as broken:
        for line in (broken.stack.rstrip(), *map(str, broken.faults)):
            if line:
                tell(line)
        raise Report(WRONG) from broken


def _once(plugins: Sequence[str], port: int) -> None:
    tried = [trying.take(one) for one in plugins]
    with demo.town(port, tried) as (app, bench):
        _remark(tried)
        try:
            asyncio.run(_run(app, bench))
        except ConfigurationError as error:
            raise _taken(port) from error


def _taken(port: int) -> ConfigurationError:
    # There is no configuration whose port could be changed.
    mend = f"take another one: buurtwacht demo --port {port + 1 if port < 65_535 else 0}"
    return ConfigurationError([Fault("--port", f"127.0.0.1:{port} is taken", mend)])


async def _run(app: App, bench: demo.DemoBench, listening: socket.socket | None = None, *, quiet: bool = False) -> None:
    bench.loop = asyncio.get_running_loop()

    def started(port: int) -> None:
        if not quiet:
            say(f"Buurtwacht's playground: http://127.0.0.1:{port}/playground")

    await app.run(listening=listening, started=started, stopping=bench.leave)


def _remark(tried: Sequence[Tried]) -> None:
    for one in tried:
        say(f"{one.id}: {'; '.join(one.remarks) or 'as it is'}")


# --- beginning anew ------------------------------------------------------------------------------------------------


def _reload(plugins: Sequence[str], port: int) -> None:
    for one in plugins:
        trying.places(one)  # what is nowhere is a wrong call, and nothing to wait for
    try:
        listening = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise _taken(port) from error
    with listening:
        demo.prepare(plugins)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/playground"
        say(f"Buurtwacht's playground: {url}")
        anew = reload.Reloading(
            lambda listening, folder: _serve(plugins, listening, folder),
            trouble.show,
            lambda: [place for one in plugins for place in trying.places(one)],
            say,
        )
        anew.run(listening)


def _serve(plugins: Sequence[str], listening: socket.socket, folder: Path) -> None:
    """Serve once, in a process of its own."""
    began = time.monotonic()
    # Python knows what it compiled by its second and size: of two quick changes it would miss one.
    sys.dont_write_bytecode = True
    try:
        tried = [trying.take(one) for one in plugins]
        with demo.town(0, tried, folder=folder) as (app, bench):
            bench.reloads = True
            _remark(tried)
            say(f"begun in {time.monotonic() - began:.1f} s; every start is a new town")
            asyncio.run(_run(app, bench, listening, quiet=True))
    except ConfigurationError as error:
        raise reload.Stopped(reload.Trouble(error.faults, error.stack if isinstance(error, Broken) else "")) from None
