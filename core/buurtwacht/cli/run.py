"""`buurtwacht run`: everything in one process, until it is told to stop; and what `work` shares with it."""

from __future__ import annotations

import asyncio
import gc
from functools import partial
from pathlib import Path

import click

from buurtwacht import assembly
from buurtwacht.app import App
from buurtwacht.cli.installation import Installation, assembled, installation
from buurtwacht.cli.output import configured, tell
from buurtwacht.records import dump
from buurtwacht.records.running import beside_others, upgrading
from buurtwacht.vocabulary import logs
from buurtwacht.vocabulary.clock import SystemClock

#: Threads that handle events; one is kept for reports and calls for help.
THREADS = 4


@click.command("run")
@configured
def command(config: Path) -> None:
    """Run everything in one process: receive, handle, send, keep time.

    An older SQLite database is upgraded, after a backup beside the file. Ctrl-C or SIGTERM ends it: what is being
    sent is finished first. On PostgreSQL any number of these, and of `buurtwacht work`, share the work.

    \b
    Example:
      buurtwacht run --config /etc/buurtwacht/plugins.toml
    """
    with installation(config) as here:
        run(here, listens=True)


def run(here: Installation, *, listens: bool) -> None:
    """Run a process until it is told to stop; one that `listens` answers over HTTP. Raises `ConfigurationError`."""
    logs.configure()
    if here.database.is_sqlite:
        with beside_others(here.database):
            _upgrade(here)
            _run(here, listens=listens)
    else:
        with upgrading(here.database):
            _upgrade(here)
        with beside_others(here.database):
            _run(here, listens=listens)
    tell("stopped")


def _upgrade(here: Installation) -> None:
    now = SystemClock().now()
    back_up = partial(dump.write, here.database, at=now)
    changed = assembly.bring_up_to_date(here.settings, here.database, here.modules, now, back_up)
    if changed:
        tell(f"the database has the schema of this version now ({', '.join(changed)})")


def _run(here: Installation, *, listens: bool) -> None:
    house = assembled(here, threads=THREADS)
    house.open_channels()
    asyncio.run(App(house, threads=THREADS).run(listens=listens, started=partial(_started, here)))


def set_aside() -> None:
    """Take what was made at the start out of the garbage collector's sight: it stays as long as the process does.

    Looking through it takes a tenth of a second, in which nothing else runs, and it comes when much is made at once:
    with the first alert.
    """
    gc.collect()
    gc.freeze()


def _started(here: Installation, port: int) -> None:
    set_aside()
    if not port:
        tell("Buurtwacht works, beside the others on this database")
        return
    web = here.settings.web
    at = f"http://{web.host}:{port}"
    reached = f", the messengers reach it at {web.public_url}" if web.public_url else ""
    tell(f"Buurtwacht listens at {at}{reached}")
