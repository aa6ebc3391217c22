"""Words that a vital plugin keeps from the commands of others: who cries "brand" must not end up in their command."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from buurtwacht.host.declarations import Manifest
from buurtwacht.vocabulary.answers import fold
from buurtwacht.vocabulary.countries import danger_numbers
from buurtwacht.vocabulary.errors import Fault, PluginError
from buurtwacht.vocabulary.texts import CORE

if TYPE_CHECKING:
    from buurtwacht.host.phrases import Phrase

_TYPED = re.compile(r"\S+")
#: Numbers of one or two digits are answers, and begin no number that people dial.
_SHORTEST_NUMBER = 3


@dataclass(frozen=True, slots=True)
class Kept:
    """How a command stands in the way of reserved words, which those are, and whose."""

    how: str
    words: str
    owner: str


class ReservedWords:
    """What vital plugins keep for themselves, folded as command words are."""

    def __init__(self) -> None:
        #: with their owners, by their first word
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        #: how many words the longest has: so many of what follows a command are looked at
        self._longest = 0

    def add(self, manifest: Manifest, words: Collection[str]) -> None:
        """Keep the words of a plugin. Raises `PluginError` for one that is not vital: it may not take words away."""
        if not words:
            return
        if not manifest.vital:
            raise PluginError(manifest.id, "reserves words, which only a vital plugin may")
        for phrase in words:
            folded = tuple(fold(phrase).split())
            if folded:
                self._by_first.setdefault(folded[0], []).append((folded, manifest.id))
                self._longest = max(self._longest, len(folded))

    def taken(self, phrase: Phrase) -> Kept | None:
        """Return which reserved words a command would take away: it begins with them, or they begin with it, and what
        is left of them is taken for what belongs to it ("gas", and "gas leak").

        Nothing is kept from its owner, nor from the core: its "help" opens the menu, and who cries is heard before it.
        """
        if phrase.plugin != CORE and (number := _number(phrase.words)) is not None:
            return number
        if (found := self._begin(phrase.plugin, phrase.words)) is not None:
            return Kept("begins with", *found)
        mine = phrase.words
        for words, owner in self._others(phrase.plugin, mine[0]):
            if words[: len(mine)] == mine and phrase.takes(" ".join(words[len(mine) :])):
                return Kept("is the beginning of", " ".join(words), owner)
        return None

    def fault(self, phrase: Phrase) -> Fault | None:
        """Return what is wrong with a command that takes reserved words away, if it does."""
        kept = self.taken(phrase)
        if kept is None:
            return None
        said, plugin = " ".join(phrase.words), phrase.plugin
        mend = "choose another word for the command"
        if kept.owner == CORE:
            what = f'its command "{said}" {kept.how} "{kept.words}", a number for danger, which the core reserves'
            return Fault(f"plugin {plugin}", what, mend)
        what = f'the command "{said}" of {plugin} {kept.how} "{kept.words}", which {kept.owner} reserves'
        if kept.how != "begins with":
            mend += ", or say with `takes` what may follow it"
        return Fault(f"plugins {kept.owner} and {plugin}", what, mend)

    def follow(self, phrase: Phrase, rest: str) -> bool:
        """Say whether what was typed for a command may be no command: reserved words stand directly behind its own, and
        it does not say what it takes; or its own are the first of them ("gas leak at number 12").
        """
        if phrase.words[0] in self._by_first:
            words = (*phrase.words, *islice(_folded(rest), self._longest))
            if self._begin(phrase.plugin, words) is not None:
                return True
        if phrase.command.takes:
            return False
        following = _folded(rest)
        first = next(following, "")  # folding a word costs more than all the rest: mostly one is enough
        if first not in self._by_first:
            return False
        return self._begin(phrase.plugin, (first, *islice(following, self._longest))) is not None

    def _begin(self, plugin: str, words: Sequence[str]) -> tuple[str, str] | None:
        """Return the reserved words that words begin with, and whose they are."""
        for kept, owner in self._others(plugin, words[0]) if words else ():
            if tuple(words[: len(kept)]) == kept:
                return " ".join(kept), owner
        return None

    def _others(self, plugin: str, first: str) -> list[tuple[tuple[str, ...], str]]:
        """Return what begins with a word and is kept from a plugin."""
        if plugin == CORE:
            return []
        return [one for one in self._by_first.get(first, ()) if one[1] != plugin]


def _number(words: Sequence[str]) -> Kept | None:
    """Return the emergency or police number that words begin with, or all of them begin: "112 bellen", "0900"."""
    numbers, digits = danger_numbers(), ""
    for word in words:
        if not (part := word.replace("-", "")).isdigit():
            return None
        digits += part
        if digits in numbers:
            return Kept("begins with", digits, CORE)
    begun = [one for one in sorted(numbers) if len(digits) >= _SHORTEST_NUMBER and one.startswith(digits)]
    return Kept("is the beginning of", begun[0], CORE) if begun else None


def _folded(rest: str) -> Iterator[str]:
    """Return the words of a text as they are reserved, one after the other: what stands between them does not count,
    also where it takes the place of a space ("brand,achter", "brand/rook").
    """
    for typed in _TYPED.finditer(rest):
        yield from fold(typed.group()).split()
