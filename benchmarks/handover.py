"""`python -m benchmarks.handover`: how soon another process runs an account after kill -9 and after a hang, and what
waiting costs: our leases, an advisory lock, and a job of pgqueuer that never ends. In turns, in one run.
"""

from __future__ import annotations

import os
import queue
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import click
from sqlalchemy import NullPool, create_engine, text

from benchmarks.measuring import environment
from buurtwacht.records import migration
from buurtwacht.records.database import Database
from buurtwacht.records.leases import LASTS, RENEWED, Leases
from buurtwacht.testing import postgres

#: A hand-over that takes longer than this is none.
NEVER = 20.0
#: Seconds for which the transactions of two waiting processes are counted.
IDLE = 8.0
KINDS = ("leases", "advisory lock", "pgqueuer")


class Holder:
    """A process that says so as long as it holds the account."""

    def __init__(self, command: list[str]) -> None:
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.said: queue.Queue[float] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for _ in self.process.stdout:
            self.said.put(time.monotonic())

    def holds_within(self, seconds: float) -> float | None:
        """Return the moment at which it first said that it holds the account, or None."""
        try:
            return self.said.get(timeout=max(0.0, seconds))
        except queue.Empty:
            return None


def hold(kind: str, url: str) -> None:
    """Be a process that holds the account, or waits for it."""
    if kind == "leases":
        leases = Leases(Database(url))
        while True:
            leases.renew(["telegram"])
            _say(lambda: leases.held("telegram"))
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        while not connection.execute(text("SELECT pg_try_advisory_lock(7)")).scalar():
            time.sleep(RENEWED)
        while True:
            connection.execute(text("SELECT 1"))
            _say(lambda: True)


def _say(holds: Callable[[], bool]) -> None:
    """Say for a second, every 20 ms, that it is held."""
    until = time.monotonic() + RENEWED
    while time.monotonic() < until:
        if holds():
            print("held", flush=True)
        time.sleep(0.02)


@contextmanager
def _two(kind: str, url: str, python: str) -> Iterator[tuple[Holder, Holder]]:
    plain = url.replace("postgresql+psycopg", "postgresql")
    module = "benchmarks.peers.pgqueuer_holder"
    if kind == "pgqueuer":
        command = [python, "-m", module, plain, str(LASTS), "hold"]
        subprocess.run([python, "-m", module, plain, str(LASTS), "make"], check=True, timeout=60)
    else:
        command = [sys.executable, "-m", "benchmarks.handover", "--hold", kind, url]
    with ExitStack() as stack:
        holders = []
        for _ in range(2):
            holder = Holder(command)
            stack.callback(_end, holder.process)
            if not holders and holder.holds_within(60.0) is None:
                raise click.ClickException(f"{kind}: nobody ever held it")
            holders.append(holder)
        time.sleep(3 * RENEWED)
        yield holders[0], holders[1]


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


@contextmanager
def _database() -> Iterator[str]:
    name = f"handover_{time.monotonic_ns()}"
    engine = create_engine(
        postgres.address().replace("NAME", "postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = postgres.address().replace("NAME", name)
    database = Database(url)
    migration.upgrade(database, [migration.CORE])
    database.close()
    yield url
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def handed_over(kind: str, python: str, how: signal.Signals) -> float | None:
    """Return after how many seconds the second process held what the first one did, or None."""
    with _database() as url, _two(kind, url, python) as (first, second):
        while not second.said.empty():
            second.said.get()
        first.process.send_signal(how)
        stopped_at = time.monotonic()
        began = second.holds_within(NEVER)
        return None if began is None else began - stopped_at


def idle(kind: str, python: str) -> float:
    """Return the transactions a second while one holds and one waits."""
    query = text("SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()")
    with _database() as url, _two(kind, url, python):
        engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        counts = []
        for wait in (IDLE, 0.0):
            with engine.connect() as connection:
                counts.append(connection.execute(query).scalar_one())
            time.sleep(wait)
        return float(counts[1] - counts[0]) / IDLE


@click.command()
@click.option("--turns", default=3, show_default=True, help="How often each is measured.")
@click.option("--hold", "holding", nargs=2, hidden=True)
def main(turns: int, holding: tuple[str, str] | None) -> None:
    """Measure, and print a table."""
    if holding:
        hold(*holding)
    python = environment("pgqueuer", "psycopg[binary]", modules=("pgqueuer", "psycopg"))
    kinds = KINDS if python else KINDS[:2]
    found: dict[tuple[str, str], list[float | None]] = {}
    for _ in range(turns):
        for kind in kinds:
            for how in (signal.SIGKILL, signal.SIGSTOP):
                found.setdefault((kind, how.name), []).append(handed_over(kind, python or "", how))
            found.setdefault((kind, "idle"), []).append(idle(kind, python or ""))
    print(f"load {os.getloadavg()[0]:.1f}; seconds until another holds it, and transactions a second: median; worst")
    for kind in kinds:
        cells = [_cell(found[kind, what]) for what in ("SIGKILL", "SIGSTOP", "idle")]
        print(f"{kind:14} killed {cells[0]:16} hanging {cells[1]:16} idle {cells[2]}")


def _cell(values: list[float | None]) -> str:
    numbers = [NEVER if one is None else one for one in values]
    median, worst = statistics.median(numbers), max(numbers)
    return f"never in {NEVER:.0f}" if median >= NEVER else f"{median:.1f}; {worst:.1f}"


if __name__ == "__main__":
    main()
