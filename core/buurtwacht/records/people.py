"""Who somebody is: people, their memberships, and the addresses at which messengers know them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, insert, or_, select, update

from buurtwacht.records.database import Unit
from buurtwacht.records.handles import add_handles
from buurtwacht.records.keys import Keyring
from buurtwacht.records.officials import Official
from buurtwacht.records.prepared import Prepared
from buurtwacht.records.schema import address, handle, membership, person
from buurtwacht.vocabulary.events import Handle
from buurtwacht.vocabulary.ids import NeighbourhoodId, PersonId, new_id
from buurtwacht.vocabulary.mutes import Mute
from buurtwacht.vocabulary.roles import Role

_heard = Prepared(
    update(address)
    .where(address.c.id == bindparam("b_id"))
    .values(last_heard_at=bindparam("b_at"), reachable=True, reason="")
)
_insert_address = insert(address)
_insert_person = insert(person)
_insert_membership = insert(membership)


@dataclass(frozen=True, slots=True)
class Membership:
    """Somebody's place in a neighbourhood; `state` is requested, invited, active or left, `since` when it became so."""

    id: int
    neighbourhood_id: NeighbourhoodId
    roles: frozenset[str]
    street: str
    postcode: str
    state: str
    since: datetime

    def has(self, *roles: Role) -> bool:
        """Return whether the person has at least one of the roles here."""
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True, slots=True)
class Person:
    """A person of ours. It holds no address: handlers never see one (R58)."""

    id: PersonId
    name: str
    language: str
    formal: bool = False
    memberships: tuple[Membership, ...] = ()
    refuses: tuple[str, ...] = ()
    opted_in: tuple[str, ...] = ()
    quiet_hours: str | None = None
    mutes: Mute = Mute.NOTHING
    #: None: until he says otherwise
    muted_until: datetime | None = None

    def is_muted(self, now: datetime) -> bool:
        """Return whether a mute of his is in force; it ends by itself."""
        return self.mutes is not Mute.NOTHING and (self.muted_until is None or now < self.muted_until)

    @property
    def active(self) -> tuple[Membership, ...]:
        """The memberships in force, the oldest first."""
        return tuple(one for one in self.memberships if one.state == "active")

    def membership(self, neighbourhood_id: int) -> Membership | None:
        """Return the person's place in this neighbourhood, in whatever state."""
        return next((one for one in self.memberships if one.neighbourhood_id == neighbourhood_id), None)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who an event comes from: the address, and the person behind it if we know one."""

    address_id: int
    account: str
    person: Person | None
    answered: int = 0
    answered_since: datetime | None = None
    last_heard_at: datetime | None = None
    is_group: bool = False
    neighbourhood_id: int | None = None
    reachable: bool = True
    #: handles in the event that were not on record yet
    new_handles: tuple[Handle, ...] = field(default=())
    #: he writes for the first time: his address is written down by the handler's commit
    is_new: bool = False
    #: his offices by his id, once somebody asked for them (`host.offices`)
    offices: dict[PersonId, tuple[Official, ...]] = field(default_factory=dict, compare=False, repr=False)


_person_columns = (
    person.c.id,
    person.c.name,
    person.c.language,
    person.c.formal,
    person.c.refuses,
    person.c.opted_in,
    person.c.quiet_hours,
    person.c.mutes,
    person.c.muted_until,
)
_OWN = len(_person_columns)
#: Where the membership begins in a row of `_callers`.
_PLACE = 8 + _OWN
_membership_columns = (
    membership.c.id,
    membership.c.neighbourhood_id,
    membership.c.roles,
    membership.c.street,
    membership.c.postcode,
    membership.c.state,
    membership.c.since,
)
_callers = Prepared(
    select(
        handle.c.lookup,
        address.c.id,
        address.c.answered,
        address.c.answered_since,
        address.c.last_heard_at,
        address.c.is_group,
        address.c.neighbourhood_id,
        address.c.reachable,
        *_person_columns,
        *_membership_columns,
    )
    .select_from(handle)
    .join(address, address.c.id == handle.c.address_id)
    .outerjoin(person, person.c.id == address.c.person_id)
    .outerjoin(membership, membership.c.person_id == person.c.id)
    .where(handle.c.account == bindparam("b_account"), handle.c.lookup.in_(bindparam("b_lookups", expanding=True)))
    .order_by(membership.c.since, membership.c.id)
)


def find_caller(unit: Unit, keyring: Keyring, account: str, handles: Sequence[Handle]) -> Caller | None:
    """Return who wrote, by any of the handles; the first that is on record decides."""
    return find_callers(unit, keyring, account, {0: handles})[0]


def find_callers(
    source: Connection | Unit, keyring: Keyring, account: str, senders: Mapping[int, Sequence[Handle]]
) -> dict[int, Caller | None]:
    """Return the same as `find_caller` for many at once, under the numbers they are given by."""
    lookups = {number: {keyring.lookup(account, one): one for one in handles} for number, handles in senders.items()}
    wanted = list({lookup for one in lookups.values() for lookup in one})
    rows: dict[str, list[tuple[Any, ...]]] = {}
    if wanted:
        values = {"b_account": account, "b_lookups": wanted}
        found = source.read(_callers, values) if isinstance(source, Unit) else _callers.read(source, values)
        for row in found:
            rows.setdefault(row[0], []).append(tuple(row))
    return {number: _caller(account, one, rows) for number, one in lookups.items()}


def _caller(account: str, lookups: Mapping[str, Handle], rows: Mapping[str, list[tuple[Any, ...]]]) -> Caller | None:
    decisive = next((one for one in lookups if one in rows), None)
    if decisive is None:
        return None
    mine = rows[decisive]
    first = mine[0]
    who = None if first[8] is None else _person(first[8:_PLACE], [row[_PLACE:] for row in mine])
    return Caller(
        address_id=first[1],
        account=account,
        person=who,
        answered=first[2],
        answered_since=first[3],
        last_heard_at=first[4],
        is_group=first[5],
        neighbourhood_id=first[6],
        reachable=first[7],
        new_handles=tuple(one for lookup, one in lookups.items() if lookup not in rows),
    )


def _person(columns: Sequence[Any], memberships: Iterable[Sequence[Any]]) -> Person:
    ident, name, language, formal, refuses, opted_in, quiet_hours, mutes, muted_until = columns
    return Person(
        PersonId(ident),
        name,
        language,
        formal,
        tuple(_membership(row) for row in memberships if row[0] is not None),
        tuple(refuses),
        tuple(opted_in),
        quiet_hours,
        Mute(mutes),
        muted_until,
    )


def _membership(row: Sequence[Any]) -> Membership:
    ident, neighbourhood_id, roles, street, postcode, state, since = row
    place = NeighbourhoodId(neighbourhood_id)
    return Membership(ident, place, frozenset(str(roles).split()), street, postcode, state, since)


def find_people(unit: Unit, ids: Collection[int] | Select[int]) -> dict[int, Person]:
    """Return these people with their memberships, by id; who was erased is absent. Many are better found by a query."""
    if not isinstance(ids, Select) and not ids:
        return {}
    query = (
        select(*_person_columns, *_membership_columns)
        .select_from(person)
        .outerjoin(membership, membership.c.person_id == person.c.id)
        .where(person.c.id.in_(ids), person.c.erased_at.is_(None))
        .order_by(person.c.id, membership.c.since, membership.c.id)
    )
    found: dict[int, Person] = {}
    for row in map(tuple, unit.read(query)):
        known = found.get(row[0])
        if known is None:
            found[row[0]] = _person(row[:_OWN], [row[_OWN:]])
        else:
            found[row[0]] = replace(known, memberships=(*known.memberships, _membership(row[_OWN:])))
    return found


def members_of(unit: Unit, neighbourhood_id: int, *roles: Role, former: bool = False) -> list[Person]:
    """Return the active members of a neighbourhood, those with one of the roles if any are named, by joining date.

    `former`: also who left, and who is not let in yet.
    """
    query = select(membership.c.person_id, membership.c.roles).where(membership.c.neighbourhood_id == neighbourhood_id)
    if not former:
        query = query.where(membership.c.state == "active")
    if roles:
        query = query.where(or_(*(membership.c.roles.contains(str(one)) for one in roles)))
    rows = map(tuple, unit.read(query.order_by(membership.c.since, membership.c.id)))
    ids = [row[0] for row in rows if not roles or not set(row[1].split()).isdisjoint(roles)]
    people = find_people(unit, ids if roles else query.with_only_columns(membership.c.person_id))
    return [people[one] for one in ids if one in people]


def names_of(unit: Unit, neighbourhood_id: int) -> list[str]:
    """Return the display names of the active members of a neighbourhood."""
    query = select(person.c.name).join(membership, membership.c.person_id == person.c.id)
    here = and_(membership.c.neighbourhood_id == neighbourhood_id, membership.c.state == "active")
    return [str(name) for name in unit.read(query.where(here)).scalars()]


def muted_of(unit: Unit, neighbourhood_id: int, now: datetime) -> list[Person]:
    """Return the active members of a neighbourhood who are muted at a moment."""
    here = and_(membership.c.neighbourhood_id == neighbourhood_id, membership.c.state == "active")
    query = select(person.c.id).join(membership, membership.c.person_id == person.c.id)
    still = or_(person.c.muted_until.is_(None), person.c.muted_until > now)
    rows = unit.read(query.where(here, person.c.mutes != Mute.NOTHING, still))
    return list(find_people(unit, [row[0] for row in rows]).values())


def add_person(
    unit: Unit,
    name: str,
    language: str,
    *,
    formal: bool = False,
    refuses: Sequence[str] = (),
    opted_in: Sequence[str] = (),
    reference: str = "",
) -> PersonId:
    """Write down a person with the unit's commit and return the id. `reference` is the importer's own name for him."""
    ident = PersonId(new_id())
    unit.write(
        _insert_person,
        {
            "id": ident,
            "name": name,
            "language": language,
            "formal": formal,
            "refuses": list(refuses),
            "opted_in": list(opted_in),
            "reference": reference or None,
            "version": 1,
        },
    )
    return ident


def add_membership(
    unit: Unit,
    person_id: int,
    neighbourhood_id: int,
    at: datetime,
    *,
    roles: Iterable[str] = (Role.MEMBER,),
    street: str = "",
    postcode: str = "",
    state: str = "active",
    consent: str = "",
) -> int:
    """Write down a membership with the unit's commit; `consent` is the version of the house rules agreed to."""
    ident = new_id()
    unit.write(
        _insert_membership,
        {
            "id": ident,
            "person_id": person_id,
            "neighbourhood_id": neighbourhood_id,
            "roles": roles_text(roles),
            "street": street,
            "postcode": postcode,
            "state": state,
            "since": at,
            "consent_version": consent,
            "consented_at": at if consent else None,
        },
    )
    return ident


def roles_text(roles: Iterable[str]) -> str:
    """Return roles as the membership table keeps them: every member is a member."""
    return " " + " ".join(sorted({str(Role.MEMBER), *map(str, roles)})) + " "


def add_address(
    unit: Unit,
    keyring: Keyring,
    account: str,
    handles: Sequence[Handle],
    at: datetime,
    *,
    person_id: int | None = None,
    position: int = 0,
    neighbourhood_id: int | None = None,
    is_group: bool = False,
    title: str = "",
    heard: bool = False,
    ident: int | None = None,
) -> int:
    """Write down an address with its handles with the unit's commit and return the id, a new one unless given."""
    ident = new_id() if ident is None else ident
    unit.write(
        _insert_address,
        {
            "id": ident,
            "person_id": person_id,
            "neighbourhood_id": neighbourhood_id,
            "account": account,
            "is_group": is_group,
            "title": title,
            "position": position,
            "reachable": True,
            "reason": "",
            "last_heard_at": at if heard else None,
            "created_at": at,
            "answered": 0,
        },
    )
    add_handles(unit, keyring, account, ident, handles)
    return ident


def heard_from(unit: Unit, address_id: int, at: datetime) -> None:
    """Remember that this address wrote just now: it works, and its window is open."""
    unit.write(_heard, {"b_id": address_id, "b_at": at})
