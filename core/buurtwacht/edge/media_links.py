"""The page before a file that is handed out once: whoever fetches the link sees a button, and only that gives the file.

Messengers make previews of links, and scanners of mail open them: neither presses a button.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from buurtwacht.edge.receiving import RunInThread
from buurtwacht.host import media_links
from buurtwacht.host.core import Core
from buurtwacht.host.declarations import FeedFile
from buurtwacht.records.links import PATH
from buurtwacht.records.media_links import STEP
from buurtwacht.vocabulary.messages import Reader, Text
from buurtwacht.vocabulary.texts import CORE, LANGUAGES, language_of

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)
#: The link is for one: nothing of it is kept on the way, listed, or told to another site.
_PRIVATE = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, nofollow, noarchive",
}
_PAGE = {
    **_PRIVATE,
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
}
_FILE = {
    **_PRIVATE,
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'",
}


class MediaPages:
    """Answers whoever has a link to a file that works once."""

    def __init__(self, core: Core, run_in_thread: RunInThread) -> None:
        self._core = core
        self._run = run_in_thread
        self.route = Route(f"/{PATH}/{STEP}/{{token}}", self._answer, methods=["GET", "POST"])

    async def _answer(self, request: Request) -> Response:
        """Show the page, which uses nothing up; hand out the file when its button was pressed.

        A link that was used, is too old, or never was, is answered alike: a made-up one tells nothing.
        """
        token = request.path_params["token"]
        language = self._language(request)
        if request.method != "POST":
            kind: str | None = await self._run(media_links.offered, self._core, token)
            if kind is None:
                return self._gone(language)
            return self._page(language, "photo" if kind == "photo" else "file", button=True)
        found: FeedFile | None = await self._run(media_links.taken, self._core, token)
        if found is None:
            return self._gone(language)
        disposition = f"inline; filename*=UTF-8''{quote(found.name, safe='')}"
        return Response(found.content, media_type=found.mime, headers={**_FILE, "content-disposition": disposition})

    def _gone(self, language: str) -> Response:
        return self._page(language, "gone", status=410)

    def _page(self, language: str, kind: str, *, button: bool = False, status: int = 200) -> Response:
        other = next(one for one in LANGUAGES if one != language)
        facts: Mapping[str, str] = {
            "language": language,
            "other": other,
            "other_language": self._say("language", other),
            "title": self._say(f"{kind}.title", language),
            "explained": self._say(kind, language),
            "button": self._say(f"{kind}.button", language) if button else "",
            "careful": self._say("careful", language),
        }
        html = _templates.get_template("media.html").render(facts)
        return HTMLResponse(html, status_code=status, headers=_PAGE)

    def _say(self, key: str, language: str) -> str:
        return self._core.catalogues.render(Text(f"media_page.{key}", domain=CORE), Reader(language, formal=True))

    def _language(self, request: Request) -> str:
        wanted = request.query_params.get("lang") or request.headers.get("accept-language", "")[:5]
        return language_of(wanted or self._core.language)
