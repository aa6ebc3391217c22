"""Who is meant by a name that somebody typed."""

from __future__ import annotations

from collections.abc import Sequence

from buurtwacht import Person, fold


def fitting(typed: str, people: Sequence[Person]) -> list[Person]:
    """Return the people of this name: those whose whole name it is, else those whose name begins with it."""
    wanted = fold(typed)
    if not wanted:
        return []
    whole = [one for one in people if fold(one.name) == wanted]
    return whole or [one for one in people if f"{fold(one.name)} ".startswith(f"{wanted} ")]
