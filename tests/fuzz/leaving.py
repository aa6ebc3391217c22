"""What must hold when something leaves: still true, in order, in its turn, at the pace, and not told to wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select

from buurtwacht.records.database import Database
from buurtwacht.records.schema import delivery, message
from buurtwacht.vocabulary.channels import Outgoing
from buurtwacht.vocabulary.clock import VirtualClock

from .messenger import Provider

#: Messages a second on each account: few, so that a pace is felt.
RATE = 3
#: By so many messages two neighbourhoods may differ in what they got while both had something waiting.
APART = 2


class Leaving:
    """Looks at every send. `may` says whether a recipient of an account may get a message by its pace."""

    def __init__(self, database: Database, clock: VirtualClock, may: Callable[[str, int, datetime], bool]) -> None:
        self._database = database
        self._clock = clock
        self._may = may
        #: when the last process started that does not know whom the one before it wrote to
        self._started = clock.now() - timedelta(days=1)
        self._paces: dict[tuple[str, str], datetime] = {}
        #: of those who have numbered turns, what left already
        self._left: set[int] = set()
        #: by account and lane: how many each neighbourhood got, of late, while all of these had something waiting
        self._got: dict[tuple[str, int], Counter[int]] = {}

    def begin_again(self) -> None:
        """Take note that a process starts that does not know whom the one before it wrote to, a moment ago."""
        self._started = self._clock.now()
        self._got.clear()

    def look(self, provider: Provider, outgoing: Outgoing) -> None:
        """Raise `AssertionError` when something leaves that should not, now."""
        now, to = self._clock.now(), outgoing.to[0].value
        assert not provider.in_flight[to], "two at once to one recipient"
        with self._database.reading() as connection:
            row = connection.execute(_said.where(delivery.c.id == outgoing.delivery)).one()
            assert row.state == "sending", f"sent while {row.state}"
            assert not row.withdrawn, "withdrawn, and sent all the same"
            assert row.expires_at is None or row.expires_at > now, "expired, and sent all the same"
            if row.repeat and "Herhaling" not in outgoing.text:
                raise AssertionError("a repeat that does not say so")
            assert not row.thread_id or row.digested or not _before(connection, row, now), "overtook an earlier one"
            self._in_its_lane(connection, provider, row, now)
            if row.turn:
                self._in_its_turn(connection, provider, row)
        self._at_the_pace(provider, to, now)
        for one in provider.told:
            assert not (one.to in ("", to) and one.at < now < one.until), f"told to wait until {one.until}"

    def _at_the_pace(self, provider: Provider, to: str, now: datetime) -> None:
        recent = sum(now - timedelta(seconds=1) < one.at for one in provider.attempts)
        assert recent < RATE, f"{recent + 1} in a second"
        pace = provider.capabilities.recipient_pace
        interval = timedelta(seconds=pace.interval)
        paid = self._paces.get((provider.account, to), now)
        assert paid - now <= interval * (pace.burst - 1), "too fast for one recipient"
        self._paces[provider.account, to] = max(paid, now) + interval

    def _in_its_lane(self, connection: Connection, provider: Provider, row: Row[Any], now: datetime) -> None:
        """What presses more and could leave now does not wait for this one."""
        if row.digested or now - self._started <= timedelta(minutes=1):
            return
        sending = select(delivery.c.address_id).where(delivery.c.state == "sending")
        query = _said.where(
            delivery.c.account == provider.account,
            delivery.c.state == "queued",
            delivery.c.not_before <= now,
            delivery.c.rank < row.rank,
            delivery.c.address_id.not_in(sending),
            message.c.withdrawn.is_(False),
            message.c.replaces.is_(None),
        )
        for other in connection.execute(query):
            is_due = other.expires_at is None or other.expires_at > now
            if is_due and self._may(provider.account, other.address_id, now):
                assert _before(connection, other, now), "what presses more waited"

    def _in_its_turn(self, connection: Connection, provider: Provider, row: Row[Any]) -> None:
        """Neighbourhoods that both have something waiting in a lane get alike, whatever each of them has to say.

        What comes again after it failed has had its turn.
        """
        if row.attempts or row.repeat or row.id in self._left:
            return
        self._left.add(row.id)
        waits = _numbered.where(
            delivery.c.account == row.account,
            delivery.c.rank == row.rank,
            delivery.c.id.not_in(self._left - {row.id}),
        )
        waiting = {whose for (whose,) in connection.execute(waits)}
        got = self._got.setdefault((row.account, row.rank), Counter())
        if got.keys() != waiting:
            got.clear()
            got.update(dict.fromkeys(waiting, 0))
        got[row.whose] += 1
        # Whoever was refused something may have to wait with all that is for him.
        refused = sum(not one.shown for one in provider.attempts)
        gap = max(got.values()) - min(got.values())
        assert gap <= APART + 3 * refused, f"one neighbourhood got {gap} more than another that waits too"


_said = select(
    delivery,
    message.c.neighbourhood_id.label("whose"),
    message.c.withdrawn,
    message.c.expires_at,
    message.c.superseded_by,
    message.c.severity,
).join(message, message.c.id == delivery.c.message_id)
#: The neighbourhoods of which something that has a turn has never left.
_numbered = (
    select(message.c.neighbourhood_id)
    .distinct()
    .join(delivery, delivery.c.message_id == message.c.id)
    .where(
        delivery.c.turn > 0,
        delivery.c.state.in_(("queued", "sending")),
        delivery.c.attempts == 0,
        delivery.c.repeat.is_(False),
    )
)


def _before(connection: Connection, row: Row[Any], now: datetime) -> bool:
    """Whether something stands before a delivery at its address: an earlier one about the same thing."""
    query = select(delivery.c.id).where(
        delivery.c.address_id == row.address_id,
        delivery.c.thread_id == row.thread_id,
        delivery.c.id < row.id,
        or_(delivery.c.thread_id != 0, delivery.c.rank <= row.rank),
        delivery.c.state.in_(("queued", "sending")),
        or_(
            delivery.c.put_off.is_(False),
            and_(delivery.c.put_off.is_(True), or_(delivery.c.not_before <= now, delivery.c.attempts > 0)),
        ),
    )
    return connection.execute(query).first() is not None
