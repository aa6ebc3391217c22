"""The neighbours of the first story in a drill."""

from __future__ import annotations

from buurtwacht.testing import Member, World

from .tolberg import Tolberg, texts, tolberg


def marked(member: Member) -> list[str]:
    """Return what a member has before him of drills."""
    return [text for text in texts(member) if text.startswith(("OEFENING", "EXERCISE"))]


def in_time(world: World, at: str = "2026-01-16 14:00") -> Tolberg:
    """Build Tolberg on an afternoon, without quiet hours."""
    return tolberg(world, at)


def begun(world: World, words: str = "oefening verdachte auto Meidoornstraat") -> Tolberg:
    """Have Kees begin a drill, and everybody get it."""
    town = in_time(world)
    town.kees.says(words)
    town.kees.taps("Ja")
    world.advance(seconds=20)
    return town
