"""An announcement to a whole country: from its release until every representative's question is queued.

`python -m benchmarks.ours_announcement` prints seconds: all of it, by the clock on the wall and of the
processor, and the longest single step.
"""

from __future__ import annotations

import json
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import click
from sqlalchemy import func, select

import buurtwacht_announcements
import buurtwacht_members
from benchmarks.updates import TOKEN, person
from buurtwacht import Handle, PersonId, Role
from buurtwacht.assembly import House, assemble, bring_up_to_date
from buurtwacht.host.context import Context
from buurtwacht.host.worker import Worker
from buurtwacht.records import people
from buurtwacht.records.database import Database
from buurtwacht.records.keys import Keyring, new_key
from buurtwacht.records.schema import question
from buurtwacht.vocabulary.clock import SystemClock
from buurtwacht.vocabulary.settings import build
from buurtwacht_announcements import sending
from buurtwacht_announcements.records import Announcement, Class, State

_MODULES: list[ModuleType] = [buurtwacht_members, buurtwacht_announcements]


def build_country(folder: Path, neighbourhoods: int, database_url: str) -> House:
    """Return a house with one municipality of so many neighbourhoods, each with its representative."""
    codes = [f"B{place}" for place in range(neighbourhoods)]
    settings = build(
        {
            "buurtwacht": {"database": database_url or f"sqlite:///{folder / 'bench.db'}"},
            "web": {"port": 0},
            "channels": {"telegram": {"token": TOKEN, "rate": 1000}},
            "plugins": {"members": {}, "announcements": {}},
            "neighbourhoods": [
                {"code": code, "name": code, "municipality": "Nederland", "quiet_hours": ""} for code in codes
            ],
        },
        folder=folder,
    )
    database, keyring = Database(settings.instance.database), Keyring([new_key()])
    bring_up_to_date(settings, database, _MODULES, SystemClock().now(), lambda path: None)
    house = assemble(settings, _MODULES, database, keyring)
    now, unit = SystemClock().now(), database.unit()
    for place, one in enumerate(house.core.neighbourhoods.all()):
        who = people.add_person(unit, f"Buur{place}", "nl")
        people.add_membership(unit, who, one.id, now, roles=[Role.MEMBER, Role.REPRESENTATIVE])
        handle = Handle("chat", str(person(place)))
        people.add_address(unit, keyring, "telegram", [handle], now, person_id=who)
    unit.commit()
    return house


def _release(house: House, sender: PersonId, number: int) -> None:
    unit = house.core.database.unit()
    ctx = Context(house.core, "announcements", unit)
    announcement = Announcement(
        sender=sender,
        kind="mayor",
        function="burgemeester",
        municipality="Nederland",
        neighbourhood=None,
        body=f"Zaterdag is de markt op een ander plein ({number}).",
        title="",
        urgency=Class.COLD,
        valid_until=ctx.now + timedelta(days=1),
        state=State.APPROVAL,
    )
    sending.release(ctx, ctx.records.add(announcement))
    unit.commit()


def _queued(house: House) -> int:
    with house.core.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(question)).scalar_one())


@click.command()
@click.option("--neighbourhoods", default=9500)
@click.option("--rounds", default=3)
@click.option("--database", default="", help="a database URL, such as postgresql+psycopg://…; left out, SQLite")
def main(neighbourhoods: int, rounds: int, database: str) -> None:
    """Measure and print."""
    totals, cpu, longest = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        house = build_country(Path(folder), neighbourhoods, database)
        worker = Worker(house.core, house.dispatcher)
        unit = house.core.database.unit()
        mayor = people.add_person(unit, "De burgemeester", "nl")
        unit.commit()
        for number in range(rounds + 1):  # the first to warm up
            before = _queued(house)
            steps = []
            began, spent = time.perf_counter(), time.process_time()
            _release(house, mayor, number)
            while True:
                step = time.perf_counter()
                if not worker.step():
                    break
                steps.append(time.perf_counter() - step)
            totals.append(time.perf_counter() - began)
            cpu.append(time.process_time() - spent)
            longest.append(max(steps))
            assert _queued(house) - before == neighbourhoods, "not everybody is asked"
    click.echo(json.dumps({"queued": min(totals[1:]), "cpu": min(cpu[1:]), "longest_step": min(longest[1:])}))


if __name__ == "__main__":
    main()
