"""Offices: the officials that a handler meets, and what whoever set it off is himself."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING

from buurtwacht.records import officials
from buurtwacht.records.neighbourhoods import Neighbourhood
from buurtwacht.records.officials import Official
from buurtwacht.records.people import Caller, Person
from buurtwacht.vocabulary.ids import PersonId
from buurtwacht.vocabulary.roles import OfficialKind, Role

if TYPE_CHECKING:
    from buurtwacht.host.declarations import Command
    from buurtwacht.records.database import Unit


def offices_of(unit: Unit, caller: Caller) -> tuple[Official, ...]:
    """Return the offices of whoever an event comes from, unverified ones too; read once, and only when asked for."""
    if caller.person is None:
        return ()
    who = caller.person.id
    if who not in caller.offices:
        caller.offices[who] = officials.offices_of(unit, [who]).get(who, ())
    return caller.offices[who]


class Offices:
    """The part of a context that knows officials."""

    neighbourhood: Neighbourhood | None
    _unit: Unit
    _caller: Caller | None

    @property
    @abstractmethod
    def here(self) -> Neighbourhood:
        """The neighbourhood this is about. Raises `LookupError` where there is none."""

    @abstractmethod
    def has(self, *roles: Role) -> bool:
        """Return whether the person has one of the roles here."""

    @property
    def offices(self) -> tuple[Official, ...]:
        """The offices of whoever set this off, those that nobody verified yet too; none where nobody did."""
        return offices_of(self._unit, self._caller) if self._caller is not None else ()

    def officials(self, *kinds: OfficialKind, municipality: str = "") -> list[Official]:
        """Return the verified officials that cover this neighbourhood, or those of a municipality, of these kinds.

        No kind: all; the longest in office first. Raises `LookupError` where there is neither.
        """
        if municipality:
            return officials.officials_of(self._unit, municipality, kinds)
        return officials.officials_in(self._unit, self.here, kinds)

    def awaiting_officials(self) -> list[Official]:
        """Return those who were named as officials for this neighbourhood and whom no admin has confirmed yet."""
        return officials.awaiting_in(self._unit, self.here)

    def offices_of(self, people: Iterable[Person | PersonId]) -> dict[PersonId, tuple[Official, ...]]:
        """Return the offices of these people, in one query, unverified ones too; who has none is absent."""
        ids = {PersonId(one.id if isinstance(one, Person) else one) for one in people}
        return officials.offices_of(self._unit, ids)

    def may_use(self, command: Command) -> bool:
        """Return whether whoever set this off may use a command here: as a member, or by his office."""
        person = self._caller.person if self._caller is not None else None
        if person is not None and person.active and (not command.roles or self.has(*command.roles)):
            return True
        return bool(command.officials) and self.by_office(command)

    def by_office(self, command: Command) -> bool:
        """Return whether whoever set this off may use a command as the verified official he is."""
        return any(one.verified and one.kind in command.officials for one in self.offices)
