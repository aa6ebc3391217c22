"""One connection, one request at a time: what servers answer, and what becomes of the connection afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from buurtwacht_telegram.lane import Asked, Broken, Lane, NotConnected

_BODY = b'{"ok":true}'
_PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n" + _BODY
_HUGE = 10_000


def asked(seconds: float = 60.0) -> Asked:
    return Asked("POST", "/bot1:a/sendMessage", "application/json", b'{"chat_id":1}', seconds)


class Script:
    """A server that says one thing for each request, piece by piece, and may hang up after it."""

    def __init__(self, *answers: Sequence[bytes], hangs_up: bool = False) -> None:
        self.answers = list(answers)
        self.hangs_up = hangs_up
        self.asked: list[bytes] = []
        self.writers: list[asyncio.StreamWriter] = []

    @property
    def connections(self) -> int:
        return len(self.writers)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        while self.answers and (head := await _request(reader)):
            self.asked.append(head)
            for piece in self.answers.pop(0):
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0)
            if self.hangs_up:
                break
        if self.hangs_up:
            writer.close()


async def _request(reader: asyncio.StreamReader) -> bytes:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next((int(one[15:]) for one in head.split(b"\r\n") if one.startswith(b"Content-Length:")), 0)
        return head + await reader.readexactly(length)
    except asyncio.IncompleteReadError:
        return b""


def talk(script: Script, with_lane: Callable[[Lane], Awaitable[None]], keep: float = 15.0) -> None:
    async def run() -> None:
        server = await asyncio.start_server(script.serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        lane = Lane("127.0.0.1", port, None, shown=f"127.0.0.1:{port}", connect=60.0, keep=keep)
        await with_lane(lane)
        lane.close()
        server.close()
        for writer in script.writers:
            writer.close()
        await asyncio.sleep(0.01)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("pieces", "expected", "stays"),
    [
        pytest.param([_PLAIN], (200, _BODY), True, id="with its length"),
        pytest.param([_PLAIN[:9], _PLAIN[9:30], _PLAIN[30:45], _PLAIN[45:]], (200, _BODY), True, id="in pieces"),
        pytest.param([b"HTTP/1.1 100 Continue\r\n\r\n", _PLAIN], (200, _BODY), True, id="after a 100"),
        pytest.param([b"HTTP/1.1 204 No Content\r\n\r\n"], (204, b""), True, id="without a body"),
        pytest.param(
            [b"HTTP/1.1 429 Too Many Requests\r\ncontent-length:2\r\n\r\n{}"], (429, b"{}"), True, id="refused"
        ),
        pytest.param(
            [b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"ok"\r\n6;x=1\r\n:tr', b"ue}\r\n0\r\n\r\n"],
            (200, _BODY),
            True,
            id="in chunks",
        ),
        pytest.param(
            [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nTrailer: y\r\n\r\n"],
            (200, b"x"),
            True,
            id="in chunks, with a trailer",
        ),
        pytest.param(
            [b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx"], (200, b"x"), False, id="the last"
        ),
        pytest.param([b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx"], (200, b"x"), False, id="of an old server"),
        pytest.param([_PLAIN + b"HTTP/1.1 200 OK\r\n"], (200, _BODY), False, id="more than was asked for"),
    ],
)
def test_answers(pieces: Sequence[bytes], expected: tuple[int, bytes], stays: bool) -> None:
    script = Script(pieces, [_PLAIN])

    async def twice(lane: Lane) -> None:
        assert await lane.ask(asked(), _HUGE) == expected
        script.answers = script.answers or [[_PLAIN]]
        assert await lane.ask(asked(), _HUGE) == (200, _BODY)

    talk(script, twice)
    assert script.connections == (1 if stays else 2)
    assert script.asked[0].startswith(b"POST /bot1:a/sendMessage HTTP/1.1\r\nHost: 127.0.0.1:")
    assert script.asked[0].endswith(b'\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{"chat_id":1}')


def test_an_answer_may_end_with_its_connection() -> None:
    async def once(lane: Lane) -> None:
        assert await lane.ask(asked(), _HUGE) == (200, b"all of it")

    talk(Script([b"HTTP/1.1 200 OK\r\n\r\nall ", b"of it"], hangs_up=True), once)


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([], id="nothing"),
        pytest.param([_PLAIN[:20]], id="half a head"),
        pytest.param([_PLAIN[:-1]], id="all but a byte"),
        pytest.param([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"], id="half a chunk"),
        pytest.param([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n"], id="a chunk of less than none"),
        pytest.param([b"HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\nx"], id="a length that is none"),
        pytest.param([b"HTTP/1.1 2x0 OK\r\n\r\n"], id="a status that is none"),
        pytest.param([b"220 mail.example ESMTP\r\n\r\n"], id="another kind of server"),
        pytest.param([b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 20_000], id="a head without end"),
    ],
)
def test_what_is_no_whole_answer_is_broken(pieces: Sequence[bytes]) -> None:
    script = Script(pieces, hangs_up=True)

    async def broken(lane: Lane) -> None:
        with pytest.raises(Broken):
            await lane.ask(asked(), _HUGE)
        script.answers = [[_PLAIN]]
        assert await lane.ask(asked(), _HUGE) == (200, _BODY), "the next one is asked on a new connection"

    talk(script, broken)


def test_who_does_not_answer_in_time_breaks_it_and_a_late_answer_is_never_taken_for_the_next() -> None:
    script = Script([], [b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate"])

    async def slow(lane: Lane) -> None:
        with pytest.raises(Broken, match="TimeoutError"):
            await lane.ask(asked(0.05), _HUGE)
        script.answers = [[_PLAIN]]
        assert await lane.ask(asked(), _HUGE) == (200, _BODY)

    talk(script, slow)
    assert script.connections == 2


def test_what_a_server_says_unasked_is_no_answer() -> None:
    script = Script([_PLAIN, b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"])

    async def twice(lane: Lane) -> None:
        assert await lane.ask(asked(), _HUGE) == (200, _BODY)
        await asyncio.sleep(0.05)
        script.answers = [[_PLAIN]]
        assert await lane.ask(asked(), _HUGE) == (200, _BODY)

    talk(script, twice)
    assert script.connections == 2


def test_a_connection_that_was_idle_too_long_is_not_used_again() -> None:
    script = Script([_PLAIN], [_PLAIN])

    async def twice(lane: Lane) -> None:
        await lane.ask(asked(), _HUGE)
        await lane.ask(asked(), _HUGE)

    talk(script, twice, keep=0.0)
    assert script.connections == 2


@pytest.mark.parametrize(
    "head", [b"Content-Length: 100000\r\n\r\n", b"\r\n", b"Transfer-Encoding: chunked\r\n\r\n186a0\r\n"]
)
def test_a_body_is_read_no_further_than_soon_after_the_most_that_is_wanted(head: bytes) -> None:
    async def once(lane: Lane) -> None:
        status, content = await lane.ask(asked(), 100)
        assert status == 200
        assert 100 < len(content) < 100_000

    talk(Script([b"HTTP/1.1 200 OK\r\n" + head + b"x" * 5000, b"x" * 5000]), once)


def test_nobody_listens() -> None:
    async def nobody() -> None:
        server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        with pytest.raises(NotConnected):
            await Lane("127.0.0.1", port, None, shown="x", connect=60.0, keep=1.0).ask(asked(), _HUGE)

    asyncio.run(nobody())
