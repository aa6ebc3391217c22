"""One process that would run an account as a job of pgqueuer that never ends: heartbeats, or another picks it up."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

import psycopg
from pgqueuer import PgQueuer
from pgqueuer.adapters.drivers.psycopg import PsycopgDriver
from pgqueuer.models import Job
from pgqueuer.queries import Queries


async def main(url: str, lasts: float, first: bool) -> None:
    connection = await psycopg.AsyncConnection.connect(url, autocommit=True)
    if first:
        queries = Queries(PsycopgDriver(connection))
        await queries.install()
        await queries.enqueue("telegram", None)
        await connection.close()
        return
    queue = PgQueuer(PsycopgDriver(connection))

    @queue.entrypoint("telegram")
    async def run(job: Job) -> None:
        while True:
            print("held", flush=True)
            await asyncio.sleep(0.02)

    # what is idle looks once a second, as ours does
    await queue.run(dequeue_timeout=timedelta(seconds=1), heartbeat_timeout=timedelta(seconds=lasts))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2]), sys.argv[3] == "make"))
