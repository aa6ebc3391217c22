"""What each answer of the Bot API means for a message."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
import structlog

from buurtwacht import (
    Ambiguous,
    DeliveryError,
    Handle,
    Misconfigured,
    Moved,
    Rejected,
    Throttled,
    Unavailable,
    Unreachable,
)
from buurtwacht.testing.provider import Fault, FaultKind

from .telegram_account import Account

Answer = Callable[[httpx.Request], httpx.Response]


@contextmanager
def telegram(answer: Answer | None = None) -> Iterator[Account]:
    account = Account(httpx.MockTransport(answer) if answer else None)
    try:
        yield account
    finally:
        account.close()


def refusal(code: int, description: str, **parameters: object) -> httpx.Response:
    answer = {"ok": False, "error_code": code, "description": description}
    return httpx.Response(code, json={**answer, "parameters": parameters} if parameters else answer)


def outcome(answer: Answer) -> DeliveryError:
    with telegram(answer) as account, pytest.raises(DeliveryError) as caught:
        account.send("Verdachte auto")
    return caught.value


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("unreachable", Unreachable),
        ("throttled", Throttled),
        ("rejected", Rejected),
        ("unavailable", Unavailable),
        ("ambiguous", Ambiguous),
    ],
)
def test_what_the_provider_does_wrong_has_one_name_each(kind: FaultKind, expected: type[DeliveryError]) -> None:
    with telegram() as account:
        account.api.faults[account.fatima.value] = Fault(kind, retry_after=7)
        with pytest.raises(expected) as caught:
            account.send("Verdachte auto")
        assert account.api.seen == []
        if isinstance(caught.value, Throttled):
            assert (caught.value.retry_after, caught.value.scope) == (7.0, "recipient")


def test_an_ambiguous_message_may_have_arrived() -> None:
    with telegram() as account:
        account.api.ambiguous_delivers = True
        account.api.faults[account.fatima.value] = Fault("ambiguous")
        with pytest.raises(Ambiguous):
            account.send("Verdachte auto")
        assert [seen.text for seen in account.api.seen] == ["Verdachte auto"]


def test_nothing_is_accepted_while_the_provider_is_down() -> None:
    with telegram() as account:
        account.api.down = True
        with pytest.raises(Unavailable):
            account.send("Verdachte auto")


def test_strangers_and_those_who_never_started_cannot_be_reached() -> None:
    with telegram() as account:
        henk = account.api.person("Henk")[0]
        with pytest.raises(Unreachable, match="not_started"):
            account.send("Dag", to=henk)
        with pytest.raises(Unreachable, match="chat_not_found"):
            account.send("Dag", to=Handle("chat", "77"))
        with pytest.raises(Unreachable, match="no_chat"):
            account.send("Dag", to=Handle("phone", "+31612345678"))


@pytest.mark.parametrize(
    "description",
    [
        "Bad Request: chat not found",
        "Forbidden: user is deactivated",
        "Forbidden: bot was kicked from the supergroup chat",
        "Bad Request: PEER_ID_INVALID",
        "Bad Request: not enough rights to send text messages to the chat",
    ],
)
def test_an_address_that_is_gone_is_unreachable(description: str) -> None:
    code = 403 if description.startswith("Forbidden") else 400
    assert isinstance(outcome(lambda request: refusal(code, description)), Unreachable)


def test_other_bad_requests_are_never_tried_again_and_their_reason_names_nobody() -> None:
    error = outcome(lambda request: refusal(400, 'Bad Request: message 12345 of "Fatima" is too long'))
    assert isinstance(error, Rejected)
    assert error.reason == "message_of_is_too_long"
    assert isinstance(outcome(lambda request: refusal(413, "Request Entity Too Large")), Rejected)


@pytest.mark.parametrize("code", [500, 502, 503, 302])
@pytest.mark.parametrize("body", [b'{"ok":false,"description":"Internal"}', b"<html>oops</html>"])
def test_a_server_in_trouble_accepted_nothing(code: int, body: bytes) -> None:
    assert isinstance(outcome(lambda request: httpx.Response(code, content=body)), Unavailable)


@pytest.mark.parametrize(
    "body", [b"<html>Welcome to the guest network</html>", b"", b"[]", b'{"ok":true}', b'{"ok":true,"result":true}']
)
def test_a_success_nobody_can_read_may_have_been_one(body: bytes) -> None:
    assert isinstance(outcome(lambda request: httpx.Response(200, content=body)), Ambiguous)


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (httpx.ConnectError("refused"), Unavailable),
        (httpx.ConnectTimeout("slow"), Unavailable),
        (httpx.PoolTimeout("full"), Unavailable),
        (httpx.ReadTimeout("silent"), Ambiguous),
        (httpx.ReadError("reset"), Ambiguous),
        (httpx.WriteError("reset"), Ambiguous),
        (httpx.RemoteProtocolError("half"), Ambiguous),
    ],
)
def test_what_never_left_is_tried_again_and_what_left_is_ambiguous(
    trouble: Exception, expected: type[DeliveryError]
) -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise trouble

    assert isinstance(outcome(broken), expected)


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (refusal(429, "Too Many Requests: retry after 3", retry_after=3), 3.0),
        (refusal(429, "Too Many Requests", retry_after=0), 1.0),
        (httpx.Response(429, content=b"slow down"), 5.0),
    ],
)
def test_every_429_says_how_long_to_wait(answer: httpx.Response, seconds: float) -> None:
    error = outcome(lambda request: httpx.Response(429, content=answer.content))
    assert isinstance(error, Throttled)
    assert error.retry_after == seconds


@pytest.mark.parametrize("code", [401, 404])
def test_only_getme_stops_an_account(code: int) -> None:
    def method_is_missing(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/getMe"):
            return httpx.Response(200, json={"ok": True, "result": {"id": 4, "is_bot": True, "username": "b"}})
        return refusal(code, "Not Found")

    def getme_is_silent(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/getMe"):
            raise httpx.ConnectError("gone")
        return refusal(code, "Not Found")

    assert isinstance(outcome(method_is_missing), Rejected)
    assert isinstance(outcome(getme_is_silent), Unavailable)
    assert isinstance(outcome(lambda request: refusal(code, "Unauthorized")), Misconfigured)


def test_a_group_that_became_a_supergroup_is_told_and_tried_again() -> None:
    with telegram() as account:
        group = account.api.group("Tolberg")
        before = account.send("Verdachte auto", to=group, is_group=True)
        new, _ = account.api.migrates("Tolberg")
        account.channel.routes(account.inbox.accept)
        with pytest.raises(Unavailable, match="migrated"):
            account.send("Hij rijdt nu weg", to=group, is_group=True)
        assert [each.event for each in account.inbox.events] == [Moved(group, (new,))]
        with pytest.raises(Rejected, match="migrated"):
            account.send("Afgesloten", to=group, is_group=True, edit_of=before)
        assert len(account.inbox.events) == 1
        name = account.send("Hij rijdt nu weg", to=new, is_group=True)
        assert account.api.town.named[name][0] == int(new.value)


def test_a_migration_that_cannot_be_kept_is_told_at_the_next_try() -> None:
    with telegram() as account:
        group = account.api.group("Tolberg")
        account.api.migrates("Tolberg")
        account.channel.routes(account.inbox.accept)
        account.inbox.broken = True
        with pytest.raises(Unavailable, match="migrated"):
            account.send("Dag", to=group, is_group=True)
        account.inbox.broken = False
        with pytest.raises(Unavailable, match="migrated"):
            account.send("Dag", to=group, is_group=True)
        assert len(account.inbox.events) == 1


def test_no_error_and_no_log_line_shows_what_was_sent_or_to_whom(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with telegram() as account, structlog.testing.capture_logs() as logged:
        secrets = [account.api.token.partition(":")[2], account.fatima.value, "Meidoornstraat"]
        kinds: list[FaultKind] = ["unreachable", "rejected", "unavailable", "ambiguous", "throttled"]
        said = []
        for kind in kinds:
            account.api.faults[account.fatima.value] = Fault(kind)
            with pytest.raises(DeliveryError) as caught:
                account.send("Meidoornstraat")
            assert caught.value.__cause__ is None
            said.append(f"{caught.value!r}")
        everything = f"{said} {logged} {caplog.text}"
        assert not [secret for secret in secrets if secret in everything]
