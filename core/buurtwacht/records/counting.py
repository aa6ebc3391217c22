"""Who holds a role, and how many people there are, for all neighbourhoods at once: one query for a whole country."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, String, cast, func, literal_column, or_, select

from buurtwacht.records.database import Unit
from buurtwacht.records.schema import address, membership, person
from buurtwacht.vocabulary.ids import NeighbourhoodId, PersonId
from buurtwacht.vocabulary.mutes import Mute
from buurtwacht.vocabulary.roles import Role

# Written out, not bound: ix_membership_role is used only for a condition that can be seen to be its own.
_ACTIVE = membership.c.state == literal_column("'active'")
_MORE_THAN_MEMBER = membership.c.roles != literal_column("' member '")
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RoleHolder:
    """Somebody with a role in a neighbourhood; `reachable` when one of his addresses is switched on.

    `quiet_hours` are his own, None where he has those of the neighbourhood; `muted_until` is set where he muted all,
    without an end that is the end of time.
    """

    neighbourhood: NeighbourhoodId
    person: PersonId
    role: Role
    reachable: bool
    quiet_hours: str | None = None
    muted_until: datetime | None = None

    def is_away(self, now: datetime) -> bool:
        """Return whether he wants to read nothing now: who is on holiday mutes all."""
        return self.muted_until is not None and self.muted_until > now


def role_holders(unit: Unit, roles: Collection[Role], neighbourhoods: Collection[int] | None) -> list[RoleHolder]:
    """Return who holds one of the roles, by neighbourhood, who was there first; None: in every neighbourhood.

    Who holds two of the roles is there twice. Raises `ValueError` for the role of every member: those are counted.
    """
    if Role.MEMBER in roles:
        raise ValueError("every member has that role; count_members counts them")
    if not roles:
        return []
    works = (
        select(address.c.id)
        .where(address.c.person_id == membership.c.person_id, address.c.reachable.is_(True))
        .where(address.c.is_group.is_(False))
        .exists()
    )
    query = (
        select(membership.c.neighbourhood_id, membership.c.person_id, membership.c.roles, works, person.c.quiet_hours)
        .add_columns(person.c.mutes, person.c.muted_until)
        .join(person, person.c.id == membership.c.person_id)
        .where(_ACTIVE, _MORE_THAN_MEMBER, *_within(neighbourhoods))
        .where(or_(*(membership.c.roles.contains(f" {one} ") for one in roles)))
        .order_by(membership.c.neighbourhood_id, membership.c.since, membership.c.id)
    )
    return [
        RoleHolder(NeighbourhoodId(row[0]), PersonId(row[1]), role, bool(row[3]), row[4], _until(row[5], row[6]))
        for row in map(tuple, unit.read(query))
        for role in roles
        if role in row[2].split()
    ]


def _until(mutes: str, until: datetime | None) -> datetime | None:
    return (until or _NEVER) if mutes == Mute.ALL else None


def count_members(unit: Unit, neighbourhoods: Collection[int] | None, refusing: str = "") -> tuple[dict[int, int], int]:
    """Return the number of active members of each neighbourhood, and how many people they are together.

    Who refuses the kind of sender `refusing` is not counted; who is a member of two neighbourhoods is one of the
    people. A neighbourhood that has none is absent.
    """
    conditions = [_ACTIVE, *_within(neighbourhoods)]
    if refusing:
        # As JSON it stands between quotes, so that no kind is found in the name of another.
        refuses = cast(person.c.refuses, String).contains(f'"{refusing}"', autoescape=True)
        conditions.append(~select(person.c.id).where(person.c.id == membership.c.person_id, refuses).exists())
    counted = select(membership.c.neighbourhood_id, func.count()).where(*conditions)
    everybody = select(func.count(membership.c.person_id.distinct())).where(*conditions)
    by_place = {int(row[0]): int(row[1]) for row in unit.read(counted.group_by(membership.c.neighbourhood_id))}
    return by_place, int(unit.read(everybody).scalar() or 0)


def _within(neighbourhoods: Collection[int] | None) -> list[ColumnElement[bool]]:
    return [] if neighbourhoods is None else [membership.c.neighbourhood_id.in_(list(neighbourhoods))]
