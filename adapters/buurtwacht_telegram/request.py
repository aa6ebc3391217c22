"""How requests reach the Bot API: python-telegram-bot's request object over connections of our own.

One connection a lane, without a general client between: it costs a third of one, and no log can hold an address, which
holds the token. Only where the environment names a proxy, or a transport is given, httpx's transports carry them.
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

from buurtwacht_telegram.lane import Asked, Broken, Lane, NotConnected

if TYPE_CHECKING:
    from typing import Any

#: seconds; an upload may take longer to write and to be answered
CONNECT, ANSWER, UPLOAD = 5.0, 10.0, 60.0
#: Telegram closes idle connections itself; ours go first, so that no request meets a dying one
_KEEP = 15.0
_CONNECTING = {"connect": CONNECT, "pool": CONNECT}
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


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

    __slots__ = ("_api", "_carrier", "_files", "_given", "_idle", "_lanes", "_origin", "_proxy", "_room", "_ssl")

    def __init__(self, api_url: str, token: str, lanes: int, transport: httpx.AsyncBaseTransport | None) -> None:
        parts = urlsplit(api_url.rstrip("/"))
        self._origin = f"{parts.scheme}://{parts.netloc}"
        base, name = self._origin + quote(parts.path), quote(token, safe=":")
        self._api = f"{base}/bot{name}/"
        self._files = f"{base}/file/bot{name}/"
        self._given = transport
        self._proxy = _proxy(api_url)
        self._room = asyncio.Semaphore(lanes)
        self._lanes: list[Lane] = []
        self._idle: list[Lane] = []
        self._carrier: httpx.AsyncHTTPTransport | None = None
        self._ssl: ssl.SSLContext | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer unless told otherwise."""
        return ANSWER

    async def initialize(self) -> None:
        """Nothing to make ready: lanes open when they are needed."""

    async def shutdown(self) -> None:
        """Close the connections made here."""
        lanes, self._lanes, self._idle = self._lanes, [], []
        for lane in lanes:
            lane.close()
        await asyncio.sleep(0)  # what was closed is let go of in the next round of the loop
        carrier, self._carrier = self._carrier, None
        if carrier is not None:
            await carrier.aclose()

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
        status, content = await self._exchange(self._asked(url, request_data, float(wait)))
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
        asked = Asked("GET", self._target(self._files + quote(path)), "", b"", UPLOAD)
        status, content = await self._exchange(asked, largest)
        if status == 404:
            raise BadRequest("the file is gone")
        if status != 200:
            raise Down(f"status {status}")
        return content if len(content) <= largest else None

    def _asked(self, url: str, data: RequestData | None, wait: float) -> Asked:
        if data is not None and data.contains_files:
            form = httpx.Request("POST", url, data=data.json_parameters, files=data.multipart_data)
            return Asked(
                "POST", self._target(url), form.headers["Content-Type"], form.read(), UPLOAD + max(wait, UPLOAD)
            )
        body = _encode(data.parameters if data else {})
        return Asked("POST", self._target(url), "application/json", body.encode("utf-8", "replace"), wait)

    def _target(self, url: str) -> str:
        """Return the part of an address that a request names: all behind the server."""
        return url[len(self._origin) :]

    async def _exchange(self, asked: Asked, largest: int = sys.maxsize) -> tuple[int, bytes]:
        async with self._room:
            if self._given is not None or self._proxy is not None:
                return await self._carry(asked, largest)
            lane = self._idle.pop() if self._idle else self._open()
            try:
                return await lane.ask(asked, largest)
            except NotConnected as error:
                raise Unsent(str(error)) from None
            except Broken as error:
                raise Lost(str(error)) from None
            finally:
                self._idle.append(lane)

    def _open(self) -> Lane:
        """Make one more lane. Raises `Unsent` for an address that nothing can listen at."""
        try:
            server = httpx.URL(self._origin)
        except httpx.InvalidURL as error:
            raise Unsent(type(error).__name__) from None
        if server.scheme not in ("http", "https") or not server.host:
            raise Unsent("UnsupportedProtocol")
        is_safe = server.scheme == "https"
        if is_safe and self._ssl is None:
            self._ssl = httpx.create_ssl_context()
        shown = server.netloc.decode("ascii")
        host, port = server.raw_host.decode("ascii"), server.port or (443 if is_safe else 80)
        lane = Lane(host, port, self._ssl, shown=shown, connect=CONNECT, keep=_KEEP)
        self._lanes.append(lane)
        return lane

    async def _carry(self, asked: Asked, largest: int) -> tuple[int, bytes]:
        """Have httpx's transport carry a request: the one that was given, or one that knows the proxy."""
        if self._given is None and self._carrier is None:
            self._carrier = httpx.AsyncHTTPTransport(proxy=self._proxy, limits=httpx.Limits(keepalive_expiry=_KEEP))
        carrier = self._given or self._carrier
        assert carrier is not None
        try:
            request = httpx.Request(
                asked.method,
                self._origin + asked.target,
                headers={"Content-Type": asked.kind} if asked.kind else None,
                content=asked.content or None,
                extensions={"timeout": dict.fromkeys(("read", "write"), asked.seconds) | _CONNECTING},
            )
            response = await carrier.handle_async_request(request)
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
