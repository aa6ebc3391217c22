"""Where something is, as officials can find it: a plus code and a link to the map (domain §2.9, §3.5)."""

from __future__ import annotations

from collections.abc import Sequence

from openlocationcode import openlocationcode

#: Ten digits: a field of about 14 by 9 metres.
_DIGITS = 10


def plus_code(point: Sequence[float]) -> str:
    """Return the plus code of a point (latitude, longitude in degrees, WGS 84)."""
    return str(openlocationcode.encode(point[0], point[1], _DIGITS))


def map_link(point: Sequence[float]) -> str:
    """Return the address of a map with a mark at the point."""
    latitude, longitude = (f"{degrees:.5f}" for degrees in (point[0], point[1]))
    return f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=18/{latitude}/{longitude}"
