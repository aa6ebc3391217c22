"""Every refusal of Meta, as an answer and as a failed status, comes to the error that decides what happens next."""

import httpx
import pytest

from buurtwacht import (
    Ambiguous,
    DeliveryError,
    Handle,
    Misconfigured,
    Parcel,
    Rejected,
    Status,
    Throttled,
    Unavailable,
    Unreachable,
    WindowClosed,
)
from buurtwacht_whatsapp.codes import MEANINGS, meaning

from .whatsapp_kit import message, run, town

HENK = (Handle("phone", "+31612345678"),)
#: platforms.md 2.6, written out here once more so that a slip in the table shows
EXPECTED: dict[type[DeliveryError], list[int]] = {
    Throttled: [4, 80007, 130429, 131048, 131056, 131057, 131064, 133016],
    Unreachable: [131026, 131030, 131021],
    WindowClosed: [131047, 132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018],
    Misconfigured: [0, 3, 10, 190, 200, 250, 299, 368, 131005, 131031, 131037, 131042, 131045, 133010],
    Unavailable: [1, 2, 131000, 131016, 133004],
    Rejected: [
        *(33, 100, 130472, 130497, 131008, 131009, 131049, 131050, 131051, 131052, 131053),
        *(131062, 131063, 135000, 137000, 131999),
    ],
}
CASES = [(code, error) for error, codes in EXPECTED.items() for code in codes]


def refusing(status: int, body: object, **headers: str) -> httpx.MockTransport:
    def graph(request: httpx.Request) -> httpx.Response:
        if isinstance(body, bytes):
            return httpx.Response(status, content=body, headers=headers)
        return httpx.Response(status, json=body, headers=headers)

    return httpx.MockTransport(graph)


def refused_with(transport: httpx.AsyncBaseTransport) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        town(transport=transport).send(message(HENK))
    return caught.value


@pytest.mark.parametrize(("code", "error"), CASES)
def test_an_answer_with_this_code(code: int, error: type[DeliveryError]) -> None:
    told = {"code": code, "message": "(#1) for 31612345678", "error_data": {"details": "31612345678"}}
    caught = refused_with(refusing(400, {"error": told}))
    assert type(caught) is error
    assert str(code or 400) in caught.reason
    assert "31612345678" not in caught.reason


@pytest.mark.parametrize(("code", "error"), CASES)
def test_a_failed_status_with_this_code(code: int, error: type[DeliveryError]) -> None:
    here = town()
    here.post(here.cloud.status("wamid.1", "failed", error=code))
    event = here.kept[0].event
    assert isinstance(event, Status)
    expected = error if code else Rejected  # a status with code 0 has no code: it says nothing about a token
    assert event.error == expected.__name__
    assert (event.retry_after is not None) is (expected is Throttled)


def test_every_code_of_the_table_is_expected_above() -> None:
    assert set(MEANINGS) <= {code for code, _ in CASES}


def test_template_troubles_say_so() -> None:
    for code in range(132000, 132020):
        assert meaning(code, 400).error is WindowClosed
        assert meaning(code, 400).reason(code).startswith("template")


def test_who_must_wait_and_how_long() -> None:
    pair = refused_with(refusing(400, {"error": {"code": 131056, "message": ""}}))
    account = refused_with(refusing(400, {"error": {"code": 131048, "message": ""}}))
    asked = refused_with(refusing(429, {"error": {"code": 130429, "message": ""}}, **{"Retry-After": "12"}))
    assert isinstance(pair, Throttled)
    assert (pair.scope, pair.retry_after) == ("recipient", 6.0)
    assert isinstance(account, Throttled)
    assert (account.scope, account.retry_after) == ("account", 3600.0)
    assert isinstance(asked, Throttled)
    assert (asked.scope, asked.retry_after) == ("account", 12.0)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (502, b"<html>bad gateway</html>", Unavailable),
        (302, b"", Unavailable),  # the page of some gateway: it never came to Meta
        (500, {"error": "broken"}, Unavailable),
        (503, {"error": {"message": "no code"}}, Unavailable),
        (404, b"", Rejected),
        (400, {"error": {"code": 987654, "message": ""}}, Rejected),
        (400, {"error": {"code": 987654, "message": "", "is_transient": True}}, Unavailable),
        (500, {"error": {"code": 987654, "message": ""}}, Unavailable),
        (429, [], Throttled),
        (400, b"[" * 100_000, Rejected),
        (400, {"error": {"code": 100, "error_subcode": 33, "message": ""}}, Misconfigured),
    ],
)
def test_refusals_without_a_known_code(status: int, body: object, error: type[DeliveryError]) -> None:
    assert type(refused_with(refusing(status, body))) is error


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"ok",
        b"[]",
        b'"x"',
        b"null",
        b"{}",
        b'{"messages": []}',
        b'{"messages": [{}]}',
        b'{"messages": [{"id": 3}]}',
    ],
)
def test_an_acceptance_that_cannot_be_read_may_have_been_delivered(body: bytes) -> None:
    assert type(refused_with(refusing(200, body))) is Ambiguous


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (httpx.ConnectError("refused"), Unavailable),
        (httpx.ConnectTimeout("late"), Unavailable),
        (httpx.PoolTimeout("full"), Unavailable),
        (httpx.ReadTimeout("late"), Ambiguous),
        (httpx.WriteError("reset"), Ambiguous),
        (httpx.ReadError("reset"), Ambiguous),
        (httpx.RemoteProtocolError("half an answer"), Ambiguous),
    ],
)
def test_a_broken_connection(trouble: Exception, error: type[DeliveryError]) -> None:
    def graph(request: httpx.Request) -> httpx.Response:
        raise trouble

    assert type(refused_with(httpx.MockTransport(graph))) is error


def test_an_upload_that_breaks_off_can_be_tried_again() -> None:
    def graph(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("late")

    here = town(transport=httpx.MockTransport(graph))
    with pytest.raises(Unavailable):
        run(here.channel.send(message(HENK, parcels=(Parcel("a.jpg", "image/jpeg", b"x", "photo"),))))
