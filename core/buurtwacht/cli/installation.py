"""The installation a command works on: its settings, database and key, opened and closed again."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from buurtwacht import assembly
from buurtwacht.assembly import House
from buurtwacht.records import migration
from buurtwacht.records.database import Database
from buurtwacht.records.keys import Keyring
from buurtwacht.records.migration import SchemaState
from buurtwacht.vocabulary.errors import ConfigurationError, DeliveryError
from buurtwacht.vocabulary.settings import Settings

T = TypeVar("T")

#: Seconds in which a provider must have answered a command.
PATIENCE = 20.0


@dataclass(slots=True)
class Installation:
    """Settings, plugins, database and key, before anything is built on them."""

    settings: Settings
    modules: list[ModuleType]
    database: Database
    keyring: Keyring


@contextmanager
def installation(config: Path) -> Iterator[Installation]:
    """Open the installation that this file describes. Raises `ConfigurationError`."""
    settings, modules = assembly.load_settings(config, os.environ)
    database, keyring = assembly.open_database(settings, os.environ)
    try:
        yield Installation(settings, modules, database, keyring)
    finally:
        database.close()


@contextmanager
def house(config: Path) -> Iterator[House]:
    """Build the house of this file, over a database with the right schema; an empty one is given it.

    Raises `ConfigurationError`: also for a schema of another version, which only `run` and `db upgrade` change.
    """
    with installation(config) as here:
        histories = assembly.histories(here.modules)
        match migration.state(here.database, histories):
            case SchemaState.NEWER:
                raise migration.newer_schema()
            case SchemaState.OLDER:
                what, mend = "has an older schema", "run: buurtwacht db upgrade"
                raise ConfigurationError([here.settings.fault("buurtwacht.database", what, mend)])
            case SchemaState.EMPTY:
                migration.upgrade(here.database, histories)
        yield assembled(here)


def assembled(here: Installation, *, threads: int = 1) -> House:
    """Build the house over a database with the right schema.

    Raises `ConfigurationError`; what is refused of a plugin that did not come with Buurtwacht is said with its line.
    """
    try:
        return assembly.assemble(here.settings, here.modules, here.database, here.keyring, threads=threads)
    except ConfigurationError as error:
        from buurtwacht.kit import placing  # a start that goes well waits for none of this

        packages = placing.packages_of(one.manifest.id for one in here.modules)
        raise ConfigurationError([placing.placed(one, packages) for one in error.faults]) from error


def ask(question: Coroutine[Any, Any, T], patience: float = PATIENCE) -> T:
    """Ask providers something, in at most so many seconds. Raises `TimeoutError`, and what was asked raises."""

    async def bounded() -> T:
        async with asyncio.timeout(patience):
            return await question

    return asyncio.run(bounded())


async def close_all(house: House) -> None:
    """Let go of the connections of all channels."""
    for channel in house.channels.values():
        try:
            await channel.close()
        except DeliveryError:
            continue
