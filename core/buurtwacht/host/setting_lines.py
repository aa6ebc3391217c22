"""Settings put into lines for a chat: what each is, who decided that, and what of it may not be shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Literal, get_args, get_origin

from pydantic import BaseModel, SecretBytes, SecretStr
from pydantic.fields import FieldInfo

from buurtwacht.host.typed_values import fields, is_called_secret, is_secret, kinds
from buurtwacht.vocabulary.messages import Text

#: As much of one value as is shown.
_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Shown:
    """One value of a plugin's settings: by what name it is set, and what it is in words."""

    name: str
    value: Text | str | timedelta
    is_secret: bool = False


def shown(model: BaseModel) -> Iterator[Shown]:
    """Return every value of a plugin's settings, those of tables by names with dots."""
    for name, field in fields(type(model)).items():
        yield from _shown(name, name, field, getattr(model, _attribute(type(model), name)))


def shown_at(model: BaseModel, name: str) -> list[Shown]:
    """Return the values of a setting, or of the table that is called so."""
    return [one for one in shown(model) if one.name == name or one.name.startswith(f"{name}.")]


def holds_secret(model: BaseModel, name: str) -> bool:
    """Return whether a setting, or anything in its table, may not be seen."""
    return any(one.is_secret for one in shown_at(model, name))


def choices(kind: object) -> list[str]:
    """Return what can be chosen for a setting of this type, as it stands in a file; nothing where it is free."""
    found: list[str] = []
    for one in kinds(kind):
        if get_origin(one) is Literal:
            found += [str(value) for value in get_args(one)]
        elif isinstance(one, type) and issubclass(one, Enum):
            found += [str(value.value) for value in one]
        elif (one if get_origin(one) is None else get_origin(one)) in (list, tuple, set, frozenset, Sequence, Set):
            found += [name for item in get_args(one) if item is not Ellipsis for name in choices(item)]
    return found


def _attribute(model: type[BaseModel], key: str) -> str:
    return next(name for name, field in model.model_fields.items() if (field.alias or name) == key)


def _shown(
    path: str, name: str, field: FieldInfo | None, value: object, *, within_secret: bool = False
) -> Iterator[Shown]:
    inner_secret = within_secret or is_called_secret(name)
    if is_secret(name, field, value, within_secret=within_secret) or isinstance(value, SecretStr | SecretBytes):
        yield Shown(path, Text("setting.value.hidden"), is_secret=True)
    elif isinstance(value, BaseModel):
        for key, inner in fields(type(value)).items():
            held = getattr(value, _attribute(type(value), key))
            yield from _shown(f"{path}.{key}", key, inner, held, within_secret=inner_secret)
    elif isinstance(value, Mapping) and value:
        for key, inner_value in value.items():
            yield from _shown(f"{path}.{key}", str(key), None, inner_value, within_secret=inner_secret)
    else:
        yield Shown(path, _words(value))


def _words(value: object) -> Text | str | timedelta:
    if isinstance(value, bool):
        return Text("yes" if value else "no")
    if value is None or value == "" or (isinstance(value, Sequence | Set | Mapping) and not value):
        return Text("setting.value.empty")
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, timedelta):
        return value
    if isinstance(value, Sequence | Set) and not isinstance(value, str | bytes):
        if any(isinstance(one, BaseModel | Mapping) for one in value):
            return Text("setting.value.tables", count=len(value))
        return _cut(", ".join(_item(one) for one in value))
    return _cut(str(value))


def _item(value: object) -> str:
    """Return one of a list as it would be typed: between quotes where it has a comma in it."""
    text = str(value.value) if isinstance(value, Enum) else str(value)
    return f'"{text}"' if "," in text or ";" in text else text


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
