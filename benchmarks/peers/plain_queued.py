"""A message to 100,000 people as others would queue it: one transaction, by `executemany` or by a session of an ORM.

Prints seconds, and the longest that a commit of others took meanwhile.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import insert
from sqlalchemy.orm import DeclarativeBase, Session

from benchmarks.queueing import Town, build_town, measured
from buurtwacht import Message, Severity, Text
from buurtwacht.records import outbox, selfaudit
from buurtwacht.records.database import Database
from buurtwacht.records.schema import delivery
from buurtwacht.vocabulary.clock import SystemClock
from buurtwacht.vocabulary.ids import new_ids


def _rows(town: Town, people: Sequence[tuple[int, int]], now: datetime) -> list[dict[str, object]]:
    """Return a row for each, with what a delivery cannot do without."""
    unit = town.database.unit()
    message = outbox.post(unit, Message(Text("pong")), plugin="core", severity=Severity.NOTICE, now=now)
    unit.commit()
    needed: dict[str, object] = {
        column.name: now if "Moment" in repr(column.type) else "queued" if column.type.python_type is str else 0
        for column in delivery.c
        if not column.nullable and column.default is None and column.server_default is None
    }
    ids = new_ids(len(people))
    return [
        {**needed, "id": ident, "message_id": message, "person_id": who, "address_id": at, "account": "telegram"}
        for ident, (who, at) in zip(ids, people, strict=True)
    ]


def _by_executemany(database: Database, rows: list[dict[str, object]]) -> None:
    with database.writing() as connection:
        connection.execute(insert(delivery), rows)


def _by_session(database: Database, rows: list[dict[str, object]]) -> None:
    class Base(DeclarativeBase):
        metadata = delivery.metadata

    class Delivery(Base):
        __table__ = delivery

    with Session(database.engine) as session:
        session.add_all([Delivery(**row) for row in rows])
        session.commit()


@click.command()
@click.option("--members", default=100_000)
@click.option("--postgresql", is_flag=True)
@click.option("--how", type=click.Choice(["executemany", "session"]), default="executemany")
def main(members: int, postgresql: bool, how: str) -> None:
    """Measure and print."""
    clock, figures = SystemClock(), dict[str, float]()
    with tempfile.TemporaryDirectory() as folder:
        town = build_town(Path(folder), members, postgresql=postgresql)
        people = town.people()
        with measured(lambda: selfaudit.can_keep(town.database, clock.now()), figures):
            rows = _rows(town, people, clock.now())
            (_by_session if how == "session" else _by_executemany)(town.database, rows)
        town.database.close()
    click.echo(json.dumps(figures))


if __name__ == "__main__":
    main()
