"""People written down in bulk: new ones added, known ones brought up to date, in one commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, exists, select, update

from buurtwacht.records import audit, officials, people
from buurtwacht.records.database import Database, Unit
from buurtwacht.records.keys import Keyring
from buurtwacht.records.officials import Official
from buurtwacht.records.schema import address, handle, membership, person
from buurtwacht.vocabulary.events import Handle
from buurtwacht.vocabulary.ids import PersonId
from buurtwacht.vocabulary.roles import OfficialKind

#: Parameters of one query: SQLite takes 32,766 at most.
_CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody belongs, and as what: without `roles` he is no member, but an official of these kinds."""

    neighbourhood_id: int
    code: str
    roles: frozenset[str]
    street: str
    kinds: frozenset[OfficialKind] = frozenset()
    municipality: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """Where somebody can be reached."""

    account: str
    handle: Handle


@dataclass(slots=True)
class Newcomer:
    """One person of the file: from which line on, and all that its rows say of him."""

    line: int
    name: str
    language: str
    reference: str
    channel: str
    places: list[Place] = field(default_factory=list)
    reaches: list[Reach] = field(default_factory=list)

    def add(self, place: Place, reach: Reach | None) -> None:
        """Take in one more row; two rows about one neighbourhood add up their roles."""
        known = next((one for one in self.places if one.neighbourhood_id == place.neighbourhood_id), None)
        if known is not None:
            self.places.remove(known)
            street = known.street or place.street
            place = replace(place, street=street, roles=known.roles | place.roles, kinds=known.kinds | place.kinds)
        self.places.append(place)
        if reach is not None and reach not in self.reaches:
            self.reaches.append(reach)


@dataclass(slots=True)
class Entry:
    """What came of it: how many were added and updated, who is who, who can be reached, who was left alone."""

    added: int = 0
    updated: int = 0
    people: list[tuple[Newcomer, PersonId]] = field(default_factory=list)
    reachable: set[PersonId] = field(default_factory=set)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Known:
    """What the database holds of the people in the file."""

    #: the importer's name for somebody -> his id
    references: dict[str, int] = field(default_factory=dict)
    #: (neighbourhood id, name) -> who was imported there under it and has no address yet, when it is one person
    waiting: dict[tuple[int, str], int] = field(default_factory=dict)
    #: keyed hash of a handle -> (address id, person id)
    handles: dict[tuple[str, str], tuple[int, int | None]] = field(default_factory=dict)
    #: person id -> his addresses as (id, account)
    lines: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    #: (person id, neighbourhood id) -> state
    memberships: dict[tuple[int, int], str] = field(default_factory=dict)
    offices: list[Official] = field(default_factory=list)


def enrol(database: Database, keyring: Keyring, now: datetime, newcomers: Sequence[Newcomer]) -> Entry:
    """Write down all of them, or nobody when one cannot be. Raises `Replay` when somebody else wrote the same."""
    with database.reading() as connection:
        known = _look_up(connection, keyring, newcomers)
    entry = Entry()
    unit = database.unit()
    for one in newcomers:
        _enrol_one(unit, keyring, now, known, one, entry)
    if not entry.faults:
        detail = {"added": entry.added, "updated": entry.updated}
        audit.note(unit, now, "operator", "members_imported", detail=detail)
        unit.commit()
    return entry


def _enrol_one(unit: Unit, keyring: Keyring, now: datetime, known: _Known, one: Newcomer, entry: Entry) -> None:
    found = [known.handles.get((reach.account, keyring.lookup(reach.account, reach.handle))) for reach in one.reaches]
    owners = {line[1] for line in found if line is not None and line[1] is not None}
    mine = known.references.get(one.reference)
    if mine is None and _is_named_only(one):
        mine = known.waiting.get((one.places[0].neighbourhood_id, one.name))
    if mine is not None:
        owners.add(mine)
    if len(owners) > 1:
        entry.faults.append((one.line, "the address belongs to another member"))
        return
    if owners:
        who = PersonId(int(owners.pop()))
        # A name like #123 is one that we gave out ourselves when the members were exported.
        own_name = {} if one.reference in ("", f"#{who}") else {"reference": one.reference}
        values = {"name": one.name, "language": one.language, **own_name}
        unit.write(update(person).where(person.c.id == who).values(values), expect=1)
        entry.updated += 1
    else:
        who = people.add_person(unit, one.name, one.language, reference=one.reference)
        entry.added += 1
    entry.people.append((one, who))
    for place in one.places:
        if place.roles:
            _settle(unit, now, known, one, who, place, entry)
    _appoint(unit, now, known, one, who)
    _attach(unit, keyring, now, known, one, who, found)
    if one.reaches or known.lines.get(who):
        entry.reachable.add(who)


def _is_named_only(one: Newcomer) -> bool:
    """Return whether a row tells nothing by which somebody could be known again but his name."""
    return not one.reference and not one.reaches


def _settle(unit: Unit, now: datetime, known: _Known, one: Newcomer, who: int, place: Place, entry: Entry) -> None:
    """Make somebody a member; who left by himself is not taken back by a file."""
    state = known.memberships.get((who, place.neighbourhood_id))
    if state is None:
        people.add_membership(unit, who, place.neighbourhood_id, now, roles=place.roles, street=place.street)
        return
    if state == "left":
        entry.skipped.append((one.line, f"left {place.code}, and can join again himself"))
        return
    here = (membership.c.person_id == who, membership.c.neighbourhood_id == place.neighbourhood_id)
    values: dict[str, Any] = {"roles": people.roles_text(place.roles), "street": place.street, "state": "active"}
    if state != "active":
        values["since"] = now
    unit.write(update(membership).where(*here).values(values), expect=1)


def _appoint(unit: Unit, now: datetime, known: _Known, one: Newcomer, who: PersonId) -> None:
    """Make somebody an official of the neighbourhoods of the file, beside those he had; whoever runs this knows him."""
    held = {(office.kind, office.key): office for office in known.offices if office.person == who}
    wanted = dict(held)
    for place in one.places:
        for kind in sorted(place.kinds):
            fresh = Official(who, kind, "", place.municipality, (place.neighbourhood_id,), verified=True)
            office = wanted.get((kind, fresh.key))
            if office is None:
                wanted[kind, fresh.key] = fresh
            else:
                # Who has the whole municipality keeps it.
                places = (*office.neighbourhoods, place.neighbourhood_id) if office.neighbourhoods else ()
                wanted[kind, fresh.key] = replace(office, neighbourhoods=tuple(dict.fromkeys(places)), verified=True)
    for key, office in wanted.items():
        if held.get(key) != office:
            officials.appoint(unit, now, office)
            detail = {"kind": str(office.kind), "neighbourhoods": list(office.neighbourhoods)}
            audit.note(unit, now, "operator", "official_appointed", f"person:{who}", detail)
        if key not in held or (not held[key].verified and office.verified):
            audit.note(unit, now, "operator", "official_verified", f"person:{who}", {"kind": str(office.kind)})


def _attach(
    unit: Unit,
    keyring: Keyring,
    now: datetime,
    known: _Known,
    one: Newcomer,
    who: int,
    found: Sequence[tuple[int, int | None] | None],
) -> None:
    """Give somebody the addresses of the file, in its order, in place of others he had with the same accounts."""
    kept = [line[0] for line in found if line is not None]
    accounts = {reach.account for reach in one.reaches}
    replaced = [ident for ident, account in known.lines.get(who, ()) if account in accounts and ident not in kept]
    if replaced:
        unit.write(delete(address).where(address.c.id.in_(replaced)))
    for position, (reach, line) in enumerate(zip(one.reaches, found, strict=True)):
        if line is None:
            people.add_address(unit, keyring, reach.account, [reach.handle], now, person_id=who, position=position)
            continue
        values: dict[str, Any] = {"person_id": who, "erase_at": None}
        if line[1] is None:
            values["position"] = position
        unit.write(update(address).where(address.c.id == line[0]).values(values))


# --- what is known already -----------------------------------------------------------------------------------------


def _look_up(connection: Connection, keyring: Keyring, newcomers: Sequence[Newcomer]) -> _Known:
    known = _Known()
    _look_up_references(connection, known, [one.reference for one in newcomers if one.reference])
    lookups = [keyring.lookup(reach.account, reach.handle) for one in newcomers for reach in one.reaches]
    for chunk in _chunks(lookups):
        query = (
            select(handle.c.account, handle.c.lookup, address.c.id, address.c.person_id)
            .join(address, address.c.id == handle.c.address_id)
            .where(handle.c.lookup.in_(chunk))
        )
        for account, lookup, ident, owner in connection.execute(query):
            known.handles[account, lookup] = (ident, owner)
    _look_up_waiting(connection, known, newcomers)
    owners = {owner for _, owner in known.handles.values() if owner is not None}
    owners |= {*known.references.values(), *known.waiting.values()}
    for chunk in _chunks(sorted(owners)):
        lines = select(address.c.person_id, address.c.id, address.c.account).where(address.c.person_id.in_(chunk))
        for owner, ident, account in connection.execute(lines.order_by(address.c.position)):
            known.lines.setdefault(owner, []).append((ident, account))
        places = select(membership.c.person_id, membership.c.neighbourhood_id, membership.c.state)
        for owner, place, state in connection.execute(places.where(membership.c.person_id.in_(chunk))):
            known.memberships[owner, place] = state
        known.offices += officials.held_by(connection, chunk)
    return known


def _look_up_waiting(connection: Connection, known: _Known, newcomers: Sequence[Newcomer]) -> None:
    """Find those who were imported by their name alone; of two namesakes nobody can say which is meant."""
    rows = Counter((one.places[0].neighbourhood_id, one.name) for one in newcomers if _is_named_only(one))
    wanted = {key for key, count in rows.items() if count == 1}
    found: dict[tuple[int, str], set[int]] = {}
    for chunk in _chunks(sorted({name for _, name in wanted})):
        query = (
            select(membership.c.neighbourhood_id, person.c.name, person.c.id)
            .join(person, person.c.id == membership.c.person_id)
            .where(
                person.c.name.in_(chunk),
                person.c.reference.is_(None),
                person.c.erased_at.is_(None),
                membership.c.consent_version == "",
                membership.c.state == "active",
                ~exists().where(address.c.person_id == person.c.id),
            )
        )
        for place, name, ident in connection.execute(query):
            found.setdefault((place, name), set()).add(ident)
        for place, name, ident in officials.without_address(connection, chunk):
            found.setdefault((place, name), set()).add(ident)
    known.waiting.update((key, min(found[key])) for key in wanted if len(found.get(key, ())) == 1)


def _look_up_references(connection: Connection, known: _Known, references: Sequence[str]) -> None:
    for chunk in _chunks(references):
        query = select(person.c.reference, person.c.id).where(person.c.reference.in_(chunk))
        known.references.update((row[0], row[1]) for row in connection.execute(query))
    ours = [int(one[1:]) for one in references if one.startswith("#") and one[1:].isdigit() and len(one) < 21]
    for chunk in _chunks(ours):
        query = select(person.c.id).where(person.c.id.in_(chunk), person.c.erased_at.is_(None))
        for ident in connection.scalars(query):
            known.references.setdefault(f"#{ident}", ident)


def _chunks(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[first : first + _CHUNK] for first in range(0, len(values), _CHUNK))
