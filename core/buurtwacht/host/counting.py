"""Counting: who looks after which neighbourhood, and how many people would read something, in bulk."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from buurtwacht.records import counting
from buurtwacht.records.counting import RoleHolder
from buurtwacht.vocabulary.roles import Role

if TYPE_CHECKING:
    from buurtwacht.records.database import Unit


class Counting:
    """The part of a context that knows how many and who, in many neighbourhoods at once."""

    _unit: Unit

    def role_holders(self, *roles: Role, neighbourhoods: Collection[int] | None = None) -> list[RoleHolder]:
        """Return who holds one of the roles in these neighbourhoods, or in all, in one query.

        By neighbourhood, the longest a member first; who holds two of the roles is there twice. Raises `ValueError`
        for the role of every member: those are counted (`count_members`).
        """
        return counting.role_holders(self._unit, roles, neighbourhoods)

    def count_members(
        self, neighbourhoods: Collection[int] | None, *, refusing: str = ""
    ) -> tuple[dict[int, int], int]:
        """Return the number of active members of each of these neighbourhoods (None: of all), and of distinct people.

        Who refuses this kind of sender is left out, as an audience with this `sender_kind` does. A neighbourhood
        without members is absent.
        """
        return counting.count_members(self._unit, neighbourhoods, refusing)
