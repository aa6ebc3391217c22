"""The page that stands where the playground was while a plugin cannot be loaded: what is wrong, and how to mend it."""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path

import uvicorn
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from buurtwacht.kit.reload import Trouble

_TEMPLATES = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined)
#: Real seconds between two looks whether the page may go on.
_TICK = 0.1


def show(listening: socket.socket, trouble: Trouble) -> None:
    """Answer every request on this socket with what is wrong, until SIGTERM."""
    asyncio.run(_Page(trouble).serve(listening))


class _Page:
    def __init__(self, trouble: Trouble) -> None:
        self._trouble = trouble
        # A page follows the start that it was made by: with another one it is asked for again.
        self._start = secrets.token_hex(4)
        app = Starlette(
            routes=[
                Route("/playground/events", self.events),
                Route("/{path:path}", self.page),
                Route("/{path:path}", self.refuse, methods=["POST"]),
            ]
        )
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="none", server_header=False)
        self._server = uvicorn.Server(config)

    async def serve(self, listening: socket.socket) -> None:
        await self._server.serve([listening])

    async def page(self, request: Request) -> Response:
        nonce = secrets.token_urlsafe(16)
        html = _TEMPLATES.get_template("trouble.html").render(
            faults=self._trouble.faults, stack=self._trouble.stack, start=self._start, nonce=nonce
        )
        return HTMLResponse(html, 503, headers=_headers(nonce))

    async def events(self, request: Request) -> Response:
        """Stream which start this is, as the playground does: a page that is open asks for what is there now."""
        return StreamingResponse(self._stream(), media_type="text/event-stream", headers=_headers(""))

    async def refuse(self, request: Request) -> Response:
        return JSONResponse({"error": str(self._trouble.faults[0])}, 503, headers=_headers(""))

    async def _stream(self) -> AsyncGenerator[bytes, None]:
        yield f"retry: 300\nevent: state\ndata: {json.dumps({'start': self._start})}\n\n".encode()
        while not self._server.should_exit:
            await asyncio.sleep(_TICK)


def _headers(nonce: str) -> Mapping[str, str]:
    allowed = f"'nonce-{nonce}'" if nonce else "'none'"
    return {
        "Content-Security-Policy": f"default-src 'none'; script-src {allowed}; style-src {allowed}; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
