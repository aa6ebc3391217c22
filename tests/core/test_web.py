"""What answers over HTTP: health, readiness, metrics, and pages of plugins."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import insert

from buurtwacht.edge.web import Web
from buurtwacht.host.building import build
from buurtwacht.host.core import Core
from buurtwacht.host.declarations import Page
from buurtwacht.host.dispatcher import Dispatcher
from buurtwacht.records import migration, selfaudit
from buurtwacht.records.database import Database
from buurtwacht.records.keys import Keyring, new_key
from buurtwacht.records.schema import delivery, message
from buurtwacht.vocabulary.clock import VirtualClock
from buurtwacht.vocabulary.settings import build as settings_of

NOW = datetime(2026, 1, 16, 12, 0, tzinfo=UTC)


async def inline(function: Any, *arguments: Any, **named: Any) -> Any:
    return function(*arguments, **named)


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    database = Database(f"sqlite:///{tmp_path}/town.db")
    migration.upgrade(database, [migration.CORE])
    settings = settings_of({"neighbourhoods": [{"code": "TB", "name": "Tolberg"}]}, folder=tmp_path)
    yield build(settings, database, Keyring([new_key()]), VirtualClock(NOW), [], Dispatcher(1))
    database.close()


class Visitor:
    """Asks our web, from an address of its own."""

    def __init__(self, web: Web, host: str) -> None:
        self._transport = httpx.ASGITransport(web.app, raise_app_exceptions=False, client=(host, 5000))

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url="http://town.test") as client:
                return await client.get(path, headers=headers)

        return asyncio.run(ask())


def client(core: Core, token: str = "", host: str = "127.0.0.1") -> Visitor:
    return Visitor(Web(core, inline, [], metrics_token=token), host)


def test_it_lives_and_is_ready(core: Core) -> None:
    with core.database.writing() as connection:
        selfaudit.set_account(connection, "telegram", "ok", "", NOW)
        selfaudit.set_account(connection, "whatsapp", "stopped", "token refused", NOW)
    core.accounts = ("telegram", "whatsapp")
    web = client(core)
    assert web.get("/healthz").status_code == 200
    answer = web.get("/readyz")
    assert answer.status_code == 200, "a stopped account does not keep us from accepting events"
    assert answer.json()["accounts"]["whatsapp"] == {"state": "stopped", "reason": "token refused"}
    assert answer.json()["audit"] == []


def test_without_a_database_it_lives_but_is_not_ready(core: Core, tmp_path: Path) -> None:
    core.database.close()
    for file in tmp_path.glob("town.db*"):
        file.unlink()
    (tmp_path / "town.db").mkdir()
    web = client(core)
    assert web.get("/healthz").status_code == 200
    assert web.get("/readyz").status_code == 503


def test_metrics_answer_this_machine_only(core: Core) -> None:
    assert "buurtwacht_work_waiting" in client(core).get("/metrics").text
    assert client(core, host="192.0.2.7").get("/metrics").status_code == 403
    behind_proxy = client(core).get("/metrics", headers={"x-forwarded-for": "192.0.2.7"})
    assert behind_proxy.status_code == 403


def test_what_left_as_a_template_is_counted_because_it_is_paid(core: Core) -> None:
    said = {"id": 1, "plugin": "core", "content": {}, "severity": "info", "created_at": NOW}
    row = {"message_id": 1, "rank": 1, "not_before": NOW, "queued_at": NOW, "state": "sent"}
    rows = [
        {**row, "id": 1, "account": "whatsapp", "template": "buurtwacht_alert"},
        {**row, "id": 2, "account": "whatsapp", "template": None},
        {**row, "id": 3, "account": "telegram", "template": None},
    ]
    with core.database.writing() as connection:
        connection.execute(insert(message), said)
        connection.execute(insert(delivery), rows)
    told = client(core).get("/metrics").text
    assert 'buurtwacht_template_deliveries{account="whatsapp"} 1.0' in told
    assert 'buurtwacht_template_deliveries{account="telegram"}' not in told


def test_what_nobody_knows_the_fate_of_is_counted(core: Core) -> None:
    said = {"id": 1, "plugin": "core", "content": {}, "severity": "info", "created_at": NOW}
    row = {"message_id": 1, "rank": 1, "not_before": NOW, "queued_at": NOW, "account": "telegram"}
    rows = [
        {**row, "id": 1, "state": "sent", "repeat": True},
        {**row, "id": 2, "state": "sent", "repeat": False},
        {**row, "id": 3, "state": "unknown", "repeat": False},
        {**row, "id": 4, "state": "unknown", "repeat": True},
    ]
    with core.database.writing() as connection:
        connection.execute(insert(message), said)
        connection.execute(insert(delivery), rows)
    told = client(core).get("/metrics").text
    assert 'buurtwacht_deliveries{account="telegram",state="sent"} 2.0' in told
    assert 'buurtwacht_ambiguous_deliveries{account="telegram",ended="repeated"} 1.0' in told
    assert 'buurtwacht_ambiguous_deliveries{account="telegram",ended="unknown"} 2.0' in told


def test_metrics_with_a_token_answer_who_has_it(core: Core) -> None:
    web = client(core, token="s3cret", host="192.0.2.7")
    assert web.get("/metrics").status_code == 403
    assert web.get("/metrics", headers={"authorization": "Bearer s3cret"}).status_code == 200
    assert client(core, token="s3cret").get("/metrics").status_code == 403


def test_our_address_alone_says_that_it_runs_or_leads_to_joining(core: Core) -> None:
    assert "Buurtwacht runs" in client(core).get("/").text
    core.plugins.pages.append(("members", Page("/join", lambda ctx, asked: "")))
    answer = client(core).get("/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/join")


def test_an_unknown_path_is_not_found(core: Core) -> None:
    assert client(core).get("/nothing").status_code == 404
