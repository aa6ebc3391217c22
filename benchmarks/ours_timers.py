"""Reminders of many shifts: loading them, looking at the clock, a thousand at once, and a start after downtime.

`python -m benchmarks.ours_timers --shifts 100000` prints seconds.
"""

from __future__ import annotations

import asyncio
import json
import signal
import statistics
import tempfile
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import click
from sqlalchemy import func, select

from benchmarks.house import build_house
from benchmarks.ours_ping import Stub
from buurtwacht.app import App
from buurtwacht.records import timers
from buurtwacht.records.database import Database
from buurtwacht.records.schema import timer
from buurtwacht.vocabulary.clock import SystemClock
from buurtwacht_telegram.request import Wire

#: What one commit loads.
CHUNK = 5_000
PLANNED = timedelta(weeks=4)
DOWN = timedelta(hours=6)


def load(database: Database, shifts: int, first: datetime) -> float:
    """Set one timer for each shift, evenly over four weeks from `first`; return the seconds it took."""
    step = PLANNED / shifts
    began = time.perf_counter()
    for start in range(0, shifts, CHUNK):
        moments: Mapping[str, tuple[datetime, Mapping[str, int]]] = {
            f"pings:{one}": (first + one * step, {"shift": one, "left": 2})
            for one in range(start, min(start + CHUNK, shifts))
        }
        unit = database.unit()
        timers.set_timers(unit, "pings", "remind", moments)
        unit.commit()
    return time.perf_counter() - began


def tick(app: App) -> float:
    """Look at the clock once; return the seconds it took."""
    began = time.perf_counter()
    app._ripen()
    return time.perf_counter() - began


def a_thousand(app: App) -> float:
    """Let a thousand fall due at once and look at the clock; return the seconds it took."""
    unit = app.core.database.unit()
    now = app.core.clock.now()
    due = {f"pings:due{one}": (now, {"shift": -one, "left": 0}) for one in range(1000)}
    timers.set_timers(unit, "pings", "remind", due)
    unit.commit()
    return tick(app)


def _house(folder: Path) -> App:
    folder.mkdir()
    return build_house(folder, 1, 1, {})


async def downtime(app: App) -> float:
    """Start with what fell due while nothing ran; return the seconds until all of it was handled."""
    started = asyncio.Event()
    began = time.perf_counter()
    running = asyncio.create_task(app.run(started=lambda port: started.set()))
    await started.wait()
    left = select(func.count()).where(timer.c.due <= app.core.clock.now())
    while True:
        with app.core.database.reading() as connection:
            waiting = connection.execute(left).scalar_one()
        if not waiting and app.house.dispatcher.idle:
            break
        await asyncio.sleep(0.01)
    took = time.perf_counter() - began
    signal.raise_signal(signal.SIGTERM)
    await running
    return took


@click.command()
@click.option("--shifts", default=100_000)
def main(shifts: int) -> None:
    """Measure and print."""
    stub = Stub()
    Wire.do_request = stub.do_request  # type: ignore[method-assign,assignment] # the seam of the other benchmarks too
    now = SystemClock().now()
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        app = _house(Path(folder) / "running")
        figures["load"] = load(app.core.database, shifts, now + timedelta(hours=1))
        figures["idle"] = statistics.median(tick(app) for _ in range(200))
        figures["due"] = statistics.median(a_thousand(app) for _ in range(5))
        app = _house(Path(folder) / "down")
        load(app.core.database, shifts, now - DOWN)
        figures["downtime"] = asyncio.run(downtime(app))
    click.echo(json.dumps(figures))


if __name__ == "__main__":
    main()
