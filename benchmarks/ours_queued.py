"""Our side of a message to 100,000 people: one broadcast, expanded in chunks, until every delivery is queued.

`python -m benchmarks.ours_queued --members 100000` prints seconds, and the longest that a commit of others took.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import click

from benchmarks.queueing import build_town, measured
from buurtwacht import Message, Severity, Text
from buurtwacht.records import expansion, outbox, selfaudit
from buurtwacht.records.audience import Audience
from buurtwacht.vocabulary.clock import SystemClock


@click.command()
@click.option("--members", default=100_000)
@click.option("--postgresql", is_flag=True)
def main(members: int, postgresql: bool) -> None:
    """Measure and print."""
    clock, figures = SystemClock(), dict[str, float]()
    with tempfile.TemporaryDirectory() as folder:
        town = build_town(Path(folder), members, postgresql=postgresql)
        with measured(lambda: selfaudit.can_keep(town.database, clock.now()), figures):
            unit, said = town.database.unit(), Message(Text("pong"))
            everybody = Audience((town.where,))
            outbox.post(unit, said, plugin="core", severity=Severity.NOTICE, now=clock.now(), audience=everybody)
            unit.commit()
            queued = 0
            while (found := expansion.expand(town.database, town.neighbourhoods, clock.now())) >= 0:
                queued += found
        assert queued == members, f"{queued} of {members} were queued"
        town.database.close()
    click.echo(json.dumps(figures))


if __name__ == "__main__":
    main()
