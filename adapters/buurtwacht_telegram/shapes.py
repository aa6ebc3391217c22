"""Reading JSON that came from outside: every look says what it expects, and nothing is trusted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

#: a JSON object whose values nobody has looked at yet
Table: TypeAlias = Mapping[str, object]


class Malformed(ValueError):
    """Something has another shape than the Bot API promises; the message names the field and quotes nothing."""


def read_json(body: bytes) -> object:
    """Return what `body` holds. Raises `Malformed`, also for NaN, numbers without end and nesting without end."""
    try:
        value: object = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error
    return value


def _refuse(constant: str) -> object:
    raise Malformed(f"{constant} is not a number")


def table(value: object, name: str) -> Table:
    """Return `value` as a JSON object. Raises `Malformed`."""
    if not isinstance(value, dict):
        raise Malformed(f"{name} is not an object")
    return value


def inner(outer: Table, key: str) -> Table | None:
    """Return the object under `key`, None when it is absent. Raises `Malformed` when it is something else."""
    value = outer.get(key)
    return None if value is None else table(value, key)


def items(outer: Table, key: str) -> Sequence[object]:
    """Return the list under `key`, empty when it is absent. Raises `Malformed` when it is something else."""
    value = outer.get(key)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise Malformed(f"{key} is not a list")
    return value


def whole(outer: Table, key: str) -> int:
    """Return the whole number under `key`. Raises `Malformed` when there is none."""
    value = outer.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Malformed(f"{key} is not a whole number")
    return value


def number(outer: Table, key: str, largest: float) -> float:
    """Return the number under `key`, between -`largest` and `largest`. Raises `Malformed` when there is none."""
    value = outer.get(key)
    if not isinstance(value, int | float) or isinstance(value, bool) or not -largest <= value <= largest:
        raise Malformed(f"{key} is not a number within its limits")
    return float(value)


def words(outer: Table, key: str) -> str:
    """Return the text under `key`, empty when it is absent, without what no database keeps.

    Raises `Malformed` when it is something else than text.
    """
    value = outer.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Malformed(f"{key} is not text")
    return clean(value)


def hint(outer: Table, key: str) -> str:
    """Return the text under `key`, empty when it is absent or no text: for what nothing depends on."""
    value = outer.get(key)
    return clean(value) if isinstance(value, str) else ""


def clean(text: str) -> str:
    """Return `text` without NUL (PostgreSQL keeps none) and with half surrogate pairs (no UTF-8) as "?"."""
    if text.isascii():
        return text.replace("\0", "")
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def measure(outer: Table, key: str) -> float | None:
    """Return the positive number under `key` in whatever unit it has, None when there is no such thing."""
    value = outer.get(key)
    return float(value) if isinstance(value, int | float) and 0 < value < 1e12 else None
