"""The fan-out with Apprise. It does not know `retry_after`; what is refused is lost unless its URL says to try again.

`--way list`: one URL with everybody in it, one after the other. `--way urls`: a URL for each neighbour, untuned.
`--way tuned`: the same, each tried again up to ten times after a second, without the limit of a minute for all. Runs in
an environment of its own.
"""

from __future__ import annotations

import asyncio
import logging

import apprise
from apprise.plugins.telegram import NotifyTelegram

from benchmarks.cost import Cost
from benchmarks.peers.errand import BULK, command
from benchmarks.updates import TOKEN, person

_TUNED = "?retry=10&wait=1.0"


async def errand(port: int, members: int, way: str) -> dict[str, float]:
    """Send: its own call waits for everybody, in threads of its own."""
    NotifyTelegram.notify_url = f"http://127.0.0.1:{port}/bot"  # it can be pointed elsewhere in no other way
    chats = [person(place) for place in range(members)]
    # Without this it gives up after a minute, whoever has not been reached by then.
    asset = apprise.AppriseAsset(service_timeout=0) if way == "tuned" else apprise.AppriseAsset()
    sender = apprise.Apprise(asset=asset)
    if way == "list":
        sender.add(f"tgram://{TOKEN}/{'/'.join(map(str, chats))}")
    else:
        for chat in chats:
            sender.add(f"tgram://{TOKEN}/{chat}{_TUNED if way == 'tuned' else ''}")
    cost = Cost()
    print("ready", flush=True)
    await asyncio.to_thread(input)
    await asyncio.to_thread(sender.notify, BULK)
    return cost.spent()


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    command(errand)()
