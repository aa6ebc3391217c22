"""The same over real connections on loopback: a server in a thread, and one in a process of its own."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import uvicorn

from buurtwacht import AccountSettings, Ambiguous, Handle, Outgoing, Said, SystemClock, Unavailable
from buurtwacht.testing.provider import Fault
from buurtwacht_telegram import adapter
from buurtwacht_telegram.channel import TelegramChannel
from buurtwacht_telegram.stand_in import BotApi

from .telegram_account import Inbox


@contextmanager
def served(api: BotApi) -> Iterator[str]:
    """Serve the stand-in from a thread and give its address."""
    api.over_socket = True
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(api.app, log_level="critical", access_log=False, lifespan="off"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)


def channel(api: BotApi, url: str) -> TelegramChannel:
    opened = adapter.open(AccountSettings("telegram", {**api.settings(), "api_url": url}))
    assert isinstance(opened, TelegramChannel)
    return opened


def message(to: Handle, text: str = "Verdachte auto") -> Outgoing:
    return Outgoing(delivery=1, to=(to,), text=text)


def test_many_are_told_at_once_over_kept_connections() -> None:
    api = BotApi("telegram", SystemClock().now)
    people = [api.person(f"buur{number}")[0] for number in range(100)]
    for number in range(100):
        api.opens(f"buur{number}")

    async def tell(url: str) -> set[str]:
        bot = channel(api, url)
        receipts = await asyncio.gather(*(bot.send(message(person)) for person in people))
        await bot.close()
        return {receipt.provider_id for receipt in receipts}

    with served(api) as url:
        assert asyncio.run(tell(url)) == {api.named(int(person.value), 1) for person in people}
    assert len(api.seen) == 100


def test_a_connection_that_breaks_is_ambiguous_and_one_refused_is_not() -> None:
    api = BotApi("telegram", SystemClock().now)
    fatima = api.person("Fatima")[0]
    api.opens("Fatima")
    api.faults[fatima.value] = Fault("ambiguous")

    async def fail(url: str, expected: type[Exception]) -> None:
        bot = channel(api, url)
        with pytest.raises(expected):
            await bot.send(message(fatima))
        await bot.close()

    with served(api) as url:
        asyncio.run(fail(url, Ambiguous))
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"
    asyncio.run(fail(nobody, Unavailable))


def test_polling_is_woken_by_an_update() -> None:
    api = BotApi("telegram", SystemClock().now)
    api.person("Fatima")
    inbox = Inbox()

    async def listen(url: str) -> None:
        bot = channel(api, url)
        api.updates.put(api.says("Fatima", "verdachte auto")[1])
        await bot.polling.step(inbox.accept)
        await bot.close()

    with served(api) as url:
        asyncio.run(listen(url))
    assert [each.event.text for each in inbox.events if isinstance(each.event, Said)] == ["verdachte auto"]


def test_as_a_program_it_prints_its_port_and_its_people_can_be_moved() -> None:
    command = [sys.executable, "-m", "buurtwacht_telegram.stand_in", "--port", "0", "--rate", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = f"http://127.0.0.1:{process.stdout.readline().strip()}"
        pasted = tomllib.loads("".join(process.stdout.readline() for _ in range(8)).partition(":\n")[2])
        assert pasted["channels"]["telegram"]["api_url"] == url
        try:
            with httpx.Client(base_url=url) as client:
                ids = client.post("/_stand_in/people", json={"count": 3}).json()
                token = BotApi("telegram", SystemClock().now).token
                api = f"/bot{token}"
                told = [client.post(f"{api}/sendMessage", json={"chat_id": each, "text": "x"}) for each in ids]
                assert sorted(answer.status_code for answer in told) == [200, 200, 429]
                client.post("/_stand_in/says", json={"person": "Fatima", "text": "hoi"})
                updates = client.post(f"{api}/getUpdates", json={"timeout": 5}).json()["result"]
                assert updates[0]["message"]["text"] == "hoi"
                seen = client.get("/_stand_in/seen").json()
                assert [len(seen["seen"]), len(seen["complaints"])] == [2, 1]
                assert client.post("/_stand_in/dances", content=json.dumps({})).status_code == 404
        finally:
            process.terminate()
