"""The page that stands where the playground was while a plugin cannot be loaded: what is wrong, and how to mend it."""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from buurtwacht.kit.reload import Trouble

_TEMPLATES = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
#: What the page itself says, in Dutch and in English; the playground is Dutch unless `?lang=en` asks otherwise.
#: Faults are sentences of the terminal, and of Python: they have one language.
_WORDS = {
    "title": ("Buurtwacht · wacht op een wijziging", "Buurtwacht · waiting for a change"),
    "heading": ("De speeltuin wacht op een wijziging", "The playground waits for a change"),
    "returns": (
        "Deze pagina komt vanzelf terug zodra de bestanden zijn opgeslagen. "
        "Wat er mis is, staat hieronder in het Engels, zoals op de terminal.",
        "This page comes back by itself once the files are saved. What is wrong is below, as on the terminal.",
    ),
    "stack": ("Waar de code stond", "Where the code stood"),
    "language": ("Taal", "Language"),
}
#: Real seconds between two looks whether the page may go on.
_TICK = 0.1


def show(listening: socket.socket, trouble: Trouble) -> None:
    """Answer every request on this socket with what is wrong, until SIGTERM."""
    asyncio.run(TroublePage(trouble).serve(listening))


class TroublePage:
    """A web app of one page, served until SIGTERM."""

    def __init__(self, trouble: Trouble) -> None:
        self._trouble = trouble
        # A page follows the start that it was made by: with another one it is asked for again.
        self._start = secrets.token_hex(4)
        self.app = Starlette(
            routes=[
                Route("/playground/events", _local(self._events)),
                Route("/{path:path}", _local(self._page)),
                Route("/{path:path}", _local(self._refuse), methods=["POST"]),
            ]
        )
        config = uvicorn.Config(
            self.app, log_config=None, access_log=False, lifespan="off", ws="none", server_header=False
        )
        self._server = uvicorn.Server(config)

    async def serve(self, listening: socket.socket) -> None:
        """Answer what comes in on this socket."""
        await self._server.serve([listening])

    async def _page(self, request: Request) -> Response:
        """Show what is wrong, in Dutch or with ?lang=en in English, as the playground is that stood here."""
        nonce = secrets.token_urlsafe(16)
        language = "en" if request.query_params.get("lang") == "en" else "nl"
        html = _TEMPLATES.get_template("trouble.html").render(
            t={key: both[language == "en"] for key, both in _WORDS.items()},
            language=language,
            faults=self._trouble.faults,
            stack=self._trouble.stack,
            start=self._start,
            nonce=nonce,
        )
        return HTMLResponse(html, 503, headers=_headers(nonce))

    async def _events(self, request: Request) -> Response:
        """Stream which start this is, as the playground does: a page that is open asks for what is there now."""
        return StreamingResponse(self._stream(), media_type="text/event-stream", headers=_headers(""))

    async def _refuse(self, request: Request) -> Response:
        return JSONResponse({"error": str(self._trouble.faults[0])}, 503, headers=_headers(""))

    async def _stream(self) -> AsyncGenerator[bytes, None]:
        yield f"retry: 300\nevent: state\ndata: {json.dumps({'start': self._start})}\n\n".encode()
        while not self._server.should_exit:
            await asyncio.sleep(_TICK)


def _local(answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that answers only this computer: it shows folders and lines of source."""

    async def answer_local(request: Request) -> Response:
        # A foreign name that resolves to 127.0.0.1 (DNS rebinding) arrives with that name in Host.
        try:
            host = urlsplit(f"//{request.headers.get('host', '')}").hostname
        except ValueError:
            host = None
        if host not in _LOOPBACK:
            return JSONResponse({"error": "open this page by the name 127.0.0.1"}, 403, headers=_headers(""))
        return await answer(request)

    return answer_local


def _headers(nonce: str) -> Mapping[str, str]:
    allowed = f"'nonce-{nonce}'" if nonce else "'none'"
    return {
        "Content-Security-Policy": f"default-src 'none'; script-src {allowed}; style-src {allowed}; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
