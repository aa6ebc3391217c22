"""Fan-outs at a provider's pace: a side and a server of its own, each a process, driven line by line.

`python -m benchmarks.fanout 200 --side ours` prints the figures of one fan-out as JSON; several sides run side by side.
"""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeAlias

import click

from benchmarks.measuring import ROOT, ask, environment

#: Telegram's, and what the stand-in server counts and takes
RATE, LATENCY = 30, 0.12
#: After this many seconds without a message, a fan-out is over however far it came: what a dead process was sending is
#: taken up within 15 seconds, and sent again after 10.
_QUIET = 16.0

#: Where it burns, in a report.
_STREET = "Meidoornstraat"

Figures: TypeAlias = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Side:
    """One way of sending to many."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    #: the most recipients it is measured with: beyond them it takes too long, or keeps the others from running
    most: int = 1_000_000
    #: what a person types to set it off; nothing for peers, which are told by whoever started them
    words: str = ""
    #: it computes so much that others beside it would wait for the processor
    apart: bool = False
    #: it runs where we run; others need `peers()`
    at_home: bool = False


def _peer(name: str, module: str, way: str, most: int = 1_000_000, *, apart: bool = False) -> Side:
    at_home = module == "ptb" and way != "limited"
    return Side(name, f"benchmarks.peers.{module}_paced", ("--way", way), most, apart=apart, at_home=at_home)


OURS = Side("buurtwacht", "benchmarks.ours_paced", words="fanout", at_home=True)
#: Ours with the plugins that a report needs.
ALERTING = Side("buurtwacht", "benchmarks.ours_paced", ("--alerts",), words="fanout", at_home=True)
LIMITED = _peer("python-telegram-bot, AIORateLimiter", "ptb", "limited")
AIOGRAM = _peer("aiogram, 30 a second", "aiogram", "steady")
TUNED = _peer("Apprise, a URL each, tuned", "apprise", "tuned")
QUEUE = _peer("python-telegram-bot, a queue and 30 who rest", "ptb", "queue")
#: Ours where it presses: what may have arrived before a crash is sent again, and marked.
PRESSING = Side("buurtwacht, urgent", "benchmarks.ours_paced", words="press", at_home=True)
SIDES = (
    OURS,
    _peer("python-telegram-bot, one after the other", "ptb", "loop", 2000),
    _peer("python-telegram-bot, gathered", "ptb", "gather", 2000, apart=True),
    _peer("python-telegram-bot, 30 a second", "ptb", "steady", 2000),
    LIMITED,
    QUEUE,
    AIOGRAM,
    _peer("NoneBot2, 30 a second", "nonebot", "steady", 2000, apart=True),
    _peer("Apprise, one URL", "apprise", "list", 2000),
    _peer("Apprise, a URL each", "apprise", "urls"),
    TUNED,
)
#: Of those that keep no record any one stands for all when a process is killed.
WITHOUT_RECORD = (LIMITED, AIOGRAM, TUNED)


def peers(*, make: bool = True) -> str | None:
    """Return the Python in which peers live that need other libraries, or None where these cannot be had."""
    return environment(
        "apprise",
        "aiogram",
        "nonebot2",
        "nonebot-adapter-telegram",
        "httpx",
        "python-telegram-bot[rate-limiter]==22.8",
        modules=("apprise", "aiogram", "nonebot.adapters.telegram", "telegram", "aiolimiter"),
        make=make,
    )


class Program:
    """A process that is told things by lines and answers with lines."""

    def __init__(self, python: str, module: str, *arguments: str) -> None:
        command = [python, "-m", module, *arguments]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def tell(self, line: str) -> None:
        """Write one line."""
        _pipe(self._process.stdin).write(line + "\n")
        _pipe(self._process.stdin).flush()

    def hear(self) -> str:
        """Read one line. Raises `SubprocessError` when the process has ended."""
        line = _pipe(self._process.stdout).readline()
        if not line:
            raise subprocess.SubprocessError(f"{self._process.args!r} ended with {self._process.wait()}")
        return line.strip()

    def figures(self) -> Figures:
        """Read lines until one is JSON, and return it."""
        while not (line := self.hear()).startswith("{"):
            pass
        found: Figures = json.loads(line)
        return found

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait()
        _pipe(self._process.stdin).close()
        _pipe(self._process.stdout).close()

    def close(self) -> None:
        """Have it end."""
        _pipe(self._process.stdin).close()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()
        _pipe(self._process.stdout).close()


def _pipe(found: IO[str] | None) -> IO[str]:
    assert found is not None
    return found


class Round:
    """One fan-out of one side against a server of its own."""

    def __init__(self, side: Side, members: int, python: str, folder: Path, *, seed: int = 1, rate: int = RATE) -> None:
        self.side = side
        self.members = members
        self._python = sys.executable if side.at_home else python
        self._folder = folder
        self._rate = rate
        arguments = ("--rate", str(rate), "--latency", str(LATENCY), "--seed", str(seed))
        self.server = Program(sys.executable, "benchmarks.telegram_server", *arguments)
        self._port = self.server.hear()
        self.program = self._start()

    def _start(self) -> Program:
        arguments = ["--port", self._port, "--members", str(self.members), *self.side.arguments]
        if self.side.words:
            arguments += ["--folder", str(self._folder), "--rate", str(self._rate)]
        return Program(self._python, self.side.module, *arguments)

    def ready(self) -> None:
        """Wait until it could send."""
        while self.program.hear() != "ready":
            pass

    def begin(self) -> None:
        """Have it send to everybody."""
        self.server.tell(f"begin {self.side.words}".rstrip())
        if not self.side.words:
            self.program.tell("go")

    def again(self) -> None:
        """Start it once more after it was killed: ours knows where it was, the others begin anew."""
        self.program = self._start()
        self.ready()
        if not self.side.words:
            self.program.tell("go")

    def end(self, *, repeats: bool = False) -> Figures:
        """Wait until everybody has it, or nothing comes any more, and return the figures of both sides.

        With `repeats` what comes after that is waited for as well.
        """
        if self.side.words:
            self.server.tell(f"quiet {self.members + repeats} {_QUIET}")
            self.server.hear()
            self.program.tell("stop")
        try:
            found = self.program.figures()
        except subprocess.SubprocessError:
            found = {"died": 1}  # what had arrived by then counts all the same
        return {**found, **self.report()}

    def report(self) -> Figures:
        """Return what the server counted, and the least time that its limits allow."""
        self.server.tell(f"report {self.members}")
        found: Figures = json.loads(self.server.hear())
        round_trip = found["round_trip"] or 0.0
        return {**found, "ideal": least(self.members, round_trip, self._rate)}

    def close(self) -> None:
        """End both processes."""
        self.program.close()
        self.server.close()


def least(members: int, round_trip: float, rate: int = RATE) -> float:
    """Return the seconds until the last of so many is answered: `rate` slots, free again a second after each answer."""
    return (math.ceil(members / rate) - 1) * (1.0 + round_trip) + round_trip if rate else 0.0


def _move_in(side: Side, members: int, own: Path, beside: Path) -> None:
    """Give a side of ours its house: a copy of one that was built before for another, or a new one."""
    built = beside / "-".join(("built", *side.arguments))
    if not built.exists():
        built.mkdir()
        ask(
            side.module,
            *("--port", "0", "--members", str(members), "--folder", str(built), "--only-build", *side.arguments),
        )
    shutil.copytree(built, own, dirs_exist_ok=True)


@contextmanager
def rounds(sides: Sequence[Side], members: int, python: str, *, seed: int = 1) -> Iterator[list[Round]]:
    """Make a round of each side, ready to begin; at the end all their processes end."""
    made: list[Round] = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            for place, side in enumerate(sides):
                own = Path(folder) / str(place)
                own.mkdir()
                if side.words:
                    _move_in(side, members, own, Path(folder))
                made.append(Round(side, members, python, own, seed=seed + place))
            for one in made:
                one.ready()
            yield made
        finally:
            for one in made:
                one.close()


def behind(side: Side, queued: int, python: str, *, after: int, words: str = "", turns: int = 1) -> list[Figures]:
    """Return after how many seconds the first of a warning leaves while so many messages wait, once a turn.

    It is told when `after` of them have arrived. Ours reads it as a report in `words`, a peer is told to send it;
    `overtaken` counts the messages that left before it, later than a tenth of a second after it was known.
    """
    with rounds([side] * turns, queued, python) as made, ThreadPoolExecutor(turns) as pool:
        for one in made:
            one.begin()
        return list(pool.map(lambda one: _warned(one, after, words), made))


def _warned(one: Round, after: int, words: str) -> Figures:
    one.server.tell(f"until {after}")
    one.server.hear()
    if one.side.words:
        one.server.tell(f"say 1 {words.format(street=_STREET)}")
    else:
        one.server.tell("mark")
        one.program.tell("warn")
    one.server.tell(f"warned 1 {_STREET if one.side.words else 'brand'}")
    seconds, overtaken = one.server.hear().split()
    one.program.kill()
    return {"first": float(seconds), "overtaken": int(overtaken)}


def together(sides: Sequence[Side], members: int, python: str, *, seed: int = 1) -> Mapping[str, Figures]:
    """Return the figures of a fan-out by each side, at the same time as far as they wait and do not compute."""
    alone = [one for one in sides if one.apart]
    if alone and len(sides) > 1:
        beside = [one for one in sides if not one.apart]
        parts = [together(part, members, python, seed=seed) for part in (beside, *([one] for one in alone)) if part]
        return {name: figures for part in parts for name, figures in part.items()}
    with rounds(sides, members, python, seed=seed) as made, ThreadPoolExecutor(len(made)) as pool:
        for one in made:
            one.begin()
        return dict(zip([one.side.name for one in made], pool.map(Round.end, made), strict=True))


def killed(sides: Sequence[Side], members: int, python: str, *, share: float, seed: int = 1) -> Mapping[str, Figures]:
    """Return the figures of fan-outs whose process is killed once so much had arrived, and started again.

    `stopped` is how many had it by then: what is lost when nobody starts it again, and doubled when somebody does.
    """
    with rounds(sides, members, python, seed=seed) as made, ThreadPoolExecutor(len(made)) as pool:
        for one in made:
            one.begin()
        return dict(zip([one.side.name for one in made], pool.map(lambda one: _killed(one, share), made), strict=True))


def _killed(one: Round, share: float) -> Figures:
    one.server.tell(f"until {int(one.members * share)}")
    one.server.hear()
    one.program.kill()
    # What is on its way arrives, whoever sent it is alive or not.
    threading.Event().wait(1.0)
    stopped = one.report()["reached"]
    one.again()
    return {**one.end(repeats=True), "stopped": stopped}


@click.command()
@click.argument("members", type=int)
@click.option("--side", "names", multiple=True, help="its name, or the beginning of it; all when left out")
@click.option("--seed", default=1)
@click.option("--kill", type=float, help="kill it when this share has arrived, and start it again")
def main(members: int, names: Sequence[str], seed: int, kill: float | None) -> None:
    """Measure sides side by side, and print their figures as JSON."""
    python = peers() or sys.executable
    sides = [one for one in (*SIDES, PRESSING) if one.name.startswith(tuple(names) or "") and members <= one.most]
    found = (
        together(sides, members, python, seed=seed)
        if kill is None
        else killed(sides, members, python, share=kill, seed=seed)
    )
    click.echo(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
