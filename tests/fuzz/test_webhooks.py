"""Webhooks given anything: nothing breaks, what is good beside what is bad is kept, and what is said to be kept is."""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.test_storage_faults import keeps_nothing

from .door import BOUND, Door
from .mutating import damaged, mutated
from .payloads import ACCOUNT, MESSAGES, STATUSES, UPDATES, Json, change, dump, envelope, named, signed
from .series import series

TELEGRAM = st.sampled_from(sorted(UPDATES)).flatmap(lambda kind: mutated(UPDATES[kind]))
ITEM = st.sampled_from(sorted(MESSAGES)).flatmap(lambda kind: mutated(named(MESSAGES[kind], id="wamid.BAD")))
STATUS = st.sampled_from(sorted(STATUSES)).flatmap(lambda kind: mutated(STATUSES[kind]))


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    made = Door()
    yield made
    made.close()


@series(35)
@given(st.lists(TELEGRAM, min_size=1, max_size=6), st.booleans())
def test_telegram_says_anything(door: Door, bodies: list[Json], resident: bool) -> None:
    for body in bodies:
        update = named(body, update_id=door.serial()) if isinstance(body, dict) else body
        sent = dump(update)
        door.statements()
        assert door.post("telegram", door.by_resident(sent) if resident else sent) == 200
        assert door.statements() < BOUND
    number = door.serial()
    assert door.post("telegram", dump(named(UPDATES["text"], update_id=number))) == 200
    assert door.keeps("telegram", f"u{number}")
    door.is_well()


@series(35)
@given(st.data())
def test_meta_says_anything_and_what_is_good_beside_it_is_kept(door: Door, data: st.DataObject) -> None:
    serial = door.serial()
    bad: list[Json] = data.draw(st.lists(ITEM, min_size=1, max_size=4))
    for number, one in enumerate(bad):
        if isinstance(one, dict) and one.get("id") == "wamid.BAD":
            one["id"] = f"wamid.BAD{serial}.{number}"
    statuses: list[Json] = data.draw(st.lists(STATUS, max_size=3))
    at = data.draw(st.integers(0, len(bad)))
    good = named(MESSAGES["text"], id=f"wamid.GOOD{serial}")
    together = change([*bad[:at], good, *bad[at:]], statuses)
    apart = data.draw(st.lists(st.one_of(mutated(change(bad, statuses)), st.sampled_from(ACCOUNT)), max_size=2))
    body = dump(envelope(*data.draw(st.permutations([[together], apart]))))
    body = door.by_resident(body) if data.draw(st.booleans()) else body
    door.statements()
    assert door.post("whatsapp", body, chunked=data.draw(st.booleans())) == 200
    assert door.statements() < BOUND * (len(bad) + 1)
    assert door.keeps("whatsapp", f"m:wamid.GOOD{serial}")
    assert door.post("whatsapp", body) == 200, "a repeat"
    door.is_well()


@series(35)
@given(st.data())
def test_a_body_with_something_wrong_in_its_envelope_or_its_bytes(door: Door, data: st.DataObject) -> None:
    serial = door.serial()
    items: list[Json] = [named(one, id=f"wamid.{kind}{serial}") for kind, one in MESSAGES.items()][:4]
    body = dump(data.draw(mutated(envelope([change(items, list(STATUSES.values()))]), 5)))
    if data.draw(st.booleans()):
        body = data.draw(damaged(body))
    assert door.post("whatsapp", body, chunked=data.draw(st.booleans())) == 200
    kind = data.draw(st.sampled_from(sorted(UPDATES)))
    broken = data.draw(damaged(dump(named(UPDATES[kind], update_id=serial))))
    assert door.post("telegram", broken) == 200
    door.is_well()


@pytest.mark.parametrize("account", ["telegram", "whatsapp"])
@series(25)
@given(
    proof=st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=80),
    name=st.sampled_from(["x-telegram-bot-api-secret-token", "X-Hub-Signature-256", "X-Hub-Signature"]),
    prefix=st.sampled_from(["", "sha256=", "sha1="]),
)
def test_without_proof_nothing_is_read(door: Door, account: str, proof: str, name: str, prefix: str) -> None:
    serial = door.serial()
    body = _body(account, serial)
    answer = door.ask("POST", f"/webhooks/{account}", body, {name: f"{prefix}{proof}".strip()})
    assert answer.status_code == 401
    assert not door.keeps(account, _key(account, serial))


def _body(account: str, serial: int) -> bytes:
    if account == "telegram":
        return dump(named(UPDATES["text"], update_id=serial))
    return dump(envelope([change([named(MESSAGES["text"], id=f"wamid.GOOD{serial}")])]))


def _key(account: str, serial: int) -> str:
    return f"u{serial}" if account == "telegram" else f"m:wamid.GOOD{serial}"


@pytest.mark.parametrize("account", ["telegram", "whatsapp"])
@pytest.mark.parametrize(
    ("size", "status"), [(3 * 1024 * 1024, 200), (3 * 1024 * 1024 + 1, 413), (5 * 1024 * 1024, 413)]
)
@pytest.mark.parametrize("chunked", [False, True])
def test_over_three_megabytes_is_too_large(door: Door, account: str, size: int, status: int, chunked: bool) -> None:
    assert door.post(account, b" " * size, chunked=chunked) == status
    door.is_well()


@pytest.mark.parametrize("account", ["telegram", "whatsapp"])
@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/html"},
        {"content-type": "application/json; charset=utf-16"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-encoding": "gzip"},
        {"content-length": "-1"},
        {"content-length": "9" * 400},
        {"content-length": "12, 12"},
        {"transfer-encoding": "gzip, chunked"},
        {"expect": "100-continue"},
    ],
)
def test_whatever_the_headers_say_the_body_is_what_was_signed(
    door: Door, account: str, headers: dict[str, str]
) -> None:
    serial = door.serial()
    body = _body(account, serial)
    proof = signed(account, body, door.settings[account])
    answer = door.ask("POST", f"/webhooks/{account}", body, {**headers, **proof})
    assert answer.status_code in (200, 413)
    assert door.keeps(account, _key(account, serial)) == (answer.status_code == 200)
    door.is_well()


@pytest.mark.parametrize("account", ["telegram", "whatsapp"])
@series(15)
@given(st.data())
def test_what_cannot_be_kept_now_is_not_acknowledged(door: Door, account: str, data: st.DataObject) -> None:
    serial = door.serial()
    if account == "telegram":
        body = dump(named(UPDATES[data.draw(st.sampled_from(["text", "tap", "photo", "edited"]))], update_id=serial))
    else:
        bad: list[Json] = data.draw(st.lists(ITEM, max_size=3))
        good = named(MESSAGES["text"], id=f"wamid.GOOD{serial}")
        body = dump(envelope([change([*bad, good], data.draw(st.lists(STATUS, max_size=2)))]))
    with keeps_nothing(door.world):
        for _ in range(data.draw(st.integers(1, 2))):
            assert door.post(account, body, handle=False) == 503
    assert not door.keeps(account, _key(account, serial))
    assert door.post(account, body) == 200
    assert door.keeps(account, _key(account, serial))
    door.is_well()


@pytest.mark.parametrize("account", ["telegram", "whatsapp"])
@pytest.mark.parametrize("size", [0, 40_000_000])
def test_a_body_that_is_really_compressed_is_not_unpacked(door: Door, account: str, size: int) -> None:
    """Neither provider compresses: it is refused like any body that cannot be read, however large it would become."""
    serial = door.serial()
    body = gzip.compress(_body(account, serial) + b" " * size)
    headers = {"content-encoding": "gzip", **signed(account, body, door.settings[account])}
    tracemalloc.start()
    assert door.ask("POST", f"/webhooks/{account}", body, headers).status_code == 200
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 20_000_000
    assert not door.keeps(account, _key(account, serial))
    door.is_well()
