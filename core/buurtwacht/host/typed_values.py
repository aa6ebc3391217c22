"""Values of settings as people type them in a chat: numbers, yes and no, lists with commas, words between quotes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretBytes, SecretStr
from pydantic.fields import FieldInfo

from buurtwacht.vocabulary.answers import fold

YES = frozenset({"ja", "yes", "aan", "on", "true", "waar"})
NO = frozenset({"nee", "no", "uit", "off", "false", "onwaar"})
EMPTY = frozenset({"leeg", "geen", "niets", "empty", "none", "nothing"})
_QUOTES = {'"': '"', "'": "'", "“": "”", "„": "”", "‘": "’", "«": "»"}
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
#: "1.000", as the Dutch write a thousand.
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+")
#: Between the items of a list, but not within quotes.
_ITEM = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|“[^”]*”|„[^”]*”|«[^»]*»|[^,;\n])*)[,;\n]?""")
#: What a secret is called, also as a part of a word: "accesstoken", "client_secrets", but not "secretary".
_SECRET = re.compile(r"token|secret(?!ar)|passw|passphrase|credential|wachtwoord|api_?keys?\b|(?:\b|_)keys?$")
#: An address with a password in it, or a token behind it.
_SECRET_ADDRESS = re.compile(
    r"://[^/\s]*@|[?&](?:[^=&\s]*(?:token|secret|passw|signature|apikey|[_-]key)[^=&\s]*|key|sig|auth)=", re.IGNORECASE
)


class Untypable(ValueError):
    """What cannot be said in a chat: a table, a list of tables, or a secret."""


def read(typed: str, kind: object) -> object:
    """Return a value for a setting of this type, as it would stand in a file. Raises `Untypable`.

    What does not fit is returned as it was typed: the settings say what is wrong with it.
    """
    text, quoted = unquoted(typed)
    options = list(kinds(kind))
    word = fold(text)
    if any(isinstance(one, type) and issubclass(one, SecretStr | SecretBytes) for one in options):
        raise Untypable
    if not quoted and NoneType in options and word in EMPTY:
        return None
    items = next((one for one in options if _is_sequence(one)), None)
    if items is not None:
        return _list(typed, items)
    if any(_is_table(one) for one in options):
        raise Untypable
    for one in options:
        found = None if quoted else _simple(one, text, word)
        if found is not None:
            return found
    return "" if not quoted and word in EMPTY and str in options else text


def unquoted(typed: str) -> tuple[str, bool]:
    """Return a text without the quotes around the whole of it, and whether there were any."""
    text = typed.strip()
    if len(text) >= 2 and _QUOTES.get(text[0]) == text[-1] and text[-1] not in text[1:-1]:
        return text[1:-1], True
    return text, False


def kinds(kind: object) -> Iterator[object]:
    """Return the types that an annotation allows, each by itself."""
    origin = get_origin(kind)
    if origin is Annotated:
        yield from kinds(get_args(kind)[0])
    elif origin in (Union, UnionType):
        for one in get_args(kind):
            yield from kinds(one)
    else:
        yield kind


def part_of(kind: object, name: str) -> object | None:
    """Return the type of what is called so within a table of this type; None where there is no such thing."""
    for one in kinds(kind):
        if isinstance(one, type) and issubclass(one, BaseModel):
            return fields(one)[name].annotation if name in fields(one) else None
        if _is_table(one):
            inner: object = (*get_args(one), object, object)[1]
            return inner
    return None


def fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a model by the keys that a file has for them."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def is_secret(name: str, field: FieldInfo | None, value: object, *, within_secret: bool = False) -> bool:
    """Return whether a setting may not be shown in a chat: it says so itself, or looks like a token or a password.

    `within_secret`: the table it is in has the name of a secret, as "passwords" has.
    """
    options = list(kinds(field.annotation)) if field is not None else []
    if any(isinstance(one, type) and issubclass(one, SecretStr | SecretBytes) for one in options):
        return True
    if field is not None and not field.repr:
        return True
    if any(_SECRET_ADDRESS.search(text) for text in _texts(value)):
        return True
    return (within_secret or is_called_secret(name)) and (not options or any(_can_be_text(one) for one in options))


def is_called_secret(name: str) -> bool:
    """Return whether a setting has the name of a token or a password."""
    return _SECRET.search(name.lower()) is not None


def _texts(value: object) -> Iterator[str]:
    """Return a value in words as it would be shown; of a table, what its keys are called."""
    several = isinstance(value, Mapping | Sequence | Set) and not isinstance(value, str | bytes)
    return (str(one) for one in value) if several else iter((str(value),))  # type: ignore[attr-defined]


def _can_be_text(kind: object) -> bool:
    """Return whether a setting of this type may hold what somebody thought up: no number and no choice."""
    if not isinstance(kind, type):
        return get_origin(kind) is not Literal
    return kind is object or (issubclass(kind, str | bytes | Mapping | Sequence | Set) and not issubclass(kind, Enum))


def _is_sequence(kind: object) -> bool:
    origin = get_origin(kind) or kind
    return (
        isinstance(origin, type)
        and issubclass(origin, list | tuple | set | frozenset | Sequence | Set)
        and not (issubclass(origin, str | bytes))
    )


def _is_table(kind: object) -> bool:
    origin = get_origin(kind) or kind
    return isinstance(origin, type) and issubclass(origin, BaseModel | Mapping)


def _list(typed: str, kind: object) -> list[object]:
    text, quoted = unquoted(typed)
    if not quoted and (fold(text) in EMPTY or text in ("", "[]")):
        return []
    item = next((one for one in get_args(kind) if one is not Ellipsis), str)
    if any(_is_table(one) or _is_sequence(one) for one in kinds(item)):
        raise Untypable
    inner = text[1:-1] if text.startswith("[") and text.endswith("]") else typed
    return [read(one.strip(), item) for one in _ITEM.findall(inner) if one.strip()]


def _simple(kind: object, text: str, word: str) -> object | None:
    if kind is bool:
        return True if word in YES else False if word in NO else None
    if get_origin(kind) is Literal:
        return _chosen(get_args(kind), text, word)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _chosen([one.value for one in kind], text, word)
    if kind is int and _THOUSANDS.fullmatch(text):
        return int(text.replace(".", ""))
    if kind in (int, float) and _NUMBER.fullmatch(text):
        number = float(text.replace(",", "."))
        return int(number) if number.is_integer() and not re.search(r"[.,]", text) else number
    return None


def _chosen(values: Collection[object], text: str, word: str) -> object | None:
    """Return the choice that was typed, in whatever case; "uit" is "off" where that is one."""
    said = [one for one in values if str(one) == text] or [one for one in values if fold(str(one)) == word]
    for meaning in (YES, NO):
        if word in meaning:
            said = said or [one for one in values if fold(str(one)) in meaning]
    return said[0] if len(said) == 1 else None
