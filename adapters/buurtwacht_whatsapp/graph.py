"""The Graph API through pywa: where its requests go, and what its answers mean. The only file that knows pywa."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Awaitable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Final

import httpx
from pywa_async.client import WhatsApp

from buurtwacht import Ambiguous, DeliveryError, Rejected, Unavailable
from buurtwacht_whatsapp.codes import meaning
from buurtwacht_whatsapp.outgoing import upload_type

if TYPE_CHECKING:
    from buurtwacht import Parcel
    from buurtwacht_whatsapp.outgoing import Part
    from buurtwacht_whatsapp.recipients import Recipient
    from buurtwacht_whatsapp.settings import Settings

#: What pywa calls in spite of any base URL it is given (platforms.md 2.2).
_META: Final = "graph.facebook.com"
#: Meta's own hosts from which files come; the token travels with every request, so it goes nowhere else.
_META_HOSTS: Final = (".facebook.com", ".fbsbx.com", ".fbcdn.net", ".whatsapp.net")
#: The connection was never made, so nothing can have been taken.
_NOT_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
#: What reading an answer of another form raises; RuntimeError when the client was closed in the middle.
_ODD_ANSWER: Final = (httpx.InvalidURL, httpx.StreamError, LookupError, TypeError, ValueError, RuntimeError)
#: Seconds. An answer later than this is an ambiguous one.
_TIMEOUT: Final = httpx.Timeout(15.0, connect=5.0)
_MEDIA_ID: Final = re.compile(r"[A-Za-z0-9_.-]{1,256}", re.ASCII)


class Reroute(httpx.AsyncBaseTransport):
    """Sends to `api_url` what pywa addresses to Meta, and refuses hosts that are neither."""

    def __init__(self, inner: httpx.AsyncBaseTransport, api_url: str) -> None:
        self._inner = inner
        self._base = httpx.URL(api_url)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request on. Raises `httpx.UnsupportedProtocol` for a strange host, before anything is sent."""
        if request.url.host == _META:
            self._move(request)
        elif not self._is_known(request.url):
            raise httpx.UnsupportedProtocol("a host that is not the provider's", request=request)
        return await self._inner.handle_async_request(request)

    def _move(self, request: httpx.Request) -> None:
        base = self._base
        path = base.raw_path.rstrip(b"/") + request.url.raw_path
        request.url = request.url.copy_with(scheme=base.scheme, host=base.host, port=base.port, raw_path=path)
        request.headers["Host"] = base.netloc.decode("ascii")

    def _is_known(self, url: httpx.URL) -> bool:
        ours = (url.scheme, url.host, url.port) == (self._base.scheme, self._base.host, self._base.port)
        return ours or (url.scheme == "https" and url.host.endswith(_META_HOSTS))

    async def aclose(self) -> None:
        """Close the transport behind."""
        await self._inner.aclose()


class Graph:
    """One account's connection to the Graph API. Every method raises `DeliveryError`s and nothing else."""

    def __init__(self, settings: Settings, transport: httpx.AsyncBaseTransport | None) -> None:
        # pywa logs bodies and numbers at DEBUG, httpx the signed addresses of files at INFO.
        for name in ("pywa", "pywa_async", "httpx"):
            logging.getLogger(name).setLevel(logging.WARNING)
        inner = transport or httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=100))
        self._number_id = settings.phone_number_id
        self._waba_id = settings.waba_id
        self._http = httpx.AsyncClient(
            transport=Reroute(inner, settings.api_url), timeout=_TIMEOUT, event_hooks={"response": [_refuse]}
        )
        self._api = WhatsApp(
            phone_id=settings.phone_number_id,
            token=settings.token,
            session=self._http,
            api_version=settings.api_version,
        ).api

    async def send(self, to: Recipient, part: Part, *, tracker: str, reply_to: str | None = None) -> str:
        """Send one part to one person and return its wamid. `tracker` comes back in every status.

        Uses pywa's call below its message methods: those guess a group from an id they do not know.
        """
        with self._converted(Ambiguous):
            answer = await self._api.send_message(
                sender=self._number_id,
                to=to.to,
                recipient=to.user,
                recipient_type="individual",
                typ=part.kind,
                msg=dict(part.content),
                reply_to_message_id=reply_to,
                biz_opaque_callback_data=tracker,
            )
            wamid = answer["messages"][0]["id"]
            if not isinstance(wamid, str) or not wamid:
                raise Ambiguous("an answer without an id")
            return wamid

    async def upload(self, parcel: Parcel) -> str:
        """Store a file with Meta, for 30 days, and return its id."""
        upload = self._api.upload_media(
            phone_id=self._number_id, media=parcel.content, mime_type=upload_type(parcel.mime), filename=parcel.name
        )
        return _text(await self._asked(upload), "id")

    async def number(self) -> str:
        """Return the account's display number, as Meta writes it."""
        asked = self._api.get_business_phone_number(phone_id=self._number_id, fields=("id", "display_phone_number"))
        return _text(await self._asked(asked), "display_phone_number")

    async def download(self, ident: str, limit: int) -> bytes:
        """Return the bytes of a file somebody sent. Raises `Rejected` when it is gone or has over `limit` bytes."""
        if not _MEDIA_ID.fullmatch(ident):
            raise Rejected("not the id of a file")
        found = await self._asked(self._api.get_media_url(media_id=ident))
        size = found.get("file_size")
        if isinstance(size, int) and size > limit:
            raise Rejected(f"a file of over {limit} bytes")
        content = bytearray()
        async with self._streamed(_text(found, "url")) as response:
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > limit:
                    raise Rejected(f"a file of over {limit} bytes")
        return bytes(content)

    @asynccontextmanager
    async def _streamed(self, url: str) -> AsyncIterator[httpx.Response]:
        with self._converted(Unavailable):
            async with self._api.stream_media_bytes(media_url=url) as response:
                yield response

    async def templates(self, prefix: str) -> list[Mapping[str, object]]:
        """Return all templates whose name begins with `prefix`, as Meta describes them."""
        found: list[Mapping[str, object]] = []
        cursor: str | None = None
        while True:
            asked = self._api.get_templates(
                waba_id=self._waba_id,
                fields=("id", "name", "language", "status", "rejected_reason", "components"),
                filters={"name": prefix},
                pagination={"limit": 100} | ({"after": cursor} if cursor else {}),
            )
            page = await self._asked(asked)
            entries = page.get("data")
            entries = entries if isinstance(entries, list) else []
            found += [each for each in entries if isinstance(each, dict) and str(each.get("name")).startswith(prefix)]
            cursor = _next_page(page)
            if not entries or cursor is None:
                return found

    async def create_template(self, template: dict[str, object]) -> Mapping[str, object]:
        """Submit a new template and return what Meta says of it."""
        return await self._asked(self._api.create_template(waba_id=self._waba_id, template=template))

    async def change_template(self, ident: str, components: list[dict[str, object]]) -> None:
        """Give an existing template another body or other buttons; it is judged again."""
        await self._asked(
            self._api.send_raw_request(method="POST", endpoint=f"/{ident}", json={"components": components})
        )

    async def _asked(self, request: Awaitable[object]) -> Mapping[str, object]:
        """Await a request that reaches no person: whatever goes wrong, asking again doubles nothing."""
        with self._converted(Unavailable):
            answer = await request
            if not isinstance(answer, dict):
                raise Unavailable("an answer of another form")
            return answer

    @contextmanager
    def _converted(self, unclear: type[DeliveryError]) -> Iterator[None]:
        """Turn what httpx and odd JSON raise into our errors; `unclear` is what an answer lost on the way comes to.

        pywa's own errors never come here, `_refuse` is earlier: they cannot cross a context manager (platforms.md 1.4).
        """
        if self._http.is_closed:
            raise Unavailable("closed")
        try:
            yield
        except _NOT_SENT as error:
            raise Unavailable("no_connection") from error
        except httpx.HTTPError as error:
            raise unclear("no_answer") from error
        except _ODD_ANSWER:
            raise unclear("answer_unreadable") from None

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()


async def _refuse(response: httpx.Response) -> None:
    """Raise what a refusal means, before pywa sees it: it stumbles over error bodies of another form."""
    if response.status_code < 300 or (response.is_redirect and response.request.method == "GET"):
        return  # where a file is elsewhere, the download follows
    await response.aread()
    code, transient, subcode = _error(response)
    status = response.status_code
    if (code, subcode) == (100, 33) and response.request.url.path.endswith("/messages"):
        code = 10  # "does not exist, or missing permissions", of our own number: the id or the token is not ours
    raise meaning(code, status, transient=transient).to_raise(code or status, _retry_after(response))


def _error(response: httpx.Response) -> tuple[int | None, bool, object]:
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return None, False, None
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return None, False, None
    code = error.get("code")
    is_code = isinstance(code, int) and not isinstance(code, bool)
    return code if is_code else None, error.get("is_transient") is True, error.get("error_subcode")


def _retry_after(response: httpx.Response) -> float | None:
    """Return the seconds of a Retry-After header (RFC 9110; Meta sends none today), if it states any."""
    value = response.headers.get("Retry-After", "")
    return min(float(value), 86_400.0) if re.fullmatch(r"\d{1,6}(\.\d+)?", value, re.ASCII) else None


def _text(answer: Mapping[str, object], key: str) -> str:
    value = answer.get(key)
    if not isinstance(value, str) or not value:
        raise Unavailable(f"an answer without {key}")
    return value


def _next_page(page: Mapping[str, object]) -> str | None:
    paging = page.get("paging")
    if not isinstance(paging, dict) or not paging.get("next"):
        return None
    cursors = paging.get("cursors")
    after = cursors.get("after") if isinstance(cursors, dict) else None
    return after if isinstance(after, str) and after else None
