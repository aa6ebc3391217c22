"""Where an alert is, as far as others may know: a rounded point. CAP writes latitude first, GeoJSON longitude first."""

from __future__ import annotations

from dataclasses import dataclass

from openlocationcode import openlocationcode

from buurtwacht import Neighbourhood
from buurtwacht_alerts.alert import Alert

#: Three decimals of a degree are 111 metres north and 69 east at our latitudes: nobody's own door (domain §2.2).
_DECIMALS = 3
#: A plus code of eight digits is a block of 275 metres.
_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Position:
    """A point in degrees (WGS 84)."""

    latitude: float
    longitude: float

    @classmethod
    def of_cap(cls, text: str) -> Position:
        """Read "latitude,longitude" (CAP 1.2 §3.2.4). Raises `ValueError` for anything that is no point on earth."""
        latitude, longitude = (float(part) for part in text.split(","))
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise ValueError(f"{text} is not on earth")
        return cls(latitude, longitude)

    @property
    def cap(self) -> str:
        """The point as CAP 1.2 writes it."""
        return f"{self.latitude},{self.longitude}"

    @property
    def geojson(self) -> list[float]:
        """The point as RFC 7946 §3.1.1 writes it."""
        return [self.longitude, self.latitude]

    @property
    def plus_code(self) -> str:
        """The plus code of the block it lies in."""
        code: str = openlocationcode.encode(self.latitude, self.longitude, _DIGITS)
        return code

    def rounded(self) -> Position:
        """Return it as coarse as others may know it."""
        return Position(round(self.latitude, _DECIMALS) + 0.0, round(self.longitude, _DECIMALS) + 0.0)


def position_of(alert: Alert, where: Neighbourhood) -> Position | None:
    """Return where an alert is, rounded: the shared point, else its street as the neighbourhood lists it, else None."""
    if alert.point is not None:
        return Position(alert.point[0], alert.point[1]).rounded()
    for street in where.streets:
        if street.name == alert.street and street.latitude is not None and street.longitude is not None:
            return Position(street.latitude, street.longitude).rounded()
    return None
