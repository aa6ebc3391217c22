"""`buurtwacht webhooks`: where the messengers reach us, shown and set."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, cast

import click

from buurtwacht.assembly import House
from buurtwacht.cli.installation import ask, close_all, house
from buurtwacht.cli.output import NotDone, configured, listing, reason_of, say, show, tell
from buurtwacht.vocabulary.channels import Channel
from buurtwacht.vocabulary.errors import DeliveryError, Misconfigured
from buurtwacht.vocabulary.events import Inbound

KEYS = ("account", "how", "address", "state", "waiting", "trouble")


class Registration(Protocol):
    """What a messenger calls, beside what it should; empty addresses: it is polled."""

    url: str
    wanted: str
    pending: int
    trouble: str

    @property
    def differs(self) -> bool:
        """Whether it must be set again."""
        ...


class Registering(Protocol):
    """A channel that can tell its messenger where we are reached."""

    async def webhook(self) -> Registration:
        """Ask the messenger what it calls."""
        ...

    async def set_webhook(self) -> Registration:
        """Have the messenger call us, or hold everything for polling."""
        ...


class ByHand(Protocol):
    """A channel whose webhook a person registers on the messenger's own pages."""

    def webhook_form(self) -> Sequence[tuple[str, str]]:
        """Return what is to be entered beside our address: the name of each field there, and its value."""
        ...


@click.group("webhooks")
def command() -> None:
    """Show or set where the messengers reach us.

    \b
    Example:
      buurtwacht webhooks show
    """


@command.command("show")
@configured
@listing
def show_webhooks(config: Path, as_json: bool) -> None:
    """Show for each account whether it is polled or called, and where; and what is to be entered by hand.

    \b
    Example:
      buurtwacht webhooks show
    """
    with house(config) as home:
        _run(home, setting=False, as_json=as_json)


@command.command("set")
@configured
def set_webhooks(config: Path) -> None:
    """Register web.public_url with the messengers that take it from us; without one, they are polled.

    `run` does this by itself; it is needed again after another program registered its own address.

    \b
    Example:
      buurtwacht webhooks set
    """
    with house(config) as home:
        _run(home, setting=True, as_json=False)


def is_called(channel: Channel) -> bool:
    """Return whether the messenger calls us, as opposed to being polled."""

    async def refuse(events: Sequence[Inbound]) -> int:
        return 0

    return bool(channel.routes(refuse))


def callback(home: House, account: str) -> str:
    """Return the address at which an account's messenger reaches us, or nothing."""
    public = home.settings.web.public_url
    return f"{public}/webhooks/{account}" if public else ""


def _run(home: House, *, setting: bool, as_json: bool) -> None:
    home.open_channels()
    rows: list[dict[str, object]] = []
    failed = False

    async def gather() -> None:
        nonlocal failed
        try:
            for name, channel in home.channels.items():
                row = await _row(home, name, channel, setting=setting)
                failed = failed or row["state"] == "unknown"
                rows.append(row)
        finally:
            await close_all(home)

    try:
        ask(gather())
    except TimeoutError:
        raise NotDone("a messenger does not answer") from None
    show(rows, KEYS, as_json=as_json, nothing="there are no accounts")
    if not as_json:
        for name, channel in home.channels.items():
            _explain(home, name, channel)
    if failed:
        raise NotDone("not every messenger could be asked")


async def _row(home: House, name: str, channel: Channel, *, setting: bool) -> dict[str, object]:
    row: dict[str, object] = {"account": name, "how": "called" if is_called(channel) else "polled"}
    row |= {"address": callback(home, name) if row["how"] == "called" else "", "state": "by hand"}
    if not hasattr(channel, "set_webhook"):
        return row
    registering = cast(Registering, channel)
    try:
        found = await (registering.set_webhook() if setting else registering.webhook())
    except Misconfigured as error:
        return {**row, "state": "unknown", "trouble": f"refused: {reason_of(error)}"}
    except DeliveryError as error:
        return {**row, "state": "unknown", "trouble": reason_of(error)}
    state = "differs" if found.differs else "set" if found.wanted else "not set"
    return {**row, "state": state, "waiting": found.pending, "trouble": found.trouble}


def _explain(home: House, name: str, channel: Channel) -> None:
    """Say what is to be entered on the messenger's own pages."""
    if not hasattr(channel, "webhook_form"):
        return
    say()
    address = callback(home, name)
    if not address:
        tell(f"{name}: nothing can reach us until web.public_url is set (https)")
        return
    say(f"{name}: enter this at the messenger:")
    for label, value in (("Callback URL", address), *cast(ByHand, channel).webhook_form()):
        say(f"  {label}: {value}")
