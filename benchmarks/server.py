"""A Bot API over HTTP that does as little as it can, in a process of its own: it costs the measured side nothing.

`python -m benchmarks.server` prints its port and ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import sys

from benchmarks.updates import ME, answer, sent


class _Connection(asyncio.Protocol):
    """One keep-alive connection: a request in, an answer out."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while True:
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            length = 0
            for line in head.split(b"\r\n")[1:]:
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if len(rest) < length:
                return
            self._buffer = rest[length:]
            self._answer(head.split(b" ", 2)[1])

    def _answer(self, path: bytes) -> None:
        match path.rpartition(b"/")[2].partition(b"?")[0]:
            case b"sendMessage":
                body = _SENT
            case b"getMe":
                body = answer(ME)
            case b"getWebhookInfo":
                body = answer({"url": ""})
            case b"getUpdates":
                asyncio.get_running_loop().call_later(1.0, self._write, answer([]))
                return
            case _:
                body = answer(True)
        self._write(body)

    def _write(self, body: bytes) -> None:
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
        if isinstance(self._transport, asyncio.WriteTransport) and not self._transport.is_closing():
            self._transport.write(head + body)


_SENT = sent(1)


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Connection, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve())
