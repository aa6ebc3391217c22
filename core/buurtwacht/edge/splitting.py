"""Long texts cut into parts that a messenger takes, where a reader would pause; nothing is ever left out (R49)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

#: Where a text may be cut, the best first: between paragraphs, lines, sentences, words. What stays before the cut.
_BREAKS = (("\n\n", ""), ("\n", ""), (". ", "."), (" ", ""))


def length(text: str) -> int:
    """Return the length as the strictest messenger counts: in UTF-16 units, an emoji being two (Bot API)."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def split(text: str, limit: int, last: int) -> list[str]:
    """Return the text in parts of at most `limit`, the last of at most `last` (both as `length` counts)."""
    parts: list[str] = []
    text = text.strip("\n ")
    while length(text) > last:
        if length(text) > limit:
            most = _reach(text, limit)
            head, text = _before(text, most)
        else:
            head, text = _after(text, len(text) - _reach(text[::-1], last))
        parts.append(head)
    return [*parts, text]


def split_marked(text: str, limit: int, last: int, mark: Callable[[str, int, int], str]) -> list[str]:
    """Return the text in parts as `split` does, each marked with its number and how many there are.

    The limits hold with the marks: room is kept for as many digits as they have.
    """
    for digits in count(2):
        most = 10**digits - 1
        room = length(mark("x", most, most)) - 1
        parts = split(text, limit - room, last - room)
        if len(parts) <= most:
            break
    return [mark(part, number, len(parts)) for number, part in enumerate(parts, 1)]


def _reach(text: str, limit: int) -> int:
    """Return how many characters fit into `limit`, at least one."""
    if text.isascii():
        return max(1, limit)
    used = 0
    for index, character in enumerate(text):
        used += 1 if character <= "\uffff" else 2
        if used > limit:
            return max(1, index)
    return len(text)


def _before(text: str, most: int) -> tuple[str, str]:
    """Cut at the best place in the second half of the first `most` characters, else at any space, else there."""
    for least in (most // 2, 1):
        for mark, kept in _BREAKS:
            place = text.rfind(mark, least, most - len(kept) + len(mark))
            if place > 0:
                return _cut(text, place, mark, kept)
    return text[:most], text[most:]


def _after(text: str, least: int) -> tuple[str, str]:
    """Cut at the best place from `least` on, so that what remains is short enough, else there."""
    for mark, kept in _BREAKS:
        place = text.find(mark, max(1, least - len(mark)))
        if place > 0 and text[place + len(mark) :].strip():
            return _cut(text, place, mark, kept)
    return text[:least], text[least:]


def _cut(text: str, place: int, mark: str, kept: str) -> tuple[str, str]:
    return text[:place].rstrip() + kept, text[place + len(mark) :].lstrip("\n ")
