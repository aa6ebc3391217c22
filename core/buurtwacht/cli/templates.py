"""`buurtwacht templates`: the texts that may be sent to somebody who was silent for a day, and their approval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol, cast

import click

from buurtwacht.assembly import House
from buurtwacht.cli.installation import PATIENCE, ask, close_all, house
from buurtwacht.cli.output import NotDone, configured, listing, reason_of, show, tell
from buurtwacht.edge.rendering import template_name
from buurtwacht.vocabulary.catalogue import Placeholder
from buurtwacht.vocabulary.channels import TemplateState, TemplateText
from buurtwacht.vocabulary.errors import DeliveryError
from buurtwacht.vocabulary.texts import LANGUAGES

KEYS = ("account", "name", "language", "state", "reason")

#: Seconds that submitting everything may take: each template is a request of its own.
SUBMITTING = 900.0
#: What a parameter may look like, for whoever approves the template; other parameters show their own name.
_EXAMPLES = {
    "time": "01:42",
    "date": "16 januari",
    "datetime": "16 januari 01:42",
    "day": "vrijdag",
    "duration": "10 min",
}


class Approving(Protocol):
    """A channel whose messenger wants templates approved beforehand."""

    async def templates(self) -> Sequence[TemplateState]:
        """Return how the messenger judged each template with our prefix."""
        ...

    async def submit(self, templates: Sequence[TemplateText]) -> Sequence[TemplateState]:
        """Submit what is missing or reads otherwise; return the state of each."""
        ...


@click.group("templates")
def command() -> None:
    """List the templates that WhatsApp must approve, or submit what is missing.

    \b
    Example:
      buurtwacht templates sync
    """


@command.command("list")
@configured
@listing
def list_templates(config: Path, as_json: bool) -> None:
    """List the templates that the texts need, and how the messenger judged each.

    \b
    Example:
      buurtwacht templates list --json
    """
    with house(config) as home:
        _show(home, as_json=as_json, submitting=False)


@command.command("sync")
@configured
@listing
def sync(config: Path, as_json: bool) -> None:
    """Submit the templates that are missing or read otherwise; approval takes minutes to a day.

    \b
    Example:
      buurtwacht templates sync
    """
    with house(config) as home:
        _show(home, as_json=as_json, submitting=True)


def needed(home: House, account: str) -> Iterator[TemplateText]:
    """Yield the templates that an account needs: each text that its plugins may send uninvited, in each language."""
    catalogues = home.core.catalogues
    prefix = str(home.settings.channels[account].options.get("templates", "buurtwacht"))
    for plugin, key in home.core.plugins.templates():
        for language in LANGUAGES:
            body, parameters = catalogues.template_body(plugin, key, language, home.core.country)
            examples = tuple(_example(one) for one in parameters)
            labels = catalogues.words(plugin, f"{key}.buttons", language)
            yield TemplateText(template_name(prefix, key), language, body, examples, labels)


def approving(home: House) -> dict[str, Approving]:
    """Return the channels that need templates, by account."""
    return {
        name: cast(Approving, channel)
        for name, channel in home.channels.items()
        if channel.capabilities.templates and hasattr(channel, "submit")
    }


async def states(home: House, name: str, channel: Approving, *, submitting: bool) -> list[TemplateState]:
    """Return the state of each template an account needs, in order. Raises `DeliveryError`, `ConfigurationError`."""
    wanted = list(needed(home, name))
    found = await (channel.submit(wanted) if submitting else channel.templates())
    by_name = {(one.name, one.language): one for one in found}
    missing = [TemplateState(one.name, one.language, "missing") for one in wanted]
    return [by_name.get((one.name, one.language), one) for one in missing]


def _show(home: House, *, as_json: bool, submitting: bool) -> None:
    home.open_channels()
    accounts = approving(home)
    if not accounts:
        if submitting:
            raise NotDone("no account needs templates")
        show([], KEYS, as_json=as_json, nothing="no account needs templates")
        return
    rows: list[dict[str, object]] = []

    async def gather() -> None:
        try:
            for name, channel in accounts.items():
                for one in await states(home, name, channel, submitting=submitting):
                    rows.append({"account": name, **{key: getattr(one, key) for key in KEYS[1:]}})
        finally:
            await close_all(home)

    if submitting:
        tell("submitting what is missing; a few hundred templates take some minutes …")
    try:
        ask(gather(), SUBMITTING if submitting else PATIENCE)
    except DeliveryError as error:
        raise NotDone(f"the messenger does not help: {reason_of(error)}") from error
    except TimeoutError:
        raise NotDone("the messenger does not answer") from None
    show(rows, KEYS, as_json=as_json, nothing="no text needs a template")
    if submitting and any(row["state"] == "rejected" for row in rows):
        raise NotDone("some templates were refused")


def _example(parameter: Placeholder) -> str:
    return _EXAMPLES.get(parameter.format, parameter.name.replace("_", " "))
