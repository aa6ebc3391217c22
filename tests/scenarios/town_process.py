"""A town in real processes: `buurtwacht run`, and stand-ins for the messengers, servers of their own on loopback."""

from __future__ import annotations

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

#: Seconds in which a process must have done what is waited for.
PATIENCE = 120.0
#: Seconds in which a process that is told to stop has stopped: ten by the interface, thrice that where all are busy.
STOPS = 30.0
BUURTWACHT = [sys.executable, "-m", "buurtwacht"]


def until(holds: Callable[[], bool], what: str, seconds: float = PATIENCE, every: float = 0.05) -> None:
    """Wait until something holds; fail with what was waited for. Real processes cannot be stepped."""
    tick = threading.Event()
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"waited in vain: {what}"
        tick.wait(every)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@dataclass(slots=True)
class Server:
    """A process, and what it wrote."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    _fresh: queue.Queue[str] = field(default_factory=queue.Queue)

    def read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            self._fresh.put(line.rstrip())

    def next_line(self, seconds: float = PATIENCE) -> str:
        return self._fresh.get(timeout=seconds)

    def wait_for(self, words: str, seconds: float = PATIENCE) -> None:
        try:
            while words not in self.next_line(seconds):
                pass
        except queue.Empty:
            raise AssertionError(f"it never said {words!r}, but:\n" + "\n".join(self.lines[-20:])) from None

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(PATIENCE)


@contextmanager
def server(*command: str, environ: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Run a process; it is gone at the end, by its own id."""
    process = subprocess.Popen(
        [sys.executable, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **(environ or {})},
    )
    running = Server(process)
    reader = threading.Thread(target=running.read, daemon=True)
    reader.start()
    try:
        yield running
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(PATIENCE)
        reader.join(PATIENCE)
        assert process.stdout is not None
        process.stdout.close()


class Messenger:
    """A stand-in that runs, asked over HTTP."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self.url = f"http://{host}:{port}"
        # A connection for each request: one that is kept may be closed over there the moment it is used again.
        once = httpx.Limits(max_keepalive_connections=0)
        self.http = httpx.Client(base_url=f"{self.url}/_stand_in", timeout=PATIENCE, limits=once)

    def post(self, verb: str, **fields: object) -> Any:
        answer = self.http.post(f"/{verb}", json=fields)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None


class Telegram(Messenger):
    def seen(self) -> list[dict[str, Any]]:
        return list(self.http.get("/seen").json()["seen"])

    def complaints(self) -> list[str]:
        return list(self.http.get("/seen").json()["complaints"])

    def buttons(self, chat: str) -> Iterator[tuple[str, str, str]]:
        """Yield (label, option, message) of what stands on somebody's screen, the newest first."""
        for one in reversed(self.seen()):
            if one["to"] == chat:
                for ident, label in one["options"]:
                    yield label, ident, one["provider_id"]

    def taps(self, person: str, chat: str, label: str) -> None:
        until(lambda: any(each == label for each, _, _ in self.buttons(chat)), f"a button {label!r}")
        option, on = next((ident, on) for each, ident, on in self.buttons(chat) if each == label)
        self.post("taps", person=person, option=option, on=on)


class WhatsApp(Messenger):
    def seen(self) -> list[dict[str, Any]]:
        return list(self.http.get("/seen").json())

    def settings(self) -> dict[str, Any]:
        return dict(self.http.get("/settings").json())


@contextmanager
def telegram(*options: str) -> Iterator[Telegram]:
    with server("-m", "buurtwacht_telegram.stand_in", "--port", "0", *options) as process:
        messenger = Telegram(int(process.next_line()))
        try:
            yield messenger
        finally:
            messenger.http.close()


@contextmanager
def whatsapp(*options: str) -> Iterator[WhatsApp]:
    with server("-m", "buurtwacht_whatsapp.stand_in", "--port", "0", *options) as process:
        messenger = WhatsApp(int(process.next_line()))
        try:
            yield messenger
        finally:
            messenger.http.close()


@dataclass(slots=True)
class Town:
    """A folder with a configuration, and the commands of whoever runs it."""

    folder: Path
    port: int
    #: where everything is kept; empty: SQLite in the folder
    database: str = ""

    @property
    def config(self) -> Path:
        return self.folder / "plugins.toml"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def write(self, *tables: str) -> None:
        kept = f'[buurtwacht]\ndatabase = "{self.database}"\n' if self.database else ""
        web = f"{kept}[web]\nport = {self.port}\n"
        plugins = "[plugins.members]\n[plugins.alerts]\n"
        place = (
            '[[neighbourhoods]]\ncode = "TB"\nname = "Tolberg"\nmunicipality = "Roosendaal"\npostcodes = ["4707"]\n'
            'streets = ["Meidoornstraat", "Esdoornlaan"]\nquiet_hours = ""\n'
        )
        self.config.write_text("\n".join([web, *tables, plugins, place]))

    def call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [*BUURTWACHT, *arguments, "--config", str(self.config)],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def members(self, rows: Sequence[str]) -> None:
        file = self.folder / "members.csv"
        file.write_text("\n".join(["neighbourhood,name,language,roles,street,channel,address", *rows]) + "\n")
        done = self.call("members", "import", str(file))
        assert done.returncode == 0, done.stderr

    @contextmanager
    def running(self) -> Iterator[Server]:
        with server("-m", "buurtwacht", "run", "--config", str(self.config)) as process:
            process.wait_for("listens at")
            yield process
