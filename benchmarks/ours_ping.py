"""Our side of the ping: the app as it runs, durable, over a Bot API that answers at once from memory.

`python -m benchmarks.ours_ping --commands 50 --at-once 20 --rounds 100` prints seconds of CPU a ping.
"""

from __future__ import annotations

import asyncio
import json
import signal
import tempfile
import time
from pathlib import Path

import click
from telegram.request import RequestData

from benchmarks.house import build_house
from benchmarks.updates import EVERY, ME, answer, pings, sent
from buurtwacht.app import App
from buurtwacht_telegram.request import Wire


class Stub:
    """A Bot API in memory: getUpdates waits for a round, sendMessage counts.

    It takes the place of `Wire.do_request`, where requests become HTTP: the same seam as the peer's.
    """

    def __init__(self) -> None:
        self._rounds: asyncio.Queue[bytes] = asyncio.Queue()
        self._wanted = 0
        self._sent = 0
        self._all_sent = asyncio.Event()

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: object, **named: object
    ) -> tuple[int, bytes]:
        """Answer one request."""
        match url.rpartition("/")[2]:
            case "sendMessage":
                # the body of the request, as it would go over the wire
                assert request_data is not None
                assert json.dumps(request_data.parameters)
                self._sent += 1
                if self._sent == self._wanted:
                    self._all_sent.set()
                return 200, sent(self._sent)
            case "getUpdates":
                return 200, await self._rounds.get()
            case "getMe":
                return 200, answer(ME)
            case "getWebhookInfo":
                return 200, answer({"url": ""})
        return 200, answer(True)

    async def round(self, updates: bytes, count: int) -> None:
        """Let a batch of updates come in, and wait until all were replied to."""
        self._wanted = self._sent + count
        self._all_sent.clear()
        self._rounds.put_nowait(updates)
        await asyncio.wait_for(self._all_sent.wait(), 30)


async def _measure(app: App, stub: Stub, at_once: int, rounds: int) -> float:
    started = asyncio.Event()
    running = asyncio.create_task(app.run(started=lambda port: started.set()))
    await asyncio.wait({running, asyncio.create_task(started.wait())}, return_when=asyncio.FIRST_COMPLETED)
    bodies = [answer(pings(1 + place * at_once, at_once)) for place in range(2 * rounds)]
    for body in bodies[:rounds]:  # once to warm up, once to measure
        await stub.round(body, at_once)
        await asyncio.sleep(EVERY)
    await _settled(app, rounds * at_once)
    began = time.process_time()
    for body in bodies[rounds:]:
        await stub.round(body, at_once)
        await asyncio.sleep(EVERY)
    await _settled(app, 2 * rounds * at_once)
    spent = time.process_time() - began
    signal.raise_signal(signal.SIGTERM)
    await running
    return spent / (rounds * at_once)


async def _settled(app: App, total: int) -> None:
    """Wait until what the Bot API answered stands in the database: that is part of the work."""
    while sum(one.counts["sent"] for one in app.accounts.deliveries) < total:
        await asyncio.sleep(0.001)


@click.command()
@click.option("--commands", default=50)
@click.option("--at-once", default=20)
@click.option("--rounds", default=100)
def main(commands: int, at_once: int, rounds: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        stub = Stub()
        Wire.do_request = stub.do_request  # type: ignore[assignment, method-assign] # nothing leaves this process
        members = 2 * rounds * at_once + 1
        app = build_house(Path(folder), commands, members, {}, paced=False)
        spent = asyncio.run(_measure(app, stub, at_once, rounds))
    click.echo(json.dumps({"cpu": spent}))


if __name__ == "__main__":
    main()
