"""members.csv written out: members and officials, so that importing the file again changes nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from buurtwacht.records import officials
from buurtwacht.records.database import Database
from buurtwacht.records.handles import handles_of
from buurtwacht.records.importing import COLUMNS, OPTIONAL
from buurtwacht.records.keys import Keyring
from buurtwacht.records.neighbourhoods import Neighbourhoods
from buurtwacht.records.schema import address, membership, person


def export_members(database: Database, keyring: Keyring, neighbourhoods: Neighbourhoods) -> str:
    """Return members and verified officials as the content of a members.csv, by neighbourhood and joining date.

    The column `person` holds the importer's own name for somebody, else "#" and our id. An official of a whole
    municipality has a row in each neighbourhood of it.
    """
    with database.reading() as connection:
        lines = _lines_by_person(connection.execute(_addresses()).all())
        handles = handles_of(connection, keyring, [ident for some in lines.values() for ident, _ in some])
        rows = _members(connection)
        kinds = _offices(connection, neighbourhoods)
        people = _names(connection, {who for _, who in kinds})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*COLUMNS, *OPTIONAL))
    as_members = [(row[0], row[1], [*row[2].split(), *kinds.pop((row[0], row[1]), ())], *row[3:]) for row in rows]
    as_officials = [(place, who, roles, "", *people[who]) for (place, who), roles in kinds.items()]
    for place, who, roles, street, name, language, reference in sorted([*as_members, *as_officials], key=_first):
        code = neighbourhoods.get(place).code
        for ident, account in lines.get(who) or [(0, "")]:
            written = handles[ident][0].value if ident in handles else ""
            row = (code, name, language, " ".join(sorted(roles)), street, account, written, reference or f"#{who}")
            writer.writerow(row)
    return out.getvalue()


def _first(row: Sequence[Any]) -> int:
    """Return what rows are ordered by: the neighbourhood; within it they keep their order."""
    return int(row[0])


def _members(connection: Connection) -> list[tuple[Any, ...]]:
    query = (
        select(
            membership.c.neighbourhood_id,
            person.c.id,
            membership.c.roles,
            membership.c.street,
            person.c.name,
            person.c.language,
            person.c.reference,
        )
        .join(membership, membership.c.person_id == person.c.id)
        .where(membership.c.state == "active", person.c.erased_at.is_(None))
        .order_by(membership.c.neighbourhood_id, membership.c.since, membership.c.id)
    )
    return [tuple(row) for row in connection.execute(query)]


def _offices(connection: Connection, neighbourhoods: Neighbourhoods) -> dict[tuple[int, int], list[str]]:
    """Return the verified offices as roles of the file, by neighbourhood and person."""
    found: dict[tuple[int, int], list[str]] = {}
    everywhere = neighbourhoods.all()
    for one in officials.verified_everywhere(connection):
        for place in one.neighbourhoods or [where.id for where in everywhere if one.covers(where)]:
            found.setdefault((int(place), int(one.person)), []).append(f"official:{one.kind}")
    return found


def _names(connection: Connection, people: set[int]) -> dict[int, tuple[str, str, str | None]]:
    query = select(person.c.id, person.c.name, person.c.language, person.c.reference)
    rows = connection.execute(query.where(person.c.id.in_(people))) if people else ()
    return {row[0]: (row[1], row[2], row[3]) for row in map(tuple, rows)}


def _addresses() -> Any:
    return (
        select(address.c.person_id, address.c.id, address.c.account)
        .where(address.c.person_id.is_not(None))
        .order_by(address.c.person_id, address.c.position, address.c.id)
    )


def _lines_by_person(rows: Sequence[Any]) -> dict[int, list[tuple[int, str]]]:
    lines: dict[int, list[tuple[int, str]]] = {}
    for person_id, ident, account in rows:
        lines.setdefault(person_id, []).append((ident, account))
    return lines
