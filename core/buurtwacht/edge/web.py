"""The web: webhooks, health, metrics, and the pages and feeds of plugins. Paths as `interface.md` fixes them."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ipaddress
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

import structlog
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from buurtwacht.edge.media_links import MediaPages
from buurtwacht.edge.receiving import RunInThread
from buurtwacht.host import feeds
from buurtwacht.host.auditing import CODES
from buurtwacht.host.context import Context
from buurtwacht.host.core import Core
from buurtwacht.host.declarations import FeedFile, Page, PageRequest
from buurtwacht.host.in_time import AT_ONCE, Question
from buurtwacht.records import findings, links, outside, selfaudit
from buurtwacht.records.database import Unit
from buurtwacht.vocabulary.errors import PluginError, StoreUnavailable
from buurtwacht.vocabulary.ids import NeighbourhoodId
from buurtwacht.vocabulary.texts import language_of

log = structlog.get_logger("buurtwacht.web")

#: The page of whoever wants to become a member, when a plugin has one (interface, Web).
JOIN = "/join"
#: So many feeds are made at once: a plugin that takes its time over them keeps no database thread from alerts.
_FEEDS_AT_ONCE = 2
_RUNS = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>Buurtwacht</title><p>Buurtwacht runs.</p></html>"
)


class _Figures(Collector):
    """What is counted, read from the database when it is asked for."""

    def __init__(self, core: Core, waiting: Callable[[], int]) -> None:
        self._core = core
        self._waiting = waiting

    def collect(self) -> Iterable[Metric]:
        """Yield every figure."""
        found = selfaudit.counts(self._core.database)
        deliveries = GaugeMetricFamily("buurtwacht_deliveries", "Deliveries by state", labels=["account", "state"])
        for key, count in found["deliveries"].items():
            deliveries.add_metric(list(key), count)
        yield deliveries
        templates = GaugeMetricFamily(
            "buurtwacht_template_deliveries",
            "Deliveries of the last 30 days that left as a template; one in several templates counts once",
            labels=["account"],
        )
        for key, count in found["templates"].items():
            templates.add_metric(list(key), count)
        yield templates
        ambiguous = GaugeMetricFamily(
            "buurtwacht_ambiguous_deliveries",
            "Deliveries of which nobody knew whether they arrived, by what was done: repeated or unknown",
            labels=["account", "ended"],
        )
        for key, count in found["ambiguous"].items():
            ambiguous.add_metric(list(key), count)
        yield ambiguous
        events = GaugeMetricFamily("buurtwacht_events", "Events in the inbox by state", labels=["state"])
        for key, count in found["events"].items():
            events.add_metric(list(key), count)
        yield events
        yield GaugeMetricFamily("buurtwacht_timers", "Timers that are set", value=found["timers"][()])
        yield GaugeMetricFamily("buurtwacht_work_waiting", "Events not handled yet", value=self._waiting())
        accounts = GaugeMetricFamily("buurtwacht_account_up", "1 while an account is ok", labels=["account"])
        for one in selfaudit.account_states(self._core.database, self._core.accounts).values():
            accounts.add_metric([one.name], float(one.state == "ok"))
        yield accounts
        yield from self._of_plugins()
        yield from self._audited()

    def _of_plugins(self) -> Iterable[Metric]:
        """Yield how plugins do, and what they listen to."""
        errors = GaugeMetricFamily("buurtwacht_plugin_errors", "Errors since the start", labels=["plugin"])
        paused = GaugeMetricFamily("buurtwacht_plugin_paused", "1 while a plugin is paused", labels=["plugin"])
        for plugin in self._core.plugins:
            errors.add_metric([plugin.id], self._core.health.errors.get(plugin.id, 0))
            paused.add_metric([plugin.id], float(self._core.health.is_paused(plugin.id)))
        yield errors
        yield paused
        refusals = GaugeMetricFamily(
            "buurtwacht_plugin_refusals", "What was refused to a plugin since the start", labels=["plugin", "what"]
        )
        for (who, what), count in list(self._core.health.refusals.items()):
            refusals.add_metric([who, what], count)
        yield refusals
        known = GaugeMetricFamily(
            "buurtwacht_source_known", "1 while something is known of a source outside", labels=["plugin", "source"]
        )
        for source in outside.states(self._core.database):
            known.add_metric([source.plugin, source.name], float(source.known))
        yield known

    def _audited(self) -> Iterable[Metric]:
        """Yield how many findings there are of each kind, none included, and when the last audit began."""
        with self._core.database.reading() as connection:
            counted = Counter(one.what.code for one in findings.confirmed(connection))
            last = findings.last_audit(connection)
        found = GaugeMetricFamily("buurtwacht_findings", "What the self-audit found and is not over", labels=["code"])
        for code in sorted({*CODES, *counted}):
            found.add_metric([code], counted[code])
        yield found
        yield GaugeMetricFamily(
            "buurtwacht_last_audit_timestamp_seconds",
            "When the last self-audit began; 0: there was none yet",
            value=last.timestamp() if last is not None else 0,
        )


class Web:
    """Everything that answers over HTTP. `waiting` tells how many events are not handled yet."""

    def __init__(
        self,
        core: Core,
        run_in_thread: RunInThread,
        channel_routes: Sequence[BaseRoute],
        *,
        metrics_token: str = "",
        waiting: Callable[[], int] = lambda: 0,
    ) -> None:
        self._core = core
        self._run = run_in_thread
        self._token = metrics_token
        self._registry = CollectorRegistry()
        self._registry.register(_Figures(core, waiting))
        self._feeds = asyncio.Semaphore(_FEEDS_AT_ONCE)
        pages = [self._page(plugin, page) for plugin, page in core.plugins.pages]
        self._joining = any(page.path == JOIN for _, page in core.plugins.pages)
        routes = [
            Route("/", self._front),
            Route("/healthz", self._healthz),
            Route("/readyz", self._readyz),
            Route("/metrics", self._metrics),
            MediaPages(core, run_in_thread).route,
            Route(f"/{links.PATH}/{{token}}", self._feed),
            Route(f"/{links.PATH}/{{token}}/{{name}}", self._feed),
            *channel_routes,
            *pages,
        ]
        self.app = Starlette(routes=routes, exception_handlers={Exception: self._broken, StoreUnavailable: self._gone})

    async def _front(self, request: Request) -> Response:
        """Whoever types our address wants to join, or to see that it runs."""
        if self._joining:
            return RedirectResponse(JOIN, headers=_SAFE)
        return HTMLResponse(_RUNS, headers=_SAFE)

    async def _healthz(self, request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def _readyz(self, request: Request) -> Response:
        """200 while events can be accepted and kept, and nothing but that; the body says how the rest is."""
        now = self._core.clock.now()
        try:
            await self._run(selfaudit.can_keep, self._core.database, now)
            states: Mapping[str, selfaudit.AccountState] = await self._run(
                selfaudit.account_states, self._core.database, self._core.accounts
            )
            report: Mapping[str, object] = await self._run(self._audited, now)
            sources: Sequence[Mapping[str, object]] = await self._run(self._sources)
        except Exception as error:
            # Whatever keeps us from keeping events: the answer is the same, and the reason holds nothing private.
            return JSONResponse({"ready": False, "reason": type(error).__name__}, status_code=503)
        body = {
            "ready": True,
            "accounts": {name: {"state": one.state, "reason": one.reason} for name, one in states.items()},
            "plugins_paused": self._core.health.paused(),
            "sources": sources,
            **report,
        }
        return JSONResponse(body)

    def _sources(self) -> list[dict[str, object]]:
        """Return how the sources outside do."""
        return [
            {
                "plugin": one.plugin,
                "source": one.name,
                "state": "known" if one.known else "unknown",
                "since": one.since.isoformat(),
                "reason": one.reason,
            }
            for one in outside.states(self._core.database)
        ]

    def _audited(self, now: datetime) -> dict[str, object]:
        """Return what the self-audit found: in sentences, and item by item with the codes that stay the same."""
        database, places = self._core.database, {one.id: one.code for one in self._core.neighbourhoods.all()}
        late = [*selfaudit.late(database, now).values(), *selfaudit.put_aside(database, now)]
        with database.reading() as connection:
            found = findings.confirmed(connection)
            last = findings.last_audit(connection)
        items = [
            {
                "code": one.what.code,
                "plugin": one.what.plugin or "core",
                "subject": one.what.short or str(one.what.record or ""),
                "neighbourhood": places.get(NeighbourhoodId(one.what.neighbourhood), ""),
                "since": one.since.isoformat(),
            }
            for one in found
        ]
        sentences = [one.sentence for one in found if one.what.record]
        return {
            "audit": [*late, *sentences],
            "findings": items,
            "audited_at": last.isoformat() if last is not None else None,
        }

    async def _metrics(self, request: Request) -> Response:
        if not self._may_read_metrics(request):
            return PlainTextResponse("metrics_token is needed\n", status_code=403)
        text: bytes = await self._run(generate_latest, self._registry)
        return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")

    def _may_read_metrics(self, request: Request) -> bool:
        """With the token when one is set; otherwise from this machine itself, and not through a proxy."""
        if self._token:
            given = request.headers.get("authorization", "").removeprefix("Bearer ")
            return hmac.compare_digest(given.encode(), self._token.encode())
        if request.client is None or "x-forwarded-for" in request.headers or "forwarded" in request.headers:
            return False
        try:
            return ipaddress.ip_address(request.client.host).is_loopback
        except ValueError:
            return False

    def _page(self, plugin: str, page: Page) -> Route:
        async def show(request: Request) -> Response:
            wanted = request.query_params.get("lang") or request.headers.get("accept-language", "")[:5]
            asked = PageRequest(
                query=dict(request.query_params),
                language=language_of(wanted or self._core.language),
                invite=self._core.invite,
                accounts=self._core.accounts,
            )
            html: str | None = await self._run(self._render, plugin, page, asked)
            if html is None:
                return PlainTextResponse("this page is not available now\n", status_code=503)
            return HTMLResponse(html, headers=_SAFE)

        return Route(page.path, show)

    def _render(self, plugin: str, page: Page, asked: PageRequest) -> Any:
        """Return a plugin's page; None while it is paused, and where it fails or hangs: then that is named as its.

        That never pauses it: anybody may ask for a page, with what he likes behind it.
        """
        if self._core.health.is_paused(plugin):
            return None

        def shown(unit: Unit) -> str:
            with self._core.trace.called(plugin, f"page {page.path}"):
                return page.handler(Context(self._core, plugin, unit), asked)

        question = Question(plugin, f"page {page.path}", shown, pauses=False)
        return self._core.in_time.ask_one(question, AT_ONCE)

    async def _feed(self, request: Request) -> Response:
        """Answer whoever has a private link; the token is part of the path, so no log may hold that."""
        token, name = request.path_params["token"], request.path_params.get("name", "")
        try:
            async with self._feeds:
                found: FeedFile | None = await self._run(feeds.read, self._core, token, name)
        except PluginError as error:
            log.info("a feed could not be made", plugin=error.plugin, reason=str(error))
            return PlainTextResponse("something went wrong on our side\n", status_code=500, headers=_UNSEEN)
        if found is None:
            return PlainTextResponse("Not Found", status_code=404, headers=_UNSEEN)
        etag = f'"{hashlib.sha256(found.content).hexdigest()[:32]}"'
        headers = {
            **_UNSEEN,
            "cache-control": "private, no-cache",
            "etag": etag,
            "content-disposition": f"inline; filename*=UTF-8''{quote(found.name, safe='')}",
        }
        if _has(request.headers.get("if-none-match", ""), etag):
            return Response(status_code=304, headers=headers)
        return Response(found.content, media_type=found.mime, headers=headers)

    async def _gone(self, request: Request, error: Exception) -> Response:
        return PlainTextResponse("the database is unavailable; try again\n", status_code=503)

    async def _broken(self, request: Request, error: Exception) -> Response:
        log.error("request failed", path=request.url.path.split("/")[1], exc_info=error)
        return PlainTextResponse("something went wrong on our side\n", status_code=500)


#: Pages hold no scripts and nothing from elsewhere.
_SAFE = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'self'"
    "; base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
#: Private links are for whoever has them: nothing of them is kept on the way, listed, or told to another site.
_UNSEEN = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}


def _has(known: str, etag: str) -> bool:
    """Whether what a visitor kept (If-None-Match, RFC 9110 §13.1.2) is still what there is."""
    return etag in (one.strip().removeprefix("W/") for one in known.split(","))
