"""Texts brought down to plain words, every word knowing where it stands in what was typed."""

from __future__ import annotations

import re
import unicodedata
from itertools import islice
from typing import NamedTuple

#: So much of a long message is read, from its beginning and from its end: what and where of an alert are 420 signs
#: together (domain §2.2), and a pasted page may cost no more.
_BEGINNING, _END = 300, 120
#: So many words are read.
MOST_WORDS = 70

_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")


class _Plain(dict[int, str]):
    """Each character's plain form, looked up once. One for one, so that positions stay those of the original."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKD", chr(code))[0].lower()
        self[code] = plain if len(plain) == 1 else chr(code)
        return self[code]


#: Quotes and dashes that a phone's keyboard puts in are the plain ones.
_PLAIN = _Plain(zip(map(ord, "\u2019\u2018`\u2013\u2010\u2011"), "'''---", strict=True))


class Word(NamedTuple):
    """One word, plain, and its place in the text."""

    plain: str
    start: int
    end: int


def flat(text: str) -> str:
    """Return `text` in lower case and without accents, character for character."""
    return text.translate(_PLAIN)


def shortened(text: str) -> str:
    """Return what is read of a message: a long one without its middle."""
    if len(text) <= _BEGINNING + _END:
        return text
    return f"{cut(text, _BEGINNING)}\n{cut(text[::-1], _END)[::-1]}"


def cut(text: str, most: int) -> str:
    """Return the beginning of `text`, whole words of at most so many signs; a number that was cut is left out.

    What is left of a phone number or a plate would not be known for one.
    """
    if len(text) <= most:
        return text
    words = text[:most].split(" ")[:-1]
    while words and not words[-1].isalpha():
        words.pop()
    return " ".join(words)


def split(plain: str, most: int | None = None) -> list[Word]:
    """Return the (first `most`) words of a flat text; an apostrophe or hyphen within a word belongs to it."""
    return [Word(match.group(), *match.span()) for match in islice(_WORD.finditer(plain), most)]


def bag(words: str) -> frozenset[str]:
    """Return the words of a line as a set."""
    return frozenset(words.split())


def distance(one: str, other: str, limit: int) -> int:
    """Return in how many letters two words differ (a swap of neighbours is one), or `limit` + 1 when in more."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    # What is the same at both ends costs nothing; a typed street is the same nearly everywhere.
    short = min(len(one), len(other))
    start = 0
    while start < short and one[start] == other[start]:
        start += 1
    end = 0
    while end < short - start and one[-1 - end] == other[-1 - end]:
        end += 1
    one, other = one[start : len(one) - end], other[start : len(other) - end]
    if not one or not other:
        return len(one) + len(other)
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if last and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)
