"""A photograph as telephones take them: with a camera's name and a position in it."""

from __future__ import annotations

import io
from functools import cache

from PIL import ExifTags, Image

#: Degrees, minutes and seconds north and east: somewhere in Tolberg.
_NORTH, _EAST = (51.0, 31.0, 48.0), (4.0, 26.0, 24.0)


@cache
def photograph() -> bytes:
    """Return a small JPEG with EXIF and a GPS position."""
    picture = Image.new("RGB", (64, 48), (40, 60, 90))
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Telefoon"
    exif[ExifTags.Base.Orientation] = 1
    where = exif.get_ifd(ExifTags.IFD.GPSInfo)
    where[ExifTags.GPS.GPSLatitudeRef], where[ExifTags.GPS.GPSLatitude] = "N", _NORTH
    where[ExifTags.GPS.GPSLongitudeRef], where[ExifTags.GPS.GPSLongitude] = "E", _EAST
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()
