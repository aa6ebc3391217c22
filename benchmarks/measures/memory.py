"""What one process holds while nothing happens."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path

import click

from benchmarks import country
from benchmarks.measuring import Measure, Plan, Row, compared, environment, limited, megabytes
from benchmarks.processes import StandIns, Started, ours, stand_ins, started

#: What NoneBot2 needs for the same work.
NONEBOT = ("nonebot2", "nonebot-adapter-telegram", "httpx")


def idle(plan: Plan) -> list[Row]:
    """One process with both channels after half a minute of nothing, beside bots that have Telegram alone."""
    with tempfile.TemporaryDirectory() as folder, stand_ins() as there:
        settings = country.make(Path(folder), f"sqlite:///{folder}/village.db", 1, country.FIRST)
        sides: dict[str, Callable[[], AbstractContextManager[Started]]] = {
            "ours": partial(ours, settings, country.KEY, there),
            "python-telegram-bot": partial(_peer, sys.executable, "ptb_idle", there),
        }
        if python := environment(*NONEBOT, modules=("nonebot",), make=not plan.tiny):
            sides["NoneBot2"] = partial(_peer, python, "nonebot_idle", there)
        else:
            click.echo("NoneBot2 could not be installed; left out", err=True)
        found: dict[str, list[Mapping[str, float]]] = {name: [] for name in sides}
        for _ in range(plan.turns):
            # all at once: who waits costs the others nothing
            with ExitStack() as stack:
                running = {name: stack.enter_context(side()) for name, side in sides.items()}
                time.sleep(plan.size(30, 1))
                for name, process in running.items():
                    found[name].append(process.memory())
    return _rows(found)


def _peer(python: str, module: str, there: StandIns) -> AbstractContextManager[Started]:
    return started([python, "-m", f"benchmarks.peers.{module}", "--port", str(there.telegram)], "ready")


def _rows(found: Mapping[str, list[Mapping[str, float]]]) -> list[Row]:
    def of(side: str, kind: str) -> list[float]:
        return [one[kind] for one in found[side]]

    rows = [limited("idle memory, both channels, resident", of("ours", "rss"), 140e6, megabytes)]
    rows[0] = Row(**{**{name: getattr(rows[0], name) for name in Row.__slots__}, "aim": "≤ 1.0, aim 0.86 (120 MB)"})
    for kind, what in (("rss", "resident"), ("uss", "its own alone (USS)")):
        for peer in found.keys() - {"ours"}:
            name = f"idle memory, {what}, beside {peer}"
            rows.append(compared(name, of("ours", kind), of(peer, kind), megabytes, ""))
    return rows


IDLE = Measure(
    idle,
    """\
- **idle memory**: `buurtwacht run` with all six plugins, a neighbourhood of 1,000 members, Telegram and WhatsApp, both
  against stand-ins on loopback, thirty seconds after it began to listen. Resident pages as the kernel counts them
  (`smaps_rollup`), in megabytes of 10^6; USS leaves out what other processes map as well. Beside it: a bot with one
  command on Telegram alone that keeps nothing, of python-telegram-bot in our environment and of NoneBot2 with its
  Telegram adapter in its own.""",
)
