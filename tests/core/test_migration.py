"""Histories of migrations: they lead to the declared tables, on both databases, and refuse what is newer."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from buurtwacht.assembly import histories
from buurtwacht.host.discovery import find
from buurtwacht.records import migration
from buurtwacht.records.database import Database
from buurtwacht.records.keys import Keyring, new_key
from buurtwacht.records.migration import SchemaState
from buurtwacht.vocabulary.errors import ConfigurationError

BUILT_IN = ["members", "alerts", "rollcalls", "patrols", "escalation", "announcements", "nl_alert", "lost_pets"]


def test_every_history_leads_to_the_tables_that_are_declared(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/town.db")
    mine = histories(find(BUILT_IN))
    assert migration.state(database, mine) is SchemaState.EMPTY
    assert set(migration.upgrade(database, mine)) >= {"core", "alerts"}
    assert migration.state(database, mine) is SchemaState.CURRENT
    assert [one for history in mine for one in migration.differences(database, history)] == []
    assert migration.upgrade(database, mine) == []


def test_a_plugin_that_is_new_here_makes_the_schema_an_older_one(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/town.db")
    migration.upgrade(database, [migration.CORE])
    assert migration.state(database, histories(find(BUILT_IN))) is SchemaState.OLDER


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/town.db")
    migration.upgrade(database, [migration.CORE])
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'core_9999'"))
    with pytest.raises(ConfigurationError, match="newer version"):
        migration.upgrade(database, [migration.CORE])


def test_another_key_is_refused(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/town.db")
    migration.upgrade(database, [migration.CORE])
    mine = Keyring([new_key()])
    migration.bind_key(database, mine)
    migration.bind_key(database, mine)
    with pytest.raises(ConfigurationError, match="not the key"):
        migration.bind_key(database, Keyring([new_key()]))
