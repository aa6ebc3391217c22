"""`make bench`: measures design §7 beside raw python-telegram-bot, prints a table and writes docs/performance.md.

Each figure is a ratio of two programs that ran one after the other on the same machine. Nothing here decides a test.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
#: So often each side is measured, in turns; the median counts.
TURNS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One measured line: what, our figure, the peer's, and what the ratio is to be."""

    what: str
    ours: str
    peer: str
    ratio: float
    aim: str


def ask(module: str, *arguments: str, python: str = sys.executable) -> dict[str, float]:
    """Run one side in a process of its own and return what it prints last."""
    command = [python, "-m", module, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    figures: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


def _micro(seconds: float) -> str:
    return f"{seconds * 1e6:.0f} µs"


def _milli(seconds: float) -> str:
    return f"{seconds * 1e3:.1f} ms"


def both(ours: str, peer: str, key: str, *arguments: str) -> tuple[float, float]:
    """Return the medians of both sides, measured in turns so that a busy moment hits both."""
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(TURNS):
        found[0].append(ask(ours, *arguments)[key])
        found[1].append(ask(peer, *arguments)[key])
    return statistics.median(found[0]), statistics.median(found[1])


def pings() -> list[Row]:
    """CPU of one durable /ping, beside python-telegram-bot that keeps nothing."""
    rows = []
    for at_once, aim in ((1, "≤ 4.5"), (20, "≤ 1.5")):
        rounds = "400" if at_once == 1 else "60"
        arguments = ("--commands", "50", "--at-once", str(at_once), "--rounds", rounds)
        ours, peer = both("benchmarks.ours_ping", "benchmarks.peers.ptb_ping", "cpu", *arguments)
        rows.append(Row(f"/ping, {at_once} at once, CPU", _micro(ours), _micro(peer), ours / peer, aim))
    return rows


def aiogram() -> list[Row]:
    """The same beside aiogram, which does not share an environment with us: its libraries want other versions."""
    python = _environment("aiogram")
    if python is None:
        click.echo("aiogram could not be installed; left out", err=True)
        return []
    arguments = ("--commands", "50", "--at-once", "20", "--rounds", "60")
    ours = statistics.median(ask("benchmarks.ours_ping", *arguments)["cpu"] for _ in range(TURNS))
    peer = statistics.median(
        ask("benchmarks.peers.aiogram_ping", *arguments, python=python)["cpu"] for _ in range(TURNS)
    )
    return [Row("/ping, 20 at once, CPU, beside aiogram", _micro(ours), _micro(peer), ours / peer, "")]


def _environment(*packages: str) -> str | None:
    """Return the Python of an environment with these packages and click, made when it is not there."""
    folder = PAGE.parent.parent / ".bench-venv"
    python = folder / "bin" / "python"
    try:
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, timeout=120)
            install = [str(python), "-m", "pip", "install", "--quiet", "click", *packages]
            subprocess.run(install, check=True, timeout=240, capture_output=True)
        subprocess.run(
            [str(python), "-c", f"import {', '.join(packages)}"], check=True, timeout=60, capture_output=True
        )
    except (subprocess.SubprocessError, OSError):
        return None
    return str(python)


def commands() -> list[Row]:
    """The same with one command and with two hundred: our own figure beside our own."""
    figures = {}
    for count in (1, 200):
        arguments = ("--commands", str(count), "--at-once", "20", "--rounds", "60")
        figures[count] = statistics.median(ask("benchmarks.ours_ping", *arguments)["cpu"] for _ in range(TURNS))
    few, many = figures[1], figures[200]
    return [Row("/ping with 200 commands, beside 1", _micro(many), _micro(few), many / few, "≤ 1.2")]


def fan_out() -> list[Row]:
    """Messages a second to 1,000 over HTTP on loopback, without a pace."""
    command = [sys.executable, "-m", "benchmarks.server"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        arguments = ("--port", port, "--members", "1000")
        ours, peer = both("benchmarks.ours_fanout", "benchmarks.peers.ptb_fanout", "rate", *arguments)
        server.terminate()
    return [Row("fan-out to 1,000 over HTTP", f"{ours:.0f}/s", f"{peer:.0f}/s", ours / peer, "≥ 1.0")]


def reminders() -> list[Row]:
    """Many planned shifts, each with one timer that sets the next: figures of ours beside what they may be."""
    found = ask("benchmarks.ours_timers", "--shifts", "100000")
    most = (
        ("load", "100,000 shifts with three reminders, loaded", 10.0),
        ("idle", "a tick with nothing due", 0.001),
        ("due", "1,000 due in one tick", 0.2),
        ("downtime", "start after six hours of downtime", 5.0),
    )
    return [
        Row(what, _seconds(found[key]), f"{_seconds(limit)} at most", found[key] / limit, "≤ 1.0")
        for key, what, limit in most
    ]


def patrols() -> list[Row]:
    """The same start, of the plugin itself: what was late is read for, written for two walkers, and sets the next."""
    found = ask("benchmarks.ours_patrols", "--shifts", "100000")
    leaving = found["letters"] / 30
    what = f"start after six hours of downtime, {found['letters']:.0f} late reminders written"
    beside = f"{_seconds(leaving)} to send them"
    return [Row(what, _seconds(found["downtime"]), beside, found["downtime"] / leaving, "≤ 1.0")]


def escalations() -> list[Row]:
    """A look at the clock while very many escalations wait: our figure beside what it may be."""
    found = ask("benchmarks.ours_escalations", "--open", "10000")
    what, limit = "a tick with nothing due, 10,000 escalations open", 0.002
    return [Row(what, _seconds(found["idle"]), f"{_seconds(limit)} at most", found["idle"] / limit, "≤ 1.0")]


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms" if seconds < 1 else f"{seconds:.1f} s"


def reading() -> list[Row]:
    """Reading a report, beside one that only looks for the street."""
    rows = []
    ours, peers = [ask("benchmarks.ours_reading") for _ in range(TURNS)], ask("benchmarks.peers.difflib_streets")
    for key, what in (
        ("median", "reading a report, the median sentence"),
        ("worst", "reading a report, the worst sentence"),
        ("hostile", "reading 5,000 signs that mean harm, the worst"),
    ):
        mine, peer = statistics.median(one[key] for one in ours), peers[key]
        rows.append(Row(what, _micro(mine), _micro(peer), mine / peer, "< 1,000 µs"))
    return rows


def alert() -> list[Row]:
    """An alert to 1,000 members queued, beside the bare rows."""
    rows = []
    for key in ("critical", "urgent"):
        ours, peer = both("benchmarks.ours_alert", "benchmarks.peers.plain_insert", key, "--members", "1000")
        rows.append(Row(f"an alert to 1,000 queued, {key}", _milli(ours), _milli(peer), ours / peer, "< 100 ms"))
    return rows


def announcement() -> list[Row]:
    """An announcement to the representatives of a whole country queued, beside what it may take."""
    queued = ask("benchmarks.ours_announcement")["queued"]
    what = "an announcement to 9,500 representatives, all asked"
    return [Row(what, _seconds(queued), "1.0 s at most", queued, "≤ 1.0")]


MEASURES = {
    "ping": pings,
    "aiogram": aiogram,
    "commands": commands,
    "fanout": fan_out,
    "timers": reminders,
    "patrols": patrols,
    "escalations": escalations,
    "reading": reading,
    "alert": alert,
    "announcement": announcement,
}


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a table."""
    lines = ["| what | ours | beside it | ratio | to reach |", "|---|---|---|---|---|"]
    lines += [f"| {row.what} | {row.ours} | {row.peer} | {row.ratio:.2f} | {row.aim} |" for row in rows]
    return "\n".join(lines)


def page(rows: Sequence[Row]) -> str:
    """Return docs/performance.md."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("python-telegram-bot", "SQLAlchemy", "pluggy"))
    load = os.getloadavg()[0]
    return f"""# Performance

Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores, Python {platform.python_version()},
{libraries}; load {load:.1f} when it ended. Absolute figures are this machine's; the ratios are what counts.

{table(rows)}

{_HOW}"""


_HOW = f"""## How it is measured

Each side runs in a process of its own, {TURNS} times, in turns; the median counts. A row is one run.

- **/ping**: the whole app as `buurtwacht run` builds it, on SQLite with `synchronous=FULL`: the update comes in by
  polling, is kept, handled, replied to and written down as sent. Beside it: python-telegram-bot that keeps nothing.
  Both have their HTTP layer answered from memory. 50 commands are registered. CPU seconds of the process by
  `time.process_time`, commits included. After each round every side rests 10 ms, as a bot does between messages.
- **fan-out**: one broadcast to 1,000 members of a neighbourhood, over HTTP to a server of our own on loopback, no
  pace. Beside it: `asyncio.gather` over `Bot.send_message` with 32 under way, which keeps nothing.
- **timers**: 100,000 shifts, planned evenly over four weeks, each with one timer: what falls due sets the next of its
  three reminders. Loaded in transactions of 5,000. After six hours of downtime the app starts, and is measured until
  every reminder of those hours was handled. Beside it: what it may take at most.
- **patrols**: 100,000 shifts of 2,000 neighbourhoods with two walkers each; after six hours of downtime the app starts,
  and is measured until every late reminder was written, with its question, and the next timers were set. Beside it: how
  long they need to leave at Telegram's 30 a second.
- **escalations**: 10,000 escalations of 100 neighbourhoods in which somebody is asked, each with its alert and its
  timer, none of them due: one look at the clock, the median of 200. Beside it: what it may take at most.
- **reading**: every sentence of the tests' tables of reports and of talk, with a list of 120 streets; each is read
  15 times and its quickest counts. Beside it: each word once through `difflib.get_close_matches` over the same list,
  which finds a street and nothing else. What means harm is 5,000 signs or a thousand words.
- **an announcement**: a municipality of 9,500 neighbourhoods, each with a representative on Telegram; from its release
  until the last one's question and delivery are written, in ten steps of a thousand, on SQLite with
  `synchronous=FULL`. The quickest of three counts.
- **an alert**: from the event taken from the inbox until all deliveries stand in the outbox, on SQLite with
  `synchronous=FULL`, the report read, numbered, logged and answered. Beside it: the same thousand rows by
  `executemany` in one commit. The quickest of nine counts on both sides: what else runs on the machine does not.
- **aiogram**: the same ping, fed to its dispatcher, its session answered from memory; in an environment of its own
  (`.bench-venv`), left out where it cannot be installed.
"""


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(sorted(MEASURES)))
def main(names: Sequence[str]) -> None:
    """Measure all, or those named; all of them write docs/performance.md."""
    rows: list[Row] = []
    for name in names or MEASURES:
        click.echo(f"measuring {name} …", err=True)
        rows += MEASURES[name]()
    click.echo(table(rows))
    if not names:
        PAGE.write_text(page(rows), encoding="utf-8")
        click.echo(f"written to {PAGE.relative_to(PAGE.parent.parent)}", err=True)


if __name__ == "__main__":
    main()
