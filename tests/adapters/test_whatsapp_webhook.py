import hashlib
import hmac
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from buurtwacht import Said, Unreadable
from buurtwacht_whatsapp.webhook import BODY_LIMIT

from .whatsapp_kit import WEBHOOK, run, town

SECRET = b"stand-in-app-secret"


def signed(body: bytes, secret: bytes = SECRET) -> dict[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()}


def test_meta_gets_its_challenge_back() -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": "stand-in-verify-token", "hub.challenge": "1158201444"}
    answer = run(town().call("GET", query=query))
    assert (answer.status_code, answer.text) == (200, "1158201444")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"hub.mode": "subscribe", "hub.challenge": "1"},
        {"hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "1"},
        {"hub.mode": "subscribe", "hub.verify_token": "wröng", "hub.challenge": "1"},
        {"hub.mode": "unsubscribe", "hub.verify_token": "stand-in-verify-token", "hub.challenge": "1"},
    ],
)
def test_a_wrong_token_gets_no_challenge(query: dict[str, str]) -> None:
    assert run(town().call("GET", query=query)).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Hub-Signature-256": ""},
        {"X-Hub-Signature-256": "sha256="},
        {"X-Hub-Signature-256": "sha256=é"},
        {"X-Hub-Signature": "sha1=abc"},
        signed(b"another body"),
        signed(b"{}", b"another secret"),
        {"X-Hub-Signature-256": signed(b"{}")["X-Hub-Signature-256"].removeprefix("sha256=")},
    ],
)
def test_without_a_right_signature_nothing_is_kept(headers: dict[str, str]) -> None:
    here = town()
    raw = {name: value.encode("latin-1").decode("latin-1") for name, value in headers.items()}
    app = Starlette(routes=list(here.channel.routes(here.accept)))

    async def post() -> httpx.Response:
        encoded = [(name.encode(), value.encode("latin-1")) for name, value in raw.items()]
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t.test") as client:
            return await client.post(WEBHOOK, content=b"{}", headers=encoded)

    assert run(post()).status_code == 401
    assert not here.kept


def test_the_signature_is_over_the_bytes_as_meta_escaped_them() -> None:
    here = town()
    fatima = here.cloud.person("Fatima")
    _, update = here.cloud.says(fatima[0].value, "café én 1/2")
    assert b"caf\\u00e9" in update.body
    assert b"1\\/2" in update.body
    assert here.post(update).status_code == 200
    event = here.kept[0].event
    assert isinstance(event, Said)
    assert event.text == "café én 1/2"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"3",
        b"{}",
        b'{"entry": []}',
        b'{"entry": {}}',
        b'{"entry": [null]}',
        b'{"entry": [{}]}',
        b'{"entry": [{"changes": [7]}]}',
        b'{"entry": [{"changes": [{"field": "messages"}]}]}',
        b'{"entry": [{"changes": [{"field": "messages", "value": {}}]}]}',
        b"[" * 100_000,
        b'{"entry":' * 50_000,
        b'{"entry": [{"id": ' + b"9" * 5000 + b"}]}",
    ],
)
def test_signed_but_unreadable_is_recorded_and_answered(body: bytes) -> None:
    here = town()
    assert run(here.call("POST", body, signed(body))).status_code == 200
    assert [type(each.event) for each in here.kept] == [Unreadable]
    assert here.kept[0].sender == ()


def test_a_repeat_of_an_unreadable_body_has_the_same_key() -> None:
    here = town()
    for _ in range(2):
        run(here.call("POST", b"[]", signed(b"[]")))
    first, second = here.kept
    assert first.key == second.key


def test_when_the_store_is_gone_meta_is_asked_to_repeat() -> None:
    here = town()
    here.store_is_gone = True
    fatima = here.cloud.person("Fatima")
    _, update = here.cloud.says(fatima[0].value, "hallo")
    assert here.post(update).status_code == 503
    here.store_is_gone = False
    assert here.post(update).status_code == 200
    assert len(here.kept) == 1


def test_three_megabytes_are_read_and_more_is_refused_unread() -> None:
    here = town()
    full = json.dumps({"entry": []}).encode().ljust(BODY_LIMIT)
    assert run(here.call("POST", full, signed(full))).status_code == 200
    assert run(here.call("POST", full + b" ", signed(full + b" "))).status_code == 413


def test_a_body_without_a_stated_length_is_counted_as_it_comes() -> None:
    here = town()
    app = Starlette(routes=list(here.channel.routes(here.accept)))
    taken = 0

    async def flood() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(1000):
            taken += 1
            yield bytes(100_000)

    async def post() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t.test") as client:
            return await client.post(WEBHOOK, content=flood())

    assert run(post()).status_code == 413
    assert taken < 50
    assert not here.kept
