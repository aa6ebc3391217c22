"""Whether an NL-Alert concerns a neighbourhood: its polygons against streets, or names in its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians

from buurtwacht import Neighbourhood, fold

#: Metres in a degree of latitude (WGS 84, at 52 degrees north within half a percent).
_DEGREE = 111_300.0


@dataclass(frozen=True, slots=True)
class Polygon:
    """The corners of an area, (latitude, longitude) in degrees; the last need not repeat the first."""

    corners: tuple[tuple[float, float], ...]

    @classmethod
    def parse(cls, text: str) -> Polygon:
        """Read "lat,lon lat,lon …", as CAP 1.2 §3.2.4 writes a polygon. Raises `ValueError`."""
        corners = []
        for pair in text.split():
            latitude, longitude = (float(number) for number in pair.split(","))
            if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
                raise ValueError(f"no place on earth: {pair}")
            corners.append((latitude, longitude))
        if len(corners) < 3:
            raise ValueError("an area has at least three corners")
        return cls(tuple(corners))

    def within(self, latitude: float, longitude: float, metres: float) -> bool:
        """Return whether a point lies in this area, or at most so many metres from its edge."""
        east = _DEGREE * cos(radians(latitude))
        points = [((lon - longitude) * east, (lat - latitude) * _DEGREE) for lat, lon in self.corners]
        edges = list(zip(points, [*points[1:], points[0]], strict=True))
        crossings = sum((y1 > 0) != (y2 > 0) and x1 + (x2 - x1) * -y1 / (y2 - y1) > 0 for (x1, y1), (x2, y2) in edges)
        return crossings % 2 == 1 or any(_from_origin(*edge) <= metres for edge in edges)


def _from_origin(begin: tuple[float, float], end: tuple[float, float]) -> float:
    """Return how far the origin is from a line between two points."""
    (x1, y1), (x2, y2) = begin, end
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else min(1.0, max(0.0, -(x1 * dx + y1 * dy) / length))
    return hypot(x1 + along * dx, y1 + along * dy)


def concerned(where: Neighbourhood, polygons: Sequence[Polygon], words: str, metres: float) -> bool:
    """Return whether a warning concerns a neighbourhood: one of its streets lies in the area or within `metres` of it.

    Where no street has a position, or the warning has no area, it does when its words name the neighbourhood or its
    municipality.
    """
    placed = [
        (one.latitude, one.longitude) for one in where.streets if one.latitude is not None and one.longitude is not None
    ]
    if placed and polygons:
        return any(area.within(*point, metres) for area in polygons for point in placed)
    return _names((where.name, where.municipality), words)


def _names(names: Iterable[str], words: str) -> bool:
    said = fold(words)
    return any(name and re.search(rf"\b{re.escape(fold(name))}\b", said) is not None for name in names)
