"""Our side of the fan-out: one broadcast to many members, durable, over HTTP on loopback, without a pace.

`python -m benchmarks.ours_fanout --port 1234 --members 1000` prints messages a second, seconds of CPU and bytes.
"""

from __future__ import annotations

import asyncio
import json
import signal
import tempfile
import time
from pathlib import Path

import click

from benchmarks.cost import Cost
from benchmarks.house import build_house
from benchmarks.updates import person
from buurtwacht import Handle, Inbound, Said
from buurtwacht.app import App
from buurtwacht.vocabulary.clock import SystemClock


async def _measure(app: App, members: int) -> dict[str, float]:
    started = asyncio.Event()
    running = asyncio.create_task(app.run(started=lambda port: started.set()))
    await asyncio.wait({running, asyncio.create_task(started.wait())}, return_when=asyncio.FIRST_COMPLETED)
    accept = app.receiving.accept_for("telegram")
    found: dict[str, float] = {}
    for turn in (1, 2):  # once to warm up, once to measure
        who = Handle("chat", str(person(0)))
        cost = Cost()
        began = time.perf_counter()
        await accept([Inbound(f"fan{turn}", Said(f"0:{turn}", "fanout"), SystemClock().now(), (who,))])
        while sum(one.counts["sent"] for one in app.accounts.deliveries) < turn * members:
            await asyncio.sleep(0.002)
        found = {"rate": members / (time.perf_counter() - began), **cost.spent()}
    signal.raise_signal(signal.SIGTERM)
    await running
    return found


@click.command()
@click.option("--port", type=int, required=True)
@click.option("--members", default=1000)
def main(port: int, members: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        options = {"api_url": f"http://127.0.0.1:{port}"}
        app = build_house(Path(folder), 1, members, options, paced=False)
        found = asyncio.run(_measure(app, members))
    click.echo(json.dumps(found))


if __name__ == "__main__":
    main()
