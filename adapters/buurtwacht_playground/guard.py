"""Who may use the playground: nobody signs in, so only a browser on this computer, and only from the page itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias, TypeVar
from urllib.parse import urlsplit

import structlog
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from buurtwacht_playground.forms import Form
from buurtwacht_playground.words import Mistake, chosen_language

log = structlog.get_logger(__name__)

Answer: TypeAlias = Callable[[Request], Awaitable[Response]]
AnyForm = TypeVar("AnyForm", bound=Form)

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_BODY = 65_536
#: a photo of 5 MB in base64, and the keys around it
PHOTO_BODY = 7_100_000

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def guarded(answer: Answer) -> Answer:
    """Return an endpoint that answers local requests only, tells a `Mistake` in a sentence, and sets safe headers."""

    async def answer_guarded(request: Request) -> Response:
        try:
            _must_be_local(request)
            if request.method == "POST":
                _must_be_own(request)
            response = await answer(request)
        except Mistake as mistake:
            language = chosen_language(request.query_params.get("lang"))
            response = JSONResponse({"error": mistake.sentence(language)}, mistake.status)
        response.headers.update(HEADERS)
        return response

    return answer_guarded


async def read(request: Request, form: type[AnyForm], limit: int = _BODY) -> AnyForm:
    """Return the body as this form. Raises `Mistake`: 413 over `limit` bytes, 415 for other than JSON, 422."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise Mistake(415, "not_json")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise Mistake(413, "too_large")
    try:
        return form.model_validate_json(bytes(body))
    except ValidationError as error:
        fields = sorted({str(fault["loc"][0]) if fault["loc"] else "JSON" for fault in error.errors()})
        raise Mistake(422, "bad_field", fields=", ".join(fields)) from error


def _must_be_local(request: Request) -> None:
    # A foreign name that resolves to 127.0.0.1 (DNS rebinding) arrives with that name in Host.
    try:
        host = urlsplit(f"//{request.headers.get('host', '')}").hostname
    except ValueError:
        host = None
    if host not in _LOOPBACK:
        log.warning("playground refused a request that was not addressed to this computer")
        raise Mistake(403, "not_local")


def _must_be_own(request: Request) -> None:
    # Every browser sends one of the two with a POST; what sends neither does not come from the page.
    origin = request.headers.get("origin")
    if origin is not None:
        own = f"{request.url.scheme}://{request.headers['host']}"
        if origin != own:
            raise Mistake(403, "not_same_page")
    elif request.headers.get("sec-fetch-site") != "same-origin":
        raise Mistake(403, "not_same_page")
