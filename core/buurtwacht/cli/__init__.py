"""The command line. Each command lives in a file of its own and is imported when it is asked for, not before."""

from __future__ import annotations

import importlib
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import click

from buurtwacht.cli.output import run_guarded
from buurtwacht.vocabulary import logs

#: Each command, in the order of the help, with the line that stands there.
COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "demo": "Try it in the browser: a sample town, no accounts, no configuration.",
        "run": "Run everything in one process.",
        "work": "Run one more process, on this or another machine, on PostgreSQL.",
        "check": "Look at settings, database, plugins and accounts, and say what will happen.",
        "db": "Upgrade, back up, restore, or change the key.",
        "members": "Bring members in from a file, write them out, welcome them.",
        "plugins": "List plugins and how they do, or let a paused one work again.",
        "templates": "List WhatsApp templates, or submit what is missing.",
        "webhooks": "Show or set where the messengers reach us.",
        "deliveries": "List what was sent to whom; try again or drop what failed.",
        "timers": "List what is to happen later.",
    }
)


class _Commands(click.Group):
    """Imports a command's file only when that command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, or None when there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"buurtwacht.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="buurtwacht", prog_name="buurtwacht", message="%(prog)s %(version)s")
def group() -> None:
    """Neighbours warn one another, on the messenger each of them already uses.

    Every command explains itself: buurtwacht run --help. Most read the configuration from --config FILE, else from
    the file that BUURTWACHT_CONFIG names, else from plugins.toml in the current folder.

    \b
    Example:
      buurtwacht demo
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit: 0 done, 1 not done, 2 wrong call or configuration."""
    # What we write holds names of people: databases, backups and exports are for whoever runs it alone.
    os.umask(0o077)
    # Only `run` logs what it does; a command says what came of it.
    logs.configure(level=logging.ERROR)
    sys.exit(run_guarded(group, arguments))
