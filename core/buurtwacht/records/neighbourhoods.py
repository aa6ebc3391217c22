"""Neighbourhoods as they stand in the database, and how the file's are brought in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select, update

from buurtwacht.records.database import AnyRow, Database
from buurtwacht.records.schema import neighbourhood
from buurtwacht.records.switches import Switch, all_switches, last_change
from buurtwacht.vocabulary.clock import QuietHours
from buurtwacht.vocabulary.ids import NeighbourhoodId, new_id
from buurtwacht.vocabulary.streets import Street


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """An area whose people warn one another. `borders` says which adjacent code lies behind a street.

    `plugins_off` is what holds: the file's, but where somebody `switched` a plugin on or off by command.
    """

    id: NeighbourhoodId
    code: str
    name: str
    municipality: str
    language: str
    timezone: str
    quiet_hours: QuietHours | None
    postcodes: tuple[str, ...]
    streets: tuple[Street, ...]
    borders: Mapping[str, str]
    adjacent: tuple[str, ...]
    plugins_off: frozenset[str]
    settings: Mapping[str, Mapping[str, Any]]
    #: by plugin, what was decided by command
    switched: Mapping[str, Switch] = field(default_factory=dict)
    #: what the file says is off
    off_in_file: frozenset[str] = frozenset()

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of its wall clocks."""
        return ZoneInfo(self.timezone)

    def quiet_until(self, own: str | None, now: datetime) -> datetime | None:
        """Return when the quiet hours end (UTC) that hold at a moment for somebody with hours of his `own`.

        `own` is as in `Person.quiet_hours`: None for the neighbourhood's, empty for none. None: it is day for him.
        """
        quiet = self.quiet_hours if own is None else QuietHours.parse(own)
        return quiet.holds_until(now, self.zone) if quiet is not None else None


class Neighbourhoods:
    """All neighbourhoods, read when first asked for and kept until one changes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._by_id: dict[int, Neighbourhood] = {}
        self._by_code: dict[str, Neighbourhood] = {}
        #: by code, once all of them were asked for
        self._all: list[Neighbourhood] | None = None
        #: every switch by neighbourhood, and the mark of their last change; None: not read yet
        self._switches: tuple[str, Mapping[int, Mapping[str, Switch]]] | None = None

    def get(self, ident: int) -> Neighbourhood:
        """Return a neighbourhood by id. Raises `KeyError`."""
        if ident not in self._by_id:
            self._read(neighbourhood.c.id == ident)
        return self._by_id[ident]

    def by_code(self, code: str) -> Neighbourhood | None:
        """Return a neighbourhood by its code, in any case of letters."""
        code = code.upper()
        if code not in self._by_code:
            self._read(neighbourhood.c.code == code)
        return self._by_code.get(code)

    def all(self) -> list[Neighbourhood]:
        """Return every neighbourhood, by code."""
        known = self._all  # others may have it forgotten at any moment
        if known is None:
            self._read(None)
            known = self._all = sorted(self._by_id.values(), key=lambda one: one.code)
        return list(known)

    def write(self, code: str, values: Mapping[str, Any]) -> NeighbourhoodId:
        """Bring in a neighbourhood by its code: made, or changed where it differs. `values` are the columns."""
        return self.write_all({code: values})[code]

    def write_all(self, rows: Mapping[str, Mapping[str, Any]]) -> dict[str, NeighbourhoodId]:
        """Bring in many by their codes and return their ids: what is as it should be is read once, and not written."""
        self.forget()
        query = select(neighbourhood)
        if len(rows) == 1:
            query = query.where(neighbourhood.c.code.in_(rows))
        with self._database.reading() as connection:
            known = {row.code: row for row in connection.execute(query)}
        ids = {code: NeighbourhoodId(known[code].id) for code in rows if code in known}
        fresh = {code: row for code, row in rows.items() if code not in known or _changed(known[code], row)}
        if fresh:
            with self._database.writing() as connection:
                ids |= {code: _write(connection, code, values) for code, values in fresh.items()}
        return ids

    def forget(self) -> None:
        """Read again at the next question."""
        self._by_id.clear()
        self._by_code.clear()
        self._all = None
        self._switches = None

    def refresh(self) -> bool:
        """Take over what was switched on or off since, here or by another process; return whether anything was.

        Raises `StoreUnavailable`.
        """
        known = self._switches
        if known is None:
            return False
        with self._database.reading() as connection:
            # First: what changes in between is read now, and read once more by the next `refresh`.
            mark = last_change(connection)
            if mark == known[0]:
                return False
            self._switches = mark, all_switches(connection)
        for one in list(self._by_id.values()):
            switched = self._switches[1].get(one.id, {})
            if switched != one.switched:
                # In its place, and never taken out: a thread that looks for it at this moment must find it.
                self._by_id[one.id] = self._by_code[one.code] = _switched(one, switched)
        if self._all is not None:
            self._all = [self._by_id[one.id] for one in self._all]
        return True

    def _read(self, condition: Any) -> None:
        query = select(neighbourhood)
        self._all = None
        with self._database.reading() as connection:
            switches = self._switches
            if switches is None:
                mark = last_change(connection)
                switches = self._switches = mark, all_switches(connection)
            for row in connection.execute(query if condition is None else query.where(condition)):
                one = _load(row)
                if switched := switches[1].get(one.id):
                    one = _switched(one, switched)
                self._by_id[one.id] = one
                self._by_code[one.code] = one


def _changed(known: AnyRow, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if known._mapping[name] != value}


def _write(connection: Connection, code: str, values: Mapping[str, Any]) -> NeighbourhoodId:
    known = connection.execute(select(neighbourhood).where(neighbourhood.c.code == code)).one_or_none()
    if known is None:
        ident = new_id()
        connection.execute(insert(neighbourhood), {"id": ident, "code": code, **values})
        return NeighbourhoodId(ident)
    if changed := _changed(known, values):
        connection.execute(update(neighbourhood).where(neighbourhood.c.code == code).values(changed))
    return NeighbourhoodId(known.id)


def _switched(one: Neighbourhood, switched: Mapping[str, Switch]) -> Neighbourhood:
    """Return a neighbourhood in which these switches hold."""
    by_command = {plugin for plugin, switch in switched.items() if switch.off}
    return replace(one, switched=switched, plugins_off=(one.off_in_file - switched.keys()) | by_command)


def _load(row: AnyRow) -> Neighbourhood:
    return Neighbourhood(
        id=NeighbourhoodId(row.id),
        code=row.code,
        name=row.name,
        municipality=row.municipality,
        language=row.language,
        timezone=row.timezone,
        quiet_hours=QuietHours.parse(row.quiet_hours),
        postcodes=tuple(row.postcodes),
        streets=tuple(Street(*street) for street in row.streets),
        borders=row.borders,
        adjacent=tuple(row.adjacent),
        plugins_off=frozenset(row.plugins_off),
        settings=row.settings,
        off_in_file=frozenset(row.plugins_off),
    )
