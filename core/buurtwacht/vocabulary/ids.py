"""Identifiers made by us before anything is written: 63-bit, unique between processes, rising with time."""

from __future__ import annotations

import secrets
import threading
import time
from datetime import timedelta
from typing import NewType

PersonId = NewType("PersonId", int)
NeighbourhoodId = NewType("NeighbourhoodId", int)
MessageId = NewType("MessageId", int)
RecordId = NewType("RecordId", int)

#: Milliseconds since 1970 of 2024-01-01; 41 bits of milliseconds reach the year 2093.
_EPOCH_MS = 1_704_067_200_000
_RANDOM_BITS = 22

_lock = threading.Lock()
_last = 0


def new_id() -> int:
    """Return a new identifier, greater than any this process returned before.

    41 bits of milliseconds and 22 random bits. It says nothing about `ctx.now`: order in time is a column, not an id.
    """
    global _last
    stamp = (time.time_ns() // 1_000_000 - _EPOCH_MS) << _RANDOM_BITS
    fresh = stamp | secrets.randbits(_RANDOM_BITS - 1)
    with _lock:
        _last = fresh if fresh > _last else _last + 1
        return _last


def oldest_id(within: timedelta) -> int:
    """Return an identifier older than any that was made within this time, wherever the clocks agree."""
    return (time.time_ns() // 1_000_000 - _EPOCH_MS - int(within.total_seconds() * 1000)) << _RANDOM_BITS


def new_ids(count: int) -> range:
    """Return `count` new identifiers at once, rising, for rows written in bulk."""
    global _last
    first = new_id()
    with _lock:
        first = max(first, _last)
        _last = first + count
    return range(first, first + count)
