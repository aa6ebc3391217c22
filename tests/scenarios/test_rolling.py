"""Another version comes in while processes run on PostgreSQL: old ones stop, who is too early is told what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import NullPool, create_engine, text

from buurtwacht.records.migration import CORE

from .test_fleet import Fleet, fleet  # noqa: F401 # a fixture
from .test_process import TOKEN, telegram_table
from .town_process import telegram, until

#: A process looks at the schema once a minute.
NOTICED = 120.0


@contextmanager
def schema(town: Fleet, revision: str) -> Iterator[None]:
    """Have the database be of another version of the core meanwhile."""
    engine = create_engine(town.database, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    change = text("UPDATE alembic_version SET version_num = :revision")
    with engine.connect() as connection:
        now = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        connection.execute(change, {"revision": revision})
        yield
        connection.execute(change, {"revision": now})


@pytest.mark.postgres
def test_a_new_process_on_an_older_schema_refuses_and_names_the_upgrade(fleet: Fleet) -> None:  # noqa: F811
    with telegram("--token", TOKEN) as messenger:
        fleet.write(telegram_table(messenger))
        fleet.members(["TB,Riet,nl,member,Esdoornlaan,telegram,"])
        script = CORE.script()
        assert script is not None
        with schema(fleet, [one.revision for one in script.walk_revisions()][1]):
            for verb in ("run", "work"):
                refused = fleet.call(verb)
                assert refused.returncode == 2
                assert "has an older schema (run: buurtwacht db upgrade)" in refused.stderr


@pytest.mark.postgres
def test_an_old_process_stops_when_the_database_is_upgraded_under_it(fleet: Fleet) -> None:  # noqa: F811
    with telegram("--token", TOKEN) as messenger:
        fleet.write(telegram_table(messenger))
        fleet.members(["TB,Riet,nl,member,Esdoornlaan,telegram,"])
        with fleet.running() as old, schema(fleet, "core_9999"):
            until(lambda: old.process.poll() is not None, "the old process to notice", NOTICED)
            assert old.process.wait() == 2
            until(lambda: any("newer version" in line for line in old.lines), "a sentence that says why")
        with fleet.working() as new:
            assert new.stop() == 0
