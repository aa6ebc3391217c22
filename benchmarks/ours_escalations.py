"""Open escalations: what a look at the clock costs while ten thousand of them wait for somebody.

`python -m benchmarks.ours_escalations --open 10000` prints seconds.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import click

import buurtwacht_escalation
from benchmarks.ours_ping import Stub
from benchmarks.ours_timers import tick
from benchmarks.updates import TOKEN
from buurtwacht import Context, Severity
from buurtwacht.app import App
from buurtwacht.assembly import assemble, bring_up_to_date
from buurtwacht.records.database import Database
from buurtwacht.records.keys import Keyring, new_key
from buurtwacht.vocabulary.clock import SystemClock
from buurtwacht.vocabulary.settings import build
from buurtwacht_escalation.course import running_key, set_time
from buurtwacht_escalation.records import Escalation, Incident, State
from buurtwacht_telegram.request import Wire

#: What one commit writes.
CHUNK = 1_000
#: So many neighbourhoods share the escalations.
PLACES = 100
_MODULES: list[ModuleType] = [buurtwacht_escalation]


def build_town(folder: Path) -> App:
    """Return an app over a new SQLite file with its neighbourhoods."""
    codes = [f"B{place}" for place in range(PLACES)]
    settings = build(
        {
            "buurtwacht": {"database": f"sqlite:///{folder / 'bench.db'}"},
            "web": {"port": 0},
            "channels": {"telegram": {"token": TOKEN, "rate": 1000}},
            "neighbourhoods": [{"code": code, "name": code, "quiet_hours": ""} for code in codes],
        },
        folder=folder,
    )
    database, keyring = Database(settings.instance.database), Keyring([new_key()])
    bring_up_to_date(settings, database, _MODULES, SystemClock().now(), lambda path: None)
    house = assemble(settings, _MODULES, database, keyring, threads=4)
    house.open_channels({})
    return App(house)


def open_all(app: App, count: int) -> float:
    """Write so many escalations in which somebody is asked, each with its alert and its timer; return seconds."""
    places = app.core.neighbourhoods.all()
    began = time.perf_counter()
    for start in range(0, count, CHUNK):
        unit = app.core.database.unit()
        for number in range(start, min(start + CHUNK, count)):
            where = places[number % len(places)]
            ctx = Context(app.core, "escalation", unit, neighbourhood=where)
            _open(ctx, number)
        unit.commit()
    return time.perf_counter() - began


def _open(ctx: Context, number: int) -> None:
    """Write one, asked a moment ago: its next look at the clock is within ten minutes from an hour on."""
    short = f"{ctx.here.code}-{number:04d}"
    incident = ctx.records.add(
        Incident(alert=number, short=short, neighbourhood=ctx.here.id, facts={"severity": "urgent"}, opened_at=ctx.now)
    )
    escalation = ctx.records.add(
        Escalation(
            incident=incident.id,
            alert=number,
            short=short,
            neighbourhood=ctx.here.id,
            target="police",
            reason="",
            question="info",
            severity=Severity.URGENT,
            state=State.ASKING,
            ladder=[{"who": ["police"]}],
            opened_at=ctx.now,
            requested_by=None,
            step=1,
            step_at=ctx.now,
            running=running_key(number, "police"),
        )
    )
    set_time(ctx, escalation, ctx.after(timedelta(hours=1, seconds=number % 600)))


@click.command()
@click.option("--open", "count", default=10_000)
def main(count: int) -> None:
    """Measure and print."""
    stub = Stub()
    Wire.do_request = stub.do_request  # type: ignore[method-assign,assignment] # the seam of the other benchmarks too
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        app = build_town(Path(folder))
        figures["none"] = statistics.median(tick(app) for _ in range(200))
        figures["load"] = open_all(app, count)
        figures["idle"] = statistics.median(tick(app) for _ in range(200))
    click.echo(json.dumps(figures))


if __name__ == "__main__":
    main()
