"""Words that a vital plugin keeps from the commands of others: who cries "brand" must not end up in their command."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from buurtwacht.host.declarations import Manifest
from buurtwacht.vocabulary.answers import fold
from buurtwacht.vocabulary.errors import Fault, PluginError
from buurtwacht.vocabulary.texts import CORE


class ReservedWords:
    """What vital plugins keep for themselves, folded as command words are."""

    def __init__(self) -> None:
        self._owners: dict[tuple[str, ...], str] = {}

    def add(self, manifest: Manifest, words: Collection[str]) -> None:
        """Keep the words of a plugin. Raises `PluginError` for one that is not vital: it may not take words away."""
        if not words:
            return
        if not manifest.vital:
            raise PluginError(manifest.id, "reserves words, which only a vital plugin may")
        for phrase in words:
            folded = tuple(fold(phrase).split())
            if folded:
                self._owners.setdefault(folded, manifest.id)

    def taken(self, plugin: str, words: Sequence[str]) -> tuple[str, str] | None:
        """Return with which reserved words a command begins, and whose they are.

        Nothing is kept from its owner, nor from the core: its "help" opens the menu, and who cries is heard before it.
        """
        if plugin == CORE:
            return None
        for count in range(1, len(words) + 1):
            owner = self._owners.get(tuple(words[:count]))
            if owner is not None and owner != plugin:
                return " ".join(words[:count]), owner
        return None

    def fault(self, plugin: str, words: Sequence[str]) -> Fault | None:
        """Return what is wrong with a command that begins so, if anything."""
        found = self.taken(plugin, words)
        if found is None:
            return None
        said, (reserved, owner) = " ".join(words), found
        what = f'the command "{said}" of {plugin} begins with "{reserved}", which {owner} reserves'
        return Fault(f"plugins {owner} and {plugin}", what, "choose another word for the command")
