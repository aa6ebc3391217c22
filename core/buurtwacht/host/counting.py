"""Counting: who looks after which neighbourhood, and how many people would read something, in bulk."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from buurtwacht.host.permissions import Permitted
from buurtwacht.records import counting, faring
from buurtwacht.records.counting import RoleHolder
from buurtwacht.records.faring import Fared
from buurtwacht.vocabulary.messages import Thread
from buurtwacht.vocabulary.roles import Role

if TYPE_CHECKING:
    from buurtwacht.records.database import Unit


class Counting(Permitted):
    """The part of a context that knows how many and who, in many neighbourhoods at once."""

    now: datetime
    _unit: Unit

    def role_holders(self, *roles: Role, neighbourhoods: Collection[int] | None = None) -> list[RoleHolder]:
        """Return who holds one of the roles in these neighbourhoods, or in all, in one query.

        By neighbourhood, the longest a member first; who holds two of the roles is there twice. Raises `ValueError`
        for the role of every member: those are counted (`count_members`). Needs `read:names`.
        """
        self._allow("read:names")
        return counting.role_holders(self._unit, roles, neighbourhoods)

    def count_members(
        self, neighbourhoods: Collection[int] | None, *, refusing: str = ""
    ) -> tuple[dict[int, int], int]:
        """Return the number of active members of each of these neighbourhoods (None: of all), and of distinct people.

        Who refuses this kind of sender is left out, as an audience with this `sender_kind` does. A neighbourhood
        without members is absent.
        """
        return counting.count_members(self._unit, neighbourhoods, refusing)

    def fared(self, about: Thread, neighbourhoods: Collection[int], *, refusing: str = "") -> Fared:
        """Return how many members of these neighbourhoods were reached by what was said about a thread, in one query.

        Each person counts once, with the best that became of any of it; `refusing` is a kind of sender.
        """
        return faring.fared(self._unit, about, neighbourhoods, self.now, refusing=refusing)
