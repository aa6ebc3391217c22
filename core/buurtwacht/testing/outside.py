"""The world outside of a world: what answers at addresses that sources of plugins ask. Nothing leaves the machine."""

from __future__ import annotations

from typing import Any

import httpx


class OutsideWorld:
    """Answers by address: what was set last for the longest beginning of it. What was never set cannot be reached."""

    def __init__(self) -> None:
        self._answers: dict[str, object] = {}
        #: every address that was asked, in order
        self.asked: list[str] = []

    @property
    def is_there(self) -> bool:
        """Whether anything was set: until then nobody asks, and no time is spent on it."""
        return bool(self._answers)

    def set(self, address: str, answer: object) -> None:
        """Let all addresses that begin so answer: a status (int), raw bytes, an exception, or anything as JSON."""
        self._answers[address] = answer

    def transport(self) -> httpx.AsyncBaseTransport:
        """Return what a client sends its requests through."""
        return httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        url = str(request.url)
        self.asked.append(url)
        for address in sorted((one for one in self._answers if url.startswith(one)), key=len, reverse=True):
            return self._response(request, self._answers[address])
        raise httpx.ConnectError("nobody answers there", request=request)

    def _response(self, request: httpx.Request, answer: Any) -> httpx.Response:
        match answer:
            case BaseException():
                raise answer
            case bool():
                return httpx.Response(200, json=answer)
            case int():
                return httpx.Response(answer)
            case bytes():
                return httpx.Response(200, content=answer)
        return httpx.Response(200, json=answer)
