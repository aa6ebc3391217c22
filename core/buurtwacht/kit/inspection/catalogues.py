"""Whether the texts are complete: both languages, the same facts, formats that are known, nothing twice."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from babel.messages.pofile import PoFileError, read_po

from buurtwacht.kit.inspection.findings import Finding, Place
from buurtwacht.kit.inspection.subject import Subject
from buurtwacht.vocabulary.catalogue import FORMAL, FORMATS
from buurtwacht.vocabulary.texts import LANGUAGES

_ID = re.compile(r'msgid\s+"(.*)"\s*$')
#: A line of a catalogue that is no remark: a word of the format, and something between quotes.
_LINE = re.compile(r'\s*(msgctxt\s|msgid\s|msgid_plural\s|msgstr(\[\d+\])?\s)?\s*"([^"\\]|\\.)*"\s*')
_CONTEXT = re.compile(r'msgctxt\s+"(.*)"\s*$')


@dataclass(frozen=True, slots=True)
class Entry:
    """One text as it stands in a file: its forms, where, and whether it counts as translated."""

    key: str
    formal: bool
    forms: Sequence[str]
    place: Place
    fuzzy: bool

    @property
    def is_said(self) -> bool:
        """Whether there are words that count."""
        return not self.fuzzy and all(self.forms)

    @property
    def names(self) -> frozenset[str]:
        """The names of the facts that any of its forms shows; those that cannot be read are left out."""
        return frozenset(name for name, _ in _placeholders(self))


#: The texts of a package, by language and then by key and whether it is the polite form.
Texts = Mapping[str, Mapping[tuple[str, bool], Entry]]


def file_of(subject: Subject, language: str) -> Path:
    """Return the catalogue of a language, where it is or where it should be."""
    plain = subject.locale / f"{language}.po"
    nested = subject.locale / language / "LC_MESSAGES" / f"{subject.id}.po"
    return plain if plain.exists() or not nested.exists() else nested


def texts_of(subject: Subject) -> Texts:
    """Return the texts of a package, as far as its files can be read."""
    return {language: {(one.key, one.formal): one for one in _read(subject, language)[0]} for language in LANGUAGES}


def check(subject: Subject) -> Iterator[Finding]:
    """Look at each file by itself, then at one beside the other."""
    for language in LANGUAGES:
        entries, findings = _read(subject, language)
        yield from findings
        for one in entries:
            yield from _alone(one)
    yield from _together(subject, texts_of(subject))


def _read(subject: Subject, language: str) -> tuple[list[Entry], list[Finding]]:
    path = file_of(subject, language)
    if not path.is_file():
        return [], []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        with path.open("rb") as file:
            found = list(read_po(file, locale=language, abort_invalid=True))
    except UnicodeDecodeError:
        return [], [Finding(Place(path), "text-unreadable", "is no UTF-8", "save it as UTF-8")]
    except (PoFileError, ValueError) as error:
        return [], list(_malformed(path, lines)) or [_unreadable(path, 1, str(error))]
    places = _places(lines)
    entries: list[Entry] = []
    findings = list(_malformed(path, lines))
    for one in found:
        key = one.id if isinstance(one.id, str) else str(one.id[0])
        if not key:
            continue
        forms = tuple(map(str, one.string if isinstance(one.string, tuple | list) else (one.string or "",)))
        here = places.get((key, one.context or ""), [one.lineno or 1])
        entries.append(Entry(key, one.context == FORMAL, forms, Place(path, here[0]), one.fuzzy))
        for again in here[1:]:
            what = f"{key} stands here a second time; first in line {here[0]}"
            findings.append(Finding(Place(path, again), "text-twice", what, "leave one of them out"))
    return entries, findings


def _malformed(path: Path, lines: Sequence[str]) -> Iterator[Finding]:
    """Lines that gettext's format does not know; without its quotes an entry would be passed over in silence."""
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#") and not _LINE.fullmatch(line):
            yield _unreadable(path, number, "this is no line of a catalogue")


def _unreadable(path: Path, line: int, why: str) -> Finding:
    mend = 'an entry is msgid "key" and below it msgstr "words"; a quote within the words is \\"'
    return Finding(Place(path, line), "text-unreadable", f"cannot be read: {why}", mend)


def _places(lines: Sequence[str]) -> dict[tuple[str, str], list[int]]:
    """Return the lines on which each key stands, by key and context."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    context = ""
    for number, line in enumerate(lines, 1):
        if said := _CONTEXT.match(line):
            context = said[1]
        elif said := _ID.match(line):
            found[said[1], context].append(number)
            context = ""
    return found


def _alone(one: Entry) -> Iterator[Finding]:
    for form in one.forms:
        try:
            list(Formatter().parse(form))
        except ValueError as error:
            what = f"{one.key}: {error}"
            yield Finding(one.place, "text-format", what, "write braces around a name only, and {{ for a brace itself")
            return
    for name, form in sorted(set(_placeholders(one, unreadable=True))):
        if not name.isidentifier():
            what, mend = f"{one.key}: no fact is called {name!r}", "write the name of a fact: {name} or {at:time}"
            yield Finding(one.place, "text-format", what, mend)
        elif form not in FORMATS:
            known = ", ".join(sorted(FORMATS - {""}))
            what = f"{one.key}: no format is called {form!r}"
            yield Finding(one.place, "text-format", what, f"write {{{name}}}, or one of the formats {known}")
    if any("!" in form for form in one.forms):
        yield Finding(
            one.place, "text-exclamation", f"{one.key} shouts", "write a full stop: nobody likes to be shouted at"
        )


def _together(subject: Subject, texts: Texts) -> Iterator[Finding]:
    keys = {key for entries in texts.values() for key, one in entries.items() if one.is_said}
    for key, formal in sorted(keys):
        if formal:
            yield from _polite(texts, key)
            continue
        for language in LANGUAGES:
            mine = texts[language].get((key, False))
            if mine is None or not mine.is_said:
                yield _lacking(subject, texts, key, language, mine)
    for key in sorted({key for key, _ in keys}):
        yield from _facts(texts, key)


def _lacking(subject: Subject, texts: Texts, key: str, language: str, mine: Entry | None) -> Finding:
    path = file_of(subject, language)
    other = next(one[key, False] for one in texts.values() if (key, False) in one and one[key, False].is_said)
    what = f"{key} is missing in {path.name if path.name != f'{subject.id}.po' else language}"
    if mine is not None:
        what += ": it is marked as fuzzy" if mine.fuzzy else ": its msgstr is empty"
        return Finding(mine.place, "text-missing", what, "translate it, and leave out the mark #, fuzzy")
    mend = f'write msgid "{key}" in {path.parent.name}/{path.name}'
    return Finding(other.place, "text-missing", what, mend)


def _polite(texts: Texts, key: str) -> Iterator[Finding]:
    for entries in texts.values():
        one = entries.get((key, True))
        if one is not None and one.is_said and (key, False) not in entries:
            what = f"{key} has a polite form and no plain one"
            yield Finding(one.place, "text-missing", what, 'write an entry without msgctxt "formal" as well')


def _facts(texts: Texts, key: str) -> Iterator[Finding]:
    """The same facts in every language and form: with the first as the measure."""
    entries = [
        one for each in texts.values() for formal in (False, True) if (one := each.get((key, formal))) is not None
    ]
    entries = [one for one in entries if one.is_said]
    first = entries[0]
    for one in entries[1:]:
        lacks, has = sorted(first.names - one.names), sorted(one.names - first.names)
        if not lacks and not has:
            continue
        said = [f"does not show {_braced(lacks)}"] if lacks else []
        said += [f"shows {_braced(has)}"] if has else []
        where = f"{first.place.file.name}:{first.place.line}"
        what = f"{key} {' and '.join(said)}, unlike {where}"
        yield Finding(one.place, "text-placeholders", what, "show the same facts in every language and form")


def _braced(names: Sequence[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


def _placeholders(entry: Entry, *, unreadable: bool = False) -> Iterator[tuple[str, str]]:
    for form in entry.forms:
        try:
            found = list(Formatter().parse(form))
        except ValueError:
            continue
        for _, name, spec, _ in found:
            if name is not None and (unreadable or name.isidentifier()):
                yield name, spec or ""
