"""Records of a plugin, as its handlers reach them: found by query, kept when the handler returned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import func, insert, select, update

from buurtwacht.host.permissions import own, own_sql
from buurtwacht.records.database import Unit
from buurtwacht.records.record import Record
from buurtwacht.records.schema import series
from buurtwacht.vocabulary.ids import new_ids
from buurtwacht.vocabulary.messages import Thread

if TYPE_CHECKING:
    from buurtwacht.host.core import Core

R = TypeVar("R", bound=Record)


class Records:
    """Adds, finds and removes records. A pending add is invisible to the handler's own queries."""

    def __init__(self, core: Core, plugin: str, unit: Unit, now: datetime) -> None:
        self._core = core
        self._plugin = plugin
        self._unit = unit
        self._now = now

    def add(self, record: R) -> R:
        """Keep a new record with the handler's commit; its id is there at once."""
        self._mine(type(record))
        record.created = self._now
        self._unit.session.add(record)
        return record

    def add_all(self, kind: type[Record], rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep many new records with the handler's commit, in one statement; all rows name the same columns.

        It is for thousands: nothing is checked but by the database, and no records are made of them.
        """
        self._mine(kind)
        base = {**kind._defaults, "created": self._now, "version": 1}
        made = [{**base, **row, "id": ident} for ident, row in zip(new_ids(len(rows)), rows, strict=True)]
        self._unit.write_all(insert(kind.__table__), made)

    def get(self, kind: type[R], ident: int | Thread | None) -> R | None:
        """Return a record by id, or the one that a message was about, by its thread: `get(Pet, given.thread)`.

        None where there is none: it is gone, the message was about nothing, or about a record of another plugin.
        """
        self._mine(kind)
        if isinstance(ident, Thread):
            ident = ident.record if ident.plugin == self._plugin else None
        if ident is None:
            return None
        with self._unit.database.trouble.translated():
            return self._unit.session.get(kind, ident)

    def find(
        self, kind: type[R], *conditions: Any, order: Any = None, limit: int | None = None, **equal: Any
    ) -> list[R]:
        """Return the records that fit: `name=value`, and SQLAlchemy conditions such as `Pet.created > then`."""
        self._mine(kind)
        orders = () if order is None else order if isinstance(order, Sequence) else (order,)
        if conditions or orders or equal:
            own_sql(self._core, self._plugin, (*conditions, *orders, *equal.values()))
        query = select(kind).filter_by(**equal).where(*conditions).limit(limit)
        query = query.order_by(*orders) if orders else query
        with self._unit.database.trouble.translated():
            return list(self._unit.session.scalars(query.order_by(kind.__table__.c.id)))

    def first(self, kind: type[R], *conditions: Any, order: Any = None, **equal: Any) -> R | None:
        """Return the first record that fits, or None."""
        found = self.find(kind, *conditions, order=order, limit=1, **equal)
        return found[0] if found else None

    def count(self, kind: type[Record], *by: str, where: Sequence[Any] = ()) -> dict[tuple[Any, ...], int]:
        """Return how many records there are for each combination of these columns, in one query; none is absent.

        `where` are conditions as in `find`. Without columns it is one number, at `()`.
        """
        self._mine(kind)
        own_sql(self._core, self._plugin, where)
        columns = [kind.__table__.c[name] for name in by]
        query = select(*columns, func.count()).select_from(kind.__table__).where(*where).group_by(*columns)
        with self._unit.database.trouble.translated():
            return {tuple(row[:-1]): int(row[-1]) for row in self._unit.session.execute(query) if row[-1]}

    def remove(self, record: Record) -> None:
        """Take a record away with the handler's commit."""
        self._mine(type(record))
        self._unit.session.delete(record)

    def change_all(self, kind: type[Record], *conditions: Any, **values: Any) -> None:
        """Change every record that fits, in one statement, with the handler's commit."""
        self._mine(kind)
        own_sql(self._core, self._plugin, (*conditions, *values.values()))
        self._unit.write(update(kind.__table__).where(*conditions).values(**values))

    def remove_all(self, kind: type[Record], *conditions: Any) -> None:
        """Take away every record that fits, in one statement, with the handler's commit."""
        self._mine(kind)
        own_sql(self._core, self._plugin, conditions)
        self._unit.write(kind.__table__.delete().where(*conditions))

    def next_number(self, neighbourhood_id: int, name: str) -> int:
        """Return the next number of a series, from 1. Two handlers that read the same one: the later runs again."""
        where = (series.c.neighbourhood_id == neighbourhood_id, series.c.name == name)
        number = self._unit.read(select(series.c.next).where(*where)).scalar()
        if number is None:
            # The primary key sees to it that only one is first; drivers need not count what an insert wrote.
            self._unit.write(insert(series), {"neighbourhood_id": neighbourhood_id, "name": name, "next": 2})
            return 1
        taken = update(series).where(*where, series.c.next == number).values(next=number + 1)
        self._unit.write(taken, expect=1)
        return int(number)

    def _mine(self, kind: type[Record]) -> None:
        own(self._core, self._plugin, kind)
