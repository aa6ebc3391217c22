"""A thousand rows put into our own table of deliveries by `executemany` and one commit, and nothing else.

Prints seconds, once for each kind of alert that they are beside.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
import time
from pathlib import Path

import click

from benchmarks.village import build_village


def _columns(connection: sqlite3.Connection) -> list[tuple[str, object]]:
    """Return the columns of a delivery and something to put into each."""
    columns = []
    for _, name, kind, needed, default, _ in connection.execute("PRAGMA table_info(delivery)"):
        if needed and default is None and name != "id":
            columns.append((name, "queued" if "CHAR" in kind or "TEXT" in kind else 0))
    return columns


@click.command()
@click.option("--members", default=1000)
@click.option("--rounds", default=9)
def main(members: int, rounds: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        build_village(Path(folder), members).core.database.close()
        connection = sqlite3.connect(Path(folder) / "bench.db")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        columns = _columns(connection)
        names = ", ".join(["id", *(name for name, _ in columns)])
        marks = ", ".join("?" * (len(columns) + 1))
        insert = f"INSERT INTO delivery ({names}) VALUES ({marks})"
        spent = []
        for turn in range(rounds + 1):  # the first to warm up
            rows = [(turn * members + one + 1, *(value for _, value in columns)) for one in range(members)]
            began = time.perf_counter()
            connection.executemany(insert, rows)
            connection.commit()
            spent.append(time.perf_counter() - began)
        connection.close()
    figure = min(spent[1:])
    click.echo(json.dumps({"critical": figure, "urgent": figure}))


if __name__ == "__main__":
    main()
