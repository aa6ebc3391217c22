"""Whether commands can be typed: their texts, and words that are not taken by the core, another plugin or an answer."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from buurtwacht.host.declarations import Command, Parameters
from buurtwacht.host.phrases import Phrase, may_share
from buurtwacht.host.reserved_words import ReservedWords
from buurtwacht.kit.inspection.catalogues import Texts, texts_of
from buurtwacht.kit.inspection.findings import Finding, Place
from buurtwacht.kit.inspection.source import argument
from buurtwacht.kit.inspection.subject import Subject
from buurtwacht.vocabulary.answers import fold
from buurtwacht.vocabulary.texts import CORE, LANGUAGES

_PARTS = ("words", "help", "example")
#: What people say to a question in one word: a command comes before an answer.
_ANSWERS = frozenset(
    {"ja", "nee", "yes", "no", "ok", "oke", "okay", "goed", "klopt", "misschien", "maybe", "veilig", "safe"}
)


def check(subject: Subject) -> Iterator[Finding]:
    """Look at each command's texts, and at each word of it."""
    texts = texts_of(subject)
    taken, reserved = _taken(subject), _reserved(subject)
    mine: dict[tuple[str, ...], Command] = {}
    for command in subject.commands():
        yield from _texts(subject, command, texts)
        for words, place in _words(subject, command, texts):
            said = " ".join(words)
            for plugin, other in taken.get(words, ()):
                if not may_share(other, command):
                    what = (
                        f'the word "{said}" of {command.name} is a command of {_whose(subject, plugin)} ({other.name})'
                    )
                    mend = "choose another word, or have both declare shared=True"
                    yield Finding(place, "command-collides", what, mend if plugin != CORE else "choose another word")
            phrase = Phrase(words, subject.id, command, Parameters.of(command.handler))
            if (kept := reserved.taken(phrase)) is not None:
                owner = "the core" if kept.owner == CORE else f"the plugin {kept.owner}"
                whose = f'{kept.how} "{kept.words}", which {owner} reserves'
                what = f'the word "{said}" of {command.name} {whose}'
                yield Finding(place, "command-reserved", what, "choose another word: who types it means a report")
            before = mine.setdefault(words, command)
            if before is not command:
                what = f'the word "{said}" leads to {before.name}, and never to {command.name}'
                yield Finding(place, "command-twice", what, "choose another word for one of them")
            if not said or said.isdigit() or said in _ANSWERS:
                what = f'the word "{said}" of {command.name} is also an answer: who answers a question would command'
                yield Finding(place, "command-answer", what, "choose a word that answers nothing")


def place_of(subject: Subject, command: Command) -> Place:
    """Return the line on which a command is declared."""
    for module in subject.sources:
        for node in module.calls():
            if module.origin(node.func) == "buurtwacht.Command":
                name = argument(node, 0, "name")
                if isinstance(name, ast.Constant) and name.value == command.name:
                    return Place(module.path, node.lineno)
    return subject.place_of(getattr(subject.module, "commands", None))


def place_of_words(subject: Subject, said: str) -> Place | None:
    """Return the line on which the words of a command are written, folded as `said` is; None for no such command."""
    texts = texts_of(subject)
    for command in subject.commands():
        for words, place in _words(subject, command, texts):
            if " ".join(words) == said:
                return place
    return None


def _texts(subject: Subject, command: Command, texts: Texts) -> Iterator[Finding]:
    keys = [f"command.{command.name}.{part}" for part in _PARTS]
    lacking = [key for key in keys if not any((key, False) in texts[language] for language in LANGUAGES)]
    if lacking:
        what = f"{command.name} has no text {', '.join(lacking)}: its name and its docstring stand there for everybody"
        mend = f"write {'them' if len(lacking) > 1 else 'it'} in {' and '.join(f'{one}.po' for one in LANGUAGES)}"
        yield Finding(place_of(subject, command), "command-texts", what, mend)


def _words(subject: Subject, command: Command, texts: Texts) -> Iterator[tuple[tuple[str, ...], Place]]:
    """Return what is typed for a command, folded as the core folds it, each once, and where it is written."""
    key = f"command.{command.name}.words"
    found: dict[tuple[str, ...], Place] = {}
    for language in LANGUAGES:
        entry = texts[language].get((key, False))
        for one in entry.forms[0].split(",") if entry is not None else ():
            found.setdefault(
                tuple(fold(one.strip()).split()), entry.place if entry is not None else Place(subject.package.file)
            )
    if not found:
        found[tuple(fold(command.name.replace("_", " ")).split())] = place_of(subject, command)
    yield from found.items()


def _taken(subject: Subject) -> dict[tuple[str, ...], list[tuple[str, Command]]]:
    """Return the words of the core, of every built-in plugin and of every other one that is installed."""
    plugins, catalogues = subject.others
    taken: dict[tuple[str, ...], list[tuple[str, Command]]] = {}
    for plugin, command in plugins.phrases.commands():
        for language in LANGUAGES:
            for words in catalogues.words(plugin, f"command.{command.name}.words", language):
                known = taken.setdefault(tuple(fold(words).split()), [])
                if (plugin, command) not in known:
                    known.append((plugin, command))
    for other in subject.elsewhere:
        texts = texts_of(other)
        for command in other.commands():
            for folded, _ in _words(other, command, texts):
                taken.setdefault(folded, []).append((other.id, command))
    return taken


def _reserved(subject: Subject) -> ReservedWords:
    """Return the words that vital plugins keep, those of other distributions too."""
    reserved = subject.others[0].reserved
    for other in subject.elsewhere:
        if other.manifest is not None and other.manifest.vital:  # another is refused at the start
            reserved.add(other.manifest, other.reserved_words())
    return reserved


def _whose(subject: Subject, plugin: str) -> str:
    if plugin == CORE:
        return "the core"
    outside = next((one for one in subject.elsewhere if one.id == plugin), None)
    return f"the plugin {plugin}, of {outside.package.distribution}" if outside else f"the built-in plugin {plugin}"
