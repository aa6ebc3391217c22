"""Command words: what people type for the commands of plugins, and which command a text begins with."""

from __future__ import annotations

import inspect
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from buurtwacht.host.declarations import Command, Parameters
from buurtwacht.host.declared import callable_now
from buurtwacht.host.reserved_words import ReservedWords
from buurtwacht.vocabulary.answers import fold
from buurtwacht.vocabulary.errors import Fault
from buurtwacht.vocabulary.texts import LANGUAGES, Catalogues

#: In `Command.takes`: the id or the name of any plugin here.
PLUGIN = "{plugin}"
#: A short id that names a series: the R of TB-R1.
_SERIES = re.compile(r"\b[A-Z0-9]{1,6}-(?P<series>[A-Z])\d{1,6}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A command word or words, folded, and the command it means."""

    words: tuple[str, ...]
    plugin: str
    command: Command
    parameters: Parameters

    def takes(self, rest: str) -> bool:
        """Say whether what follows the words is meant for the command; for one that takes nothing it is a sentence."""
        fits = not self.command.takes or re.fullmatch(self.command.takes, fold(rest)) is not None
        return bool(self.parameters.names) and fits


class Phrases:
    """The command words of all plugins of this process."""

    def __init__(self, catalogues: Catalogues, reserved: ReservedWords) -> None:
        self._catalogues = catalogues
        self._reserved = reserved
        #: by their first word, the longest first
        self._by_first: dict[str, list[Phrase]] = {}
        #: by plugin, in their order, and name
        self._commands: dict[str, dict[str, Command]] = {}

    def collect(self, declared: Iterable[tuple[str, Command]], names: Collection[str]) -> list[Fault]:
        """Take in all commands with their plugins' ids, and return what is wrong with their words.

        `names` are those of the plugins here. Raises `PluginError` for a handler that cannot be called.
        """
        faults: list[Fault] = []
        for plugin, one in declared:
            callable_now(plugin, one.handler, f"the handler of the command {one.name!r}")
            command = _completed(one, names)
            parameters = Parameters.of(command.handler)
            for words in self._words(plugin, command):
                faults += self._take(Phrase(words, plugin, command, parameters))
        for phrases in self._by_first.values():
            phrases.sort(key=lambda phrase: -len(phrase.words))
        return faults

    def of(self, text: str) -> tuple[list[Phrase], str]:
        """Return the commands that a text begins with, all of the longest phrase that fits, and what follows it."""
        stripped = text.strip().removeprefix("/")
        typed = stripped.split()
        folded = [fold(word.partition("@")[0] if index == 0 else word) for index, word in enumerate(typed[:6])]
        if not folded:
            return [], ""
        best: list[Phrase] = []
        for phrase in self._by_first.get(folded[0], ()):
            count = len(phrase.words)
            if best and count < len(best[0].words):
                break
            if tuple(folded[:count]) == phrase.words:
                best.append(phrase)
        if not best:
            return [], ""
        parts = stripped.split(None, len(best[0].words))
        rest = parts[-1] if len(parts) > len(best[0].words) else ""
        return _about(best, rest), rest

    def commands(self) -> list[tuple[str, Command]]:
        """Return every command with its plugin's id, once, in order of plugins."""
        return [(plugin, named[name]) for plugin, named in self._commands.items() for name in sorted(named)]

    def _words(self, plugin: str, command: Command) -> list[tuple[str, ...]]:
        """Return what is typed for a command; one that no catalogue describes is called and explained as in code."""
        spelled = " ".join(command.name.split("_"))
        explained = (inspect.getdoc(command.handler) or spelled).partition("\n")[0]
        for key, text in (("words", spelled), ("help", explained), ("example", spelled)):
            self._catalogues.supply(plugin, f"command.{command.name}.{key}", text)
        found: dict[tuple[str, ...], None] = {}
        for language in LANGUAGES:
            for words in self._catalogues.words(plugin, f"command.{command.name}.words", language):
                found[tuple(fold(words).split())] = None
        return list(found)

    def _take(self, phrase: Phrase) -> list[Fault]:
        """Keep a phrase beside the others, and return what is wrong with it; one plugin has each words only once."""
        plugin, command, said = phrase.plugin, phrase.command, " ".join(phrase.words)
        if not phrase.words:
            what = f"a word of its command {command.name!r} has no letter and no digit"
            return [Fault(f"plugin {plugin}", what, "choose one that can be typed")]
        begun = self._by_first.setdefault(phrase.words[0], [])
        others = [one for one in begun if one.words == phrase.words]
        if (twice := next((one for one in others if one.plugin == plugin), None)) is not None:
            leads = f"leads to {twice.command.name}, and never to {command.name}"
            return [Fault(f"plugin {plugin}", f'its command "{said}" {leads}', "choose another word for one of them")]
        faults = [
            Fault(
                f"plugins {other.plugin} and {plugin}",
                f'both have the command "{said}"',
                "switch one of them off, or have both declare it shared",
            )
            for other in others
            if not may_share(other.command, command)
        ]
        if (kept := self._reserved.fault(phrase)) is not None:
            faults.append(kept)
        begun.append(phrase)
        self._commands.setdefault(plugin, {})[command.name] = command
        return faults


def may_share(one: Command, other: Command) -> bool:
    """Say whether two commands may have the same word: both say so, or they are about ids of different series."""
    return (one.shared and other.shared) or one.series != other.series


def _completed(command: Command, names: Collection[str]) -> Command:
    """Return a command whose `takes` says how the plugins here are called."""
    if PLUGIN not in command.takes:
        return command
    either = "|".join(re.escape(one) for one in sorted({fold(name) for name in names}, key=len, reverse=True))
    return replace(command, takes=command.takes.replace(PLUGIN, f"(?:{either})"))


def _about(phrases: list[Phrase], rest: str) -> list[Phrase]:
    """Keep the commands of the series of the id that follows; without an id of theirs, those of no series.

    Of a word that plugins share, what follows it decides where one of them says what it takes.
    """
    found = _SERIES.search(rest)
    named = found["series"].upper() if found is not None else ""
    fitting = [one for one in phrases if one.command.series == named]
    fitting = fitting or [one for one in phrases if not one.command.series] or phrases
    if not rest or len(fitting) < 2:
        return fitting
    taking = [one for one in fitting if one.command.takes and one.takes(rest)]
    return taking or [one for one in fitting if not one.command.takes] or fitting
