"""Neighbourhoods as they stand in the database, and how the file's are brought in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update

from buurtwacht.records.database import AnyRow, Database
from buurtwacht.records.schema import neighbourhood
from buurtwacht.vocabulary.clock import QuietHours
from buurtwacht.vocabulary.ids import NeighbourhoodId, new_id
from buurtwacht.vocabulary.streets import Street


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """An area whose people warn one another. `borders` says which adjacent code lies behind a street."""

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
        self._whole = False

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
        if not self._whole:
            self._read(None)
            self._whole = True
        return sorted(self._by_id.values(), key=lambda one: one.code)

    def write(self, code: str, values: Mapping[str, Any]) -> NeighbourhoodId:
        """Bring in a neighbourhood by its code: made, or changed where it differs. `values` are the columns."""
        self.forget()
        with self._database.writing() as connection:
            known = connection.execute(select(neighbourhood).where(neighbourhood.c.code == code)).one_or_none()
            if known is None:
                ident = new_id()
                connection.execute(insert(neighbourhood), {"id": ident, "code": code, **values})
                return NeighbourhoodId(ident)
            changed = {name: value for name, value in values.items() if known._mapping[name] != value}
            if changed:
                connection.execute(update(neighbourhood).where(neighbourhood.c.code == code).values(changed))
            return NeighbourhoodId(known.id)

    def forget(self) -> None:
        """Read again at the next question."""
        self._by_id.clear()
        self._by_code.clear()
        self._whole = False

    def _read(self, condition: Any) -> None:
        query = select(neighbourhood)
        with self._database.reading() as connection:
            for row in connection.execute(query if condition is None else query.where(condition)):
                one = _load(row)
                self._by_id[one.id] = one
                self._by_code[one.code] = one


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
    )
