"""`buurtwacht timers`: what is to happen later."""

from __future__ import annotations

from pathlib import Path

import click

from buurtwacht.cli.installation import house
from buurtwacht.cli.output import configured, listing, show
from buurtwacht.records import timers

KEYS = ("due", "plugin", "handler", "key")


@click.command("timers")
@click.option("--plugin", metavar="ID", help="Only those of this plugin.")
@configured
@listing
def command(config: Path, as_json: bool, plugin: str | None) -> None:
    """List what is to happen later, the earliest first. Times are UTC.

    \b
    Example:
      buurtwacht timers --plugin alerts
    """
    with house(config) as home:
        known = ["core", *(one.id for one in home.core.plugins)]
        if plugin is not None and plugin not in known:
            why = f"no plugin is called {plugin} (there are: {', '.join(known)})"
            raise click.BadParameter(why, param_hint="--plugin")
        rows = [
            {"due": one.due, "plugin": one.plugin, "handler": one.handler, "key": one.key}
            for one in timers.all_timers(home.core.database)
            if plugin in (None, one.plugin)
        ]
    show(rows, KEYS, as_json=as_json, nothing="nothing is to happen later")
