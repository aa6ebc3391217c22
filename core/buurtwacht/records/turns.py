"""Turns: how neighbourhoods share an account, within a lane. What is said to many is numbered as it is queued.

Start-time fair queuing (Goyal, Vin, Cheng 1996): whoever has nothing waiting begins at the turn that the lane has come
to, whoever has goes on behind his own last one, and the claim takes the lowest turn first. So each of n neighbourhoods
gets an n-th of the account, and somebody new waits one round, however much stands before him.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Connection, Executable, bindparam, select, text

from buurtwacht.records.database import AnyRow, Unit
from buurtwacht.records.schema import delivery, lane, message, turn

#: What is said to so few at once takes no turn: an answer to one person does not wait behind a crowd.
FEW = 20

_come_to = select(lane.c.account, lane.c.served).where(
    lane.c.rank == bindparam("b_rank"), lane.c.account.in_(bindparam("b_accounts", expanding=True))
)
_last = select(turn.c.account, turn.c.last).where(
    turn.c.rank == bindparam("b_rank"),
    turn.c.neighbourhood_id == bindparam("b_neighbourhood"),
    turn.c.account.in_(bindparam("b_accounts", expanding=True)),
)
# The state is written out, not bound, for the index of only this state.
_waits = (
    select(delivery.c.id)
    .join(message, message.c.id == delivery.c.message_id)
    .where(
        delivery.c.account == bindparam("b_account"),
        delivery.c.rank == bindparam("b_rank"),
        delivery.c.turn == bindparam("b_turn"),
        text("delivery.state = 'queued'"),
    )
)
_ours = _waits.where(message.c.neighbourhood_id == bindparam("b_neighbourhood")).limit(1)
_nobodys = _waits.where(message.c.neighbourhood_id.is_(None)).limit(1)
#: Writes down the last turn that was given; rows of `given`.
GIVE = text(
    "INSERT INTO turn (account, rank, neighbourhood_id, last)"
    " VALUES (:b_account, :b_rank, :b_neighbourhood, :b_last)"
    " ON CONFLICT (account, rank, neighbourhood_id) DO UPDATE SET last = excluded.last"
)
_serve = text(
    "INSERT INTO lane (account, rank, served) VALUES (:b_account, :b_rank, :b_served)"
    " ON CONFLICT (account, rank) DO UPDATE SET served = excluded.served"
)


class Turns:
    """The turns of one message: `next` gives one after another, for each account; `given` is what `GIVE` writes."""

    def __init__(self, lane: int, neighbourhood_id: int | None, begins: Mapping[str, int]) -> None:
        self._lane = lane
        self._neighbourhood = neighbourhood_id or 0
        self._last = dict(begins)
        self._given: set[str] = set()

    def next(self, account: str) -> int:
        """Return the next turn at an account."""
        self._given.add(account)
        self._last[account] = self._last.get(account, 0) + 1
        return self._last[account]

    def given(self) -> list[dict[str, str | int]]:
        """Return the last turns that were given, always in the same order, so that two who write them do not block."""
        return [
            {
                "b_account": one,
                "b_rank": self._lane,
                "b_neighbourhood": self._neighbourhood,
                "b_last": self._last[one],
            }
            for one in sorted(self._given)
        ]


def turns_for(
    connection: Connection | Unit, accounts: Collection[str], lane: int, neighbourhood_id: int | None
) -> Turns:
    """Return the turns that a neighbourhood (None: nobody's) gets next in a lane; three small queries an account."""
    if not accounts:
        return Turns(lane, neighbourhood_id, {})
    where = {"b_rank": lane, "b_accounts": sorted(accounts)}
    begins = {row[0]: int(row[1]) for row in _rows(connection, _come_to, **where)}
    found = _rows(connection, _last, b_neighbourhood=neighbourhood_id or 0, **where)
    for account, last in map(tuple, found):
        if last > begins.get(account, 0):
            whose = {} if neighbourhood_id is None else {"b_neighbourhood": neighbourhood_id}
            still = _ours if whose else _nobodys
            if _rows(connection, still, b_account=account, b_rank=lane, b_turn=last, **whose):
                begins[account] = last
    return Turns(lane, neighbourhood_id, begins)


def _rows(connection: Connection | Unit, query: Executable, **values: object) -> list[AnyRow]:
    found = connection.read(query, values) if isinstance(connection, Unit) else connection.execute(query, values)
    return list(found)


def serve(connection: Connection, account: str, rows: Iterable[AnyRow]) -> None:
    """Write down how far the lanes have come, from what leaves now for the first time."""
    served: dict[int, int] = {}
    for row in rows:
        if row.turn and not row.attempts:
            served[row.rank] = max(row.turn, served.get(row.rank, 0))
    if served:
        connection.execute(
            _serve, [{"b_account": account, "b_rank": lane, "b_served": served[lane]} for lane in sorted(served)]
        )
