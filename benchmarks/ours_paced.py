"""Our side of a fan-out at a provider's pace: the app as `buurtwacht run` builds it, told by the server what to send.

`python -m benchmarks.ours_paced --port 1234 --members 200 --folder x` prints `ready`, runs until its standard input
has a line, and prints what it cost and how the outbox says it ended. Started again on a folder it takes up the rest.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path

import click
from sqlalchemy import func, select

import buurtwacht_alerts
import buurtwacht_members
from benchmarks.cost import Cost
from benchmarks.house import build_house
from benchmarks.village import streets
from buurtwacht.app import App
from buurtwacht.cli.run import set_aside
from buurtwacht.records.database import Database
from buurtwacht.records.schema import delivery

#: Seconds in which what was answered last is written down.
_SETTLED = 5.0


async def _run(app: App) -> dict[str, float]:
    started = asyncio.Event()
    running = asyncio.create_task(app.run(started=lambda port: started.set()))
    await asyncio.wait({running, asyncio.create_task(started.wait())}, return_when=asyncio.FIRST_COMPLETED)
    set_aside()
    cost = Cost()
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    under_way = select(func.count()).select_from(delivery).where(delivery.c.state == "sending")
    until = asyncio.get_running_loop().time() + _SETTLED
    while await asyncio.to_thread(_count, app, under_way) and asyncio.get_running_loop().time() < until:
        await asyncio.sleep(0.05)
    found = {
        **cost.spent(),
        "marked": await asyncio.to_thread(_count, app, select(func.count()).where(delivery.c.repeat)),
        "unknown": await asyncio.to_thread(_count, app, select(func.count()).where(delivery.c.state == "unknown")),
        "failed": await asyncio.to_thread(_count, app, select(func.count()).where(delivery.c.state == "failed")),
    }
    signal.raise_signal(signal.SIGTERM)
    await running
    return found


def _count(app: App, query: object) -> int:
    database: Database = app.core.database
    with database.reading() as connection:
        return int(connection.execute(query).scalar_one())  # type: ignore[call-overload] # any query of one number


@click.command()
@click.option("--port", type=int, required=True)
@click.option("--members", default=200)
@click.option("--rate", default=30.0)
@click.option("--folder", type=click.Path(path_type=Path), required=True)
@click.option("--alerts", is_flag=True, help="with the plugins that reports need")
@click.option("--only-build", is_flag=True, help="do not run: others take a copy of the folder")
def main(port: int, members: int, rate: float, folder: Path, *, alerts: bool, only_build: bool) -> None:
    """Run until told to stop, and print."""
    beside = (buurtwacht_members, buurtwacht_alerts) if alerts else ()
    options = {"api_url": f"http://127.0.0.1:{port}"}
    app = build_house(
        folder, 1, members, options, rate=rate, beside=beside, streets=streets() if alerts else (), paced=rate > 0
    )
    click.echo(json.dumps({} if only_build else asyncio.run(_run(app))))


if __name__ == "__main__":
    main()
