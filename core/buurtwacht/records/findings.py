"""Findings of the self-audit, as they are kept: seen, told once, over; and whose turn it is to audit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from buurtwacht.records.database import AnyRow, Database, Unit
from buurtwacht.records.schema import finding, meta
from buurtwacht.vocabulary.errors import Replay
from buurtwacht.vocabulary.ids import new_ids
from buurtwacht.vocabulary.messages import Severity

#: The audit is done once in this, whichever process does it; less than the minute at which each of them comes round.
_TURN = timedelta(seconds=50)
#: An audit so far in the future was of a clock that was wrong: it holds up none.
_AHEAD = timedelta(minutes=5)
#: What is still there so much later is no moment between two steps.
_CONFIRMED = timedelta(seconds=50)
#: What was not seen for so long is over: what comes and goes is told once.
_OVER = timedelta(minutes=5)
_AUDITED = "audited"

_insert = insert(finding)
_seen = update(finding).where(finding.c.id == bindparam("b_id")).values(last_at=bindparam("b_at"))
_told = update(finding).where(finding.c.id == bindparam("b_id")).values(told_at=bindparam("b_at"))
_gone = delete(finding).where(finding.c.id == bindparam("b_id"))


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What an audit saw: a stable code, what it is about, how that is called, and who should know.

    An empty plugin is the whole installation; neighbourhood 0 is everywhere.
    """

    code: str
    plugin: str = ""
    record: int = 0
    short: str = ""
    called: str = ""
    neighbourhood: int = 0
    severity: Severity = Severity.NOTICE

    @property
    def key(self) -> tuple[str, str, int]:
        """By which it is recognised when it is seen again."""
        return self.code, self.plugin, self.record


@dataclass(frozen=True, slots=True)
class Finding:
    """A suspicion that was confirmed, and since when it is known."""

    what: Suspicion
    since: datetime

    @property
    def sentence(self) -> str:
        """What an operator reads of it."""
        return f"{self.what.plugin or 'core'} {self.what.short or self.what.record}: {self.what.code}"


@dataclass(frozen=True, slots=True)
class Change:
    """What an audit changed: what is to be told now, what is over, and how many findings there are."""

    begun: tuple[Suspicion, ...]
    over: tuple[Suspicion, ...]
    open: int


def take_turn(database: Database, now: datetime) -> bool:
    """Return whether this process is the one to audit now: of a whole fleet one does, once a minute."""
    at, before, ahead = (
        f"{moment:%Y-%m-%dT%H:%M:%SZ}"
        for moment in (now.astimezone(UTC), now.astimezone(UTC) - _TURN, now.astimezone(UTC) + _AHEAD)
    )
    with database.writing() as connection:
        mine = or_(meta.c.value <= before, meta.c.value > ahead)
        due = update(meta).where(meta.c.name == _AUDITED, mine).values(value=at)
        if connection.execute(due).rowcount:
            return True
        if connection.execute(select(meta.c.value).where(meta.c.name == _AUDITED)).first() is not None:
            return False
    try:
        with database.writing() as connection:
            connection.execute(insert(meta), {"name": _AUDITED, "value": at})
    except Replay:  # another process was first
        return False
    return True


def last_audit(connection: Connection) -> datetime | None:
    """Return when the last audit began."""
    value = connection.execute(select(meta.c.value).where(meta.c.name == _AUDITED)).scalar()
    return None if value is None else datetime.fromisoformat(value)


def confirmed(connection: Connection) -> list[Finding]:
    """Return what was found and is not over, the oldest first."""
    query = select(finding).where(finding.c.told_at.is_not(None)).order_by(finding.c.first_at, finding.c.id)
    return [Finding(_suspicion(row), row.first_at) for row in connection.execute(query)]


def keep(unit: Unit, seen: Iterable[Suspicion], untouched: Collection[str], now: datetime) -> Change:
    """Write down, with the unit's commit, what an audit saw, and return what that changes.

    What is seen for the second time is told. Of the plugins in `untouched` nothing could be said this time: what was
    known of them stays as it is.
    """
    rows = {(row.code, row.plugin, row.record): row for row in unit.read(select(finding))}
    suspicions = {one.key: one for one in seen if one.plugin not in untouched}
    fresh = [one for key, one in suspicions.items() if key not in rows]
    begun: list[Suspicion] = []
    over: list[Suspicion] = []
    still = 0
    for key, row in rows.items():
        if key in suspicions or row.plugin in untouched:
            unit.write(_seen, {"b_id": row.id, "b_at": now})
            is_new = row.told_at is None and key in suspicions and now - row.first_at >= _CONFIRMED
            if is_new:
                unit.write(_told, {"b_id": row.id, "b_at": now}, expect=1)
                begun.append(suspicions[key])
            still += is_new or row.told_at is not None
        elif row.told_at is None:
            unit.write(_gone, {"b_id": row.id})
        elif now - row.last_at >= _OVER:
            unit.write(_gone, {"b_id": row.id}, expect=1)
            over.append(_suspicion(row))
        else:
            still += 1
    unit.write_all(_insert, [_row(ident, one, now) for ident, one in zip(new_ids(len(fresh)), fresh, strict=True)])
    return Change(tuple(begun), tuple(over), still)


def _row(ident: int, one: Suspicion, now: datetime) -> Mapping[str, object]:
    return {
        "id": ident,
        "code": one.code,
        "plugin": one.plugin,
        "record": one.record,
        "short": one.short[:24],
        "called": one.called,
        "neighbourhood_id": one.neighbourhood,
        "severity": one.severity.value,
        "first_at": now,
        "last_at": now,
        "told_at": None,
    }


def _suspicion(row: AnyRow) -> Suspicion:
    return Suspicion(
        row.code, row.plugin, row.record, row.short, row.called, row.neighbourhood_id, Severity(row.severity)
    )
