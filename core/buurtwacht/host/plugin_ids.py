"""Ids of plugins: how they are written, those that nobody may have, and tables that would seem another's."""

from __future__ import annotations

import re
from collections.abc import Collection

from buurtwacht.records.record import tables_of
from buurtwacht.records.schema import metadata
from buurtwacht.vocabulary.errors import Fault

#: What tables of others than us begin with: those of the histories, and of the databases themselves.
_FOREIGN = ("alembic", "sqlite", "pg")
_WRITTEN = re.compile(r"[a-z][a-z0-9_]{0,39}")

#: How an id is written: it begins the names of tables, and people type it.
WRITTEN = "at most 40 of a-z, 0-9 and _, beginning with a letter"
#: What mends one that is reserved.
OTHER_ID = "give it another id, such as that of what it is about"


def is_written_well(ident: object) -> bool:
    """Return whether something can be an id at all."""
    return isinstance(ident, str) and _WRITTEN.fullmatch(ident) is not None


def reserved(ident: str) -> bool:
    """Return whether the tables of a plugin of this id could be taken for those of the core, or of the database."""
    first = ident.partition("_")[0]
    ours = {name for table in metadata.tables for name in (table, table.partition("_")[0])}
    return first in _FOREIGN or ident in ours


def unclear_tables(plugins: Collection[str]) -> list[Fault]:
    """Return a fault for each table of one plugin whose name begins with the longer id of another."""
    return [
        Fault(
            f"plugins {one} and {other}",
            f"the table {table} of {one} has the name of one of {other}",
            f"call its record otherwise, or switch one of them off: by its name {table} would be removed with {other}",
        )
        for one in plugins
        for table in tables_of(one)
        for other in plugins
        if other.startswith(f"{one}_") and table.startswith(f"{other}_")
    ]
