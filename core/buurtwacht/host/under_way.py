"""What a plugin says is under way, so that the self-audit can prove that it goes on: kinds of records, not records.

A plugin names a kind, a condition and what must be there for each of those records; the database finds where it is not.
So ten thousand of them cost one query.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import ColumnElement

from buurtwacht.records.record import Record
from buurtwacht.vocabulary.ids import NeighbourhoodId
from buurtwacht.vocabulary.messages import Severity, Thread


@dataclass(frozen=True, slots=True)
class UnderWay:
    """Records that have not ended, and for each of which a timer is set.

    `steps` are keys of timers as `ctx.later` was given them, with columns in braces ("due:{id}"): one of them must be
    set. `called` is the key of the text that names such a record to its co-ordinators, who hear it with `severity`.
    The columns `short` and `neighbourhood` are its own, or those of what it is part of: ("rollcall", RollCall).
    Without `steps` they wait for people and for no timer. Whoever switches the plugin off is told of them, in the order
    in which they are declared.
    """

    kind: type[Record]
    where: Sequence[ColumnElement[bool]]
    steps: Sequence[str]
    called: str
    severity: Severity = Severity.NOTICE
    part_of: tuple[str, type[Record]] | None = None


@dataclass(frozen=True, slots=True)
class Addressed:
    """Records that say of somebody that he was asked or told something: for each of them a delivery is on record.

    `person` is the column with who, `thread` the one with the record that it is about.
    """

    kind: type[Record]
    where: Sequence[ColumnElement[bool]]
    person: str
    thread: str
    called: str
    severity: Severity = Severity.NOTICE
    part_of: tuple[str, type[Record]] | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """Two numbers of one record that were counted in different ways, and must be the same."""

    thread: Thread
    neighbourhood: NeighbourhoodId
    numbers: tuple[int, int]
    called: str
    severity: Severity = Severity.NOTICE


#: All that a plugin can say of what is under way.
Proof: TypeAlias = UnderWay | Addressed | Counted
