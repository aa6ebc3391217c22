"""The table of an e-mail account: what is wrong with it is said all at once, and never with the password in it."""

from __future__ import annotations

import pytest

from buurtwacht import AccountSettings, ConfigurationError
from buurtwacht_email import adapter
from buurtwacht_email.settings import read

GOOD = {"smtp_url": "smtps://wacht:geheim@mail.example.org", "sender": "Buurtwacht Roosendaal <alarm@example.org>"}


def faults(**options: object) -> dict[str, str]:
    found = adapter.faults(AccountSettings("email", {**GOOD, **options}))
    assert all("geheim" not in str(one) for one in found)
    return {one.where: one.what for one in found}


@pytest.mark.parametrize(
    ("url", "host", "port", "is_tls", "is_local"),
    [
        ("smtps://mail.example.org", "mail.example.org", 465, True, False),
        ("smtps://mail.example.org:8465", "mail.example.org", 8465, True, False),
        ("smtp://mail.example.org", "mail.example.org", 587, False, False),
        ("smtp://localhost:25", "localhost", 25, False, True),
        ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, False, True),
        ("smtp://[::1]:2525", "::1", 2525, False, True),
    ],
)
def test_an_address_says_where_and_how_safely(url: str, host: str, port: int, is_tls: bool, is_local: bool) -> None:
    assert faults(smtp_url=url) == {}
    server = read({**GOOD, "smtp_url": url}).server
    assert (server.host, server.port, server.is_tls, server.is_local) == (host, port, is_tls, is_local)


def test_a_name_and_password_may_hold_any_sign() -> None:
    settings = read({**GOOD, "smtp_url": "smtps://wacht%40example.org:ge%3Aheim%2F@mail.example.org", "rate": 2})
    assert (settings.server.user, settings.server.password) == ("wacht@example.org", "ge:heim/")
    assert "ge:heim/" not in repr(settings)
    assert (settings.name, settings.address, settings.domain) == (
        "Buurtwacht Roosendaal",
        "alarm@example.org",
        "example.org",
    )
    assert settings.rate == 2


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "http://mail.example.org",
        "smtps://",
        "smtps://mail.example.org:0",
        "smtps://mail.example.org:70000",
        "smtps://mail.example.org/inbox",
        "smtps://:geheim@mail.example.org",
        "smtps://[::1",
        587,
    ],
)
def test_an_address_that_cannot_be_used_is_told(url: object) -> None:
    assert set(faults(smtp_url=url)) == {"smtp_url"}


@pytest.mark.parametrize("sender", ["", "Buurtwacht", "alarm@", "a@example.org\r\nBcc: b@example.org", 3])
def test_a_sender_that_cannot_be_used_is_told(sender: object) -> None:
    assert set(faults(sender=sender)) == {"sender"}


def test_everything_that_is_wrong_is_told_at_once_with_its_mend() -> None:
    found = adapter.faults(AccountSettings("email", {"adapter": "email", "rate": "fast", "colour": "red"}))
    assert {one.where for one in found} == {"smtp_url", "sender", "rate", "colour"}
    assert all(one.what and one.mend for one in found)
    with pytest.raises(ConfigurationError):
        adapter.open(AccountSettings("email", {}))
