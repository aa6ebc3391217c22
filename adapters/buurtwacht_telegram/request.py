"""How requests reach the Bot API: python-telegram-bot's request object over connections of our own.

One connection a lane: on loopback that is twice as fast as a shared pool. httpx's client is left out on purpose: it
logs every address, and the address of every request holds the token.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx
from telegram import InputFile
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

if TYPE_CHECKING:
    from typing import Any

#: seconds; an upload may take longer to write and to be answered
CONNECT, ANSWER, UPLOAD = 5.0, 10.0, 60.0
#: Telegram closes idle connections itself; ours go first, so that no request meets a dying one
_KEEP = 15.0


class Unsent(NetworkError):
    """No connection: the request never left."""


class Lost(TimedOut):
    """The request left, or part of it, and no whole answer came."""


class Flood(TelegramError):
    """Refused for speed (429). python-telegram-bot's own `RetryAfter` warns of its future at every use."""

    __slots__ = ("seconds",)

    def __init__(self, seconds: float) -> None:
        super().__init__("too many requests")
        self.seconds = seconds


class Down(NetworkError):
    """The server, or one before it, is in trouble (5xx, or a redirection that no Bot API gives)."""


class Garbled(TelegramError):
    """The answer is not what the Bot API says: a page of some gateway, or half an object."""


class Wire(BaseRequest):
    """Requests to one bot at one server, over at most `lanes` connections; a transport that is given is shared."""

    __slots__ = ("_api", "_files", "_given", "_idle", "_made", "_room", "_ssl", "_urls")

    def __init__(self, api_url: str, token: str, lanes: int, transport: httpx.AsyncBaseTransport | None) -> None:
        server = api_url.rstrip("/")
        self._api = f"{server}/bot{token}/"
        self._files = f"{server}/file/bot{token}/"
        self._given = transport
        self._room = asyncio.Semaphore(lanes)
        self._idle: list[httpx.AsyncBaseTransport] = []
        self._made: list[httpx.AsyncBaseTransport] = []
        self._urls: dict[str, httpx.URL] = {}
        self._ssl: ssl.SSLContext | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer unless told otherwise."""
        return ANSWER

    async def initialize(self) -> None:
        """Nothing to make ready: lanes open when they are needed."""

    async def shutdown(self) -> None:
        """Close the connections made here."""
        made, self._made, self._idle = self._made, [], []
        for lane in made:
            await lane.aclose()

    async def call(
        self,
        method: str,
        parameters: Mapping[str, object] | None = None,
        *,
        file: tuple[str, str, bytes] | None = None,
        wait: float = ANSWER,
    ) -> object:
        """Call a method of the Bot API and return its result. `file` is (parameter, file name, bytes).

        `wait` is in seconds. Raises a `TelegramError`, and nothing else, when there is no result.
        """
        fields = [RequestParameter(name, value, None) for name, value in (parameters or {}).items()]
        if file is not None:
            name, filename, content = file
            fields.append(RequestParameter(name, None, [InputFile(content, filename=filename)]))
        try:
            result: object = await self.post(self._api + method, RequestData(fields), read_timeout=wait)
        except KeyError:
            raise Garbled("the answer has no result") from None
        return result

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send one request and return status and body. What python-telegram-bot would blur is raised here."""
        wait = read_timeout if isinstance(read_timeout, int | float) else ANSWER
        status, content = await self._exchange(self._request(url, request_data, float(wait)))
        if status == 429:
            raise Flood(_retry_after(content))
        if status >= 500 or 300 <= status < 400:
            raise Down(f"status {status}")
        return status, content

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read the server's answer. Raises `Garbled`; the library's own version would log the body."""
        try:
            answer = json.loads(payload)
        except (ValueError, RecursionError):
            raise Garbled("the answer is not JSON") from None
        if not isinstance(answer, dict):
            raise Garbled("the answer is not an object")
        if not isinstance(answer.get("parameters"), dict):
            answer.pop("parameters", None)
        return answer

    async def download(self, path: str, largest: int) -> bytes | None:
        """Return the bytes behind a `file_path`, None when there are more than `largest`.

        Raises a `TelegramError`: `BadRequest` when there is no such file.
        """
        request = httpx.Request("GET", self._files + quote(path), extensions=_timeouts(UPLOAD, CONNECT))
        status, content = await self._exchange(request, largest)
        if status == 404:
            raise BadRequest("the file is gone")
        if status != 200:
            raise Down(f"status {status}")
        return content if len(content) <= largest else None

    def _request(self, url: str, data: RequestData | None, wait: float) -> httpx.Request:
        address = self._urls.get(url)
        if address is None:
            address = self._urls[url] = httpx.URL(url)
        if data is not None and data.contains_files:
            return httpx.Request(
                "POST",
                address,
                data=data.json_parameters,
                files=data.multipart_data,
                extensions=_timeouts(max(wait, UPLOAD), UPLOAD),
            )
        body = json.dumps(data.parameters if data else {}, ensure_ascii=False, separators=(",", ":"))
        return httpx.Request(
            "POST",
            address,
            headers={"Content-Type": "application/json"},
            content=body.encode("utf-8", "replace"),
            extensions=_timeouts(wait, ANSWER),
        )

    async def _exchange(self, request: httpx.Request, largest: int = sys.maxsize) -> tuple[int, bytes]:
        async with self._room:
            lane = self._idle.pop() if self._idle else self._open(request.url)
            try:
                response = await lane.handle_async_request(request)
                try:
                    return response.status_code, await _read(response, largest)
                finally:
                    await response.aclose()
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
                raise Unsent(type(error).__name__) from None
            except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
                raise Unsent(type(error).__name__) from None
            except (httpx.HTTPError, httpx.StreamError) as error:
                raise Lost(type(error).__name__) from None
            finally:
                self._idle.append(lane)

    def _open(self, url: httpx.URL) -> httpx.AsyncBaseTransport:
        if self._given is not None:
            return self._given
        if url.scheme == "https" and self._ssl is None:
            self._ssl = httpx.create_ssl_context()
        lane = httpx.AsyncHTTPTransport(
            verify=self._ssl or False,
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=_KEEP),
            proxy=_proxy(str(url.copy_with(path="/"))),
        )
        self._made.append(lane)
        return lane


async def _read(response: httpx.Response, largest: int) -> bytes:
    """Return the body, cut off soon after `largest` bytes."""
    if largest == sys.maxsize:
        return await response.aread()
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > largest:
            break
    return bytes(content)


def _timeouts(answer: float, write: float) -> dict[str, dict[str, float]]:
    return {"timeout": {"connect": CONNECT, "read": answer, "write": write, "pool": CONNECT}}


def _retry_after(content: bytes) -> float:
    """Return the seconds that a 429 asks for; five when it does not say."""
    try:
        seconds = json.loads(content)["parameters"]["retry_after"]
        return max(1.0, min(float(seconds), 86_400.0))
    except (ValueError, TypeError, KeyError, RecursionError):
        return 5.0


def _proxy(url: str) -> str | None:
    """Return the proxy that the environment names for `url`."""
    parts = urlsplit(url)
    if not parts.hostname or proxy_bypass(parts.hostname):
        return None
    proxies = getproxies()
    return proxies.get(parts.scheme) or proxies.get("all")
