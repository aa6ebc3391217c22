"""What a message says, as JSON and back: texts by key with their facts, never rendered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from buurtwacht.vocabulary.ids import PersonId
from buurtwacht.vocabulary.messages import (
    Attachment,
    Choice,
    Fact,
    Lines,
    Location,
    Message,
    PersonName,
    PersonNumber,
    Text,
)


def dump_text(text: Text) -> dict[str, Any]:
    """Return a text as JSON values."""
    dumped: dict[str, Any] = {"t": text.key, "d": text.domain}
    if text.facts:
        dumped["f"] = {name: dump_fact(fact) for name, fact in text.facts.items()}
    return dumped


def load_text(dumped: Mapping[str, Any]) -> Text:
    """Return the text that `dump_text` wrote."""
    facts = {name: load_fact(fact) for name, fact in dumped.get("f", {}).items()}
    return Text(dumped["t"], domain=dumped["d"], **facts)


def dump_fact(fact: Fact) -> Any:
    """Return a fact as a JSON value; what JSON has no word for becomes a small object.

    Raises `TypeError` and `ValueError` for what could not be read again.
    """
    match fact:
        case Text():
            return dump_text(fact)
        case Lines():
            return {"l": [dump_text(line) if isinstance(line, Text) else str(line) for line in fact.texts]}
        case PersonName():
            return {"p": _id(fact.person)}
        case PersonNumber():
            return {"n": _id(fact.person)}
        case datetime():
            return {"at": fact.isoformat()}
        case date():
            return {"on": fact.isoformat()}
        case time():
            return {"hm": fact.isoformat()}
        case timedelta():
            return {"s": fact.total_seconds()}
        case str() | int() | float() | None:
            return fact
    raise TypeError(f"a text cannot say what is {type(fact).__name__}: give it as a string, number, moment or Text")


def _id(person: int) -> int:
    if not isinstance(person, int) or not 0 <= person < 2**63:
        raise ValueError("this is nobody's id")
    return person


def load_fact(dumped: Any) -> Fact:
    """Return the fact that `dump_fact` wrote."""
    if not isinstance(dumped, dict):
        return dumped  # type: ignore[no-any-return] # a plain JSON value, written by dump_fact
    match dumped:
        case {"t": _}:
            return load_text(dumped)
        case {"l": lines}:
            return Lines(*(load_text(line) if isinstance(line, dict) else line for line in lines))
        case {"p": person}:
            return PersonName(PersonId(person))
        case {"n": person}:
            return PersonNumber(PersonId(person))
        case {"at": moment}:
            return datetime.fromisoformat(moment)
        case {"on": day}:
            return date.fromisoformat(day)
        case {"hm": wall}:
            return time.fromisoformat(wall)
        case {"s": seconds}:
            return timedelta(seconds=seconds)
    raise ValueError(f"no fact is written as {sorted(dumped)}")


def dump_message(message: Message) -> dict[str, Any]:
    """Return a message as JSON values; what is empty is left out."""
    dumped: dict[str, Any] = {"text": dump_text(message.text)}
    if message.choices:
        dumped["choices"] = [[choice.value, dump_text(choice.label)] for choice in message.choices]
        dumped["answer"] = message.answer
    if message.first_number != 1:
        dumped["first_number"] = message.first_number
    if message.standing:
        dumped["standing"] = True
    if message.brief is not None:
        dumped["brief"] = dump_text(message.brief)
    if message.edit_only:
        dumped["edit_only"] = True
    if message.digest is not None:
        dumped["digest"] = dump_text(message.digest)
    if message.repeat is not None:
        dumped["repeat"] = dump_text(message.repeat)
    if message.attachments:
        dumped["attachments"] = [[a.media, a.name, a.mime, a.kind] for a in message.attachments]
    if message.location is not None:
        point = message.location
        dumped["location"] = [point.latitude, point.longitude, point.accuracy]
    return dumped


def load_message(dumped: Mapping[str, Any]) -> Message:
    """Return the message that `dump_message` wrote."""
    location = dumped.get("location")
    brief, digest, repeat = (dumped.get(name) for name in ("brief", "digest", "repeat"))
    return Message(
        text=load_text(dumped["text"]),
        choices=tuple(Choice(value, load_text(label)) for value, label in dumped.get("choices", ())),
        answer=dumped.get("answer", ""),
        standing=dumped.get("standing", False),
        first_number=dumped.get("first_number", 1),
        brief=None if brief is None else load_text(brief),
        edit_only=dumped.get("edit_only", False),
        digest=None if digest is None else load_text(digest),
        repeat=None if repeat is None else load_text(repeat),
        attachments=tuple(Attachment(*attachment) for attachment in dumped.get("attachments", ())),
        location=None if location is None else Location(*location),
    )


def people_named(dumped: Any) -> Iterator[int]:
    """Yield the ids of all people whose names a dumped message will show."""
    return _people(dumped, "p")


def people_numbered(dumped: Any) -> Iterator[int]:
    """Yield the ids of all people whose telephone numbers a dumped message will show."""
    return _people(dumped, "n")


def _people(dumped: Any, mark: str) -> Iterator[int]:
    if isinstance(dumped, dict):
        if mark in dumped and len(dumped) == 1:
            yield dumped[mark]
        else:
            # A text's facts have names of their own, which may be the mark.
            for value in dumped.get("f", {}).values() if "t" in dumped else dumped.values():
                yield from _people(value, mark)
    elif isinstance(dumped, list):
        for value in dumped:
            yield from _people(value, mark)
