"""Streets of a neighbourhood: by name, or with a position from a file of `street,lat,lon`."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

COLUMNS = ("street", "lat", "lon")


@dataclass(frozen=True, slots=True)
class Street:
    """A street; degrees (WGS 84) of a point in it where they are known, else None for both."""

    name: str
    latitude: float | None = None
    longitude: float | None = None


def read_streets(path: Path) -> tuple[Street, ...]:
    """Read a CSV file with the columns street, lat, lon; commas, or semicolons as spreadsheets here write them.

    Raises `ValueError` with a sentence that names every bad line, and `OSError` when the file cannot be read.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = file.readline()
        separator = ";" if ";" in header else ","
        columns = tuple(column.strip().lower() for column in header.split(separator))
        if columns not in (COLUMNS, COLUMNS[:1]):
            raise ValueError(f"{path.name} line 1: the columns are not {','.join(COLUMNS)}")
        return checked(_rows(csv.reader(file, delimiter=separator), separator), path.name + " line {}")


def named(value: Sequence[object] | Mapping[str, object]) -> tuple[Street, ...]:
    """Return streets from a list of names, or from a table of name to [latitude, longitude].

    Raises `ValueError` with a sentence that names every bad entry.
    """
    if isinstance(value, Mapping):
        rows = [(name, *(point if isinstance(point, list | tuple) else (point,))) for name, point in value.items()]
    else:
        rows = [tuple(entry) if isinstance(entry, list | tuple) else (entry,) for entry in value]
    return checked(enumerate(rows, start=1), "street {}")


def checked(
    rows: Iterator[tuple[int, Sequence[object]]] | enumerate[tuple[object, ...]], place: str
) -> tuple[Street, ...]:
    """Return the streets in numbered rows of name, latitude, longitude; `place` puts a number into words."""
    streets: dict[str, Street] = {}
    bad: list[str] = []
    for number, row in rows:
        try:
            street = _street(row)
        except ValueError as error:
            bad.append(f"{place.format(number)}: {error}")
            continue
        if street.name.casefold() in streets:
            bad.append(f"{place.format(number)}: {street.name} stands here twice")
        streets[street.name.casefold()] = street
    if bad:
        raise ValueError("; ".join(bad))
    return tuple(streets.values())


def _rows(reader: Iterator[list[str]], separator: str) -> Iterator[tuple[int, Sequence[object]]]:
    for number, row in enumerate(reader, start=2):
        cells = [cell.strip() for cell in row]
        if any(cells):
            # a spreadsheet that separates by semicolons writes its decimals with a comma
            yield number, cells[:1] + [cell.replace(",", ".") if separator == ";" else cell for cell in cells[1:]]


def _street(row: Sequence[object]) -> Street:
    name = row[0] if row else ""
    if not isinstance(name, str) or not name.strip():
        raise ValueError("the name of the street is missing")
    point = [cell for cell in row[1:] if cell not in ("", None)]
    if not point:
        return Street(name.strip())
    if len(point) != 2:
        raise ValueError(f"{name} needs both a latitude and a longitude, or neither")
    return Street(name.strip(), _degrees(point[0], 90, "latitude"), _degrees(point[1], 180, "longitude"))


def _degrees(cell: object, limit: int, what: str) -> float:
    try:
        degrees = float(str(cell))
    except ValueError:
        raise ValueError(f"the {what} {cell!r} is not a number such as 51.53") from None
    # written so that nan fails too
    if not -limit <= degrees <= limit:
        raise ValueError(f"the {what} {cell} is not between -{limit} and {limit}")
    return degrees
