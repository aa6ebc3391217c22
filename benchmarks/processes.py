"""Real processes to measure from outside: `buurtwacht run` and bots of others, against stand-ins on loopback."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from benchmarks.measuring import ROOT
from benchmarks.updates import TOKEN

#: Seconds in which a process must be ready.
_PATIENCE = 120


@dataclass(frozen=True, slots=True)
class Started:
    """A process that is ready: the line that said so, and the seconds on the wall that it took."""

    process: subprocess.Popen[str]
    said: str
    seconds: float

    @property
    def cpu(self) -> float:
        """Seconds of CPU that it has spent."""
        ticks = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> dict[str, float]:
        """Return bytes: resident, its share of what is shared, and what would be free without it."""
        lines = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
        held = {name.rstrip(":"): int(size) * 1024 for name, size, *_ in map(str.split, lines[1:])}
        return {"rss": held["Rss"], "pss": held["Pss"], "uss": held["Private_Clean"] + held["Private_Dirty"]}


@contextmanager
def started(command: Sequence[str], ready: str, environ: Mapping[str, str] | None = None) -> Iterator[Started]:
    """Run a process from the moment it writes a line with the words of `ready`."""
    began = time.perf_counter()
    given = {**os.environ, "PYTHONUNBUFFERED": "1", **(environ or {})}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=given, stdout=pipe, stderr=subprocess.STDOUT, text=True) as process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if ready in line:
                    yield Started(process, line.strip(), time.perf_counter() - began)
                    return
                if time.perf_counter() - began > _PATIENCE:
                    break
            raise subprocess.SubprocessError(f"{command[-1]} never said {ready!r}")
        finally:
            process.kill()


@dataclass(frozen=True, slots=True)
class StandIns:
    """Servers that speak as Telegram and WhatsApp do, and what makes a process of ours talk to them."""

    telegram: int
    environ: Mapping[str, str]


@contextmanager
def stand_ins() -> Iterator[StandIns]:
    """Run both stand-ins."""
    with ExitStack() as stack:
        ports = []
        for module, more in (("buurtwacht_telegram", ("--token", TOKEN)), ("buurtwacht_whatsapp", ())):
            command = [sys.executable, "-m", f"{module}.stand_in", "--port", "0", *more]
            ports.append(int(stack.enter_context(started(command, "")).said))
        with urlopen(f"http://127.0.0.1:{ports[1]}/_stand_in/settings") as answer:
            whatsapp = json.load(answer) | {"api_url": f"http://127.0.0.1:{ports[1]}"}
        environ = {f"BUURTWACHT_CHANNELS__WHATSAPP__{key.upper()}": str(value) for key, value in whatsapp.items()}
        environ["BUURTWACHT_CHANNELS__TELEGRAM__API_URL"] = f"http://127.0.0.1:{ports[0]}"
        yield StandIns(ports[0], environ)


@contextmanager
def ours(settings: Path, key: str, beside: StandIns) -> Iterator[Started]:
    """Run `buurtwacht run` until it listens; `said` ends with its address."""
    command = [sys.executable, "-m", "buurtwacht", "run", "--config", str(settings)]
    with started(command, "listens at", {**beside.environ, "BUURTWACHT_KEY": key}) as process:
        yield process


def audited(process: Started, times: int) -> float:
    """Return the quickest of so many answers of /readyz, in seconds: the self-audit is read for each."""
    found = re.search(r"http://[\d.:]+", process.said)
    assert found is not None
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        with urlopen(f"{found[0]}/readyz") as answer:
            answer.read()
        spent.append(time.perf_counter() - began)
    return min(spent)
