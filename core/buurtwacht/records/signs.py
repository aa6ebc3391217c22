"""Signs that not every database keeps: taken out at the inbox's door, so that no report is lost, and of what is kept
as JSON, so that nothing said stands in the way of all that is read with it.

PostgreSQL refuses NUL in a text, and half of a surrogate pair has no UTF-8; SQLite takes the first of them.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError, from_json

from buurtwacht.vocabulary.events import Inbound

_written = TypeAdapter(Inbound).dump_json


def keepable(event: Inbound) -> Inbound:
    """Return an event whose texts every database keeps; the same one, when there is nothing to take out.

    NUL goes, two halves of a sign become that sign, and a half alone becomes U+FFFD.
    """
    # As JSON, in one look of compiled code: in almost all that comes there is nothing to take out.
    with suppress(PydanticSerializationError):  # half of a pair, which has no UTF-8
        if rb"\u0000" not in _written(event):
            return event
    found = _keepable(event)
    assert isinstance(found, Inbound)
    return found


def written(value: object) -> str:
    """Return a value as JSON that every database keeps and gives back. Raises `TypeError` and `ValueError`."""
    text = json.dumps(value, allow_nan=False)
    if "\\u0000" not in text:
        if "\\ud" not in text:
            return text
        with suppress(ValueError):  # half of a pair
            from_json(text)
            return text
    return json.dumps(_plain(value))


def _plain(value: object) -> object:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return {_plain(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def _keepable(value: object) -> object:
    if isinstance(value, str):
        return value if value.isascii() and "\0" not in value else _text(value)
    if isinstance(value, tuple):
        members = tuple(_keepable(one) for one in value)
        return members if any(new is not old for new, old in zip(members, value, strict=True)) else value
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            name: new for name in _names(type(value)) if (new := _keepable(old := getattr(value, name))) is not old
        }
        return replace(value, **changed) if changed else value
    return value


@lru_cache(maxsize=64)
def _names(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


def _text(text: str) -> str:
    kept = text.replace("\0", "")
    try:
        kept.encode()
    except UnicodeEncodeError:
        return kept.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return kept
