"""Faults in settings, put into sentences for the person who wrote them; nobody should have to know pydantic."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from buurtwacht.vocabulary.errors import Fault

#: where something stands in nested tables
Place: TypeAlias = tuple[str | int, ...]

#: what is wrong and how to mend it, by pydantic's type of error; {key} and the error's own facts are filled in
_SENTENCES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "missing": ("is missing", "write {key} = …"),
        "string_type": ("must be text", 'put it between quotes: {key} = "…"'),
        "string_too_short": ("is empty or too short", "write at least {min_length} characters"),
        "string_too_long": ("is too long", "write at most {max_length} characters"),
        "bool_type": ("must be true or false", "write {key} = true or {key} = false"),
        "bool_parsing": ("must be true or false", "write {key} = true or {key} = false"),
        "int_type": ("must be a whole number", "write {key} = 1, without quotes"),
        "int_parsing": ("must be a whole number", "write {key} = 1, without quotes"),
        "int_from_float": ("must be a whole number", "leave out the decimals"),
        "float_type": ("must be a number", "write {key} = 1.5, without quotes"),
        "float_parsing": ("must be a number", "write {key} = 1.5, without quotes"),
        "finite_number": ("must be a number", "write {key} = 1.5, without quotes"),
        "greater_than": ("is too small", "write more than {gt}"),
        "greater_than_equal": ("is too small", "write at least {ge}"),
        "less_than": ("is too large", "write less than {lt}"),
        "less_than_equal": ("is too large", "write at most {le}"),
        "list_type": ("must be a list", 'write {key} = ["…", "…"]'),
        "tuple_type": ("must be a list", 'write {key} = ["…", "…"]'),
        "set_type": ("must be a list", 'write {key} = ["…", "…"]'),
        "dict_type": ("must be a table", "write [{key}] on a line of its own, and its keys below"),
        "mapping_type": ("must be a table", "write [{key}] on a line of its own, and its keys below"),
        "model_type": ("must be a table", "write [{key}] on a line of its own, and its keys below"),
    }
)


class Unfit(ValueError):
    """A value that cannot be used: what is wrong with it, and how to mend it. For validators of settings."""

    def __init__(self, what: str, mend: str) -> None:
        self.what = what
        self.mend = mend
        super().__init__(what)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where settings were read: the file's name, and the environment variable behind a dotted key."""

    file: str = "plugins.toml"
    variables: Mapping[str, str] = field(default_factory=dict)

    def fault(self, key: str, what: str, mend: str) -> Fault:
        """Return a fault of the dotted `key`; the variable is named when the value came from the environment."""
        place = f"{self.file}: {key}" if key else self.file
        variable = self.variables.get(key)
        return Fault(place, what, f"it is set by {variable}; {mend}" if variable else mend)


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the one of `words` that `word` was probably meant to be, or None."""
    by_folded = {known.casefold(): known for known in words}
    close = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.7)
    return by_folded[close[0]] if close else None


def suggestion(word: str, words: Collection[str], otherwise: str) -> str:
    """Return "did you mean …?" when one of `words` is near, else `otherwise`."""
    near = nearest(word, words)
    return f"did you mean {near}?" if near else otherwise


def faults_of(
    error: ValidationError, model: type[BaseModel], key_of: Callable[[Place], str], where: Whereabouts
) -> list[Fault]:
    """Put each fault pydantic found while filling `model` into a sentence; `key_of` makes a dotted key of its place.

    Values are shown only where a choice was misspelt: anything else may be a secret.
    """
    findings = [
        _Finding(each["type"], each["loc"], each.get("ctx", {}), each["input"], each["msg"])
        for each in error.errors(include_url=False)
    ]
    return [where.fault(key_of(finding.place), *_sentence(finding, model)) for finding in findings]


def unknown_key(key: str, known: Collection[str]) -> tuple[str, str]:
    """Return what is wrong and how to mend it for a key that is none of `known`."""
    listed = f"the keys here are {', '.join(sorted(known))}" if known else "there is nothing to set here"
    return "there is no such key", suggestion(key, known, listed)


def is_everywhere(field: FieldInfo) -> bool:
    """Return whether a setting is one for the whole installation: `json_schema_extra={"everywhere": True}`."""
    extra = field.json_schema_extra
    return isinstance(extra, dict) and bool(extra.get("everywhere"))


def keys(model: type[BaseModel]) -> set[str]:
    """Return the keys that a table for this model may hold."""
    return {field.alias or name for name, field in model.model_fields.items()}


@dataclass(frozen=True, slots=True)
class _Finding:
    """One error as pydantic tells it."""

    kind: str
    place: Place
    facts: Mapping[str, object]
    value: object
    message: str


def _sentence(finding: _Finding, model: type[BaseModel]) -> tuple[str, str]:
    place, facts = finding.place, finding.facts
    key = next((str(part) for part in reversed(place) if isinstance(part, str) and part != "[key]"), "")
    if finding.kind == "extra_forbidden":
        table = _model_at(model, place[:-1])
        return unknown_key(key, keys(table) if table else ())
    if finding.kind in ("literal_error", "enum"):
        return _choice(finding.value, str(facts["expected"]))
    if finding.kind == "value_error":
        cause = facts["error"]
        return (cause.what, cause.mend) if isinstance(cause, Unfit) else (str(cause), "write another value")
    if finding.kind in _SENTENCES:
        what, mend = _SENTENCES[finding.kind]
        return what, mend.format(**{**facts, "key": key})
    plain = finding.message.replace("Input should be", "must be")
    return plain[:1].lower() + plain[1:], "write another value"


def _choice(value: object, expected: str) -> tuple[str, str]:
    # pydantic lists the choices as 'off', 'moderated' or 'members'
    choices = [word.strip().strip("'") for part in expected.split(" or ") for word in part.split(",")]
    return f"{value!r} is not one of the choices", suggestion(str(value), choices, f"choose {' or '.join(choices)}")


def _model_at(model: type[BaseModel], place: Place) -> type[BaseModel] | None:
    """Return the model of the table at `place` inside a table for `model`."""
    table: type[BaseModel] | None = model
    for part in place:
        if table is None or isinstance(part, int):
            continue
        named = {field.alias or name: field for name, field in table.model_fields.items()}
        if part in named:
            table = _model_in(named[part].annotation)
    return table


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
