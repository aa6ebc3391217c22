"""How far apart two streets are, as the crow flies; what nobody knows counts as near."""

from __future__ import annotations

from collections.abc import Sequence
from math import asin, cos, radians, sin, sqrt

from buurtwacht import Neighbourhood

#: Mean radius of the earth in metres (IUGG).
_EARTH = 6_371_008.8

#: An urgent alert wakes who lives within so many metres.
NEAR = 300.0
#: R16: two reports within so many metres may be about the same thing.
SAME_PLACE = 150.0


def between(where: Neighbourhood, one: str | None, other: str | None) -> float | None:
    """Return the distance in metres between two streets, 0.0 for the same one, None when it is not known."""
    if not one or not other:
        return None
    if one.casefold() == other.casefold():
        return 0.0
    first, second = _position(where, one), _position(where, other)
    return None if first is None or second is None else metres(first, second)


def metres(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the distance in metres between two points (latitude, longitude in degrees)."""
    north, east = radians(other[0] - one[0]), radians(other[1] - one[1])
    half = sin(north / 2) ** 2 + cos(radians(one[0])) * cos(radians(other[0])) * sin(east / 2) ** 2
    return 2 * _EARTH * asin(min(1.0, sqrt(half)))


def _position(where: Neighbourhood, name: str) -> tuple[float, float] | None:
    for street in where.streets:
        if street.name.casefold() == name.casefold() and street.latitude is not None and street.longitude is not None:
            return street.latitude, street.longitude
    return None
