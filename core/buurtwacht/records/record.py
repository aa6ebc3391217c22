"""Record: what a plugin keeps, written down as a class with annotations, and kept in a table of the plugin's own."""

from __future__ import annotations

import re
import sys
import types
import typing
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any, ClassVar, TypeVar, Union, dataclass_transform

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeEngine

from buurtwacht.records.schema import NAMES, Moment
from buurtwacht.vocabulary.errors import PluginError
from buurtwacht.vocabulary.ids import new_id

R = TypeVar("R", bound="Record")


class _Chosen(TypeDecorator[Any]):
    """An enum kept by its value."""

    impl = String(40)
    cache_ok = True

    def __init__(self, kind: type[Enum]) -> None:
        super().__init__()
        self._kind = kind

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Return the value that is kept."""
        return None if value is None else str(self._kind(value).value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Return the member."""
        return None if value is None else self._kind(value)


#: One MetaData per plugin: its tables, its history, nobody else's.
_metadata: dict[str, MetaData] = {}
_unset: Any = object()
#: Where a table remembers the module and name of its class, and whose it is.
_DEFINED = "buurtwacht.defined"
_OWNER = "buurtwacht.owner"


def metadata_of(plugin: str) -> MetaData:
    """Return the tables that a plugin has declared."""
    return _metadata.setdefault(plugin, MetaData(naming_convention=NAMES))


def tables_of(plugin: str) -> Mapping[str, Table]:
    """Return the tables that stand in a plugin's name, whoever declared them."""
    return metadata_of(plugin).tables


def owner_of(table: Table) -> str:
    """Return the plugin whose table it is; empty for one of the core."""
    return str(table.info.get(_OWNER, ""))


def defined_in(table: Table) -> str:
    """Return the module that declares a table."""
    return str(table.info[_DEFINED][0])


@dataclass_transform(kw_only_default=True)
class Record:
    """Base of what a plugin keeps. Annotated names become columns of the table `<plugin id>_<class name>`.

    Allowed are int, float, bool, str, datetime (aware), enums, dict and list (JSON), each also as `… | None`; names of
    ids (`PersonId`) are ints. A class attribute is the default. `id`, `created` and `version` come with every record:
    the id is made at once, `created` is the moment it was added, `version` guards against two handlers changing the
    same record (the later one is run again). It is changed in the handler that found it: a later change is refused.
    Class keywords: `plugin` when the module's `manifest` is elsewhere, `unique` and `index`, tuples of column names. A
    class that is defined again (its module reloaded, or inside a function that is called again) takes the place of the
    former; two different ones of one name are refused.
    """

    id: int
    created: datetime
    version: int

    __table__: ClassVar[Table]
    _defaults: ClassVar[dict[str, Any]]

    def __init_subclass__(
        cls,
        *,
        plugin: str = "",
        unique: tuple[tuple[str, ...], ...] = (),
        index: tuple[tuple[str, ...], ...] = (),
    ) -> None:
        super().__init_subclass__()
        owner = plugin or _owner(cls)
        hints = typing.get_type_hints(cls)
        names = [name for name in cls.__annotations__ if not name.startswith("_")]
        cls._defaults = {name: cls.__dict__[name] for name in names if name in cls.__dict__}
        for name in cls._defaults:
            delattr(cls, name)
        name = f"{owner}_{_snake(cls.__name__)}"
        _make_room(cls, name, metadata_of(owner))
        cls.__table__ = Table(
            name,
            metadata_of(owner),
            Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
            *(_column(cls, name, hints[name]) for name in names),
            Column("created", Moment, nullable=False),
            Column("version", Integer, nullable=False),
            *(UniqueConstraint(*columns) for columns in unique),
            *(Index(None, *columns) for columns in index),
            info={_DEFINED: (cls.__module__, cls.__qualname__), _OWNER: owner},
        )
        # A registry of its own: one in common would know two definitions of a class by one name, and warn of it.
        registry().map_imperatively(cls, cls.__table__, version_id_col=cls.__table__.c.version)

    def __init__(self, **values: Any) -> None:
        self.id = new_id()
        known = set(self.__table__.c.keys()) - {"id", "created", "version"}
        unknown = values.keys() - known
        if unknown:
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(unknown))}")
        for name in known:
            value = values.get(name, _unset)
            if value is _unset:
                value = self._defaults.get(name, _unset)
                if isinstance(value, dict | list):
                    value = value.copy()
            if value is _unset:
                if not self.__table__.c[name].nullable:
                    raise TypeError(f"{type(self).__name__} needs {name}")
                value = None
            setattr(self, name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        """Change it. Raises `PluginError` when it was found by a handler or hook that is over: nobody would keep it."""
        state = self.__dict__.get("_sa_instance_state")  # while it is made it has none yet
        if state is not None and state.detached:
            kind = type(self).__name__
            what = f"changes a {kind} after whoever found it returned, and that is never kept: pass its id on"
            raise PluginError(owner_of(self.__table__), f"{what}, and find it again")
        super().__setattr__(name, value)


def _make_room(cls: type, name: str, metadata: MetaData) -> None:
    """Let go of the table of an earlier definition of this class. What a function defined lives no longer than it."""
    former = metadata.tables.get(name)
    if former is None:
        return
    module, place = former.info[_DEFINED]
    if (module, place) != (cls.__module__, cls.__qualname__) and "<locals>" not in place:
        raise TypeError(f"{cls.__module__}.{cls.__qualname__}: {module}.{place} has the table {name} already")
    metadata.remove(former)


def _owner(cls: type) -> str:
    """Find the plugin: the `manifest` of the module, or of the package it lies in."""
    name = cls.__module__
    while name:
        manifest = getattr(sys.modules.get(name), "manifest", None)
        if manifest is not None:
            return str(manifest.id)
        name = name.rpartition(".")[0]
    raise TypeError(
        f"{cls.__module__}.{cls.__name__}: no manifest above it; say class {cls.__name__}(Record, plugin=…)"
    )


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _column(cls: type, name: str, hint: Any) -> Column[Any]:
    nullable = False
    if typing.get_origin(hint) in (Union, types.UnionType):
        members = [one for one in typing.get_args(hint) if one is not type(None)]
        nullable = len(members) < len(typing.get_args(hint))
        if len(members) != 1:
            raise TypeError(f"{cls.__name__}.{name}: {hint} cannot be kept; one type, or one type | None")
        hint = members[0]
    hint = getattr(hint, "__supertype__", hint)
    return Column(name, _type(cls, name, typing.get_origin(hint) or hint), nullable=nullable)


def _type(cls: type, name: str, kind: Any) -> TypeEngine[Any]:
    plain: dict[Any, TypeEngine[Any]] = {
        bool: Boolean(),
        int: BigInteger(),
        float: Float(),
        str: Text(),
        datetime: Moment(),
        dict: JSON(),
        list: JSON(),
        tuple: JSON(),
    }
    if kind in plain:
        return plain[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _Chosen(kind)
    raise TypeError(f"{cls.__name__}.{name}: {kind} cannot be kept; use int, float, bool, str, datetime, enum or JSON")
