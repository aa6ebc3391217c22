"""One durable /ping beside bots that keep nothing, and beside ourselves with more commands."""

from __future__ import annotations

from collections.abc import Mapping

import click

from benchmarks.measures.memory import NONEBOT
from benchmarks.measuring import Measure, Plan, Row, ask, compared, environment, in_turns, micro

_OURS = "benchmarks.ours_ping"


def _arguments(plan: Plan, commands: int, at_once: int) -> tuple[str, ...]:
    rounds = plan.size(400, 5) if at_once == 1 else plan.size(60, 2)
    return ("--commands", str(commands), "--at-once", str(at_once), "--rounds", str(rounds))


def _cpu(figures: list[Mapping[str, float]]) -> list[float]:
    return [one["cpu"] for one in figures]


def pings(plan: Plan) -> list[Row]:
    """CPU of one durable /ping, beside python-telegram-bot that keeps nothing."""
    rows = []
    for at_once, aim in ((1, "≤ 4.5"), (20, "≤ 1.5, aim 1.0")):
        arguments = _arguments(plan, 50, at_once)
        ours, peer = map(_cpu, in_turns(plan, _OURS, "benchmarks.peers.ptb_ping", *arguments))
        rows.append(compared(f"/ping, {at_once} at once, CPU, beside python-telegram-bot", ours, peer, micro, aim))
    return rows


def _apart(plan: Plan, name: str, module: str, python: str | None) -> list[Row]:
    """Return the row beside a peer that does not share an environment with us: its libraries want other versions."""
    if python is None:
        click.echo(f"{name} could not be installed; left out", err=True)
        return []
    rows = []
    for at_once in (1, 20):
        arguments = _arguments(plan, 50, at_once)
        ours, peer = plan.turns_of(
            lambda given=arguments: ask(_OURS, *given), lambda given=arguments: ask(module, *given, python=python)
        )
        rows.append(compared(f"/ping, {at_once} at once, CPU, beside {name}", _cpu(ours), _cpu(peer), micro, ""))
    return rows


def aiogram(plan: Plan) -> list[Row]:
    """The same beside aiogram."""
    python = environment("aiogram", make=not plan.tiny)
    return _apart(plan, "aiogram", "benchmarks.peers.aiogram_ping", python)


def nonebot(plan: Plan) -> list[Row]:
    """The same beside NoneBot2 with its Telegram adapter."""
    python = environment(*NONEBOT, modules=("nonebot",), make=not plan.tiny)
    return _apart(plan, "NoneBot2", "benchmarks.peers.nonebot_ping", python)


def commands(plan: Plan) -> list[Row]:
    """The same with one command and with two hundred: our own figure beside our own."""
    many, few = plan.turns_of(
        lambda: ask(_OURS, *_arguments(plan, 200, 20)), lambda: ask(_OURS, *_arguments(plan, 1, 20))
    )
    return [compared("/ping with 200 commands, beside 1", _cpu(many), _cpu(few), micro, "≤ 1.2")]


PINGS = Measure(
    pings,
    """\
- **/ping**: the whole app as `buurtwacht run` builds it, on SQLite with `synchronous=FULL`: the update comes in by
  polling, is kept, handled, replied to and written down as sent. Beside it: bots that keep nothing. All have their HTTP
  layer answered from memory. 50 commands are registered. CPU seconds of the process by `time.process_time`, commits
  included. After each round every side rests 10 ms, as a bot does between messages.""",
)
AIOGRAM = Measure(
    aiogram,
    """\
- **aiogram**: the same ping, fed to its dispatcher, its session answered from memory; in an environment of its own
  (`.bench-venv/`), left out where it cannot be installed.""",
)
NONEBOT2 = Measure(
    nonebot,
    """\
- **NoneBot2**: the same ping, given to its bot as its adapter reads it, 50 commands registered with `on_command`, its
  requests answered from memory where its driver would send them; in an environment of its own.""",
)
COMMANDS = Measure(commands, "- **200 commands**: the same ping with that many commands, beside ourselves with one.")
