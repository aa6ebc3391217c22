"""A village to measure: a neighbourhood with a street list and members, and the plugins that alerts need, on SQLite."""

from __future__ import annotations

from pathlib import Path

import buurtwacht_alerts
import buurtwacht_members
from benchmarks.updates import TOKEN, person
from buurtwacht import Handle, Role
from buurtwacht.assembly import House, assemble, bring_up_to_date
from buurtwacht.records import people
from buurtwacht.records.database import Database
from buurtwacht.records.keys import Keyring, new_key
from buurtwacht.vocabulary.clock import SystemClock
from buurtwacht.vocabulary.settings import build

#: So many streets a neighbourhood of some thousand people has.
STREETS = 120
_FIRST = (
    "Meidoorn", "Esdoorn", "Linde", "Kastanje", "Beuken", "Eiken", "Wilgen", "Berken", "Populier", "Iepen", "Hazelaar",
    "Vlier", "Sering", "Jasmijn", "Klaproos", "Korenbloem", "Madelief", "Zonnebloem", "Dotterbloem", "Anemoon",
    "Leeuwerik", "Merel", "Zwaluw", "Kievit", "Reiger", "Fazant", "Molen", "Kerk", "School", "Station",
)  # fmt: skip
_LAST = ("straat", "laan", "dreef", "hof")


def streets() -> list[str]:
    """Return a street list such as neighbourhoods have, with names that are near to one another."""
    return [first + last for last in _LAST for first in _FIRST][:STREETS]


def build_village(folder: Path, members: int) -> House:
    """Return a house over a new SQLite file; the last two of the members are co-ordinators."""
    modules = [buurtwacht_members, buurtwacht_alerts]
    settings = build(
        {
            "buurtwacht": {"database": f"sqlite:///{folder / 'bench.db'}"},
            "web": {"port": 0},
            "channels": {"telegram": {"token": TOKEN, "rate": 1000}},
            "plugins": {"members": {}, "alerts": {}},
            "neighbourhoods": [{"code": "TB", "name": "Tolberg", "quiet_hours": "", "streets": streets()}],
        },
        folder=folder,
    )
    database, keyring = Database(settings.instance.database), Keyring([new_key()])
    bring_up_to_date(settings, database, modules, SystemClock().now(), lambda path: None)
    house = assemble(settings, modules, database, keyring)
    where = house.core.neighbourhoods.by_code("TB")
    assert where is not None
    now, unit = SystemClock().now(), database.unit()
    for place in range(members):
        who = people.add_person(unit, f"Buur{place} van Straten", "nl")
        roles = [Role.MEMBER, Role.COORDINATOR] if place >= members - 2 else [Role.MEMBER]
        street = streets()[place % STREETS]
        people.add_membership(unit, who, where.id, now, roles=roles, street=street)
        handle = Handle("chat", str(person(place)))
        people.add_address(unit, keyring, "telegram", [handle], now, person_id=who)
    unit.commit()
    return house
