"""What the tables are made of. Times are UTC microseconds; identifiers are made by us (`ids.new_id`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Column, Dialect, ForeignKey, Integer, MetaData, TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def _microseconds(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND


def _moment(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else _EPOCH + microseconds * _MICROSECOND


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept as whole microseconds since 1970 UTC: exact, small, and the same on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Return microseconds. Raises `TypeError` for a naive time."""
        return _microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Return the aware moment in UTC."""
        return _moment(value)

    # What is between these and the driver would be two more calls for each moment that is written or read.

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], int | None]:
        """Return what makes microseconds of moments."""
        return _microseconds

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[int | None], datetime | None]:
        """Return what makes moments of microseconds."""
        return _moment


# Partial indexes are partial on PostgreSQL too: their migration says so. Saying it here would make everybody import
# that dialect, a quarter of a second on every start.
metadata = MetaData(naming_convention=NAMES)


def own_id() -> Column[int]:
    """Return the column of a row's own id."""
    # SQLite keeps rows in the order of an INTEGER key; BIGINT would cost it a second index.
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False)


def reference(name: str, target: str, *, nullable: bool = False) -> Column[int]:
    """Return a column with the id of a row of another table, with which this one goes."""
    return Column(name, BigInteger, ForeignKey(f"{target}.id", ondelete="CASCADE"), nullable=nullable, index=True)
