"""Texts put into words: keys and facts become a sentence in the reader's language, form of address and time zone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias
from zoneinfo import ZoneInfo

import structlog
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from buurtwacht.vocabulary import countries
from buurtwacht.vocabulary.catalogue import NOTHING_SAID, Catalogue, Line, Placeholder, Sentence, read_catalogue
from buurtwacht.vocabulary.errors import BuurtwachtError
from buurtwacht.vocabulary.messages import Fact, Lines, PersonName, PersonNumber, Reader, Text
from buurtwacht.vocabulary.phones import readable

#: The languages that ship; a reader of any other gets the first.
LANGUAGES = ("nl", "en")
#: The domain of the core's own texts.
CORE = "core"
#: Between the lines of a text that has to be one line.
SEPARATOR = " · "
#: What a template shows where there is nothing to show: its parameters may not be empty.
NOTHING = "-"

Escape: TypeAlias = Callable[[str], str]

_DATE = "EEE d MMMM"
_WEEKDAY = "EEEE"
_TITLES = frozenset(("mevrouw", "mevr", "mw", "meneer", "dhr", "familie", "fam", "mr", "mrs", "ms", "miss", "dr"))
_UNITS = (("days", 86_400), ("hours", 3_600), ("minutes", 60), ("seconds", 1))

#: More spaces in a row than a template's parameter may hold.
_WIDE = re.compile(r" {5,}")

_log = structlog.get_logger(__name__)


class MissingText(BuurtwachtError):
    """A text that no catalogue has, or that needs a fact it was not given."""


class Catalogues:
    """Every text there is, by domain and language.

    Strict, as in tests, a text without its translation raises `MissingText`; otherwise the other language is shown and
    it is logged once.
    """

    def __init__(self, *, strict: bool = False) -> None:
        self.strict = strict
        self._catalogues: dict[tuple[str, str], Catalogue] = {}
        self._told: set[tuple[str, ...]] = set()
        self.add(CORE, Path(__file__).parent.parent / "locale")

    def add(self, domain: str, folder: Path) -> None:
        """Read <folder>/nl.po and en.po, or as gettext has them: <folder>/nl/LC_MESSAGES/<domain>.po.

        A missing one counts as empty. Raises `ConfigurationError` for a bad one.
        """
        for language in LANGUAGES:
            plain, nested = folder / f"{language}.po", folder / language / "LC_MESSAGES" / f"{domain}.po"
            catalogue = read_catalogue(plain if plain.exists() or not nested.exists() else nested, language)
            self._catalogues[domain, language] = catalogue

    def supply(self, domain: str, key: str, text: str) -> None:
        """Add a text, word for word, in every language; where any catalogue has it already, that one stands."""
        if any(self.has(domain, key, language) for language in LANGUAGES):
            return
        for language in LANGUAGES:
            known = self._catalogues.get((domain, language), NOTHING_SAID)
            sentence = Sentence(((Line((text,), False),),))
            added = replace(known, sentences={**known.sentences, (key, False): sentence})
            self._catalogues[domain, language] = added

    # --- asking ----------------------------------------------------------------------------------------------------

    def has(self, domain: str, key: str, language: str) -> bool:
        """Return whether the text exists in this very language."""
        catalogue = self._catalogues.get((domain, language))
        return catalogue is not None and catalogue.find(key, False) is not None

    def knows(self, text: Text) -> bool:
        """Return whether some catalogue has the text and those it shows: not once their plugin or their key is gone."""
        shown = (fact.texts if isinstance(fact, Lines) else (fact,) for fact in text.facts.values())
        inner = (one for facts in shown for one in facts if isinstance(one, Text))
        here = any(self.has(text.domain, text.key, language) for language in LANGUAGES)
        return here and all(self.knows(one) for one in inner)

    def keys(self, domain: str) -> frozenset[str]:
        """Return the keys of a domain, of all languages together."""
        catalogues = (one for (named, _), one in self._catalogues.items() if named == domain)
        return frozenset(key for one in catalogues for key, _ in one.sentences)

    def placeholders(self, domain: str, key: str, language: str) -> frozenset[str]:
        """Return the names of the facts that a text shows. Raises `MissingText`."""
        return self._exact(domain, key, language).names

    def words(self, domain: str, key: str, language: str) -> tuple[str, ...]:
        """Return the words of a text that lists them between commas; none where this language has none."""
        catalogue = self._catalogues.get((domain, language))
        sentence = catalogue.find(key, False) if catalogue else None
        if sentence is None:
            return ()
        text = " ".join(str(part) for line in sentence.forms[0] for part in line.parts)
        return tuple(word for word in (part.strip() for part in text.split(",")) if word)

    # --- rendering -------------------------------------------------------------------------------------------------

    def render(self, text: Text, reader: Reader, *, one_line: bool = False, escape: Escape | None = None) -> str:
        """Return the text in words. `escape` is applied to what people wrote, never to our own sentences.

        Raises `MissingText` when no language has it; when strict, also when this language or a fact is missing.
        """
        catalogue, sentence = self._find(text, reader)
        lines: list[str] = []
        for line in self._form(catalogue, sentence, text):
            rendered = "".join(
                part if isinstance(part, str) else self._fact(text, part, reader, escape) for part in line.parts
            )
            if line.optional and not rendered.strip():
                continue
            if not rendered and (not lines or not lines[-1]):
                continue  # what disappeared leaves no gap
            lines.append(rendered)
        whole = "\n".join(lines).strip("\n")
        return _flat(whole) if one_line else whole

    def template_body(
        self, domain: str, key: str, language: str, country: str = "NL"
    ) -> tuple[str, tuple[Placeholder, ...]]:
        """Return a text as the body of a template, with {{1}}, {{2}} …, and its parameters in that order.

        The facts of the country are written out: they never differ between two messages. Raises `MissingText`.
        """
        sentence = self._exact(domain, key, language)
        known = _country_facts(country)
        parameters = tuple(one for one in sentence.placeholders if one.name not in known)
        numbers = {one: f"{{{{{place}}}}}" for place, one in enumerate(parameters, 1)}
        return "\n".join(_template_line(line, numbers, known) for line in sentence.forms[-1]), parameters

    def parameters(self, text: Text, reader: Reader, names: tuple[Placeholder, ...]) -> tuple[str, ...]:
        """Return the values of a template's parameters: single lines, never empty."""
        return tuple(_flat(self._fact(text, name, reader, None)) or NOTHING for name in names)

    def labels(self, text: Text, language: str, count: int) -> bool:
        """Return whether the template of a text has labels for so many choices: Meta refuses it with more of them.

        Raises `MissingText` when strict.
        """
        here = len(self.words(text.domain, f"{text.key}.buttons", language))
        if count > here:
            what = f"has {count} choices, and its template {here} buttons: write {text.key}.buttons in {language}.po"
            self._miss(text.domain, text.key, what)
        return count <= here

    def _exact(self, domain: str, key: str, language: str) -> Sentence:
        catalogue = self._catalogues.get((domain, language))
        sentence = catalogue.find(key, False) if catalogue else None
        if sentence is None:
            raise MissingText(f"{domain}: {key} is missing in {language}")
        return sentence

    def _find(self, text: Text, reader: Reader) -> tuple[Catalogue, Sentence]:
        wanted = language_of(reader.language)
        for language in (wanted, *(one for one in LANGUAGES if one != wanted)):
            catalogue = self._catalogues.get((text.domain, language))
            sentence = catalogue.find(text.key, reader.formal) if catalogue else None
            if catalogue is None or sentence is None:
                self._miss(text.domain, text.key, f"is missing in {language}")
                continue
            return catalogue, sentence
        raise MissingText(f"{text.domain or 'no domain'}: {text.key} is in no catalogue")

    def _form(self, catalogue: Catalogue, sentence: Sentence, text: Text) -> tuple[Line, ...]:
        if len(sentence.forms) == 1:
            return sentence.forms[0]
        count = text.facts.get("count")
        if not isinstance(count, int | float):
            self._miss(text.domain, text.key, "needs the fact count")
            return sentence.forms[-1]
        return sentence.forms[min(catalogue.plural(abs(int(count))), len(sentence.forms) - 1)]

    def _fact(self, text: Text, place: Placeholder, reader: Reader, escape: Escape | None) -> str:
        if place.name in text.facts:
            return self._say(text.facts[place.name], place.format, reader, escape)
        of_country = _country_facts(reader.country).get(place.name)
        if of_country is None:
            self._miss(text.domain, text.key, f"needs the fact {place.name}")
        return of_country or ""

    def _say(self, fact: Fact, form: str, reader: Reader, escape: Escape | None) -> str:
        match fact:
            case None:
                return ""
            case str():
                return escape(fact) if escape else fact
            case Text():
                return self.render(fact, reader, escape=escape)
            case Lines():
                lines = (self._say(one, "", reader, escape) for one in fact.texts)
                return "\n".join(line for line in lines if line)
            case PersonName():
                name = reader.names.get(fact.person)
                if name is None:
                    return self.render(Text("person.former", domain=CORE), reader)
                name = _first_name(name) if form == "first" else name
                return escape(name) if escape else name
            case PersonNumber():
                number = reader.numbers.get(fact.person)
                if number is None:
                    return self.render(Text("person.no_number", domain=CORE), reader)
                return readable(number, reader.country)
            case timedelta():
                return self._duration(fact, reader)
            case datetime():
                return _moment(fact.astimezone(ZoneInfo(reader.timezone)), form, reader)
            case date():
                return _day(fact, _WEEKDAY if form == "day" else _DATE, reader)
            case time():
                return f"{fact:%H:%M}"
            case _:
                return _number(fact, reader)

    def _duration(self, span: timedelta, reader: Reader) -> str:
        """Say a span in its two largest units: "1 uur 30 minuten"."""
        left = round(abs(span.total_seconds()))
        said: list[str] = []
        for unit, seconds in _UNITS:
            count, left = divmod(left, seconds)
            if count or (unit == "seconds" and not said):
                said.append(self.render(Text(f"duration.{unit}", domain=CORE, count=count), reader))
            if len(said) == 2 or (said and not count):
                break
        return " ".join(said)

    def _miss(self, domain: str, key: str, what: str) -> None:
        if self.strict:
            raise MissingText(f"{domain or 'no domain'}: {key} {what}")
        if (domain, key, what) not in self._told:
            self._told.add((domain, key, what))
            _log.error("a text is not complete", domain=domain, key=key, what=what)


def language_of(tag: str) -> str:
    """Return the language we speak for a BCP 47 tag ("nl-BE" is "nl"), the first of ours for any other."""
    language = tag.replace("_", "-").partition("-")[0].lower()
    return language if language in LANGUAGES else LANGUAGES[0]


def _first_name(name: str) -> str:
    """Return the first name of a display name; the whole of one that begins with a title, "mevrouw De Wit"."""
    first = name.split()[0] if name.split() else name
    return name if first.rstrip(".").casefold() in _TITLES else first


def _flat(text: str) -> str:
    """Join lines, and change nothing else that shows (R47).

    A template's parameter may hold no line break, no tab, and no more than four spaces in a row (Cloud API, 132018).
    """
    lines = (_WIDE.sub(" " * 4, line.replace("\t", " ").strip()) for line in text.splitlines())
    return SEPARATOR.join(line for line in lines if line)


def _template_line(line: Line, numbers: Mapping[Placeholder, str], known: Mapping[str, str]) -> str:
    return "".join(
        part if isinstance(part, str) else numbers[part] if part in numbers else known[part.name] for part in line.parts
    )


@lru_cache
def _country_facts(code: str) -> Mapping[str, str]:
    return MappingProxyType(dict(countries.facts(countries.country(code))))


@lru_cache
def _locale(language: str) -> Locale:
    return Locale.parse(language_of(language))


def _day(day: date, pattern: str, reader: Reader) -> str:
    return format_date(day, pattern, locale=_locale(reader.language))


def _moment(moment: datetime, form: str, reader: Reader) -> str:
    match form:
        case "time":
            return f"{moment:%H:%M}"
        case "date":
            return _day(moment, _DATE, reader)
        case "day":
            return _day(moment, _WEEKDAY, reader)
        case _:
            return f"{_day(moment, _DATE, reader)} {moment:%H:%M}"


def _number(number: float, reader: Reader) -> str:
    """Write a number as the reader does; from ten thousand with separators, so that a year stays a year."""
    if isinstance(number, int) and abs(number) < 10_000:
        return str(number)
    return format_decimal(number, locale=_locale(reader.language))
