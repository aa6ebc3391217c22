"""The sample photo: a street at night, drawn here, with a position in it that nobody should pass on."""

from __future__ import annotations

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

_SIZE = (960, 640)
#: EXIF 2.3: the GPS directory, and in it latitude and longitude with their hemispheres.
_GPS, _NORTH, _LATITUDE, _EAST, _LONGITUDE = 0x8825, 1, 2, 3, 4


@cache
def sample_photo() -> bytes:
    """Return a JPEG of a parked car under a street lamp, with EXIF that says where it was taken."""
    picture = Image.new("RGB", _SIZE, "#10162a")
    light = Image.new("L", _SIZE, 0)
    ImageDraw.Draw(light).polygon([(700, 120), (460, 560), (940, 560)], fill=120)
    picture.paste(Image.new("RGB", _SIZE, "#e8b865"), mask=light.filter(ImageFilter.GaussianBlur(60)))
    draw = ImageDraw.Draw(picture)
    for left, top in ((0, 210), (240, 170), (520, 230)):
        draw.rectangle((left, top, left + 200, 470), fill="#1b2340")
        draw.polygon([(left - 12, top), (left + 100, top - 80), (left + 212, top)], fill="#141a31")
        draw.rectangle((left + 30, top + 60, left + 80, top + 120), fill="#0c1122")
    draw.rectangle((280, 240, 330, 300), fill="#c99a4a")
    draw.rectangle((0, 470, *_SIZE), fill="#0d1120")
    draw.rectangle((695, 120, 705, 470), fill="#050810")
    draw.ellipse((676, 100, 724, 132), fill="#ffe2a3")
    draw.polygon([(250, 470), (330, 395), (560, 395), (640, 470)], fill="#05070d")
    draw.rounded_rectangle((180, 455, 720, 550), radius=34, fill="#05070d")
    draw.polygon([(345, 410), (440, 410), (440, 460), (300, 460)], fill="#1d2742")
    draw.polygon([(455, 410), (548, 410), (594, 460), (455, 460)], fill="#1d2742")
    for left in (240, 570):
        draw.ellipse((left, 505, left + 90, 595), fill="#020306")
        draw.ellipse((left + 25, 530, left + 65, 570), fill="#1a1f30")
    exif = Image.Exif()
    exif[_GPS] = {_NORTH: "N", _LATITUDE: (51.0, 31.0, 25.0), _EAST: "E", _LONGITUDE: (4.0, 26.0, 35.0)}
    file = BytesIO()
    picture.save(file, "JPEG", quality=82, exif=exif)
    return file.getvalue()
