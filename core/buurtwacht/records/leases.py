"""Leases: which process runs which account. Each is held for seconds and renewed; a dead or hanging process loses its.

On SQLite one process runs everything, and the lock beside the file says so (`running`). On PostgreSQL any number of
processes share the accounts. The database's clock decides, so machines need not agree on the time.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Collection, Sequence
from time import monotonic

from sqlalchemy import Connection, text

from buurtwacht.records.database import Database
from buurtwacht.vocabulary.errors import StoreUnavailable

#: Seconds that a lease holds. A process that was killed or hangs is replaced after at most this long and one look.
LASTS = 4.0
#: Seconds between renewals.
RENEWED = 1.0
#: Seconds before its end in which nothing is begun any more: what was begun should be over when another begins.
_MARGIN = 1.0
#: Every process has a lease of its own too, by which the others count it.
_PROCESS = "process:"

_NOW = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
_take = text(
    "INSERT INTO lease (name, holder, until)"
    f" SELECT one, :holder, {_NOW} + :lasts FROM unnest(cast(:names AS text[])) AS one"
    " ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until"
    f" WHERE lease.holder = excluded.holder OR lease.until < {_NOW}"
    " RETURNING name"
)
_taken = text(f"SELECT name FROM lease WHERE name = ANY(:names) AND until > {_NOW}")
_count = text(f"SELECT count(*) FROM lease WHERE name LIKE '{_PROCESS}%' AND until > {_NOW}")
_drop = text("DELETE FROM lease WHERE holder = :holder AND name = ANY(:names)")
_forget = text(f"DELETE FROM lease WHERE name LIKE '{_PROCESS}%' AND until < {_NOW} - 60000000")
#: A process that hangs in the middle of a transaction keeps what it locked no longer than its leases.
_BREAK_OFF = f"set_config('idle_in_transaction_session_timeout', '{int(LASTS * 1000)}', true)"
_ours = text(f"SELECT {_BREAK_OFF} FROM lease WHERE name = :name AND holder = :holder FOR SHARE")
_begin = text(f"SELECT {_BREAK_OFF}")


def living(connection: Connection) -> int:
    """Return how many processes run on this PostgreSQL database now, or did a moment ago."""
    return int(connection.execute(_count).scalar_one())


class Leases:
    """What one process holds. `held` may be asked from any thread; the others are called one at a time."""

    def __init__(self, database: Database, holder: str = "") -> None:
        self._database = database
        self.holder = holder or f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        #: by account: until when something may be begun, on the clock of `time.monotonic`
        self._until: dict[str, float] = {}
        #: whether no other process was seen when leases were last renewed
        self.alone = True

    @property
    def are_shared(self) -> bool:
        """Whether other processes may run accounts of the same database."""
        return not self._database.is_sqlite

    def held(self, account: str) -> bool:
        """Return whether this process may send for an account at this very moment; asks nobody."""
        return not self.are_shared or monotonic() < self._until.get(account, 0.0)

    def renew(self, accounts: Collection[str]) -> set[str]:
        """Renew what is held and take what is free, up to a fair share of these accounts; return those held now.

        Who holds more than its share stops renewing one at each call, so that a newcomer gets its part: `release` it
        once nothing of it is under way. Raises `StoreUnavailable` or `Replay`: what was held runs out then.
        """
        if not self.are_shared:
            return set(accounts)
        began = monotonic()
        with self._database.writing() as connection:
            connection.execute(_begin)
            kept = self._take(connection, [f"{_PROCESS}{self.holder}", *self._until])
            connection.execute(_forget)
            processes = max(1, living(connection))
            self.alone = processes == 1
            share = -(-len(accounts) // processes)
            held = sorted(kept & set(accounts))
            if len(held) < share:
                taken = set(connection.execute(_taken, {"names": list(accounts)}).scalars())
                free = sorted(set(accounts) - taken)
                held += self._take(connection, free[: share - len(held)])
        if len(held) > share:
            held.pop()
        self._until = dict.fromkeys(held, began + LASTS - _MARGIN)
        return set(held)

    def release(self, accounts: Collection[str]) -> None:
        """Let others have these accounts at once. Raises `StoreUnavailable`."""
        for one in accounts:
            self._until.pop(one, None)
        if self.are_shared:
            self._give_up(list(accounts))

    def leave(self) -> None:
        """Hold nothing any more, and be counted no more. Raises `StoreUnavailable`."""
        accounts = list(self._until)
        self._until = {}
        if self.are_shared:
            self._give_up([f"{_PROCESS}{self.holder}", *accounts])

    def prove(self, connection: Connection, account: str) -> None:
        """Make sure, within a transaction, that an account is still this process's: nobody takes it before the commit.

        Raises `StoreUnavailable` when another process runs it now: what this one knows of it is no longer true.
        """
        if self.are_shared:
            ours = connection.execute(_ours, {"name": account, "holder": self.holder}).first()
            if ours is None:
                raise StoreUnavailable(f"another process runs {account} now")

    def _take(self, connection: Connection, names: Sequence[str]) -> set[str]:
        values = {"holder": self.holder, "lasts": int(LASTS * 1_000_000), "names": sorted(names)}
        return set(connection.execute(_take, values).scalars())

    def _give_up(self, names: Sequence[str]) -> None:
        with self._database.writing() as connection:
            connection.execute(_drop, {"holder": self.holder, "names": list(names)})
