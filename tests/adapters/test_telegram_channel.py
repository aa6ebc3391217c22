"""The rest of an account: its settings, its files, its menu, its link."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
import structlog

from buurtwacht import AccountSettings, MediaRef, MenuCommand, Rejected, Unavailable
from buurtwacht_telegram import adapter

from .telegram_account import Account


@pytest.fixture
def telegram() -> Iterator[Account]:
    account = Account()
    yield account
    account.close()


def wrong(public_url: str = "", **options: object) -> list[str]:
    table = {"token": "123:abc_DEF-9", **options}
    return [fault.where for fault in adapter.faults(AccountSettings("telegram", table, public_url))]


def test_good_settings_have_no_faults() -> None:
    assert wrong() == []
    assert wrong(adapter="telegram", api_url="http://127.0.0.1:8081", rate=25, webhook_secret="") == []
    assert wrong("https://wacht.example", webhook_secret="abc_DEF-9") == []
    assert wrong("http://127.0.0.1:8080", webhook_secret="x") == []
    assert wrong(rate="12.5") == [], "the environment gives text"


@pytest.mark.parametrize(
    ("public_url", "options", "where"),
    [
        ("", {"token": ""}, "token"),
        ("", {"token": "my token"}, "token"),
        ("", {"token": 5}, "token"),
        ("https://wacht.example", {}, "webhook_secret"),
        ("", {"webhook_secret": "with spaces"}, "webhook_secret"),
        ("", {"webhook_secret": "x" * 257}, "webhook_secret"),
        ("http://wacht.example", {"webhook_secret": "x"}, "public_url"),
        ("", {"api_url": "ftp://elsewhere"}, "api_url"),
        ("", {"api_url": "http://[broken"}, "api_url"),
        ("", {"rate": 0}, "rate"),
        ("", {"rate": "fast"}, "rate"),
        ("", {"rate": True}, "rate"),
        ("", {"colour": "blue"}, "colour"),
    ],
)
def test_each_fault_names_its_key(public_url: str, options: dict[str, object], where: str) -> None:
    assert wrong(public_url, **options) == [where]


def test_faults_come_all_at_once_and_show_no_secret() -> None:
    settings = AccountSettings("telegram", {"token": "geheim!", "rate": -1, "x": 1}, "https://wacht.example")
    faults = adapter.faults(settings)
    assert [fault.where for fault in faults] == ["x", "token", "webhook_secret", "rate"]
    assert "geheim" not in "".join(map(str, faults))


def test_the_adapter_is_cheap_until_it_is_opened() -> None:
    lines = "import sys, buurtwacht_telegram; sys.exit('telegram' in sys.modules or 'httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", lines], check=False).returncode == 0


def test_the_rate_of_an_account_is_its_own() -> None:
    account = Account(rate=12)
    assert account.channel.capabilities.rate == 12.0
    assert adapter.capabilities.rate == 30.0
    account.close()


def test_files_are_fetched_and_what_is_gone_or_too_large_is_said(telegram: Account) -> None:
    photo = MediaRef(telegram.api.town.keep_file("photo", b"\xff\xd8picture"), "image/jpeg", "photo")
    large = MediaRef(telegram.api.town.keep_file("video", b"." * (20 * 1024 * 1024 + 1)), "video/mp4", "video")
    assert telegram.run(telegram.channel.fetch(photo)) == b"\xff\xd8picture"
    with pytest.raises(Rejected):
        telegram.run(telegram.channel.fetch(large))
    with pytest.raises(Rejected):
        telegram.run(telegram.channel.fetch(MediaRef("gone", "image/jpeg", "photo")))
    telegram.api.down = True
    with pytest.raises(Unavailable):
        telegram.run(telegram.channel.fetch(photo))


def test_the_menu_is_shown_in_every_language_without_what_telegram_refuses(telegram: Account) -> None:
    dutch = [MenuCommand("hulp", "Roep om hulp"), MenuCommand("né", "kan niet"), MenuCommand("lang", "x" * 300)]
    telegram.run(telegram.channel.set_menu({"nl": dutch, "en": [MenuCommand("help", "Call for help")]}))
    assert [each["command"] for each in telegram.api.menus["nl"]] == ["hulp", "lang"]
    assert telegram.api.menus[""] == telegram.api.menus["nl"]
    assert telegram.api.menus["en"] == [{"command": "help", "description": "Call for help"}]
    assert telegram.api.complaints == []


def test_a_menu_that_fails_is_logged_and_nothing_more(telegram: Account) -> None:
    telegram.api.down = True
    with structlog.testing.capture_logs() as logged:
        telegram.run(telegram.channel.set_menu({"nl": [MenuCommand("hulp", "Hulp")]}))
    assert {entry["event"] for entry in logged} == {"telegram.menu_not_set"}


def test_the_invitation_is_a_deep_link_to_the_bot(telegram: Account) -> None:
    with pytest.raises(Unavailable):
        telegram.channel.invite("tb-join", "")
    telegram.run(telegram.channel.start())
    assert telegram.channel.invite("tb-join", "") == "https://t.me/buurtwacht_telegram_bot?start=tb-join"
    for wrong_payload in ("", "tb join", "x" * 65):
        with pytest.raises(ValueError, match="start parameter"):
            telegram.channel.invite(wrong_payload, "")
