"""The whole country in one database: 9,500 neighbourhoods, 700,000 members, made from a seed. All of it is invented.

`python -m benchmarks.country FILE|URL` makes it in a new SQLite file or an empty PostgreSQL database, with the
configuration that belongs to it beside the file; with `--neighbourhoods 1 --members 1000` a village made the same way.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import insert

from benchmarks import village
from buurtwacht import Handle, Role
from buurtwacht.assembly import bring_up_to_date, load_settings
from buurtwacht.records.database import Database
from buurtwacht.records.keys import Keyring
from buurtwacht.records.migration import bind_key
from buurtwacht.records.people import roles_text
from buurtwacht.records.schema import address, handle, membership, neighbourhood, person
from buurtwacht.vocabulary.ids import new_ids

SEED = 20260116
NEIGHBOURHOODS, MEMBERS = 9_500, 700_000
#: The first neighbourhood has so many members, in the country as in the village: there the alert is.
FIRST = 1000
MUNICIPALITIES = 342
#: The key of these databases is no secret: nobody in them lives.
KEY = base64.urlsafe_b64encode(hashlib.sha256(b"the country of the benchmarks").digest()).decode()
#: Long ago, so that everybody is a member by the time anything is measured.
SINCE = datetime(2025, 1, 1, tzinfo=UTC)
#: People that one transaction adds.
_AT_ONCE = 20_000
_FIRST_NAMES = ("Fatima", "Henk", "Anja", "Mo", "Els", "Kees", "Sanne", "Piet", "Rachid", "Willemijn")
_LAST_NAMES = (
    "de Vries",
    "Jansen",
    "Bakker",
    "el Idrissi",
    "van Dijk",
    "Visser",
    "Smit",
    "Yilmaz",
    "de Boer",
    "Mulder",
)


@dataclass(frozen=True, slots=True)
class Area:
    """One neighbourhood as it is made."""

    code: str
    name: str
    municipality: str
    postcodes: tuple[str, ...]
    streets: tuple[str, ...]
    adjacent: tuple[str, ...]
    members: int


def areas(neighbourhoods: int, members: int) -> list[Area]:
    """Return so many neighbourhoods with so many members in all: few are large, most have some dozens of people."""
    dice = random.Random(SEED)
    first = members if neighbourhoods == 1 else FIRST
    sizes = _sizes(dice, neighbourhoods - 1, members - first)
    codes = ["TB", *(f"B{place:04}" for place in range(1, neighbourhoods))]
    found = [_area(dice, codes, place, size) for place, size in enumerate((first, *sizes))]
    # the streets are those that reports are tried with
    found[0] = Area("TB", "Tolberg", "Roosendaal", ("4707",), tuple(village.streets()), found[0].adjacent, first)
    return found


def _sizes(dice: random.Random, count: int, members: int) -> list[int]:
    drawn = [min(dice.lognormvariate(4.0, 0.8), 2000.0) for _ in range(count)]
    share = members / (sum(drawn) or 1)
    sizes = [max(1, int(one * share)) for one in drawn]
    for place in range(members - sum(sizes) if count else 0):
        sizes[place % count] += 1
    return sizes


def _area(dice: random.Random, codes: Sequence[str], place: int, size: int) -> Area:
    names = dice.sample(village.streets(), min(village.STREETS, 4 + size // 8))
    beside = tuple(codes[one] for one in (place - 1, place + 1) if 0 <= one < len(codes))
    town = place * MUNICIPALITIES // len(codes)
    digits = 1000 + place * 9000 // len(codes)
    return Area(codes[place], f"Wijk {place}", f"Gemeente {town}", (str(digits),), tuple(names), beside, size)


def configuration(found: Sequence[Area], database: str) -> str:
    """Return the file of settings, as who runs a whole country would write it."""
    lines = [
        f"[buurtwacht]\ndatabase = {json.dumps(database)}\n[web]\nport = 0",
        '[channels.telegram]\ntoken = "123456:benchmark"\nrate = 1000',
        '[channels.whatsapp]\nphone_number_id = "100200300400500"\nwaba_id = "1"\ntoken = "benchmark"',
        'app_secret = "benchmark"\nverify_token = "benchmark"\nnumber = "+31600000000"',
        "[plugins.members]\n[plugins.alerts]\n[plugins.rollcalls]\n[plugins.patrols]\n[plugins.escalation]",
        "[plugins.announcements]",
    ]
    for one in found:
        lines.append(f"[[neighbourhoods]]\ncode = {json.dumps(one.code)}\nname = {json.dumps(one.name)}")
        lines.append(f'municipality = {json.dumps(one.municipality)}\nquiet_hours = ""')
        lines += [f"{key} = {json.dumps(getattr(one, key))}" for key in ("postcodes", "streets", "adjacent")]
    return "\n".join(lines) + "\n"


def make(folder: Path, url: str, neighbourhoods: int = NEIGHBOURHOODS, members: int = MEMBERS) -> Path:
    """Make a country in an empty database and return the file of its settings, which is written to the folder."""
    found = areas(neighbourhoods, members)
    file = folder / "plugins.toml"
    file.write_text(configuration(found, url), encoding="utf-8")
    settings, modules = load_settings(file, {"BUURTWACHT_KEY": KEY})
    database, keyring = Database(settings.instance.database), Keyring([KEY])
    bring_up_to_date(settings, database, modules, SINCE, lambda path: None)
    bind_key(database, keyring)
    if database.is_sqlite:
        with database.engine.connect() as connection:  # the one that everything below is given by the pool
            for pragma in ("cache_size=-500000", "synchronous=OFF"):
                connection.exec_driver_sql(f"PRAGMA {pragma}")
    ids = _settle(database, found)
    # People join in any order: those of one neighbourhood do not stand together.
    homes = [place for place, one in enumerate(found) for _ in range(one.members)]
    random.Random(SEED).shuffle(homes)
    moved_in = [0] * len(found)
    for start in range(0, len(homes), _AT_ONCE):
        _move_in(database, keyring, found, ids, homes[start : start + _AT_ONCE], start, moved_in)
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")  # what its own housekeeping does in time
    database.close()
    return file


def _settle(database: Database, found: Sequence[Area]) -> list[int]:
    ids = list(new_ids(len(found)))
    rows = [
        {
            "id": ident,
            "code": one.code,
            "name": one.name,
            "municipality": one.municipality,
            "language": "nl",
            "timezone": "Europe/Amsterdam",
            "quiet_hours": "",
            "postcodes": list(one.postcodes),
            "streets": [[street, None, None] for street in one.streets],
            "borders": {},
            "adjacent": list(one.adjacent),
            "plugins_off": [],
            "settings": {},
        }
        for ident, one in zip(ids, found, strict=True)
    ]
    with database.writing() as connection:
        connection.execute(insert(neighbourhood), rows)
    return ids


def _move_in(
    database: Database,
    keyring: Keyring,
    found: Sequence[Area],
    ids: Sequence[int],
    homes: Sequence[int],
    first: int,
    moved_in: list[int],
) -> None:
    """Add people who live in these neighbourhoods; `first` is the number of the first of them."""
    rows: dict[Any, list[Mapping[str, object]]] = {person: [], membership: [], address: [], handle: []}
    people, places, at, handles = (new_ids(len(homes)) for _ in range(4))
    for place, home in enumerate(homes):
        number, turn = first + place, moved_in[home]
        moved_in[home] += 1
        name = f"{_FIRST_NAMES[number % 10]} {_LAST_NAMES[number // 10 % 10]}"
        account, known_as = reached_at(number)
        area, who = found[home], people[place]
        street = area.streets[turn % len(area.streets)]
        rows[person].append(person_row(who, name))
        lives = membership_row(
            places[place], who, where=ids[home], roles=_roles(turn), street=street, postcode=area.postcodes[0]
        )
        rows[membership].append(lives)
        rows[address].append(address_row(at[place], who, account))
        row = {"id": handles[place], "address_id": at[place], "account": account, "kind": known_as.kind}
        row |= {"lookup": keyring.lookup(account, known_as), "secret": keyring.seal(known_as.value.encode())}
        rows[handle].append(row)
    with database.writing() as connection:
        for table, many in rows.items():
            connection.execute(insert(table), many)


def reached_at(number: int) -> tuple[str, Handle]:
    """Return the account and the handle of the person with this number: three of five are on WhatsApp."""
    if number % 5 < 2:
        return "telegram", Handle("chat", str(1_000_000 + number))
    return "whatsapp", Handle("phone", f"316{number:08}")


def person_row(ident: int, name: str) -> dict[str, object]:
    """Return the row of somebody who has no wishes of his own."""
    return {"id": ident, "name": name, "language": "nl", "formal": False, "refuses": [], "opted_in": [], "version": 1}


def _roles(turn: int) -> tuple[Role, ...]:
    """The first of a neighbourhood looks after it and represents it, the second is its admin; one of twenty walks."""
    first = {0: (Role.COORDINATOR, Role.REPRESENTATIVE), 1: (Role.ADMIN,)}
    return first.get(turn, (Role.PATROLLER,) if turn % 20 == 2 else ())


def membership_row(
    ident: int, who: int, *, where: int, roles: Sequence[Role], street: str, postcode: str
) -> dict[str, object]:
    """Return the row of a membership in force."""
    return {
        "id": ident,
        "person_id": who,
        "neighbourhood_id": where,
        "roles": roles_text(roles),
        "street": street,
        "postcode": postcode,
        "state": "active",
        "since": SINCE,
        "consent_version": "1",
        "consented_at": SINCE,
    }


def address_row(ident: int, who: int, account: str) -> dict[str, object]:
    """Return the row of an address that works."""
    return {
        "id": ident,
        "person_id": who,
        "account": account,
        "is_group": False,
        "title": "",
        "position": 0,
        "reachable": True,
        "reason": "",
        "last_heard_at": SINCE,
        "created_at": SINCE,
        "answered": 0,
    }


@click.command()
@click.argument("database")
@click.option("--neighbourhoods", default=NEIGHBOURHOODS, show_default=True)
@click.option("--members", default=MEMBERS, show_default=True)
def main(database: str, neighbourhoods: int, members: int) -> None:
    """Make a country in a new SQLite FILE, or in an empty PostgreSQL database: postgresql+psycopg://…"""
    is_url = "://" in database
    folder = Path.cwd() if is_url else Path(database).absolute().parent
    if not is_url and Path(database).exists():
        raise click.UsageError(f"{database} is there already")
    folder.mkdir(parents=True, exist_ok=True)
    url = database if is_url else f"sqlite:///{Path(database).absolute()}"
    click.echo(f"made; its settings are in {make(folder, url, neighbourhoods, members)}, its key is {KEY}")


if __name__ == "__main__":
    main()
