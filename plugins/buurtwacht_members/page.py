"""The public page /join: is my neighbourhood watched, and how do I join? It says nothing about members."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from buurtwacht import Context, Neighbourhood, PageRequest, Text, Unavailable
from buurtwacht_members.invitations import display_name
from buurtwacht_members.settings import Settings
from buurtwacht_members.words import digits_of

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Way:
    """One messenger on which one can join: its name, the link, and the link as a picture."""

    messenger: str
    link: str
    picture: Markup


@dataclass(frozen=True, slots=True)
class Watched:
    """A neighbourhood that is watched, and the ways to join it."""

    code: str
    name: str
    municipality: str
    age: str
    typed: str
    ways: tuple[Way, ...]


class Words:
    """The texts of the page in one language."""

    def __init__(self, ctx: Context, language: str) -> None:
        self._ctx = ctx
        self.language = language

    def __call__(self, key: str, **facts: str) -> str:
        """Return one text."""
        return self._ctx.in_words(Text(f"page.{key}", **facts), self.language)


def join(ctx: Context, request: PageRequest) -> str:
    """Answer a visit: without a postcode the question, with one the answer."""
    asked = " ".join(request.query.get("postcode", "").split())[:16].upper()
    words = Words(ctx, request.language)
    digits = digits_of(asked)
    valid = bool(digits)
    found = [one for one in ctx.neighbourhoods() if valid and digits in one.postcodes]
    return _templates.get_template("join.html").render(
        words=words,
        language=request.language,
        other="en" if request.language == "nl" else "nl",
        asked=asked,
        valid=valid,
        found=[_watched(ctx, one, request, words) for one in found],
    )


def _watched(ctx: Context, place: Neighbourhood, request: PageRequest, words: Words) -> Watched:
    typed = ctx.in_words(Text("join.typed", code=place.code), request.language)
    payload = f"join-{place.code}" + ("-en" if request.language == "en" else "")
    age = str(ctx.within(place).settings(Settings).age)
    ways = tuple(_ways(request, payload, typed, words, place))
    return Watched(place.code, place.name, place.municipality, age, typed, ways)


def _ways(request: PageRequest, payload: str, typed: str, words: Words, place: Neighbourhood) -> Iterator[Way]:
    for account in request.accounts:
        try:
            link = request.invite(account, payload, typed)
        except Unavailable:
            continue  # its own name is not known yet: the page shows the others
        if link:
            messenger = display_name(account)
            title = words("qr", messenger=messenger, neighbourhood=place.name)
            yield Way(messenger, link, _picture(link, title))


def _picture(link: str, title: str) -> Markup:
    """Return a QR code as SVG within the page: nothing is fetched for it, and it is sharp at every size."""
    code = segno.make(link, error="m", micro=False)
    # segno escapes the title itself, and draws everything else.
    return Markup(code.svg_inline(border=4, omitsize=True, title=title, svgclass="qr", lineclass=None))
