"""`buurtwacht deliveries`: what was sent to whom and how it fared; trying again, or dropping."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from buurtwacht.cli.installation import house
from buurtwacht.cli.output import NotDone, configured, listing, say, show
from buurtwacht.records import overview

STATES = ("queued", "sending", "sent", "delivered", "read", "failed", "unknown", "withdrawn")


@click.group("deliveries", invoke_without_command=True)
@click.option("--state", type=click.Choice(STATES), multiple=True, help="Only those in this state; may be repeated.")
@click.option("--thread", metavar="ID", help="Only those about this alert or other subject, such as TB-0001.")
@click.option("--limit", default=1000, show_default=True, help="At most so many, the newest.")
@configured
@listing
@click.pass_context
def command(
    ctx: click.Context, config: Path, as_json: bool, state: tuple[str, ...], thread: str | None, limit: int
) -> None:
    """List deliveries, the oldest first: person and channel, never an address. Times are UTC.

    \b
    Example:
      buurtwacht deliveries --state failed --thread TB-0001
    """
    if ctx.invoked_subcommand is not None:
        return
    with house(config) as home:
        rows = overview.deliveries(home.core.database, states=state, thread=thread, limit=limit)
    show(rows, overview.KEYS, as_json=as_json, nothing="no such deliveries")


@command.command("retry")
@click.argument("ids", type=int, nargs=-1, required=True)
@configured
def retry(config: Path, ids: tuple[int, ...]) -> None:
    """Try deliveries again that failed, or of which nobody knows whether they arrived. They may arrive twice.

    \b
    Example:
      buurtwacht deliveries retry 7301234567890123456
    """
    with house(config) as home:
        done = overview.retry(home.core.database, ids, home.core.clock.now())
    _say_which(ids, done, "are tried again", "only failed and unknown ones can be tried again")


@command.command("drop")
@click.argument("ids", type=int, nargs=-1, required=True)
@configured
def drop(config: Path, ids: tuple[int, ...]) -> None:
    """Take deliveries back that still wait: they are not sent any more.

    \b
    Example:
      buurtwacht deliveries drop 7301234567890123456
    """
    with house(config) as home:
        done = overview.drop(home.core.database, ids, home.core.clock.now())
    _say_which(ids, done, "are dropped", "only queued, failed and unknown ones can be dropped")


def _say_which(ids: Sequence[int], done: set[int], what: str, rule: str) -> None:
    say(f"{len(done)} {what}")
    left = [str(one) for one in ids if one not in done]
    if left:
        raise NotDone(f"not {', '.join(left)}: {rule}")
