"""The whole in real processes: `buurtwacht run` against stand-ins that are servers, over real HTTP on loopback."""

from __future__ import annotations

import json
import signal
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from .town_process import Server, Telegram, Town, WhatsApp, free_port, telegram, until, whatsapp

REPORT = "verdachte auto meidoornstraat, rijdt stapvoets langs de auto's, lichten uit"
#: What the stand-in for Telegram accepts.
TOKEN = "123456789:stand-in-for-telegram"
#: As many sends as one account has on their way at once.
IN_FLIGHT = 128


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path, free_port())


def telegram_table(messenger: Telegram, rate: int = 1000) -> str:
    return (
        f'[channels.telegram]\ntoken = "{TOKEN}"\nwebhook_secret = "geheim-van-tolberg"\n'
        f'api_url = "{messenger.url}"\nrate = {rate}\n'
    )


def whatsapp_table(messenger: WhatsApp) -> str:
    settings = {**messenger.settings(), "api_url": messenger.url}
    return "[channels.whatsapp]\n" + "\n".join(f"{key} = {json.dumps(value)}" for key, value in settings.items()) + "\n"


def people(messenger: Telegram, count: int) -> tuple[str, list[str], list[str]]:
    """Have Fatima and so many neighbours open the bot; return her chat, theirs, and the rows of all for members.csv."""
    chats = list(messenger.post("people", count=count))
    fatima = str(messenger.post("opens", person="Fatima")["handles"][0])
    rows = [f"TB,Fatima,nl,member patroller,Meidoornstraat,telegram,{fatima}"]
    rows += [f"TB,Buur {number},nl,member,Esdoornlaan,telegram,{chat}" for number, chat in enumerate(chats)]
    return fatima, chats, rows


def alarms(messenger: Telegram) -> Counter[str]:
    """Return how many alerts stand on each screen, by chat."""
    return Counter(one["to"] for one in messenger.seen() if "VERDACHT VOERTUIG" in one["text"])


def report(messenger: Telegram, fatima: str) -> None:
    messenger.post("says", person="Fatima", text=REPORT)
    messenger.taps("Fatima", fatima, "Ja, door mij")


def states(town: Town) -> Counter[str]:
    """Return how many deliveries are in which state, while it runs or not."""
    with closing(sqlite3.connect(town.folder / "buurtwacht.db")) as kept:
        return Counter(dict(kept.execute("SELECT state, count(*) FROM delivery GROUP BY state")))


def test_a_report_reaches_two_hundred_neighbours_who_are_polled(town: Town) -> None:
    with telegram("--token", TOKEN) as messenger:
        fatima, chats, rows = people(messenger, 200)
        town.write(telegram_table(messenger))
        town.members(rows)
        assert town.call("check").returncode == 0
        with town.running() as process:
            assert httpx.get(f"{town.url}/readyz").json()["accounts"]["telegram"]["state"] == "ok"
            assert httpx.post(f"{town.url}/webhooks/telegram").status_code == 404
            report(messenger, fatima)
            until(lambda: set(chats) <= alarms(messenger).keys(), "200 neighbours to be told")
            assert process.stop() == 0
            assert_discreet(process, rows)
        assert set(alarms(messenger).values()) == {1}
        assert messenger.complaints() == []
        listed = json.loads(town.call("deliveries", "--json").stdout)
        assert {one["state"] for one in listed if one["thread"] == "TB-0001"} == {"sent"}


def test_both_messengers_by_webhook(town: Town) -> None:
    with telegram("--token", TOKEN) as messenger, whatsapp() as other:
        fatima, chats, rows = people(messenger, 3)
        henk = next(one["value"] for one in other.post("people", name="Henk") if one["kind"] == "phone")
        other.post("opens", person=henk)
        town.write(f'public_url = "{town.url}"', telegram_table(messenger), whatsapp_table(other))
        town.members([*rows, f"TB,Henk,nl,member,Meidoornstraat,whatsapp,{henk}"])
        hook = f"{town.url}/webhooks/whatsapp"
        with town.running() as process:
            until(lambda: _state(town, "telegram") == "ok" == _state(town, "whatsapp"), "both accounts")
            shown = town.call("webhooks", "show").stdout
            assert f"{town.url}/webhooks/telegram" in shown
            assert f"Callback URL: {hook}" in shown
            assert httpx.post(f"{town.url}/webhooks/telegram", json={}).status_code == 401
            assert httpx.post(hook, json={}).status_code == 401
            verify = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}
            token = other.settings()["verify_token"]
            assert httpx.get(hook, params={**verify, "hub.verify_token": token}).text == "1158201444"
            assert httpx.get(hook, params={**verify, "hub.verify_token": "guess"}).status_code == 403
            report(messenger, fatima)
            until(lambda: any("VERDACHT" in one["text"] for one in other.seen()), "Henk to be told on WhatsApp")
            until(lambda: set(chats) <= alarms(messenger).keys(), "the neighbours on Telegram")
            other.post("says", person=henk, text="stand", webhook=hook)
            until(lambda: len(other.seen()) > 1, "an answer on WhatsApp")
            assert process.stop() == 0
            assert_discreet(process, rows)


def test_killed_in_the_middle_nobody_is_missed_and_doubles_are_what_was_in_flight(town: Town) -> None:
    with telegram("--token", TOKEN, "--latency", "0.12") as messenger:
        fatima, chats, rows = people(messenger, 200)
        town.write(telegram_table(messenger, rate=40))  # five seconds in which it is seen to be in the middle
        town.members(rows)
        with town.running() as process:
            report(messenger, fatima)
            until(lambda: len(alarms(messenger)) >= 40, "40 neighbours to be told")
            process.stop(signal.SIGKILL)
        assert len(alarms(messenger)) < 200, "it was killed in the middle"
        with town.running() as process:
            until(lambda: set(chats) <= alarms(messenger).keys(), "everybody to be told")
            # Interface: what nobody knows to have arrived is said once more after ten seconds.
            until(lambda: not states(town).keys() & {"queued", "sending"}, "nothing to be left")
            assert process.stop() == 0
        doubled = [count for count in alarms(messenger).values() if count > 1]
        assert all(count == 2 for count in doubled)
        assert len(doubled) <= IN_FLIGHT
        repeats = [one for one in messenger.seen() if "VERDACHT" in one["text"] and "erhaling" in one["text"]]
        assert len(repeats) >= len(doubled), "who gets it twice is told that it is a repeat"


def test_told_to_stop_it_finishes_what_is_being_sent(town: Town) -> None:
    with telegram("--token", TOKEN, "--latency", "0.3") as messenger:
        fatima, _, rows = people(messenger, 40)
        town.write(telegram_table(messenger, rate=10))
        town.members(rows)
        with town.running() as process:
            report(messenger, fatima)
            until(lambda: len(alarms(messenger)) >= 5, "the first to be told")
            assert process.stop() == 0
        told = sum(alarms(messenger).values())
        found = states(town)
        assert found["sending"] == found["unknown"] == 0, "nothing was broken off"
        assert 5 <= told < 40
        with town.running() as process:
            until(lambda: len(alarms(messenger)) >= 40, "the others to be told")
            assert process.stop() == 0
        assert set(alarms(messenger).values()) == {1}


def test_what_keeps_it_from_running_is_one_clear_line(town: Town) -> None:
    with telegram("--token", TOKEN) as messenger:
        town.write(telegram_table(messenger))
        with town.running() as process:
            second = town.call("run")
            assert (second.returncode, second.stderr.count("\n")) == (2, 1)
            assert "is in use by another running process" in second.stderr
            assert town.call("db", "rekey").returncode == 2
            elsewhere = Town(town.folder / "elsewhere", town.port)
            elsewhere.folder.mkdir()
            elsewhere.write(telegram_table(messenger))
            third = elsewhere.call("run")
            assert third.returncode == 2
            assert third.stderr.splitlines()[-1].startswith("plugins.toml: web.port: 127.0.0.1")
            assert process.stop(signal.SIGINT) == 0


def test_a_token_that_is_refused_stops_its_account_and_check_fails(town: Town) -> None:
    with telegram("--token", TOKEN) as messenger, whatsapp() as other:
        town.write(telegram_table(messenger).replace(TOKEN, "1:not-this-one"), whatsapp_table(other))
        checked = town.call("check")
        assert checked.returncode == 1
        assert "is refused: token refused" in checked.stdout
        with town.running() as process:
            until(lambda: _state(town, "telegram") == "stopped", "the account to be stopped")
            assert _state(town, "whatsapp") == "ok"
            assert httpx.get(f"{town.url}/readyz").status_code == 200
            assert process.stop() == 0


def test_templates_are_submitted_and_listed(town: Town) -> None:
    with whatsapp() as other:
        town.write(whatsapp_table(other))
        before = json.loads(town.call("templates", "list", "--json").stdout)
        assert {one["state"] for one in before} == {"missing"}
        done = town.call("templates", "sync", "--json")
        assert done.returncode == 0, done.stderr
        after = json.loads(town.call("templates", "list", "--json").stdout)
        assert {(one["name"], one["language"]) for one in after} == {(one["name"], one["language"]) for one in before}
        assert {one["state"] for one in after} <= {"pending", "approved"}
        assert ("buurtwacht_alert", "nl") in {(one["name"], one["language"]) for one in after}


def _state(town: Town, account: str) -> str:
    return str(httpx.get(f"{town.url}/readyz").json()["accounts"].get(account, {}).get("state"))


def assert_discreet(process: Server, rows: list[str]) -> None:
    """Assert that no line of the log holds a body, the token or a chat id."""
    written = "\n".join(process.lines)
    assert "stapvoets" not in written
    assert TOKEN not in written
    assert not [row for row in rows if row.rpartition(",")[2] in written]
