"""How the stand-in says no: Meta's codes with the HTTP status they come with."""

from __future__ import annotations

from collections.abc import Mapping

import httpx
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

#: HTTP status by code where it is not 400 (Meta, error codes).
_STATUS: Mapping[int, int] = {
    0: 401,
    2: 503,
    190: 401,
    368: 403,
    130429: 429,
    131000: 500,
    131016: 503,
    131056: 429,
}


class Refused(Exception):
    """A request that Meta would refuse; `is_complaint` when its sender should have known better."""

    def __init__(self, code: int, details: str, *, is_complaint: bool = True, retry_after: float | None = None) -> None:
        super().__init__(details)
        self.code = code
        self.details = details
        self.is_complaint = is_complaint
        self.retry_after = retry_after

    def answer(self) -> Response:
        """Return the response, in the form Meta documents."""
        error = {
            "message": f"(#{self.code}) refused",
            "type": "OAuthException",
            "code": self.code,
            "error_data": {"messaging_product": "whatsapp", "details": self.details},
            "fbtrace_id": "stand-in",
        }
        headers = {} if self.retry_after is None else {"Retry-After": f"{self.retry_after:g}"}
        return JSONResponse({"error": error}, _STATUS.get(self.code, 400), headers)


class Broken(Response):
    """An answer that stops in the middle, over a socket and in process alike."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send half of an answer and break off."""
        headers = [(b"content-type", b"application/json"), (b"content-length", b"512")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        raise httpx.RemoteProtocolError("the connection broke after the request was taken")
