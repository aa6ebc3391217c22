"""A lane: one keep-alive connection to one server, on which one request at a time is asked and answered (HTTP/1.1).

As little as the Bot API needs, and a fraction of what a general client costs. Proxies are not for it.
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass

#: bytes of status line and headers, and of a line in a body that comes in chunks
_HEAD = 64 * 1024
#: seconds to wait for one address before the next is tried as well (RFC 8305 §5)
_NEXT_ADDRESS = 0.25


class NotConnected(Exception):
    """No connection: the request never left."""


class Broken(Exception):
    """The request left, or part of it, and no whole answer came."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: where to, and its body; within so many seconds the whole answer is to be there."""

    method: str
    target: str
    kind: str
    content: bytes
    seconds: float


class Lane:
    """A connection to a server, made when it is needed and made anew when it was closed or was idle too long."""

    __slots__ = ("_connect", "_connection", "_context", "_head", "_host", "_idle_since", "_keep", "_port")

    def __init__(
        self, host: str, port: int, context: ssl.SSLContext | None, *, shown: str, connect: float, keep: float
    ) -> None:
        self._host, self._port, self._context = host, port, context
        self._connect, self._keep = connect, keep
        self._head = f" HTTP/1.1\r\nHost: {shown}\r\n"
        self._connection: _Connection | None = None
        self._idle_since = 0.0

    async def ask(self, asked: Asked, largest: int) -> tuple[int, bytes]:
        """Return status and body, cut off soon after `largest` bytes. Raises `NotConnected` or `Broken`."""
        connection = await self._open()
        answer = _Answer(largest)
        try:
            async with asyncio.timeout(asked.seconds):
                await connection.ask(self._bytes(asked), answer)
        except (OSError, EOFError, ValueError) as error:
            raise Broken(type(error).__name__) from None
        finally:
            self._idle_since = asyncio.get_running_loop().time()
            if not answer.lasts:
                self.close()
        return answer.status, answer.content

    def close(self) -> None:
        """Let go of the connection at once."""
        if self._connection is not None:
            self._connection.abort()
        self._connection = None

    def _bytes(self, asked: Asked) -> bytes:
        body = f"Content-Type: {asked.kind}\r\nContent-Length: {len(asked.content)}\r\n" if asked.kind else ""
        return f"{asked.method} {asked.target}{self._head}{body}\r\n".encode("ascii") + asked.content

    async def _open(self) -> _Connection:
        loop = asyncio.get_running_loop()
        if self._connection is not None:
            if self._connection.is_idle and loop.time() - self._idle_since < self._keep:
                return self._connection
            self.close()
        try:
            async with asyncio.timeout(self._connect):
                _, self._connection = await loop.create_connection(
                    _Connection, self._host, self._port, ssl=self._context, happy_eyeballs_delay=_NEXT_ADDRESS
                )
        except (OSError, ValueError) as error:
            raise NotConnected(type(error).__name__) from None
        return self._connection


class _Connection(asyncio.Protocol):
    """The socket: what comes is fed to the answer that is waited for; what comes unasked ends it."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: _Answer | None = None
        self._done: asyncio.Future[None] | None = None

    @property
    def is_idle(self) -> bool:
        """Whether it may be asked."""
        return self._transport is not None and not self._transport.is_closing() and self._answer is None

    async def ask(self, request: bytes, answer: _Answer) -> None:
        """Write a request and wait until the answer is whole. Raises `OSError`, `EOFError` or `ValueError`."""
        if self._transport is None or self._transport.is_closing():
            raise EOFError
        self._answer = answer
        self._done = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        try:
            await self._done
        finally:
            self._answer = None

    def abort(self) -> None:
        """Close at once; nothing more is written."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where requests go."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take part of an answer."""
        if self._answer is None:
            self.abort()
            return
        try:
            whole = self._answer.feed(data)
        except ValueError as error:
            self._end(error)
            return
        if whole:
            self._end(None)

    def connection_lost(self, error: Exception | None) -> None:
        """End an answer that ends with the connection; break off any other."""
        self._transport = None
        if self._answer is not None and self._done is not None and not self._done.done():
            whole = error is None and self._answer.close()
            self._end(None if whole else error or EOFError())

    def _end(self, error: Exception | None) -> None:
        if self._done is None or self._done.done():
            return
        if error is None:
            self._done.set_result(None)
        else:
            self._done.set_exception(error)


class _Answer:
    """An answer as it comes in. `lasts`: it is whole, and the connection may be used again."""

    __slots__ = ("_buffer", "_chunk", "_content", "_largest", "_stays", "_step", "content", "lasts", "status")

    def __init__(self, largest: int) -> None:
        self.status = 0
        self.content = b""
        self.lasts = False
        self._largest = largest
        self._buffer = bytearray()
        self._content = bytearray()
        #: what is read next
        self._step = self._headers
        #: how much of the body, or of its chunk, is to come
        self._chunk = 0
        self._stays = False

    def feed(self, data: bytes) -> bool:
        """Take bytes; return whether the answer is whole. Raises `ValueError` for what is no HTTP/1.x."""
        self._buffer += data
        while (more := self._step()) is None:
            pass
        return more

    def close(self) -> bool:
        """The connection ended; return whether that ends the answer as it should."""
        if self._step != self._until_closed:
            return False
        self.content = bytes(self._buffer)
        return True

    # Each step returns whether the answer is whole, or None when the next step can go on with what is there.

    def _headers(self) -> bool | None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return self._too_little()
        lines = bytes(self._buffer[:end]).split(b"\r\n")
        del self._buffer[: end + 4]
        if not lines[0].startswith(b"HTTP/1."):
            raise ValueError("no HTTP")
        self.status = _number(lines[0].partition(b" ")[2][:3], 10)
        fields = {}
        for line in lines[1:]:
            name, _, value = line.partition(b":")
            fields[name.lower()] = value.strip().lower()
        if 100 <= self.status < 200:
            return None
        self._stays = lines[0].startswith(b"HTTP/1.1") and fields.get(b"connection") != b"close"
        if self.status in (204, 304):
            return self._whole(b"")
        if b"chunked" in fields.get(b"transfer-encoding", b""):
            self._step = self._size
        elif b"content-length" in fields:
            self._chunk = _number(fields[b"content-length"], 10)
            self._step = self._counted
        else:
            self._step = self._until_closed
        return None

    def _counted(self) -> bool:
        if len(self._buffer) <= self._largest and len(self._buffer) < self._chunk:
            return False
        return self._whole(bytes(self._buffer))

    def _until_closed(self) -> bool:
        if len(self._buffer) <= self._largest:
            return False
        self.content = bytes(self._buffer)
        return True

    def _size(self) -> bool | None:
        """The line before a chunk (RFC 9112 §7.1)."""
        end = self._buffer.find(b"\r\n")
        if end < 0:
            return self._too_little()
        self._chunk = _number(bytes(self._buffer[:end]).partition(b";")[0].strip(), 16)
        del self._buffer[: end + 2]
        self._step = self._part if self._chunk else self._trailer
        return None

    def _part(self) -> bool | None:
        if len(self._content) + len(self._buffer) > self._largest:
            self.content = bytes(self._content + self._buffer)
            return True
        if len(self._buffer) < self._chunk + 2:
            return False
        if self._buffer[self._chunk : self._chunk + 2] != b"\r\n":
            raise ValueError("no end of chunk")
        self._content += self._buffer[: self._chunk]
        del self._buffer[: self._chunk + 2]
        self._step = self._size
        return None

    def _trailer(self) -> bool | None:
        end = self._buffer.find(b"\r\n")
        if end < 0:
            return self._too_little()
        del self._buffer[: end + 2]
        if end:
            return None
        self._chunk = len(self._content)
        return self._whole(bytes(self._content + self._buffer))

    def _whole(self, content: bytes) -> bool:
        """End here: with more than was announced, or cut off, the connection is of no use any more."""
        self.content = content[: self._chunk]
        self.lasts = self._stays and len(content) == self._chunk
        return True

    def _too_little(self) -> bool:
        if len(self._buffer) > _HEAD:
            raise ValueError("too long")
        return False


def _number(digits: bytes, base: int) -> int:
    """Return a number of plain digits. Raises `ValueError` for anything else: signs, spaces, underscores."""
    if not digits.isalnum():
        raise ValueError("no number")
    return int(digits, base)
