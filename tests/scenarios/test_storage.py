"""The disk is full or the database locked while real processes run: nothing is acknowledged that is not kept,
nobody spins or shouts, and when it is over each thing is done once.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from buurtwacht.records.keys import new_key
from buurtwacht.records.schema import inbox

from .doomed import SECRET, TOKEN, Doomed, Ground
from .faults_of_storage import Fault, disk_full, locked
from .kills import REPORT
from .test_process import telegram_table, whatsapp_table
from .town_process import Server, WhatsApp, until, whatsapp

#: Neighbours, messages a second: the fan-out goes on for some seconds.
NEIGHBOURS, RATE = 60, 20
#: Seconds that a fault lasts, and within which whoever calls is answered: what providers wait is not published.
LASTS, ANSWERED = 6.0, 6.0
#: Share of a core that a process may use while it can do nothing.
IDLE = 0.6
#: Lines that one fault may take in the log: that it began, that it is over, and what an account says of its own.
LINES = 6

FAULTS = [
    pytest.param("sqlite", disk_full, id="disk full"),
    pytest.param("sqlite", locked, id="locked"),
]


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

    def begin_fan_out(self) -> None:
        """Have a report go out, and return when the first were told."""
        asked = f"{self.doomed.messenger.url}/bot{TOKEN}/getWebhookInfo"
        until(lambda: bool(httpx.get(asked).json()["result"]["url"]), "Telegram to know what to call")
        self.doomed.messenger.post("says", person="Fatima", text=REPORT)
        self.doomed.messenger.taps("Fatima", self.doomed.fatima, "Ja, door mij")
        until(lambda: self.doomed.told().total() >= 5, "the first to be told")


@contextmanager
def standing(kind: str, folder: Path) -> Iterator[Town]:
    with Ground(kind, folder, NEIGHBOURS).town(webhook=True) as doomed, whatsapp() as other:
        henk = next(one["value"] for one in other.post("people", name="Henk") if one["kind"] == "phone")
        other.post("opens", person=henk)
        tables = telegram_table(doomed.messenger, RATE), whatsapp_table(other)
        doomed.write(f'public_url = "{doomed.url}"', *tables)
        yield Town(doomed, other, henk)


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUURTWACHT_KEY", new_key())


@pytest.mark.parametrize(("kind", "fault"), FAULTS)
def test_nothing_is_acknowledged_and_all_goes_on_afterwards(kind: str, fault: Fault, tmp_path: Path) -> None:
    with standing(kind, tmp_path) as town, town.doomed.running() as process:
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
        until(lambda: any("is back" in line for line in process.lines), "it to say that it is over")
        lines = [line for line in process.lines[said:] if re.search("warn|error|back", line)]
        assert len(lines) <= LINES, "\n".join(lines)
        assert process.stop() == 0


def _done_once(town: Town) -> None:
    """Everybody was told; who was told twice is marked; what was acknowledged was kept once."""
    doomed = town.doomed
    until(doomed.at_rest, "nothing to be left", 60, every=0.5)
    alarms = [one for one in doomed.shown() if one["to"] in doomed.neighbours and "VERDACHT VOERTUIG" in one["text"]]
    assert {one["to"] for one in alarms} == doomed.neighbours.keys(), "nobody is missed"
    repeats = sum("erhaling" in one["text"] for one in alarms)
    assert len(alarms) <= NEIGHBOURS + repeats
    rows = doomed.rows(select(func.count()).select_from(inbox).where(inbox.c.account == "telegram"))[0][0]
    assert rows == len(town.kept) + 2  # Fatima wrote and tapped


def _seconds_of(process: Server) -> float:
    """Return how many seconds of a processor a process has used."""
    fields = Path(f"/proc/{process.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
