"""Reading JSON that somebody else wrote: each step checks what it takes, and says what was wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime


class Malformed(Exception):
    """Something is missing or has another form; the message names it, and holds nothing of a person."""


def mapping(value: object, what: str) -> Mapping[str, object]:
    """Return an object. Raises `Malformed` for anything else."""
    if not isinstance(value, dict):
        raise Malformed(f"{what} is no object")
    return value


def entries(holder: Mapping[str, object], key: str) -> list[object]:
    """Return a list, empty when it is not there. Raises `Malformed` when it is no list."""
    value = holder.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise Malformed(f"{key} is no list")
    return value


def text(holder: Mapping[str, object], key: str) -> str:
    """Return a text, empty when it is not there. Raises `Malformed` when it is no text.

    NUL and half surrogates, which JSON can hold and no database takes, become the replacement character.
    """
    value = holder.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Malformed(f"{key} is no text")
    return storable(value)


def needed(holder: Mapping[str, object], key: str) -> str:
    """Return a text that must be there. Raises `Malformed` otherwise."""
    value = text(holder, key)
    if not value:
        raise Malformed(f"no {key}")
    return value


def storable(value: str) -> str:
    """Return `value` without characters that cannot be stored."""
    if value.isascii():
        return value.replace("\0", "\ufffd")
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


def degrees(holder: Mapping[str, object], key: str, limit: float) -> float:
    """Return an angle between `-limit` and `limit`. Raises `Malformed` otherwise."""
    value = holder.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Malformed(f"no {key}")
    try:
        angle = float(value)
    except (ValueError, OverflowError):
        raise Malformed(f"{key} is no number") from None
    if not math.isfinite(angle) or abs(angle) > limit:
        raise Malformed(f"{key} is out of range")
    return angle


def moment(value: object, otherwise: datetime) -> datetime:
    """Return seconds since 1970, as a number or in digits, as a time in UTC; `otherwise` for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:12])
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        return otherwise
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return otherwise
