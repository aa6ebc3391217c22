"""The heartbeat: heard outside while all is well, and silent when not; its address stands in no log."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from buurtwacht.edge.heartbeat import Heartbeat
from buurtwacht.records import selfaudit
from buurtwacht.records.findings import Change
from buurtwacht.testing import World, visit
from buurtwacht.vocabulary.errors import ConfigurationError
from buurtwacht.vocabulary.settings import build

WELL = Change((), (), 0)
SECRET = "0c5f6a2e"


class Outside:
    """Whoever watches: counts the calls, and answers with `status`."""

    def __init__(self) -> None:
        outside = self
        self.paths: list[str] = []
        self.status = 200

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outside.paths.append(self.path)
                self.send_response(outside.status)
                if outside.status == 302:
                    self.send_header("location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Print nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self.server.server_port}/{SECRET}"


@pytest.fixture
def outside() -> Iterator[Outside]:
    made = Outside()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def beats(world: World, url: str, *audits: Change | None) -> list[bool]:
    async def inline(function: Any, *arguments: Any, **named: Any) -> Any:
        return function(*arguments, **named)

    heart = Heartbeat(world._core, inline, url)

    async def all_of_them() -> list[bool]:
        return [await heart.after(one) for one in audits]

    return asyncio.run(all_of_them())


def test_it_beats_after_each_audit_in_which_all_was_well(world: World, outside: Outside) -> None:
    assert beats(world, outside.url, WELL, WELL) == [True, True]
    assert outside.paths == [f"/{SECRET}"] * 2


def test_it_is_silent_where_another_process_audits_and_where_something_was_found(
    world: World, outside: Outside
) -> None:
    assert beats(world, outside.url, None, Change((), (), 1)) == [False, False]
    assert beats(world, "", WELL) == [False]
    assert not outside.paths


def test_it_is_silent_while_an_account_is_refused(world: World, outside: Outside) -> None:
    with world.database.writing() as connection:
        selfaudit.set_account(connection, "telegram", "stopped", "token refused", world.now)
    assert beats(world, outside.url, WELL) == [False]
    assert not outside.paths


def test_what_fails_outside_is_said_once_without_the_address(
    world: World, outside: Outside, capsys: pytest.CaptureFixture[str]
) -> None:
    outside.status = 503
    assert beats(world, outside.url, WELL, WELL) == [False, False]
    said = world.journal.text + capsys.readouterr().out
    assert said.count("heartbeat failed") == 1
    assert "answered 503" in said
    assert SECRET not in said


def test_it_is_not_sent_elsewhere(world: World, outside: Outside) -> None:
    """Where it would go, nobody checked, and a login page that answers 200 is not who watches."""
    outside.status = 302
    assert beats(world, outside.url, WELL) == [False]
    assert outside.paths == [f"/{SECRET}"]
    assert "answered 302" in world.journal.text


@pytest.mark.parametrize("url", ["http://example.org/x", "example org/x", "ftp://example.org/x", "https:///x"])
def test_an_address_that_others_could_read_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        build({"web": {"heartbeat_url": url}})
    assert "web.heartbeat_url" in str(refused.value)
    assert url not in str(refused.value)


def test_an_account_that_was_taken_out_of_the_file_keeps_no_heart_from_beating(world: World, outside: Outside) -> None:
    with world.database.writing() as connection:
        selfaudit.set_account(connection, "signal", "stopped", "token refused", world.now)
    assert beats(world, outside.url, WELL) == [True]
    assert "signal" not in visit(world, "/readyz").json()["accounts"]
    assert "signal" not in visit(world, "/metrics").text
