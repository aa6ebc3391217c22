"""Tables of plugins that are not installed here: a backup of them is restored only where they are."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

from buurtwacht import assembly
from buurtwacht.cli.installation import Installation
from buurtwacht.host import discovery
from buurtwacht.records import migration
from buurtwacht.records.migration import CORE, History
from buurtwacht.vocabulary.errors import ConfigurationError


def all_histories(here: Installation, owners: Collection[str]) -> list[History]:
    """Return the histories of the plugins in use, and of those of the owners that are installed all the same."""
    mine = assembly.histories(here.modules)
    known = {one.owner for one in mine}
    for owner in sorted(set(owners) - known - {CORE.owner}):
        with suppress(ConfigurationError):
            mine += assembly.histories(discovery.find([owner]))[1:]
    return mine


def absent(here: Installation) -> list[str]:
    """Return the ids of plugins of which the database holds tables, and that are not installed here."""
    owners = migration.revisions(here.database).keys()
    return sorted(owners - {one.owner for one in all_histories(here, owners)} - {CORE.owner})


def mend_of(plugin: str) -> str:
    """Return what somebody can do about the tables of a plugin that is not installed."""
    return f"install it, or erase what it kept: buurtwacht plugins remove {plugin} --export {plugin}.jsonl"
