"""Officials: people with an office in a municipality, how they are found, and how offices begin and end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from buurtwacht.records.database import Unit
from buurtwacht.records.neighbourhoods import Neighbourhood
from buurtwacht.records.schema import address, official, person
from buurtwacht.vocabulary.answers import fold
from buurtwacht.vocabulary.ids import PersonId, new_id
from buurtwacht.vocabulary.messages import Text
from buurtwacht.vocabulary.roles import OfficialKind


@lru_cache(maxsize=2048)  # a few hundred municipalities are compared with thousands of neighbourhoods
def municipality_key(municipality: str) -> str:
    """Return a municipality as it is compared: however it is written."""
    return fold(municipality)


_columns = (
    official.c.person_id,
    official.c.kind,
    official.c.title,
    official.c.municipality,
    official.c.neighbourhoods,
    official.c.verified_at,
)


@dataclass(frozen=True, slots=True)
class Official:
    """One office of somebody. `title` is his function as people read it; empty: the kind's own name.

    `neighbourhoods` are ids; empty: the whole municipality. Until an admin verified him he is nothing more than asked.
    """

    person: PersonId
    kind: OfficialKind
    title: str
    municipality: str
    neighbourhoods: tuple[int, ...]
    verified: bool

    def covers(self, where: Neighbourhood) -> bool:
        """Return whether a neighbourhood is his: one that is named, else any of his municipality."""
        if self.neighbourhoods:
            return where.id in self.neighbourhoods
        return bool(self.municipality) and self.is_of(where.municipality)

    def is_of(self, municipality: str) -> bool:
        """Return whether he works for this municipality, however it is written."""
        return self.key == municipality_key(municipality)

    @property
    def key(self) -> str:
        """The municipality as it is compared."""
        return municipality_key(self.municipality)

    @property
    def function(self) -> Text | str:
        """What he is, for showing."""
        return self.title or Text(f"official.{self.kind}", domain="core")


# --- finding -------------------------------------------------------------------------------------------------------


def offices_of(unit: Unit, people: Collection[int]) -> dict[PersonId, tuple[Official, ...]]:
    """Return the offices of these people, unverified ones too, the oldest first; who has none is absent."""
    found: dict[PersonId, tuple[Official, ...]] = {}
    for one in _read(unit, official.c.person_id.in_(people)) if people else ():
        found[one.person] = (*found.get(one.person, ()), one)
    return found


def officials_in(unit: Unit, where: Neighbourhood, kinds: Collection[OfficialKind] = ()) -> list[Official]:
    """Return the verified officials that cover a neighbourhood, of these kinds, the oldest first; no kind: all."""
    mine = official.c.municipality_key == municipality_key(where.municipality)
    named = official.c.neighbourhoods.contains(f" {where.id} ")
    return [one for one in _read(unit, or_(mine, named), *_verified(kinds)) if one.covers(where)]


def officials_of(unit: Unit, municipality: str, kinds: Collection[OfficialKind] = ()) -> list[Official]:
    """Return the verified officials of a municipality, of these kinds, the oldest first; no kind: all."""
    return _read(unit, official.c.municipality_key == municipality_key(municipality), *_verified(kinds))


def awaiting_in(unit: Unit, where: Neighbourhood) -> list[Official]:
    """Return those for a neighbourhood whom nobody has confirmed yet, the oldest first."""
    mine = official.c.municipality_key == municipality_key(where.municipality)
    named = official.c.neighbourhoods.contains(f" {where.id} ")
    found = _read(unit, or_(mine, named), official.c.verified_at.is_(None))
    return [one for one in found if one.covers(where)]


def is_official() -> ColumnElement[bool]:
    """Return the condition that the person of an outer query is a verified official of some kind."""
    return (
        select(official.c.id)
        .where(official.c.person_id == person.c.id, official.c.verified_at.is_not(None))
        .correlate(person)
        .exists()
    )


def _verified(kinds: Collection[OfficialKind]) -> list[ColumnElement[bool]]:
    condition: list[ColumnElement[bool]] = [official.c.verified_at.is_not(None)]
    return [*condition, official.c.kind.in_([str(one) for one in kinds])] if kinds else condition


def verified_everywhere(connection: Connection) -> list[Official]:
    """Return every verified official, the oldest first."""
    return _read(connection, official.c.verified_at.is_not(None))


def held_by(connection: Connection, people: Collection[int]) -> list[Official]:
    """Return the offices of these people, unverified ones too."""
    return _read(connection, official.c.person_id.in_(people))


def without_address(connection: Connection, names: Collection[str]) -> list[tuple[int, str, int]]:
    """Return the verified officials of these names whom a file brought in by their name alone, and who have no address
    yet: neighbourhood, name and id, for each neighbourhood they are named for.
    """
    query = (
        select(official.c.neighbourhoods, person.c.name, person.c.id)
        .join(person, person.c.id == official.c.person_id)
        .where(
            person.c.name.in_(names),
            person.c.reference.is_(None),
            person.c.erased_at.is_(None),
            official.c.verified_at.is_not(None),
            ~select(address.c.id).where(address.c.person_id == person.c.id).exists(),
        )
    )
    rows = map(tuple, connection.execute(query))
    return [(int(place), name, ident) for places, name, ident in rows for place in places.split()]


def _read(source: Unit | Connection, *conditions: ColumnElement[bool]) -> list[Official]:
    query = (
        select(*_columns)
        .join(person, person.c.id == official.c.person_id)
        .where(*conditions, person.c.erased_at.is_(None))
        .order_by(official.c.since, official.c.id)
    )
    rows = source.read(query) if isinstance(source, Unit) else source.execute(query)
    return [_load(row) for row in map(tuple, rows)]


def _load(row: Sequence[Any]) -> Official:
    who, kind, title, municipality, places, verified_at = row
    ids = tuple(int(one) for one in str(places).split())
    return Official(PersonId(who), OfficialKind(kind), title, municipality, ids, verified_at is not None)


# --- beginning and ending ------------------------------------------------------------------------------------------


def appoint(unit: Unit, now: datetime, one: Official) -> None:
    """Write down an office with the unit's commit; one that he holds already gets this title and these neighbourhoods.

    What was verified stays so.
    """
    places = f" {' '.join(map(str, one.neighbourhoods))} " if one.neighbourhoods else ""
    known = unit.read(select(official.c.id, official.c.verified_at).where(_is(one.person, one.kind, one.municipality)))
    row = known.first()
    values: dict[str, Any] = {"title": one.title, "municipality": one.municipality, "neighbourhoods": places}
    if row is not None:
        verified = {"verified_at": now} if one.verified and row[1] is None else {}
        unit.write(update(official).where(official.c.id == row[0]).values(values | verified), expect=1)
        return
    values |= {
        "id": new_id(),
        "person_id": one.person,
        "kind": str(one.kind),
        "municipality_key": one.key,
        "since": now,
        "verified_at": now if one.verified else None,
    }
    unit.write(insert(official), values)


def verify(unit: Unit, now: datetime, who: int, kind: OfficialKind, municipality: str) -> bool:
    """Confirm an office with the unit's commit; False when there is none that waits for it."""
    waits = and_(_is(who, kind, municipality), official.c.verified_at.is_(None))
    if unit.read(select(official.c.id).where(waits)).first() is None:
        return False
    # Two who confirm at the same moment: the second runs again, and finds it done.
    unit.write(update(official).where(waits).values(verified_at=now), expect=1)
    return True


def dismiss(unit: Unit, one: Official) -> None:
    """End an office with the unit's commit; who ends it at the same moment runs again, and finds it gone."""
    unit.write(delete(official).where(_is(one.person, one.kind, one.municipality)), expect=1)


def _is(who: int, kind: OfficialKind, municipality: str) -> ColumnElement[bool]:
    return and_(
        official.c.person_id == who,
        official.c.kind == str(kind),
        official.c.municipality_key == municipality_key(municipality),
    )
