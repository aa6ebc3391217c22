"""What the work of one neighbourhood costs in a database made by `benchmarks.country`, be it a country or a village.

`python -m benchmarks.ours_country --settings plugins.toml` prints seconds for each kind of work, the quickest of its
rounds: of the processor on SQLite, where the database works within this process, on PostgreSQL by the clock.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import click
from sqlalchemy import func, select

from benchmarks.country import KEY
from benchmarks.village import streets
from buurtwacht import Handle, Inbound, Said
from buurtwacht.assembly import House, assemble, load_settings, open_database
from buurtwacht.host import housekeeping
from buurtwacht.host.worker import Worker
from buurtwacht.records import claims, expansion, timers
from buurtwacht.records.handles import handles_of
from buurtwacht.records.schema import address, delivery, membership
from buurtwacht.vocabulary.clock import SystemClock

_ENVIRON = {"BUURTWACHT_KEY": KEY}
_REPORT = "brand in de {street}, vlammen uit het dak, 112 gebeld"


class Village:
    """The first neighbourhood of a database, and what its people do."""

    def __init__(self, settings_file: Path) -> None:
        settings, modules = load_settings(settings_file, _ENVIRON)
        self.began = time.process_time()
        database, keyring = open_database(settings, _ENVIRON)
        self.house: House = assemble(settings, modules, database, keyring)
        self.core = self.house.core
        self.spent = time.process_time if database.is_sqlite else time.perf_counter
        self.clock = SystemClock()
        self.worker = Worker(self.core, self.house.dispatcher)
        self._said = 0
        self.members = self._people(" member ")
        self.coordinators = self._people(" coordinator ")

    def _people(self, role: str) -> list[Handle]:
        where = self.core.neighbourhoods.by_code("TB")
        assert where is not None
        query = (
            select(address.c.id)
            .join(membership, membership.c.person_id == address.c.person_id)
            .where(membership.c.neighbourhood_id == where.id, membership.c.roles.contains(role))
            .order_by(address.c.id)
        )
        with self.core.database.reading() as connection:
            ids = list(connection.execute(query).scalars())
            found = handles_of(connection, self.core.keyring, ids)
        return [found[one][0] for one in ids]

    def says(self, who: Handle, text: str) -> float:
        """Have somebody write; return what it cost until it was handled and all deliveries were queued."""
        self._said += 1
        now, began = self.clock.now(), self.spent()
        key = f"country{time.time_ns()}"
        account = "telegram" if who.kind == "chat" else "whatsapp"
        self.core.inbox.accept(account, [Inbound(key, Said(f"0:{self._said}", text), now, (who,))])
        self.worker.step()
        while expansion.expand(self.core.database, self.core.neighbourhoods, self.clock.now()) >= 0:
            pass
        spent = self.spent() - began
        while self.worker.step():
            pass
        return spent

    def timed(self, work: Callable[[], object]) -> float:
        """Return what one piece of work costs."""
        began = self.spent()
        work()
        return self.spent() - began

    def queued(self) -> int:
        """Return how many deliveries stand in the outbox."""
        with self.core.database.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(delivery)).scalar_one())

    def claim(self) -> None:
        """Take what may leave now, as an account's delivery does."""
        with self.core.database.writing() as connection:
            found, _ = claims.claim(connection, self.core.keyring, "telegram", self.clock.now(), 30)
        assert found, "nothing is due"

    def tick(self) -> None:
        """Look at the clock while nothing is due."""
        timers.ripen(self.core.database, self.clock.now(), lambda connection, ripe: None)


def _alerts(here: Village, rounds: int, first: int) -> list[float]:
    members, spent = len(here.members), []
    for turn in range(first, first + rounds + 1):  # the first to warm up
        before = here.queued()
        spent.append(here.says(here.members[10 + turn], _REPORT.format(street=streets()[turn])))
        assert here.queued() - before >= members, "not everybody is warned"
    return spent[1:]


@click.command()
@click.option("--settings", "file", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--rounds", default=9)
@click.option("--turn", default=0, help="how often this database was measured: other people report other streets")
def main(file: Path, rounds: int, turn: int) -> None:
    """Measure and print."""
    first = turn * (rounds + 1)
    began = time.process_time()
    here = Village(file)
    figures = {"read": here.began - began, "assembled": time.process_time() - here.began}
    strangers = [Handle("chat", f"9{2 * first + one:09}") for one in range(2 * rounds + 2)]
    pieces: dict[str, Callable[[int], float]] = {
        "claim": lambda turn: here.timed(here.claim),
        "joining": lambda turn: here.says(strangers[turn], "aanmelden TB"),
        "joining by postcode": lambda turn: here.says(strangers[rounds + 1 + turn], "aanmelden 4707 AB"),
        "standing": lambda turn: here.says(here.coordinators[0], "stand"),
        "command": lambda turn: here.says(here.members[100 + first + turn], "mijn gegevens"),
        "tick": lambda turn: here.timed(here.tick),
        "sweep": lambda turn: here.timed(lambda: housekeeping.sweep(here.core, here.clock.now())),
    }
    figures["alert"] = min(_alerts(here, rounds, first))
    for name, piece in pieces.items():
        figures[name] = min([piece(turn) for turn in range(rounds + 1)][1:])
    click.echo(json.dumps(figures))


if __name__ == "__main__":
    main()
