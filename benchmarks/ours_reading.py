"""Our side of reading: every sentence of the tests' tables, and texts that mean harm, with a street list of 120.

`python -m benchmarks.ours_reading` prints seconds: the median and the worst sentence, and the worst of what means harm.
"""

from __future__ import annotations

import json
import statistics
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from benchmarks.sentences import HOSTILE, SENTENCES
from benchmarks.village import streets
from buurtwacht_alerts.reading import read

#: Each text is read so often; its quickest time counts, so that what else runs on the machine does not.
_TURNS = 15


def main() -> None:
    """Measure and print."""
    now = datetime(2026, 1, 16, 1, 42, tzinfo=ZoneInfo("Europe/Amsterdam"))
    listed = streets()
    usual = [_quickest(text, listed, now) for text in SENTENCES]
    hostile = [_quickest(text, listed, now) for text in HOSTILE]
    click.echo(json.dumps({"median": statistics.median(usual), "worst": max(usual), "hostile": max(hostile)}))


def _quickest(text: str, listed: list[str], now: datetime) -> float:
    spent = []
    for _ in range(_TURNS):
        began = time.perf_counter()
        read(text, listed, now)
        spent.append(time.perf_counter() - began)
    return min(spent)


if __name__ == "__main__":
    main()
