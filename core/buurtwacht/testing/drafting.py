"""Drafting: the next migration of a plugin, written from the records it declares, for its author to read and keep."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import ModuleType

from buurtwacht.assembly import histories
from buurtwacht.records import migration
from buurtwacht.records.database import Database


def draft(module: ModuleType) -> str:
    """Return a file for `migrations/versions` that leads from the migrations a plugin has to the records it declares.

    Raises `LookupError` when there is nothing to migrate.
    """
    ident = module.manifest.id
    mine = histories([module])
    history = next((one for one in mine if one.owner == ident), None)
    if history is None:
        raise LookupError(f"the plugin {ident} keeps no records")
    script = history.script()
    before = [one.revision for one in script.walk_revisions()] if script is not None else []
    with tempfile.TemporaryDirectory(prefix="buurtwacht-draft-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'draft.db'}")
        try:
            migration.upgrade(database, mine)
            body = migration.draft(database, history)
        finally:
            database.close()
    if "op." not in body:
        raise LookupError(f"the migrations of the plugin {ident} lead to its records already")
    lines = [line.strip() for line in body.splitlines() if not line.strip().startswith("#")]
    return _FILE.format(
        name=module.manifest.name,
        revision=f"{ident}_{len(before) + 1:04}",
        before=repr(before[0]) if before else None,
        body="\n".join(" " * (4 if line.startswith(("op.", "with ", ")")) else 8) + line for line in lines if line),
    ).replace("'", '"')


_FILE = """'''{name}: its tables.'''

import sqlalchemy as sa
from alembic import op

revision = '{revision}'
down_revision = {before}
branch_labels = None
depends_on = None


def upgrade() -> None:
    '''Make the tables.'''
{body}
"""
