"""What a message says, neutral and unrendered: texts by key, choices, severity, attachments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeAlias

from buurtwacht.vocabulary.ids import PersonId


class Severity(StrEnum):
    """How much a message may disturb; also its lane, the first member first."""

    CRITICAL = "critical"
    URGENT = "urgent"
    NOTICE = "notice"
    INFO = "info"

    @property
    def presses(self) -> bool:
        """Whether it is worth repeating when nobody knows if it arrived (critical and urgent)."""
        return self in PRESSING


#: What is said again when nobody knows whether it arrived, unless the settings say otherwise.
PRESSING = frozenset((Severity.CRITICAL, Severity.URGENT))


@dataclass(frozen=True, slots=True)
class PersonName:
    """A fact that is somebody's display name, looked up when it is shown ("oud-lid" after erasure)."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class PersonNumber:
    """A fact that is the telephone number somebody has with us, put in when the message leaves and kept nowhere.

    Without one "no number known" is shown. Only plugins with the permission `share:numbers` may say it, and only where
    he agreed to that.
    """

    person: PersonId


Fact: TypeAlias = (
    "str | int | float | datetime | date | time | timedelta | PersonName | PersonNumber | Text | Lines | None"
)


@dataclass(frozen=True, slots=True, init=False)
class Text:
    """A sentence by its key in a catalogue, with the facts it needs.

    `domain` is the catalogue: a plugin's id, or "core". Left empty, the context fills in the plugin that speaks.
    A fact named `count` chooses the plural. Facts in the catalogue stand as `{name}`; times as `{name:time}`.
    """

    key: str
    facts: Mapping[str, Fact]
    domain: str

    def __init__(self, key: str, /, *, domain: str = "", **facts: Fact) -> None:
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "facts", facts)
        object.__setattr__(self, "domain", domain)

    def within(self, domain: str) -> Text:
        """Return this text, and every text among its facts, bound to `domain` where it had none."""
        facts = {name: _bind(fact, domain) for name, fact in self.facts.items()}
        return Text(self.key, domain=self.domain or domain, **facts)


@dataclass(frozen=True, slots=True, init=False)
class Lines:
    """Texts one below the other; what is None or empty is left out. In a template they are joined by " · "."""

    texts: tuple[Text | str, ...]

    def __init__(self, *texts: Text | str | None) -> None:
        object.__setattr__(self, "texts", tuple(text for text in texts if text))


def _bind(fact: Fact, domain: str) -> Fact:
    if isinstance(fact, Text):
        return fact.within(domain)
    if isinstance(fact, Lines):
        return Lines(*(text.within(domain) if isinstance(text, Text) else text for text in fact.texts))
    return fact


def _signs(fact: Fact) -> int:
    if isinstance(fact, str):
        return len(fact)
    if isinstance(fact, Text):
        return sum(_signs(one) for one in fact.facts.values())
    if isinstance(fact, Lines):
        return len(fact.texts) + sum(_signs(one) for one in fact.texts)
    return 0


def _shows_number(fact: Fact) -> bool:
    if isinstance(fact, Text):
        return any(_shows_number(one) for one in fact.facts.values())
    if isinstance(fact, Lines):
        return any(_shows_number(one) for one in fact.texts)
    return isinstance(fact, PersonNumber)


def _people(fact: Fact) -> Iterator[int]:
    if isinstance(fact, PersonName):
        yield fact.person
    elif isinstance(fact, Text):
        for one in fact.facts.values():
            yield from _people(one)
    elif isinstance(fact, Lines):
        for line in fact.texts:
            yield from _people(line)


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing the reader can answer: `value` is what the handler gets, `label` what he sees."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Location:
    """A point in degrees (WGS 84); `accuracy` in metres where the sender knew it."""

    latitude: float
    longitude: float
    accuracy: float | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message. `media` is the id of the stored bytes; `kind` is photo or document."""

    media: int
    name: str
    mime: str
    kind: str = "document"


@dataclass(frozen=True, slots=True)
class Message:
    """Everything one message shows.

    `choices` are answers below it; what is tapped or typed goes to the plugin's registered `answer` handler.
    `standing` choices keep their numbers 1 to n and are no question (the answers under an alert, R22).
    `brief` is the short line for a reader whose messenger cannot edit, when this message replaces an earlier one;
    `edit_only` leaves such a reader in peace (a tally that goes on and on).
    `digest` is the short line that stands for it in a digest of what quiet hours put off; without it, its whole text.
    `repeat` is said in place of `text` when it may have arrived already, and says so itself; without it a mark is put
    before the text, which may have to begin with one of its own (R26).
    """

    text: Text
    choices: Sequence[Choice] = ()
    answer: str = ""
    standing: bool = False
    brief: Text | None = None
    edit_only: bool = False
    digest: Text | None = None
    repeat: Text | None = None
    attachments: Sequence[Attachment] = ()
    location: Location | None = None
    #: the number printed for the first choice, where choices become numbered lines
    first_number: int = 1

    def within(self, domain: str) -> Message:
        """Return this message with every text of it bound to a catalogue where it had none."""
        return replace(
            self,
            text=self.text.within(domain),
            choices=tuple(Choice(one.value, one.label.within(domain)) for one in self.choices),
            brief=None if self.brief is None else self.brief.within(domain),
            digest=None if self.digest is None else self.digest.within(domain),
            repeat=None if self.repeat is None else self.repeat.within(domain),
        )

    @property
    def signs(self) -> int:
        """How many signs the longest of its texts has at least: those of its facts, whatever the catalogue adds."""
        return max(_signs(one) for one in self._said)

    @property
    def shows_number(self) -> bool:
        """Whether a telephone number of somebody stands anywhere in it."""
        return any(_shows_number(one) for one in self._said)

    @property
    def shows_people(self) -> set[int]:
        """Whose names stand anywhere in it, by id."""
        return {who for one in self._said for who in _people(one)}

    @property
    def _said(self) -> tuple[Text | None, ...]:
        return (self.text, self.brief, self.digest, self.repeat, *(one.label for one in self.choices))


@dataclass(frozen=True, slots=True)
class Thread:
    """What a message is about: a record of a plugin, and the short id that people type (TB-0001), if it has one."""

    plugin: str
    record: int
    short: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a text is put into words."""

    language: str = "nl"
    formal: bool = False
    timezone: str = "Europe/Amsterdam"
    country: str = "NL"
    #: display names by person id, for facts that are people
    names: Mapping[int, str] = field(default_factory=dict)
    #: telephone numbers (E.164) by person id, for facts that show one
    numbers: Mapping[int, str] = field(default_factory=dict)
