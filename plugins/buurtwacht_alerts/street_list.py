"""The street list of a neighbourhood, and how a street in it is found as people write it: short, apart, mistyped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from buurtwacht_alerts.words import Word, bag, distance, flat, split

#: A shorter word comes near too much.
_LONG_ENOUGH = 6

_SHORT_ENDINGS = (
    ("straatje", "straatje"),
    ("str", "straat"),
    ("pln", "plein"),
    ("plnts", "plantsoen"),
    ("sngl", "singel"),
    ("ln", "laan"),
)
_SHORT_WORDS = {
    "burg": "burgemeester",
    "burgem": "burgemeester",
    "dr": "dokter",
    "doctor": "dokter",
    "prof": "professor",
    "pres": "president",
    "str": "straat",
    "ln": "laan",
    "rd": "road",
    "ave": "avenue",
    "ds": "dominee",
    "past": "pastoor",
    "kon": "koningin",
    "gen": "generaal",
    "st": "sint",
}
#: Words that look like streets and are none.
NOT_STREETS = bag(
    "onderweg snelweg autoweg rijweg fietspad voetpad wandelpad kerkhof schoolplein voorplein parkeerplein tuinpad"
    " zandpad zijstraat dwarsstraat winkelstraat halverwege gaandeweg vanwege omweg uitweg zandweg landweg hoofdweg"
    " gerechtshof bospad oprijlaan terugweg heenweg zijweg loopweg achterpad tuinpaadje hoofdstraat ventweg stoepad"
    " vluchtweg beloof behoef kleinkinderhof deurweg oprit vallei buitenweg overweg wijk eindelijk"
)
_STREET_ENDINGS = bag("straat str laan plein singel dreef weg hof pad plantsoen gracht kade steeg dijk")


@dataclass(frozen=True, slots=True)
class _Known:
    """A listed street as it is compared: in one word, which letters are in it, of how many words it is."""

    joined: str
    letters: int
    words: int


_ByLetter: TypeAlias = dict[str, dict[int, list[_Known]]]


class StreetIndex:
    """The streets of a neighbourhood, found by how people write them."""

    def __init__(self, streets: Sequence[str]) -> None:
        self._exact: dict[str, str] = {}
        self._longest = 1
        #: by their first and by their second letter, and then by length: a wrong letter spares one of the two
        self._first: _ByLetter = {}
        self._second: _ByLetter = {}
        #: the same of streets of several words: most that is typed cannot be one
        self._first_of_many: _ByLetter = {}
        self._second_of_many: _ByLetter = {}
        for street in streets:
            words = [word.plain for word in split(flat(street))]
            joined = _joined(words)
            if not joined or joined in self._exact:
                continue
            self._exact[joined] = street
            self._longest = max(self._longest, len(words))
            if len(joined) >= _LONG_ENOUGH:
                known = _Known(joined, _letters(joined), len(words))
                kept = [self._first, self._second]
                kept += [self._first_of_many, self._second_of_many] if len(words) > 1 else []
                for at, by_letter in enumerate(kept):
                    by_letter.setdefault(joined[at % 2], {}).setdefault(len(joined), []).append(known)

    def find(self, words: Sequence[Word], full: Sequence[str], at: int, tries: Iterator[int]) -> tuple[str, int] | None:
        """Return the listed street that begins at word `at`, and of how many words it is, or None.

        `full` are the words in full ("meidoornstr" is "meidoornstraat"); once no `tries` are left, no more letters are
        compared.
        """
        most = min(self._longest, len(words) - at)
        # "Meidoorn straat" is one word more than the street has.
        if at + most < len(words) and words[at + most].plain in _STREET_ENDINGS:
            most += 1
        tried: list[tuple[str, int]] = []
        for count in range(most, 0, -1):
            joined = "".join(full[at : at + count])
            if count > 1 and words[at + count - 1].plain == "st":
                joined = joined.removesuffix("sint") + "street"
            name = self._exact.get(joined)
            if name is not None:
                return name, count
            tried.append((joined, count))
        for joined, count in tried:
            split_up = count > 1 and words[at + count - 1].plain in _STREET_ENDINGS
            name = self._near(joined, count - split_up, tries)
            if name is not None:
                return name, count
        return None

    def _near(self, typed: str, words: int, tries: Iterator[int]) -> str | None:
        """Return the one street within one letter of a short word, two of a long one; None when two are as near.

        What was typed in several words is no street of one, unless it was only split before its ending.
        """
        if len(typed) < _LONG_ENOUGH or typed in NOT_STREETS:
            return None
        first, second = (self._first, self._second) if words == 1 else (self._first_of_many, self._second_of_many)
        letters = 0
        best, found = 3, ""
        for by_length in (first.get(typed[0]), second.get(typed[1])):
            if by_length is None:
                continue
            letters = letters or _letters(typed)
            for length in range(len(typed) - 2, len(typed) + 3):
                limit = 2 if length >= 9 and len(typed) >= 8 else 1
                for known in by_length.get(length, ()):
                    if known.words < words or (letters ^ known.letters).bit_count() > 2 * limit:
                        continue
                    if next(tries, None) is None:
                        return None
                    off = distance(typed, known.joined, limit)
                    if off <= limit and off <= best and known.joined != found:
                        best, found = off, known.joined if off < best else ""
        return self._exact[found] if found else None


@lru_cache(maxsize=256)
def street_index(streets: tuple[str, ...]) -> StreetIndex:
    """Return the index of a list of streets, made once per list."""
    return StreetIndex(streets)


def _joined(words: Sequence[str]) -> str:
    name = "".join(map(in_full, words))
    return name.removesuffix("sint") + "street" if len(words) > 1 and words[-1] == "st" else name


@lru_cache(maxsize=2048)
def in_full(word: str) -> str:
    """Return a word with what is short for something written out."""
    if word in _SHORT_WORDS:
        return _SHORT_WORDS[word]
    for short, full in _SHORT_ENDINGS:
        if len(word) > len(short) + 2 and word.endswith(short):
            return word[: -len(short)] + full
    return word


def _letters(word: str) -> int:
    """Return which letters occur, one bit each: two words that differ in many cannot be near."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 31)
    return bits
