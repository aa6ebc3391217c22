"""The desk between the outbox and an account's channel: takes deliveries out, ready to be sent, and writes down how
they ended. All of it touches the database and runs in a thread; nothing here is asynchronous.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from buurtwacht.edge.rendering import Renderer
from buurtwacht.records import claims, due, holds, lately, outcomes, rerouting
from buurtwacht.records.claims import Claimed
from buurtwacht.records.database import Database
from buurtwacht.records.due import FREE, Taken
from buurtwacht.records.holds import Hold
from buurtwacht.records.keys import Keyring
from buurtwacht.records.lately import Departure
from buurtwacht.records.leases import Leases
from buurtwacht.records.outbox import people_names
from buurtwacht.records.outcomes import Outcome, Settled
from buurtwacht.records.selfaudit import set_account
from buurtwacht.vocabulary.channels import Outgoing, Receipt
from buurtwacht.vocabulary.errors import (
    DeliveryError,
    Rejected,
    Replay,
    StoreUnavailable,
    Unavailable,
    Unreachable,
)
from buurtwacht.vocabulary.messages import PRESSING, Severity
from buurtwacht.vocabulary.texts import MissingText

_log = structlog.get_logger("buurtwacht.delivery")


@dataclass(slots=True)
class Job:
    """A delivery that is ours to send, in words; more than one part when the text is long."""

    claimed: Claimed
    parts: tuple[Outgoing, ...]
    #: how many parts have gone
    gone: int = 0
    #: display name of the recipient, for whoever looks on
    name: str = ""

    @property
    def id(self) -> int:
        """The delivery."""
        return self.claimed.id

    @property
    def address(self) -> int:
        """The address it goes to."""
        return self.claimed.address_id

    def ended(self, answer: Receipt | DeliveryError, template: str = "") -> Outcome:
        """Return how an attempt ended, for all that leaves with it."""
        return Outcome(self.id, answer, template, self.claimed.beside)


@dataclass(slots=True)
class Exchange:
    """What one visit to the database gave: how earlier attempts were settled, and what is to be sent now."""

    settled: Sequence[Settled] = ()
    jobs: list[Job] = field(default_factory=list)
    #: deliveries that cannot be put into words, which is an answer as well
    unfit: list[Outcome] = field(default_factory=list)
    #: whether there may be more to take
    more: bool = True
    #: when there was nothing to take: when the next may leave
    later: datetime | None = None


class Desk:
    """One account's part of the outbox."""

    def __init__(
        self,
        account: str,
        database: Database,
        keyring: Keyring,
        renderer: Renderer,
        *,
        named: bool,
        leases: Leases | None = None,
        repeats: Collection[Severity] = PRESSING,
        blame: Callable[[str, str, Exception], object] = lambda plugin, where, error: None,
    ) -> None:
        self.account = account
        self.renderer = renderer
        self._database = database
        self._keyring = keyring
        self._named = named
        self._leases = leases
        #: what is said again when nobody knows whether it arrived
        self._repeats = repeats
        #: is told, once, of each message that its plugin said so that nobody can read it
        self._blame = blame
        self._blamed: set[int] = set()
        #: taken in transactions that broke off, so that nobody knows whether they were kept; by delivery: when
        self._astray: dict[int, datetime] = {}

    @property
    def is_unsure(self) -> bool:
        """Whether something may be marked as being sent that was never ours to send."""
        return bool(self._astray)

    def exchange(self, ended: Sequence[Outcome], now: datetime, limit: int, taken: Taken = FREE) -> Exchange:
        """Settle what ended and take up to `limit` deliveries besides what is `taken`, in one transaction.

        Raises `StoreUnavailable` or `Replay` when nothing was settled and nothing taken; also when another process runs
        the account now.
        """
        found = Exchange()
        claimed: list[Claimed] = []
        self._take_back()
        try:
            with self._database.writing() as connection:
                self._prove(connection)
                if ended:
                    found.settled = outcomes.settle(connection, self.account, ended, now, self._repeats)
                if limit > 0 and ended and not due.any_queued(connection, self.account):
                    found.more = False
                elif limit > 0:
                    claimed, found.more = claims.claim(
                        connection, self._keyring, self.account, now, limit, taken, self.renderer.fitting
                    )
                    if not claimed:
                        found.later = due.soonest(connection, self.account, now)
                names = self._names(connection, claimed)
        except BaseException:
            self._astray.update((ident, now) for one in claimed for ident in (one.id, *one.beside))
            raise
        if limit > 0 and not claimed:
            self.renderer.forget()
        for one in claimed:
            ready = self.ready(one, now)
            if isinstance(ready, DeliveryError):
                found.unfit.append(Outcome(one.id, ready, beside=one.beside))
            else:
                found.jobs.append(Job(one, ready, name=names.get(one.person_id or 0, "")))
        return found

    def ready(
        self, claimed: Claimed, now: datetime, closed: bool | None = None
    ) -> tuple[Outgoing, ...] | DeliveryError:
        """Return a delivery in words, or why it cannot be sent. One bad text must not hold up the others."""
        if not claimed.handles:
            return Unreachable("no handle")
        try:
            return self.renderer.render(claimed, now, closed=closed)
        except DeliveryError as error:
            return error
        except StoreUnavailable:
            return Unavailable("store unavailable")
        except Exception as error:
            text = claimed.content.text
            why = str(error) if isinstance(error, MissingText) else type(error).__name__
            _log.error("a message cannot be put into words", plugin=claimed.plugin, key=text.key, why=why)
            if claimed.shows not in self._blamed:
                self._blamed.add(claimed.shows)
                with suppress(StoreUnavailable, Replay):
                    self._blame(claimed.plugin, f"text {text.key}", error)
            return Rejected("cannot be put into words")

    def _prove(self, connection: Connection) -> None:
        if self._leases is not None:
            self._leases.prove(connection, self.account)

    def _take_back(self) -> None:
        """Queue again what stands as being sent and never came to us: a connection can break while it commits."""
        if not self._astray:
            return
        with self._database.writing() as connection:
            self._prove(connection)
            known = claims.take_back(connection, self._astray)
        for ident in known:
            del self._astray[ident]

    def _names(self, connection: Connection, claimed: Sequence[Claimed]) -> dict[int, str]:
        if not self._named or not claimed:
            return {}
        return people_names(connection, [one.person_id for one in claimed if one.person_id is not None])

    # --- housekeeping ----------------------------------------------------------------------------------------------

    def recover(self, now: datetime, older_than: timedelta, without: Collection[int]) -> int:
        """Take up what a dead process was sending; return how many."""
        self._take_back()
        return outcomes.recover(
            self._database, self.account, now, older_than=older_than, without=without, repeats=self._repeats
        )

    def reroute(self, now: datetime, older_than: timedelta, idle: Collection[int] | None = None) -> int:
        """Move what presses to people's other addresses, of these addresses alone or of all; return how many."""
        return rerouting.reroute(self._database, self.account, now, older_than=older_than, idle=idle)

    def departures(self, now: datetime, memory: timedelta) -> Sequence[Departure]:
        """Return what left within `memory`, by whomever: the pace goes on from there."""
        return lately.departures(self._database, self.account, now, memory)

    def holds(self) -> list[Hold]:
        """Return what the provider told whoever ran this account to wait for."""
        return holds.holds_of(self._database, self.account)

    def hold(self, found: Sequence[Hold]) -> None:
        """Keep what the provider told us to wait for."""
        with self._database.writing() as connection:
            holds.keep(connection, self.account, found)

    def lift(self, now: datetime) -> list[Hold]:
        """Forget the holds that are over; return those that are left."""
        with self._database.writing() as connection:
            holds.lift(connection, self.account, now)
        return self.holds()

    def mark(self, state: str, reason: str, now: datetime) -> None:
        """Write down how the account does: ok, down or stopped. Once it is back, nothing waits for its next attempt."""
        with self._database.writing() as connection:
            set_account(connection, self.account, state, reason, now)
            if state == "ok":
                rerouting.release(connection, self.account, now)

    def due_now(self, now: datetime, busy: Collection[int]) -> bool:
        """Return whether something waits that may leave now."""
        return due.any_due(self._database, self.account, now, busy)

    def next_due(self, after: datetime | None = None) -> datetime | None:
        """Return when something may leave, or the next after `after`."""
        return due.next_due(self._database, self.account, after)

    def reroute_due(self, idle: Collection[int] | None = None) -> datetime | None:
        """Return when something that waits, at these addresses or at any, will be moved to another address."""
        return rerouting.reroute_due(self._database, self.account, idle)
