"""The id behind a choice: what a messenger carries for us and gives back when somebody taps it; numbers in a text."""

from __future__ import annotations

import re

#: 63 bits are at most 16 hexadecimal digits, so an id keeps far below the Bot API's 64 bytes.
_ID = re.compile(r"([0-9a-f]{1,16})\.([0-9]{1,3})")
#: The largest id; no database takes a larger number.
_MOST = (1 << 63) - 1


def choice_id(message: int, index: int) -> str:
    """Return the id of the choice at `index` (from 0) of the message with this id."""
    return f"{message:x}.{index}"


def parse_choice_id(text: str) -> tuple[int, int] | None:
    """Return message and index of what `choice_id` wrote, or None for anything else: a tap can carry any text."""
    found = _ID.fullmatch(text)
    message = int(found[1], 16) if found else _MOST + 1
    return (message, int(found[2])) if found and message <= _MOST else None


#: Begins the kind of free answer to a question whose own text prints numbers.
_NUMBERS = "numbers:"


def numbers_in_text(count: int) -> str:
    """Return the kind of free answer to a question whose text prints the numbers 1 to `count` (at most 999)."""
    return f"{_NUMBERS}{count}"


def count_in_text(free: str) -> int:
    """Return how many numbers the text of a question prints itself, by the kind of free answer that it takes."""
    return int(free.removeprefix(_NUMBERS)) if free.startswith(_NUMBERS) else 0
