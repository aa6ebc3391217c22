"""The whole country: what the work of one neighbourhood costs among 9,500, beside a database of its own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from itertools import count
from pathlib import Path

from benchmarks import country
from benchmarks.measuring import CACHE, Measure, Plan, Row, ask, compared, duration, megabytes
from benchmarks.processes import audited, ours, stand_ins

_WORK = {
    "alert": "an alert to 1,000, from the event until queued",
    "claim": "30 deliveries claimed",
    "joining": "a stranger asks to join, by code",
    "joining by postcode": "a stranger asks to join, by postcode",
    "standing": "`stand` of a co-ordinator",
    "command": "`mijn gegevens` of a member",
    "tick": "a tick with nothing due",
    "sweep": "the hourly sweep",
}
_PROCESS = {
    "started": "start of the process until it listens, CPU",
    "audited": "/readyz",
    "rss": "resident memory after the start",
}


def _kept(plan: Plan) -> Path:
    """Return the folder of the country, made when no run before this one did."""
    folder = CACHE / ("tiny-country" if plan.tiny else "country")
    if not (folder / "made").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        size = (plan.size(country.NEIGHBOURHOODS, 20), plan.size(country.MEMBERS, 1200))
        country.make(folder, "sqlite:///country.db", *size)
        (folder / "made").touch()
    return folder


def whole_country(plan: Plan) -> list[Row]:
    """The same work in the same neighbourhood, in a copy of the country and in a village."""
    rounds = str(plan.size(9, 1))
    with tempfile.TemporaryDirectory() as name, stand_ins() as there:
        wide, narrow = Path(name) / "country", Path(name) / "village"
        shutil.copytree(_kept(plan), wide)
        narrow.mkdir()
        country.make(narrow, "sqlite:///country.db", 1, country.FIRST)

        turns = {wide: count(), narrow: count()}

        def side(folder: Path) -> Mapping[str, float]:
            settings = folder / "plugins.toml"
            with ours(settings, country.KEY, there) as process:
                figures = {"started": process.cpu, "audited": audited(process, 5), **process.memory()}
            arguments = ("--settings", str(settings), "--rounds", rounds, "--turn", str(next(turns[folder])))
            return {**figures, **ask("benchmarks.ours_country", *arguments, seconds=900)}

        found = plan.turns_of(lambda: side(wide), lambda: side(narrow))
    rows, neighbourhoods = [], plan.size(country.NEIGHBOURHOODS, 20)
    for key, what in (_WORK | _PROCESS).items():
        mine, theirs = [one[key] for one in found[0]], [one[key] for one in found[1]]
        say = megabytes if key == "rss" else duration
        rows.append(
            compared(
                f"{what}, among {neighbourhoods:,} neighbourhoods beside alone",
                mine,
                theirs,
                say,
                "≤ 1.1" * (key == "alert"),
            )
        )
    return rows


COUNTRY = Measure(
    whole_country,
    """\
- **among 9,500 neighbourhoods**: a database of 700,000 invented members, made by `python -m benchmarks.country` and
  kept in `.bench-cache/`, on SQLite with `synchronous=FULL`. Beside it: a database with only the neighbourhood of 1,000
  in which things happen. CPU seconds, the quickest of nine rounds; /readyz by the clock, the quickest of five. The
  configuration file names every neighbourhood with its streets: 3.4 MB for the country.""",
)
