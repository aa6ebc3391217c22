"""Shifts with their walkers: planning very many, a thousand reminders due at once, and a start after downtime.

`python -m benchmarks.ours_patrols --shifts 100000` prints seconds. What `ours_timers` measures of bare timers, this
measures of the plugin: each reminder is read for, written for two walkers, and sets the timer of the next.
"""

from __future__ import annotations

import asyncio
import json
import signal
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType

import click
from sqlalchemy import func, insert, select

import buurtwacht_patrols
from benchmarks.ours_ping import Stub
from benchmarks.updates import TOKEN, person
from buurtwacht import Handle, PersonId
from buurtwacht.app import App
from buurtwacht.assembly import assemble, bring_up_to_date
from buurtwacht.host.context import Context
from buurtwacht.records import people
from buurtwacht.records.database import Database, Unit
from buurtwacht.records.keys import Keyring, new_key
from buurtwacht.records.schema import delivery, inbox, timer
from buurtwacht.vocabulary.clock import SystemClock
from buurtwacht.vocabulary.ids import new_ids
from buurtwacht.vocabulary.settings import build
from buurtwacht_patrols import steps
from buurtwacht_patrols.records import Assignment, AssignmentState, Shift, ShiftState
from buurtwacht_telegram.request import Wire

#: So many neighbourhoods share the shifts, each with so many walkers.
PLACES, WALKERS = 2_000, 6
PLANNED = timedelta(weeks=4)
DOWN = timedelta(hours=6)
#: What one commit writes.
CHUNK = 1_000
_MODULES: list[ModuleType] = [buurtwacht_patrols]


def build_town(folder: Path) -> App:
    """Return an app over a new SQLite file with its neighbourhoods and walkers."""
    folder.mkdir()
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
    unit = database.unit()
    for place, one in enumerate(house.core.neighbourhoods.all()):
        for walker in range(WALKERS):
            chat = place * WALKERS + walker
            who = people.add_person(unit, f"Walker {chat}", "nl")
            people.add_membership(unit, who, one.id, SystemClock().now(), roles=["member", "patroller"])
            handle = Handle("chat", str(person(chat)))
            people.add_address(unit, keyring, "telegram", [handle], SystemClock().now(), person_id=who)
    unit.commit()
    house.open_channels({})
    return App(house)


def plan(app: App, count: int, first: datetime, span: timedelta) -> float:
    """Write so many published shifts, evenly from `first` on, each with two walkers and its timer; return seconds."""
    places = app.core.neighbourhoods.all()
    step = span / count
    began = time.perf_counter()
    each = max(1, count // len(places))
    for number, place in enumerate(places):
        unit = app.core.database.unit()
        ctx = Context(app.core, "patrols", unit, neighbourhood=place)
        ctx.now -= DOWN  # they were published before the downtime began
        walkers = [one.id for one in ctx.members()]
        for begin in range(0, each, CHUNK):
            rows = range(begin, min(begin + CHUNK, each))
            shifts = [_shift(ctx, place.code, row, first + (row * len(places) + number) * step) for row in rows]
            _write(unit, ctx, shifts, walkers)
        unit.commit()
    return time.perf_counter() - began


def _shift(ctx: Context, code: str, number: int, starts: datetime) -> Shift:
    local = starts.astimezone(ctx.here.zone)
    return Shift(
        neighbourhood=ctx.here.id,
        roster=1,
        number=number,
        short=f"{code}-D{number}",
        place=number + 1,
        day=local.date().isoformat(),
        wall=f"{local:%H:%M}",
        zone=ctx.here.timezone,
        starts=starts,
        ends=starts + timedelta(hours=1),
        fewest=2,
        most=2,
        start_point="De Wal",
        changed_at=ctx.now,
        state=ShiftState.PLANNED,
    )


def _write(unit: Unit, ctx: Context, shifts: list[Shift], walkers: list[PersonId]) -> None:
    """Keep shifts and their walkers in two statements, and their timers in two."""
    columns = [one.name for one in Shift.__table__.columns if one.name not in ("created", "version")]
    kept = {"created": ctx.now, "version": 1}
    unit.write_all(
        insert(Shift.__table__), [{**{name: getattr(one, name) for name in columns}, **kept} for one in shifts]
    )
    pairs = [(one, walkers[(place + turn) % len(walkers)]) for place, one in enumerate(shifts) for turn in (0, 1)]
    base = {
        "neighbourhood": ctx.here.id,
        "state": AssignmentState.PROPOSED,
        "locked": False,
        "told": True,
        "listed": True,
        "instead_of": None,
        "asked_at": None,
        "answered_at": None,
        "reminded_at": None,
        **kept,
    }
    rows = [
        {"id": ident, "shift": shift.id, "person": who, **base}
        for ident, (shift, who) in zip(new_ids(len(pairs)), pairs, strict=True)
    ]
    unit.write_all(insert(Assignment.__table__), rows)
    steps.arm(ctx, shifts)


async def handled(app: App) -> tuple[float, int]:
    """Run until everything that is due was handled; return the seconds, and how many letters were written."""
    started = asyncio.Event()
    began = time.perf_counter()
    running = asyncio.create_task(app.run(started=lambda port: started.set()))
    await started.wait()
    due = select(func.count()).where(timer.c.due <= app.core.clock.now())
    waiting = select(func.count()).where(inbox.c.state == "new")
    while True:
        with app.core.database.reading() as connection:
            left = connection.execute(due).scalar_one() + connection.execute(waiting).scalar_one()
        if not left and app.house.dispatcher.idle:
            break
        await asyncio.sleep(0.01)
    took = time.perf_counter() - began
    with app.core.database.reading() as connection:
        letters = int(connection.execute(select(func.count()).select_from(delivery)).scalar_one())
    signal.raise_signal(signal.SIGTERM)
    await running
    return took, letters


@click.command()
@click.option("--shifts", default=100_000)
def main(shifts: int) -> None:
    """Measure and print."""
    stub = Stub()
    Wire.do_request = stub.do_request  # type: ignore[method-assign,assignment] # the seam of the other benchmarks too
    now = SystemClock().now()
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        app = build_town(Path(folder) / "down")
        # The first reminders, three days before, fell due in the six hours in which nothing ran.
        figures["load"] = plan(app, shifts, now + timedelta(days=3) - DOWN, PLANNED)
        figures["downtime"], figures["letters"] = asyncio.run(handled(app))
    click.echo(json.dumps(figures))


if __name__ == "__main__":
    main()
