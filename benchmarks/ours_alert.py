"""Our side of an alert: from the event taken from the inbox until every delivery is queued, on SQLite.

`python -m benchmarks.ours_alert --members 1000` prints seconds, for a critical report and for an urgent one.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

import click
from sqlalchemy import func, select

from benchmarks.updates import person
from benchmarks.village import build_village, streets
from buurtwacht import Handle, Inbound, Said
from buurtwacht.assembly import House
from buurtwacht.host.worker import Worker
from buurtwacht.records import expansion
from buurtwacht.records.schema import delivery
from buurtwacht.vocabulary.clock import SystemClock

_REPORTS = {
    "critical": "brand in de {street}, vlammen uit het dak, 112 gebeld",
    "urgent": "verdachte auto {street}, rijdt stapvoets, lichten uit, 112 gebeld",
}


def _alert(house: House, worker: Worker, text: str, number: int, members: int) -> float:
    """Have one report come in and return how long its alert took; what follows it is done beside the clock."""
    clock, core = SystemClock(), house.core
    before = _queued(house)
    who = Handle("chat", str(person(number)))
    core.inbox.accept("telegram", [Inbound(f"report{number}", Said(f"0:{number}", text), clock.now(), (who,))])
    began = time.perf_counter()
    worker.step()
    while expansion.expand(core.database, core.neighbourhoods, clock.now()) >= 0:
        pass
    spent = time.perf_counter() - began
    assert _queued(house) - before >= members, "not everybody is warned"
    while worker.step():
        pass
    return spent


def _queued(house: House) -> int:
    with house.core.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(delivery)).scalar_one())


@click.command()
@click.option("--members", default=1000)
@click.option("--rounds", default=9)
def main(members: int, rounds: int) -> None:
    """Measure and print."""
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        house = build_village(Path(folder), members)
        worker = Worker(house.core, house.dispatcher)
        number = 0
        for kind, text in _REPORTS.items():
            spent = []
            for _ in range(rounds + 1):  # the first to warm up
                spent.append(_alert(house, worker, text.format(street=streets()[number]), number, members))
                number += 1
            figures[kind] = min(spent[1:])
    click.echo(json.dumps(figures))


if __name__ == "__main__":
    main()
