"""The disk is full, the database locked or gone while real processes run: nothing is acknowledged that is not kept,
nobody spins or shouts, and when it is over each thing is done once.

Seconds for each fault; with `make kills` a minute, and every fault in every way.
"""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from buurtwacht.records.keys import new_key
from buurtwacht.records.schema import inbox

from .doomed import SECRET, TOKEN, Doomed, Ground
from .faults_of_storage import Fault, disk_full, gone, locked, standing, torn
from .kills import REPORT
from .test_process import telegram_table, whatsapp_table
from .town_process import STOPS, Server, WhatsApp, until, whatsapp

#: Neighbours, messages a second: the fan-out goes on for some seconds.
NEIGHBOURS, RATE = 60, 20
FULL = bool(os.environ.get("BUURTWACHT_KILLS"))
#: Seconds that a fault lasts, and within which whoever calls is answered: what providers wait is not published.
LASTS, ANSWERED = 60.0 if FULL else 6.0, 15.0
#: Share of a core that a process may use while it can do nothing.
IDLE = 0.6
TROUBLE = "the database is unavailable"
#: Lines that one fault may take in the log: that it began, that it is over, and what an account says of its own.
LINES = 6

DISK_FULL = pytest.param("sqlite", disk_full, id="disk full")
LOCKED = pytest.param("sqlite", locked, id="locked")
GONE = pytest.param("postgresql", gone, id="gone", marks=pytest.mark.postgres)
TORN = pytest.param("postgresql", torn, id="torn", marks=pytest.mark.postgres)
FAULTS = [DISK_FULL, LOCKED, GONE]
#: Faults while which it is stopped, and while which messages are fetched.
STOPPED, POLLED = (FAULTS, FAULTS) if FULL else ([GONE], [DISK_FULL])


@dataclass(slots=True)
class Town:
    """A town on both messengers, by webhook, in the middle of a fan-out."""

    doomed: Doomed
    other: WhatsApp
    henk: str
    #: updates that Telegram was told we have
    kept: set[int] = field(default_factory=set)

    def telegram_calls(self, number: int) -> int:
        """Let Telegram call with an update; return the status."""
        chat = int(list(self.doomed.neighbours)[number % NEIGHBOURS])
        sender = {"id": chat, "is_bot": False, "first_name": "Buur", "language_code": "nl"}
        told = {"message_id": 1, "date": int(time.time()), "chat": {"id": chat, "type": "private"}, "from": sender}
        body = {"update_id": 9_000 + number, "message": {**told, "text": "goedemiddag"}}
        url, headers = f"{self.doomed.url}/webhooks/telegram", {"x-telegram-bot-api-secret-token": SECRET}
        status = httpx.post(url, json=body, headers=headers, timeout=30).status_code
        if status == 200:
            self.kept.add(number)
        return status

    def whatsapp_calls(self) -> int:
        """Let WhatsApp call with a message of Henk's; return the status."""
        hook = f"{self.doomed.url}/webhooks/whatsapp"
        return int(self.other.post("says", person=self.henk, text="goedemiddag", webhook=hook)["status"])

    def ready(self) -> int:
        """Return what /readyz answers."""
        return httpx.get(f"{self.doomed.url}/readyz", timeout=30).status_code

    def webhook(self) -> dict[str, Any]:
        """Return what Telegram knows of our webhook, and how much waits there."""
        asked = f"{self.doomed.messenger.url}/bot{TOKEN}/getWebhookInfo"
        return dict(httpx.get(asked).json()["result"])

    def begin_fan_out(self, *, polled: bool = False) -> None:
        """Have a report go out, and return when the first were told."""
        if not polled:
            until(lambda: bool(self.webhook()["url"]), "Telegram to know what to call")
        self.doomed.messenger.post("says", person="Fatima", text=REPORT)
        self.doomed.messenger.taps("Fatima", self.doomed.fatima, "Ja, door mij")
        until(lambda: self.doomed.told().total() >= 5, "the first to be told")


@contextmanager
def on_both(kind: str, folder: Path, *, webhook: bool = True) -> Iterator[Town]:
    address = standing().address if kind == "postgresql" else ""
    with Ground(kind, folder, NEIGHBOURS, address).town(webhook=webhook) as doomed, whatsapp() as other:
        henk = next(one["value"] for one in other.post("people", name="Henk") if one["kind"] == "phone")
        other.post("opens", person=henk)
        tables = telegram_table(doomed.messenger, RATE), whatsapp_table(other)
        doomed.write(f'public_url = "{doomed.url}"' if webhook else "", *tables)
        yield Town(doomed, other, henk)


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUURTWACHT_KEY", new_key())


@pytest.mark.parametrize(("kind", "fault"), FAULTS)
def test_nothing_is_acknowledged_and_all_goes_on_afterwards(kind: str, fault: Fault, tmp_path: Path) -> None:
    with on_both(kind, tmp_path) as town, town.doomed.running() as process:
        town.begin_fan_out()
        before, said = _seconds_of(process), len(process.lines)
        with fault(town.doomed, process):
            until(lambda: town.ready() == 503, "it to be not ready")
            began, statuses = time.monotonic(), list[int]()
            while time.monotonic() < began + LASTS:
                called = time.monotonic()
                statuses += [town.telegram_calls(len(statuses)), town.whatsapp_calls(), town.ready()]
                assert httpx.get(f"{town.doomed.url}/healthz", timeout=30).status_code == 200
                assert time.monotonic() - called < 3 * ANSWERED
                time.sleep(0.5)
            used = (_seconds_of(process) - before) / (time.monotonic() - began)
            assert set(statuses) == {503}
            assert used < IDLE, f"it spins: {used:.0%} of a core"
        until(lambda: town.ready() == 200, "it to be ready again")
        assert town.telegram_calls(0) == 200 == town.whatsapp_calls()
        _done_once(town)
        assert not [one for one in town.doomed.shown() if "erhaling" in one["text"]], "the answers were remembered"
        until(lambda: any("is back" in line for line in process.lines), "it to say that it is over")
        lines = [line for line in process.lines[said:] if re.search("warn|error|back", line)]
        assert len(lines) <= LINES, "\n".join(lines)
        assert process.stop() == 0


@pytest.mark.parametrize(("kind", "fault"), POLLED)
def test_what_cannot_be_kept_stays_at_telegram_and_is_fetched_afterwards(
    kind: str, fault: Fault, tmp_path: Path
) -> None:
    with on_both(kind, tmp_path, webhook=False) as town, town.doomed.running() as process:
        town.begin_fan_out(polled=True)
        before = _seconds_of(process)
        with fault(town.doomed, process):
            until(lambda: town.ready() == 503, "it to be not ready")
            began = time.monotonic()
            town.doomed.messenger.post("says", person="Fatima", text="goedemiddag")
            while time.monotonic() < began + LASTS:
                assert town.webhook()["pending_update_count"] == 1
                assert httpx.get(f"{town.doomed.url}/healthz", timeout=30).status_code == 200
                time.sleep(0.5)
            used = (_seconds_of(process) - before) / (time.monotonic() - began)
            assert used < IDLE, f"it spins: {used:.0%} of a core"
        until(lambda: town.webhook()["pending_update_count"] == 0, "it to be fetched")
        _done_once(town, 3)
        assert process.stop() == 0


@pytest.mark.parametrize(("kind", "fault"), STOPPED)
def test_it_can_be_stopped_and_goes_on_at_the_next_start(kind: str, fault: Fault, tmp_path: Path) -> None:
    with on_both(kind, tmp_path) as town:
        with town.doomed.running() as process:
            town.begin_fan_out()
            with fault(town.doomed, process):
                until(lambda: any(TROUBLE in line for line in process.lines), "the trouble to be noticed")
                began = time.monotonic()
                assert process.stop() == 0, "\n".join(process.lines[-20:])
                assert time.monotonic() - began < STOPS
        with town.doomed.running() as process:
            _done_once(town)
            assert process.stop() == 0


@pytest.mark.parametrize(("kind", "fault"), [TORN])
def test_torn_connections_lose_and_double_nothing_in_silence(kind: str, fault: Fault, tmp_path: Path) -> None:
    with on_both(kind, tmp_path) as town, town.doomed.running() as process:
        town.begin_fan_out()
        statuses = list[int]()
        with fault(town.doomed, process):
            began = time.monotonic()
            while time.monotonic() < began + LASTS:
                statuses.append(town.telegram_calls(len(statuses)))
                time.sleep(0.2)
        assert set(statuses) <= {200, 503}
        for number in range(len(statuses)):
            if number not in town.kept:
                until(partial(_is_kept, town, number), "what comes again to be kept")
        _done_once(town)
        blamed = [line for line in process.lines if "plugin failed" in line or "put aside" in line]
        assert not blamed, "\n".join(blamed)
        assert process.stop() == 0


def _is_kept(town: Town, number: int) -> bool:
    return town.telegram_calls(number) == 200


def _done_once(town: Town, written: int = 2) -> None:
    """Everybody was told, marked if twice; what was acknowledged was kept once, and all that Fatima wrote."""
    doomed = town.doomed
    until(doomed.at_rest, "nothing to be left", every=0.5)
    alarms = [one for one in doomed.shown() if one["to"] in doomed.neighbours and "VERDACHT VOERTUIG" in one["text"]]
    assert {one["to"] for one in alarms} == doomed.neighbours.keys(), "nobody is missed"
    again = Counter(one["to"] for one in alarms if "erhaling" in one["text"])
    for chat, count in Counter(one["to"] for one in alarms).items():
        assert count <= 1 + again[chat] <= 2, "who is told twice reads that it is a repeat"
    rows = doomed.rows(select(func.count()).select_from(inbox).where(inbox.c.account == "telegram"))[0][0]
    assert rows == len(town.kept) + written


def _seconds_of(process: Server) -> float:
    """Return how many seconds of a processor a process has used."""
    fields = Path(f"/proc/{process.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
