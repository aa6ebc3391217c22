"""`buurtwacht deliveries`: what was sent to whom and how it fared; trying again, or dropping."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from buurtwacht.cli.installation import house
from buurtwacht.cli.output import NotDone, configured, listing, say, show, tell
from buurtwacht.records import overview

STATES = ("queued", "sending", "sent", "delivered", "read", "failed", "unknown", "withdrawn")


@click.group("deliveries", invoke_without_command=True)
@click.option("--state", type=click.Choice(STATES), multiple=True, help="Only those in this state; may be repeated.")
@click.option("--thread", metavar="ID", help="Only those about this alert or other subject, such as TB-0001.")
@click.option("--neighbourhood", metavar="CODE", help="Only those to people of this neighbourhood.")
@click.option("--channel", metavar="ACCOUNT", help="Only those over this account, such as whatsapp.")
@click.option("--limit", default=1000, show_default=True, help="At most so many, the newest.")
@configured
@listing
@click.pass_context
def command(
    ctx: click.Context,
    config: Path,
    as_json: bool,
    state: tuple[str, ...],
    thread: str | None,
    neighbourhood: str | None,
    channel: str | None,
    limit: int,
) -> None:
    """List deliveries, the oldest first: person and channel, never an address. Times are UTC.

    \b
    Example:
      buurtwacht deliveries --state failed --thread TB-0001
    """
    if ctx.invoked_subcommand is not None:
        return
    with house(config) as home:
        if channel is not None and channel not in home.settings.channels:
            known = ", ".join(home.settings.channels) or "none"
            raise click.BadParameter(f"no account is called {channel} (there are: {known})", param_hint="--channel")
        if neighbourhood is not None and home.core.neighbourhoods.by_code(neighbourhood) is None:
            known = ", ".join(one.code for one in home.core.neighbourhoods.all()) or "none"
            why = f"there is no neighbourhood {neighbourhood} (there are: {known})"
            raise click.BadParameter(why, param_hint="--neighbourhood")
        rows = overview.deliveries(
            home.core.database,
            home.core.clock.now(),
            states=state,
            thread=thread,
            neighbourhood=neighbourhood,
            channel=channel,
            limit=limit,
        )
    show(rows, overview.KEYS, as_json=as_json, nothing="no such deliveries")
    if len(rows) == limit:
        tell(f"these are the newest {limit}, and there may be more: --limit takes another number")


@command.command("retry")
@click.argument("ids", type=int, nargs=-1, required=True)
@configured
@listing
def retry(config: Path, as_json: bool, ids: tuple[int, ...]) -> None:
    """Try deliveries again that failed, or of which nobody knows whether they arrived: those may arrive twice.

    Each goes to the address that works best by now, as urgent as it was.

    \b
    Example:
      buurtwacht deliveries retry 7301234567890123456
    """
    with house(config) as home:
        moved = overview.retry(home.core.database, ids, home.core.clock.now())
    _say_which(moved, "tried again", as_json=as_json)


@command.command("drop")
@click.argument("ids", type=int, nargs=-1, required=True)
@configured
@listing
def drop(config: Path, as_json: bool, ids: tuple[int, ...]) -> None:
    """Take deliveries back that wait, that failed, or of which nobody knows: they are not sent any more.

    \b
    Example:
      buurtwacht deliveries drop 7301234567890123456
    """
    with house(config) as home:
        moved = overview.drop(home.core.database, ids, home.core.clock.now())
    _say_which(moved, "dropped", as_json=as_json)


def _say_which(moved: Sequence[overview.Moved], what: str, *, as_json: bool) -> None:
    left = [one for one in moved if one.refused]
    if as_json:
        rows = [{"id": one.id, "done": not one.refused, "note": one.refused or _caution(one)} for one in moved]
        show(rows, ("id", "done", "note"), as_json=True)
    else:
        doubled = sum(one.may_double for one in moved)
        done = len(moved) - len(left)
        say(f"{done} {'is' if done == 1 else 'are'} {what}" + (f"; {doubled} may arrive twice" if doubled else ""))
    if left:
        raise NotDone("\n".join(f"not {one.id}: {one.refused}" for one in left))


def _caution(one: overview.Moved) -> str:
    return "may arrive twice" if one.may_double else ""
