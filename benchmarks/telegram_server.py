"""A Bot API with limits like Telegram's, in a process of its own on loopback, that keeps count of what it was sent.

`python -m benchmarks.telegram_server` prints its port, obeys lines on standard input and ends when that does:
- `begin [WORDS]` starts the clock, and person 0 types WORDS;
- `say PLACE WORDS` has another person type: a second clock starts when our answer with these words leaves;
- `mark` starts the second clock at once;
- `warned PLACE WORD` answers with the seconds on it when somebody else is sent this word, and with how many other
  messages had come by then, a tenth of a second or more after it started;
- `until N` answers once so many people got something, `quiet N SECONDS` also when nothing came for so long;
- `report N` answers with the figures as JSON, for so many people who should have got something.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import click

from benchmarks.updates import ME, answer, person, sent, typed

#: What is sent to everybody; whatever else is sent is listed apart.
BULK = b"pong"
#: Bot API: one message a second to one chat; short bursts are let through.
_BURST = 3
#: Seconds in which what is urgent may be made ready.
_AT_ONCE = 0.1
#: Seconds that a call for updates is held.
_HOLD = 10.0
#: Whichever way a client writes its fields: JSON, a form, several parts.
_CHAT = re.compile(rb'chat_id"?(?:=|\s*:\s*"?|"?(?:\r\n[^\r]+)*\r\n\r\n)(-?\d+)')
_OFFSET = re.compile(rb'offset"?(?:=|\s*:\s*"?)(-?\d+)')
_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"transfer-encoding:\s*chunked", re.IGNORECASE)


@dataclass
class Limits:
    """What is asked of senders: `rate` messages in any second (0: no limit), answered after `latency` seconds."""

    rate: int = 30
    latency: float = 0.12

    def journey(self, dice: random.Random) -> tuple[float, float]:
        """Return the seconds until a message is counted, and from then until it is answered.

        Half of the latency is certain and half is chance, and nobody knows where on the way it is counted: that is
        what makes messages bunch that left evenly.
        """
        if not self.latency:
            return 0.0, 0.0
        whole = self.latency / 2 + min(dice.expovariate(2 / self.latency), 4 * self.latency)
        there = whole * dice.uniform(0.2, 0.8)
        return there, whole - there


@dataclass
class Book:
    """What was asked and what was let through. All moments are seconds of one clock."""

    limits: Limits
    began: float = 0.0
    marked: float = 0.0
    #: moments at which messages were let through, in order
    moments: list[float] = field(default_factory=list)
    first: dict[int, float] = field(default_factory=dict)
    #: what came since the mark: when, to whom, the request
    since: list[tuple[float, int, bytes]] = field(default_factory=list)
    complaints: int = 0
    doubled: int = 0
    round_trips: float = 0.0
    _window: deque[float] = field(default_factory=deque)
    _chats: dict[int, float] = field(default_factory=dict)

    def post(self, chat: int, is_bulk: bool, now: float) -> int:
        """Count one message; return 0, or the seconds after which to try again. What is refused takes no room."""
        window, rate = self._window, self.limits.rate
        while window and window[0] <= now - 1.0:
            window.popleft()
        paid = max(self._chats.get(chat, 0.0), now) + 1.0
        if rate and (len(window) >= rate or paid > now + _BURST):
            self.complaints += 1
            return 1
        window.append(now)
        self._chats[chat] = paid
        self.moments.append(now)
        if not is_bulk:
            return 0
        if chat in self.first:
            self.doubled += 1
        else:
            self.first[chat] = now
        return 0

    def mark(self, now: float) -> None:
        """Start the second clock."""
        self.marked = now
        self.since.clear()

    def warned(self, place: int, word: bytes) -> tuple[float, int] | None:
        """Return the seconds on the second clock at which this word came for anybody but this person.

        And how many messages of others had come by then, not counting the first tenth of a second.
        """
        before = 0
        for when, chat, body in self.since:
            if word in body:
                if chat != person(place):
                    return when - self.marked, before
            elif when - self.marked > _AT_ONCE:
                before += 1
        return None

    def worst(self) -> int:
        """Return the most messages that were let through in any second."""
        return max(
            (place + 1 - bisect_right(self.moments, one - 1.0) for place, one in enumerate(self.moments)), default=0
        )

    def report(self, people: int) -> dict[str, object]:
        """Return the figures, times in seconds since the beginning; None where it did not come so far."""
        arrived = sorted(moment - self.began for moment in self.first.values())

        def at(share: float) -> float | None:
            place = max(0, -(-int(people * share * 100) // 100) - 1)
            return round(arrived[place], 4) if place < len(arrived) else None

        return {
            "t50": at(0.5),
            "t95": at(0.95),
            "t100": at(1.0),
            "last": round(arrived[-1], 4) if arrived else None,
            "reached": len(arrived),
            "lost": people - len(arrived),
            "doubled": self.doubled,
            "complaints": self.complaints,
            "worst": self.worst(),
            "round_trip": round(self.round_trips / max(1, len(self.moments) + self.complaints), 5),
        }


class Updates:
    """What people type, until it is confirmed by the offset of a later call."""

    def __init__(self) -> None:
        self._kept: list[dict[str, object]] = []
        self._number = 0
        self._waiting: list[Callable[[], None]] = []

    def type(self, place: int, words: str) -> None:
        """Have a person type something; whoever waits for updates is answered at once."""
        self._number += 1
        self._kept.append(typed(self._number, place, words))
        waiting, self._waiting = self._waiting, []
        for wake in waiting:
            wake()

    def take(self, offset: int) -> list[dict[str, object]]:
        """Return what is not confirmed by this offset, and forget the rest."""
        self._kept = [one for one in self._kept if int(str(one["update_id"])) >= offset]
        return self._kept

    def wait(self, wake: Callable[[], None]) -> None:
        """Call back when there is something."""
        self._waiting.append(wake)


class Server:
    """The book and the updates, and whoever waits for news of them."""

    def __init__(self, limits: Limits, seed: int) -> None:
        self.book = Book(limits)
        self.updates = Updates()
        self.limits = limits
        self.dice = random.Random(seed)
        self.loop = asyncio.get_running_loop()
        self.changed = asyncio.Event()
        self.mark_next = False

    def connection(self) -> Connection:
        """Return the protocol of a new connection."""
        return Connection(self)

    async def obey(self, line: str) -> None:
        """Do what one line says."""
        word, _, rest = line.strip().partition(" ")
        now = self.loop.time()
        match word:
            case "begin":
                self.book.began = now
                if rest:
                    self.updates.type(0, rest)
            case "say":
                place, _, words = rest.partition(" ")
                self.mark_next, self.book.marked = True, 0.0
                self.updates.type(int(place), words)
            case "mark":
                self.book.mark(now)
            case "warned":
                place, _, found = rest.partition(" ")
                await self._warned(int(place), found.encode())
            case "until":
                await self._reached(int(rest), None)
            case "quiet":
                people, _, seconds = rest.partition(" ")
                await self._reached(int(people), float(seconds))
            case "report":
                print(json.dumps(self.book.report(int(rest))), flush=True)

    async def _warned(self, place: int, word: bytes) -> None:
        while (found := self.book.warned(place, word)) is None:
            self.changed.clear()
            await self.changed.wait()
        print(f"{found[0]:.6f} {found[1]}", flush=True)

    async def _reached(self, people: int, patience: float | None) -> None:
        book = self.book
        try:
            while len(book.first) < people:
                self.changed.clear()
                async with asyncio.timeout(patience):
                    await self.changed.wait()
        except TimeoutError:
            pass
        print(len(book.first), flush=True)


class Connection(asyncio.Protocol):
    """One keep-alive connection: a request in, an answer out."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where answers go."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take whole requests out of what came."""
        self._buffer += data
        while True:
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            length = _LENGTH.search(head)
            end = int(length[1]) if length else 0
            if _CHUNKED.search(head):
                end = rest.find(b"0\r\n\r\n") + 5
                if end < 5:
                    return
            if len(rest) < end:
                return
            self._buffer = rest[end:]
            self._answer(head.split(b" ", 2)[1], rest[:end])

    def _answer(self, path: bytes, body: bytes) -> None:
        match path.rpartition(b"/")[2].partition(b"?")[0].lower():
            case b"sendmessage":
                self._message(body)
            case b"getupdates":
                offset = _OFFSET.search(body) or _OFFSET.search(path)
                self._poll(int(offset[1]) if offset else 0, self._server.loop.time() + _HOLD)
            case b"getme":
                self._write(answer(ME))
            case b"getwebhookinfo":
                self._write(answer({"url": ""}))
            case _:
                self._write(answer(True))

    def _message(self, body: bytes) -> None:
        server = self._server
        chat = _CHAT.search(body)
        if chat is None:
            self._write(_NO_CHAT, b"400 Bad Request")
            return
        if server.book.marked:
            server.book.since.append((server.loop.time(), int(chat[1]), body))
            server.changed.set()
        there, back = server.limits.journey(server.dice)
        if not there:
            self._count(int(chat[1]), BULK in body, back)
            return
        server.loop.call_later(there, self._count, int(chat[1]), BULK in body, back)
        server.book.round_trips += there + back

    def _count(self, chat: int, is_bulk: bool, back: float) -> None:
        """A message came to where it is counted, whether or not its sender still lives."""
        server = self._server
        wait = server.book.post(chat, is_bulk, server.loop.time())
        server.changed.set()
        status = b"429 Too Many Requests" if wait else b"200 OK"
        content = _TOO_MANY if wait else sent(len(server.book.moments))
        if back:
            server.loop.call_later(back, self._write, content, status)
        else:
            self._write(content, status)

    def _poll(self, offset: int, until: float) -> None:
        if self._transport.is_closing():
            return
        server = self._server
        kept = server.updates.take(offset)
        if kept and server.mark_next:
            server.mark_next = False
            server.book.mark(server.loop.time())
        if kept or server.loop.time() >= until:
            self._write(answer(kept))
            return
        again = server.loop.call_at(until, self._poll, offset, until)

        def wake() -> None:
            if not again.cancelled():
                again.cancel()
                self._poll(offset, until)

        server.updates.wait(wake)

    def _write(self, body: bytes, status: bytes = b"200 OK") -> None:
        head = b"HTTP/1.1 %b\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % (status, len(body))
        if not self._transport.is_closing():
            self._transport.write(head + body)


_NO_CHAT = b'{"ok":false,"error_code":400,"description":"Bad Request: chat_id is empty"}'
#: one second: the least that Telegram asks for
_TOO_MANY = (
    b'{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1","parameters":{"retry_after":1}}'
)


async def _serve(limits: Limits, seed: int) -> None:
    loop = asyncio.get_running_loop()
    server = Server(limits, seed)
    listening = await loop.create_server(server.connection, "127.0.0.1", 0, backlog=1000)
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    print(listening.sockets[0].getsockname()[1], flush=True)
    while line := await lines.readline():
        await server.obey(line.decode())
    listening.close()


@click.command()
@click.option("--rate", default=30, help="messages in any second; 0: no limit")
@click.option("--latency", default=0.12, help="seconds until an answer, on average")
@click.option("--seed", default=1)
def main(rate: int, latency: float, seed: int) -> None:
    """Serve until standard input ends."""
    asyncio.run(_serve(Limits(rate, latency), seed))


if __name__ == "__main__":
    main()
