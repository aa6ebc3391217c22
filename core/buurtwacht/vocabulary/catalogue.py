"""One catalogue: the sentences of one domain in one language, read from a .po file and taken apart once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from gettext import c2py
from pathlib import Path
from string import Formatter
from typing import TypeAlias

from babel.messages.catalog import Message as Entry
from babel.messages.pofile import PoFileError, read_po

from buurtwacht.vocabulary.errors import ConfigurationError, Fault

#: What may stand behind the colon of a placeholder: how a time or a span is written; of a person, his first name alone.
FORMATS = frozenset({"", "time", "date", "datetime", "day", "duration", "first"})
#: The context (msgctxt) of the polite form.
FORMAL = "formal"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """Where a fact goes: `{name}` or `{name:format}`."""

    name: str
    format: str = ""

    def __str__(self) -> str:
        return f"{self.name}:{self.format}" if self.format else self.name


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sentence. An optional line holds nothing but placeholders: it disappears when they are empty."""

    parts: tuple[str | Placeholder, ...]
    optional: bool


Form: TypeAlias = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text of the catalogue: its forms, by the plural rule of the language; most have one."""

    forms: tuple[Form, ...]

    @property
    def placeholders(self) -> tuple[Placeholder, ...]:
        """Every placeholder of the last form (that of "many"), once each, in order."""
        found = (part for line in self.forms[-1] for part in line.parts if isinstance(part, Placeholder))
        return tuple(dict.fromkeys(found))

    @property
    def names(self) -> frozenset[str]:
        """The names of the facts that any of its forms shows."""
        parts = (part for form in self.forms for line in form for part in line.parts)
        return frozenset(part.name for part in parts if isinstance(part, Placeholder))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The sentences of one file, by key and by whether they are the polite form."""

    sentences: Mapping[tuple[str, bool], Sentence]
    plural: Callable[[int], int]

    def find(self, key: str, formal: bool) -> Sentence | None:
        """Return a sentence; the polite form falls back to the plain one."""
        return (self.sentences.get((key, True)) if formal else None) or self.sentences.get((key, False))


#: Read once for each version of a file; tests make many worlds of the same texts.
_read: dict[Path, tuple[int, Catalogue]] = {}
#: The catalogue of a language that a domain does not speak.
NOTHING_SAID = Catalogue({}, lambda count: 0)


def read_catalogue(path: Path, language: str) -> Catalogue:
    """Return the catalogue in a .po file; one without sentences when there is no such file.

    What is fuzzy or empty counts as not translated. Raises `ConfigurationError` naming file and key for what cannot be
    read.
    """
    try:
        stamp = path.stat().st_mtime_ns
    except FileNotFoundError:
        return NOTHING_SAID
    known = _read.get(path)
    if known is None or known[0] != stamp:
        known = _read[path] = stamp, _load(path, language)
    return known[1]


def _load(path: Path, language: str) -> Catalogue:
    try:
        with path.open("rb") as file:
            entries = read_po(file, locale=language, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        raise _fault(path, "", str(error)) from error
    sentences = {}
    for entry in entries:
        forms = tuple(map(str, entry.string if isinstance(entry.string, tuple | list) else (entry.string or "",)))
        if entry.id and not entry.fuzzy and all(forms):
            sentences[_key(entry), entry.context == FORMAL] = _sentence(path, _key(entry), forms)
    return Catalogue(sentences, c2py(entries.plural_expr))


def _key(entry: Entry) -> str:
    return entry.id if isinstance(entry.id, str) else str(entry.id[0])


def _sentence(path: Path, key: str, forms: tuple[str, ...]) -> Sentence:
    try:
        return Sentence(tuple(tuple(_line(line) for line in form.split("\n")) for form in forms))
    except ValueError as error:
        raise _fault(path, key, str(error)) from error


def _line(text: str) -> Line:
    parts: list[str | Placeholder] = []
    for literal, name, form, _ in Formatter().parse(text):
        if literal:
            parts.append(literal)
        if name is None:
            continue
        if not name.isidentifier() or form not in FORMATS:
            raise ValueError(f"no placeholder is written {{{name}{':' if form else ''}{form}}}")
        parts.append(Placeholder(name, form or ""))
    optional = any(isinstance(part, Placeholder) for part in parts)
    return Line(tuple(parts), optional and not any(isinstance(part, str) and part.strip() for part in parts))


def _fault(path: Path, key: str, what: str) -> ConfigurationError:
    where = f"{path.parent.name}/{path.name}" + (f": {key}" if key else "")
    return ConfigurationError([Fault(where, what, "mend the catalogue; placeholders are {name} or {name:time}")])
