"""A rough line between our process and a messenger: refused, broken off, slow, too fast, or something else answers."""

from __future__ import annotations

import asyncio
import json
import random
import threading
from collections import Counter
from types import TracebackType
from typing import Self

import httpx

#: What goes wrong, the likelier the more often it stands here.
WRONGS = ("reset", "reset", "lost", "lost", "busy", "busy", "broken", "gateway", "page", "slow", "slow")
#: Seconds that a slow answer takes.
_SLOW = 2.0
_SENDS = ("send", "edit", "messages")
_GATEWAY = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


class Line:
    """A proxy on loopback, in a thread of its own. `share` of what passes goes wrong; while `cut` nobody is there.

    `lost`: how many requests the messenger took although no answer came back.
    """

    def __init__(self, upstream: str, chance: random.Random) -> None:
        self.upstream = upstream
        self.share = 0.0
        self.happened: Counter[str] = Counter()
        self._chance = chance
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._port = 0
        self._cut = False
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        """Where our process finds the messenger."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def cut(self) -> bool:
        """Whether connections are refused, and those that were open are broken off."""
        return self._cut

    @cut.setter
    def cut(self, value: bool) -> None:
        asyncio.run_coroutine_threadsafe(self._set_cut(value), self._loop).result()

    async def _set_cut(self, value: bool) -> None:
        if value == self._cut:
            return
        self._cut = value
        if not value:
            await self._listen()
            return
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", self._port, limit=8 * 1024 * 1024)
        self._port = self._server.sockets[0].getsockname()[1]

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=50)
        self._client = httpx.AsyncClient(base_url=self.upstream, timeout=None, limits=limits)
        await self._listen()
        self._ready.set()
        await self._stop.wait()
        self._server.close()
        mine = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not mine]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._client.aclose()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while await self._one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, httpx.HTTPError):
            pass  # either side hung up
        finally:
            self._writers.discard(writer)
            writer.transport.abort()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ", 2)
        fields = dict(line.split(": ", 1) for line in head[1:] if ": " in line)
        headers = {key.lower(): value for key, value in fields.items()}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        wrong = self._wrong(path)
        self.happened[wrong or "fine"] += 1
        if wrong == "reset":
            return False
        if wrong == "slow":
            await asyncio.sleep(self._chance.random() * _SLOW)
        if (made := _made_up(wrong)) is not None:
            await _write(writer, *made)
            return True
        kept = {key: value for key, value in headers.items() if key in ("content-type", "authorization", "accept")}
        answer = await self._client.request(method, path, content=body, headers=kept)
        if wrong == "lost":
            return False
        await _write(writer, answer.status_code, answer.headers.get("content-type", ""), answer.content)
        return True

    def _wrong(self, path: str) -> str:
        share = self.share if any(word in path for word in _SENDS) else self.share / 4
        return self._chance.choice(WRONGS) if self._chance.random() < share else ""


def _made_up(wrong: str) -> tuple[int, str, bytes] | None:
    """Return status, kind and body of an answer that the messenger never gave."""
    match wrong:
        case "busy":
            told = {
                "ok": False,
                "error_code": 429,
                "description": "Too Many Requests",
                "parameters": {"retry_after": 1},
            }
            return 429, "application/json", json.dumps(told).encode()
        case "broken":
            return 500, "text/plain", b"internal"
        case "gateway":
            return 502, "text/html", _GATEWAY
        case "page":
            return 503, "text/html", _GATEWAY
    return None


async def _write(writer: asyncio.StreamWriter, status: int, kind: str, body: bytes) -> None:
    head = f"HTTP/1.1 {status} x\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()
