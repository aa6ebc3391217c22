"""Prepared statements: what runs for every event is put into SQL once, and from then on handed to the driver as it is.

SQLAlchemy looks at a statement, its parameters and its columns anew each time: for the few that every message needs
that cost more than all else together. A statement is still written in its terms, and its types still translate values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any, TypeAlias

from sqlalchemy import Connection, Delete, Dialect, Insert, Result, Select, Update
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

#: Values by the names of columns or parameters.
Values: TypeAlias = Mapping[str, Any]
_Translate: TypeAlias = Callable[[Any], Any]
_Statement: TypeAlias = "Select[*tuple[Any, ...]] | Insert | Update | Delete"


@dataclass(frozen=True, slots=True)
class _Text:
    """A statement in the words of one database."""

    sql: str
    #: parameters in the order in which they stand in it, with what translates each
    names: Sequence[tuple[str, _Translate | None]]
    by_name: bool
    #: parameters that are written in the statement itself
    fixed: Values
    keys: SimpleResultMetaData
    #: what translates columns of the answer, by their place
    columns: Sequence[tuple[int, _Translate]]

    def parameters(self, given: Values) -> Any:
        """Return the parameters as the driver takes them. Raises `KeyError` when one is missing."""
        values = {**self.fixed, **given} if self.fixed else given
        if self.by_name:
            return {name: values[name] if how is None else how(values[name]) for name, how in self.names}
        return tuple([values[name] if how is None else how(values[name]) for name, how in self.names])

    def rows(self, found: Sequence[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        """Yield the rows of an answer, translated."""
        for row in found:
            if self.columns:
                row = list(row)
                for place, how in self.columns:
                    row[place] = how(row[place])
            yield tuple(row)


class Prepared:
    """A statement that is put into SQL once for each kind of database.

    A list for `IN` is filled up to a power of two with its last value, so that few texts serve lists of any length.
    """

    def __init__(self, statement: _Statement) -> None:
        self._statement = statement
        self._texts: dict[tuple[object, ...], _Text] = {}

    @cached_property
    def _lists(self) -> Sequence[str]:
        return [name for name, bind in self._statement.compile().binds.items() if bind.expanding]

    def read(self, connection: Connection, values: Values) -> Result[*tuple[Any, ...]]:
        """Run the query. Lists in `values` must not be empty. Raises what SQLAlchemy raises."""
        text, filled = self._text(connection.dialect, values)
        cursor = _run(connection, text.sql, text.parameters(filled))
        found = cursor.fetchall()
        cursor.close()
        return IteratorResult(text.keys, text.rows(found))

    def write(self, connection: Connection, rows: Sequence[Values]) -> int:
        """Run it for each of the rows, which have the same columns; return how many rows of the table it changed.

        Raises what SQLAlchemy raises.
        """
        text, _ = self._text(connection.dialect, rows[0])
        given = [text.parameters(row) for row in rows]
        cursor = _run(connection, text.sql, given if len(given) > 1 else given[0], many=len(given) > 1)
        changed = cursor.rowcount
        cursor.close()
        return changed

    def write_alike(
        self, connection: Connection, same: Values, own: Sequence[str], rows: Sequence[Sequence[Any]]
    ) -> None:
        """Run it for many rows that differ only in the columns `own`: what is the same in all is translated once.

        Raises what SQLAlchemy raises.
        """
        text, _ = self._text(connection.dialect, {**dict.fromkeys(own), **same})
        places = {name: place for place, name in enumerate(own)}
        values = {**text.fixed, **same}
        hows = [(places[name], how) for name, how in text.names if how is not None and name in places]
        rest = tuple(
            values[name] if how is None else how(values[name]) for name, how in text.names if name not in places
        )
        order = iter(range(len(own), len(text.names)))
        pick = itemgetter(*(places[name] if name in places else next(order) for name, _ in text.names))
        names = [name for name, _ in text.names]
        given = []
        for row in rows:
            whole = [*row, *rest]
            for place, how in hows:
                whole[place] = how(whole[place])
            given.append(dict(zip(names, pick(whole), strict=True)) if text.by_name else pick(whole))
        _run(connection, text.sql, given, many=True).close()

    def _text(self, dialect: Dialect, values: Values) -> tuple[_Text, Values]:
        sizes = []
        if self._lists:
            values = dict(values)
            for name in self._lists:
                given = list(values.pop(name))
                size = 1 << (len(given) - 1).bit_length()
                values |= zip(_names(name, size), given + given[-1:] * (size - len(given)), strict=True)
                sizes.append(size)
        kind = (dialect.name, *(values if isinstance(self._statement, Insert) else sizes))
        text = self._texts.get(kind)
        if text is None:
            text = self._texts[kind] = self._compiled(dialect, values, dict(zip(self._lists, sizes, strict=True)))
        return text, values

    def _compiled(self, dialect: Dialect, values: Values, sizes: Mapping[str, int]) -> _Text:
        statement = self._statement
        compiled = statement.compile(
            dialect=dialect, column_keys=list(values) if isinstance(statement, Insert) else None
        )
        assert isinstance(compiled, SQLCompiler)
        lists = {name: list(range(size)) for name, size in sizes.items()}
        state = compiled.construct_expanded_state({**values, **lists})
        fixed = {name: value for name, value in state.parameters.items() if name not in values}
        fixed |= {column.key: column.default.arg for column in compiled.insert_prefetch}  # type: ignore[union-attr] # it has one
        types = {name: bind.type for name, bind in compiled.binds.items()}  # lists are of plain values
        answer = statement.column_descriptions if isinstance(statement, Select) else []
        hows = [one["type"].dialect_impl(dialect).result_processor(dialect, None) for one in answer]
        return _Text(
            state.statement,
            [
                (name, types[name].dialect_impl(dialect).bind_processor(dialect) if name in types else None)
                for name in state.positiontup or state.parameters
            ],
            state.positiontup is None,
            fixed,
            SimpleResultMetaData([one["name"] for one in answer]),
            [(place, how) for place, how in enumerate(hows) if how is not None],
        )


def _names(name: str, size: int) -> list[str]:
    return [f"{name}_{place}" for place in range(1, size + 1)]


def _run(connection: Connection, sql: str, parameters: Any, *, many: bool = False) -> DBAPICursor:
    """Hand SQL to the driver; who listens to statements hears of it, and its errors are told as SQLAlchemy's own."""
    cursor = connection.connection.cursor()
    try:
        for listener in connection.dispatch.before_cursor_execute:
            listener(connection, cursor, sql, parameters, None, many)
        if many:
            cursor.executemany(sql, parameters)
        else:
            cursor.execute(sql, parameters)
    except connection.dialect.loaded_dbapi.Error as error:
        driver = connection.connection
        gone = connection.dialect.is_disconnect(error, driver, cursor)
        told = DBAPIError.instance(
            sql,
            None,
            error,
            connection.dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=gone,
            dialect=connection.dialect,
        )
        if gone:
            connection.invalidate(error)
        raise told from error
    return cursor
