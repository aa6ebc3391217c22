"""How a measure is taken: sides as processes of their own, in turns, what they cost, and the row that comes of it."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
#: What is built once and used again by later runs; git does not see it.
CACHE = ROOT / ".bench-cache"


@dataclass(frozen=True, slots=True)
class Row:
    """One measured line: what, our figure, the peer's or the limit, their ratio and its spread, what is to reach."""

    what: str
    ours: str
    peer: str
    ratio: float
    aim: str
    #: the ratio of each turn, the least and the most; the same where there was one turn
    spread: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured: so many turns; `tiny` is as little as shows that a measure still runs."""

    turns: int = 3
    tiny: bool = False

    def size(self, full: int, tiny: int) -> int:
        """Return how many of something to measure with."""
        return tiny if self.tiny else full

    def turns_of(self, *sides: Callable[[], Mapping[str, float]]) -> list[list[Mapping[str, float]]]:
        """Return what each side printed, turn by turn: a busy moment hits all sides."""
        found: list[list[Mapping[str, float]]] = [[] for _ in sides]
        for _ in range(self.turns):
            for place, side in enumerate(sides):
                found[place].append(side())
        return found


@dataclass(frozen=True, slots=True)
class Measure:
    """What can be named on the command line: the rows it gives, and how they were measured, for the page."""

    rows: Callable[[Plan], list[Row]]
    how: str


class Cost:
    """What a process spends from the moment this is made."""

    def __init__(self) -> None:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        self._resident = pages * os.sysconf("SC_PAGE_SIZE")
        self._began = time.process_time()

    def spent(self) -> dict[str, float]:
        """Return seconds of CPU, all threads together, and by how many bytes the peak of memory grew."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        return {"cpu": time.process_time() - self._began, "memory": max(0, peak - self._resident)}


def ask(module: str, *arguments: str, python: str = sys.executable, seconds: float = 300) -> Mapping[str, float]:
    """Run one side in a process of its own and return what it prints last; it may take so many seconds."""
    command = [python, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=seconds, check=True)
    figures: Mapping[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


def in_turns(plan: Plan, ours: str, peer: str, *arguments: str) -> list[list[Mapping[str, float]]]:
    """Return what both sides print, given the same arguments, turn by turn."""
    return plan.turns_of(lambda: ask(ours, *arguments), lambda: ask(peer, *arguments))


def compared(
    what: str, ours: Sequence[float], peer: Sequence[float], say: Callable[[float], str], aim: str, *, beside: str = ""
) -> Row:
    """Return the row of two sides, measured in turns; the medians count. `beside` is said after the peer's figure."""
    ratios = [mine / theirs for mine, theirs in zip(ours, peer, strict=True)]
    middle, theirs = statistics.median(ours), statistics.median(peer)
    other = f"{say(theirs)} {beside}".strip()
    return Row(what, say(middle), other, middle / theirs, aim, (min(ratios), max(ratios)))


def limited(what: str, ours: Sequence[float], limit: float, say: Callable[[float], str]) -> Row:
    """Return the row of a figure that has no peer, only a limit to stay below; the median counts."""
    middle = statistics.median(ours)
    spread = (min(ours) / limit, max(ours) / limit)
    return Row(what, say(middle), f"limit: {say(limit)}", middle / limit, "≤ 1.0", spread)


def environment(*packages: str, modules: Sequence[str] = (), make: bool = True) -> str | None:
    """Return the Python of an environment with these packages and click, or None where it cannot be had.

    Peers that want other versions of our libraries live there. `modules` are the names to import, when they are not
    those of the packages. With `make` it is made when it is not there.
    """
    folder = ROOT / ".bench-venv" / packages[0]
    python = folder / "bin" / "python"
    try:
        if make and not python.exists():
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, timeout=120)
            install = [str(python), "-m", "pip", "install", "--quiet", "click", *packages]
            subprocess.run(install, check=True, timeout=240, capture_output=True)
        statement = f"import {', '.join(modules or packages)}"
        subprocess.run([str(python), "-c", statement], check=True, timeout=60, capture_output=True)
    except (subprocess.SubprocessError, OSError):
        return None
    return str(python)


def rate(figure: float) -> str:
    """Return a figure as so many a second."""
    return f"{figure:.0f}/s"


def micro(seconds: float) -> str:
    """Return seconds as microseconds."""
    return f"{seconds * 1e6:.0f} µs"


def duration(seconds: float) -> str:
    """Return seconds as people would say them."""
    if seconds >= 1:
        return f"{seconds:.1f} s"
    return f"{seconds * 1e3:.2f} ms" if seconds < 0.01 else f"{seconds * 1e3:.0f} ms"


def megabytes(size: float) -> str:
    """Return bytes as megabytes of 10^6."""
    return f"{size / 1e6:.1f} MB"
