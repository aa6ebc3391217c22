"""What every peer's fan-out has in common: its errand, when it begins, and what it prints."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

import click

from benchmarks.cost import Cost
from benchmarks.updates import person

#: What everybody gets, and what a warning says that comes in between.
BULK, WARNING = "pong", "brand"
#: How many are under way at once where nothing else limits them: the quickest of 16, 32, 64 and 128 when tried.
AT_ONCE = 32
#: Messages a second that are sent without waiting for answers: what the Bot API's FAQ names.
STEADY = 30

#: Sends one text to one chat, again as long as it is told to come back later.
Send = Callable[[int, str], Awaitable[None]]


async def loop(send: Send, chats: Sequence[int]) -> None:
    """One after the other."""
    for chat in chats:
        await send(chat, BULK)


async def gather(send: Send, chats: Sequence[int]) -> None:
    """All at once."""
    await asyncio.gather(*(send(chat, BULK) for chat in chats))


async def steady(send: Send, chats: Sequence[int]) -> None:
    """One every thirtieth of a second, without waiting for the answers before it."""
    clock = asyncio.get_running_loop()
    began, sending = clock.time(), []
    for place, chat in enumerate(chats):
        await asyncio.sleep(max(0.0, began + place / STEADY - clock.time()))
        sending.append(asyncio.ensure_future(send(chat, BULK)))
    await asyncio.gather(*sending)


async def crowd(send: Send, chats: Sequence[int]) -> None:
    """As many as are quickest, without any pace."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one(chat: int) -> None:
        async with room:
            await send(chat, BULK)

    await asyncio.gather(*(one(chat) for chat in chats))


async def queue(send: Send, waiting: asyncio.Queue[tuple[int, str]]) -> None:
    """From a queue, by thirty that wait for their answer and then rest a second."""

    async def one() -> None:
        while not waiting.empty():
            await send(*waiting.get_nowait())
            await asyncio.sleep(1.0)

    await asyncio.gather(*(one() for _ in range(STEADY)))


async def twice(send: Send, members: int) -> dict[str, float]:
    """Send to all as quickly as it goes, once to warm up and once to measure; return messages a second and the cost."""
    found: dict[str, float] = {}
    for _ in range(2):
        cost, began = Cost(), time.perf_counter()
        await crowd(send, [person(place) for place in range(members)])
        found = {"rate": members / (time.perf_counter() - began), **cost.spent()}
    return found


WAYS = {"loop": loop, "gather": gather, "steady": steady, "crowd": crowd}


async def run_errand(send: Send, way: str, members: int) -> dict[str, float]:
    """Begin at a line on standard input; a second line is a warning that is to go out to the first person at once."""
    chats = [person(place) for place in range(members)]
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)

    waiting: asyncio.Queue[tuple[int, str]] = asyncio.Queue()
    for chat in chats if way == "queue" else ():
        waiting.put_nowait((chat, BULK))

    async def warn() -> None:
        if await lines.readline():
            if way == "queue":
                waiting.put_nowait((person(0), WARNING))
            else:
                await send(person(0), WARNING)

    cost = Cost()
    print("ready", flush=True)
    await lines.readline()
    warning = asyncio.create_task(warn())
    await (queue(send, waiting) if way == "queue" else WAYS[way](send, chats))
    warning.cancel()
    return cost.spent()


def command(errand: Callable[[int, int, str], Coroutine[Any, Any, dict[str, float]]]) -> click.Command:
    """Return the command line of a peer: `errand(port, members, way)` gives the figures that are printed."""

    @click.command()
    @click.option("--port", type=int, required=True)
    @click.option("--members", default=200)
    @click.option("--way", default="steady")
    def main(port: int, members: int, way: str) -> None:
        """Measure and print."""
        click.echo(json.dumps(asyncio.run(errand(port, members, way))))

    return main
