"""Delivery: one account's outbox emptied through its channel, as fast as it may and in the right order.

`step` and `next_due` are for whoever moves a clock by hand; `run` is the same as a loop that waits.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from buurtwacht.edge.desk import Desk, Exchange
from buurtwacht.edge.flight import Flight, RunInThread, what_of
from buurtwacht.edge.gate import Gate
from buurtwacht.records.due import Taken
from buurtwacht.records.outcomes import ABANDONED_AFTER, Outcome, Settled
from buurtwacht.records.retries import PATIENCE
from buurtwacht.vocabulary.channels import Channel, Glimpse, Receipt
from buurtwacht.vocabulary.clock import Clock
from buurtwacht.vocabulary.errors import Replay, StoreUnavailable

__all__ = ["Delivery", "RunInThread"]

#: Deliveries taken at once; small, so that what presses never waits behind many that were taken before it came.
BATCH = 64
#: Deliveries taken and not yet settled, when no pace keeps them fewer.
BOUND = 128
#: Below this much room it does not pay to ask the database.
QUANTUM = 32
#: Seconds between looks at the outbox when nobody wakes us: another process may have written.
_IDLE = 1.0
#: How often what a dead process left, and what waits for a failing messenger, is looked for.
_HOUSEKEEPING = timedelta(seconds=5)
#: How long answers are gathered that come while more is being sent.
_GATHER = timedelta(milliseconds=20)
#: How long before it may leave a message is taken, so that the visit to the database costs no pace.
_LEAD = timedelta(milliseconds=30)
#: Seconds that what is being sent may take when we stop; then it is broken off, and what had not left is queued again.
LAST_CALL = 4.0
#: The least wait when the outbox says that something is due and yet nothing could be taken: others hold it.
_BREATH = 0.02

_log = structlog.get_logger("buurtwacht.delivery")


class Delivery:
    """Sends for one account. `rate` is in messages a second, None for no pace of the account.

    `on_state` is called on the event loop with ok, down or stopped, and the reason, when that changes. `held` says
    whether this process runs the account at this moment: nothing leaves while it does not.
    """

    def __init__(
        self,
        channel: Channel,
        desk: Desk,
        clock: Clock,
        run_in_thread: RunInThread,
        *,
        rate: float | None,
        look: Callable[[Glimpse], None] | None = None,
        on_state: Callable[[str, str], None] = lambda state, reason: None,
        held: Callable[[], bool] = lambda: True,
    ) -> None:
        self.account = channel.account
        self._desk = desk
        self._clock = clock
        self._run = run_in_thread
        self._look = look
        self._gate = Gate(channel.account, channel.capabilities, rate, on_state, held)
        self._awake = asyncio.Event()
        self._flight = Flight(channel, desk, self._gate, clock, run_in_thread, self._awake.set)
        self._counts: Counter[str] = Counter()
        self._recovered = False
        self._looked_after: datetime | None = None
        #: whether the outbox may hold something that we have not seen: somebody woke us, or we did not see all of it
        self._news = True
        #: when to look at the outbox again without being woken
        self._look_at: datetime | None = None
        #: when something next leaves the outbox by the clock, as it was when we found nothing there
        self._later: datetime | None = None
        #: when the first answer came that is not written down yet
        self._ended_since: datetime | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def stopped(self) -> bool:
        """Whether the provider refuses the account: nothing is sent until a restart."""
        return self._gate.stopped

    @property
    def waits(self) -> str:
        """What the provider told the whole account to wait for, in words, when that is for long; else nothing."""
        return self._gate.waits

    @property
    def counts(self) -> Counter[str]:
        """How attempts ended, by state, and `repeat`: how many were sent again without knowing."""
        return self._counts + Counter(repeat=self._flight.repeats)

    def take_over(self) -> None:
        """Begin where another process may have been sending a moment ago, at the provider's pace."""
        self._gate.take_over(self._clock.now())

    def stop(self, reason: str) -> None:
        """Send nothing any more: the provider refused the account elsewhere, such as when it was started."""
        self._gate.stop(reason)
        self.wake()

    # --- by hand ---------------------------------------------------------------------------------------------------

    async def step(self) -> bool:
        """Send what may leave now, wait for the answers and write them down; return whether anything happened."""
        self._news = True
        moved = await self._turn(self._clock.now())
        while self._flight.tasks:
            await asyncio.wait(self._flight.tasks)
        if self._flight.ended or self._gate.changes:
            await self._exchange(0)
            moved = True
        return moved

    def next_due(self) -> datetime | None:
        """Return when `step` will have something to do, `now` included; None when nothing waits. Reads the database."""
        now = self._clock.now()
        if not self._recovered or self._flight.ended or self._gate.changes:
            return now
        if self.stopped:
            return None
        moments = [self._next_send(now), self._gate.lifts_at]
        fails, idle = self._gate.fails(now), self._gate.idle(now)
        if fails or idle:
            due = self._desk.reroute_due(None if fails else idle)
            soonest = now if self._looked_after is None else self._looked_after + _HOUSEKEEPING
            moments.append(due and max(due, soonest, now))
        return min((one for one in moments if one is not None), default=None)

    def _next_send(self, now: datetime) -> datetime | None:
        pace = self._gate.next_free(now)
        first = self._desk.next_due()
        if pace is None or (first is None and not self._flight.ready):
            return None
        if pace > now:
            return pace if first is None or self._flight.ready else max(first, pace)
        if any(self._gate.may(job.address, now) for job in self._flight.ready):
            return now
        if self._desk.due_now(now, self._flight.busy(now)):
            return now
        later = [self._desk.next_due(now)]
        if self._flight.ready or (first is not None and first <= now):
            later.append(self._gate.next_recipient(now))
        return min((one for one in later if one is not None), default=None)

    # --- as a loop -------------------------------------------------------------------------------------------------

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop` is set, then finish what is being sent. Nothing that goes wrong ends it."""
        self._loop = asyncio.get_running_loop()
        self._flight.timed = True
        stopping = self._loop.create_task(self._wake_on(stop))
        try:
            while not stop.is_set():
                self._awake.clear()
                try:
                    now = self._clock.now()
                    if not await self._turn(now) or not self._news:
                        await self._pause(now)
                except Exception as error:
                    if not isinstance(error, StoreUnavailable | Replay):  # the database says so itself
                        _log.error("the outbox cannot be worked", account=self.account, **what_of(error))
                    self._news = True
                    await self._wait(_IDLE)
            await self.drain()
        finally:
            stopping.cancel()

    def wake(self) -> None:
        """Look at the outbox at once: something was queued. May be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._on_news)

    def _on_news(self) -> None:
        self._news = True
        self._awake.set()

    async def drain(self, seconds: float = LAST_CALL) -> None:
        """Take nothing new; finish what is being sent within so many seconds, and write it down.

        What was broken off counts as ambiguous; what had not left, or only in part, is queued again.
        """
        await self._flight.land(seconds)
        if self._flight.ended or self._gate.changes or self._desk.is_unsure:
            try:
                await self._exchange(0)
            except (StoreUnavailable, Replay) as error:
                # They stay marked as being sent, and are taken up at the next start.
                _log.error("answers were not kept", account=self.account, **what_of(error))

    async def _wake_on(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._on_news()

    async def _pause(self, now: datetime) -> None:
        """Wait until something may leave, an answer came, or somebody woke us. `now` is when the last turn began:
        what has become free since then it has not seen.
        """
        until = [self._gate.next_recipient(now)]
        least = 0.0
        if self._gate.free(now + _LEAD) <= len(self._flight.ready):
            soonest = self._gate.next_free(now + _LEAD)
            if soonest is not None and not self._flight.ready:  # what is ready has its own timer, which wakes us
                until.append(soonest - _LEAD)
        elif not self._flight.tasks:
            if self._news or self._gate.fails(now):
                until.append(await self._run(self.next_due))
                least = _BREATH
            else:
                until.append(self._later)
        idle = now + timedelta(seconds=_IDLE)
        self._look_at = min([idle, *(one for one in until if one is not None)])
        wake_at = self._look_at if self._ended_since is None else min(self._look_at, self._ended_since + _GATHER)
        await self._wait(max(least, (wake_at - self._clock.now()).total_seconds()))

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._awake.wait()

    # --- one turn --------------------------------------------------------------------------------------------------

    async def _turn(self, now: datetime) -> bool:
        """Settle what ended, take what may leave, and let it leave; return whether anything happened."""
        flight = self._flight
        moved = await self._keep_house(now)
        self._news = self._news or (self._look_at is not None and now >= self._look_at)
        # Between the parts of a long message there is room for what presses more.
        self._news = self._news or bool(flight.between(now))
        settles = self._worth_settling(now)
        limit, below = self._room(now) if self._news or settles else (0, None)
        if limit <= 0 and not settles:
            return flight.proceed(now) or moved
        moved = moved or bool(flight.ended)
        found = await self._exchange(limit, below)
        flight.begin(found.jobs)
        if self._look is not None:
            for job in found.jobs:
                self._glimpse("queued", job.id, "", now)
        flight.ended += found.unfit
        return flight.proceed(self._clock.now()) or moved or bool(found.jobs or found.unfit)

    def _worth_settling(self, now: datetime) -> bool:
        """Whether the answers that came are to be written down now: many together, or all, or they waited enough."""
        flight = self._flight
        if not flight.ended:
            return bool(self._gate.changes)
        self._ended_since = self._ended_since or now
        return (
            len(flight.ended) >= QUANTUM
            or not flight.tasks
            or now - self._ended_since >= _GATHER
            or bool(self._gate.changes)
        )

    def _room(self, now: datetime) -> tuple[int, int | None]:
        """Return how many deliveries may be taken now, and below which lane they must be: None, in any.

        What waits for its next part takes no room from what presses more.
        """
        flight = self._flight
        room = BOUND - len(flight.jobs) + len(flight.ended)
        free = self._gate.free(now + _LEAD) - len(flight.ready)
        limit = min(BATCH, room, free) if room >= QUANTUM else 0
        halves = flight.halves if limit <= 0 else ()
        if not halves:
            return limit, None
        return min(QUANTUM, room + QUANTUM, free + len(halves)), max(job.claimed.rank for job in halves)

    async def _exchange(self, limit: int, below: int | None = None) -> Exchange:
        """Visit the desk with what ended. What could not be written down is kept for the next visit."""
        flight = self._flight
        ended, flight.ended = flight.ended, []
        self._ended_since = None
        self._news = self._news and (limit <= 0 or below is not None)
        settled = {one.delivery for one in ended}
        now = self._clock.now()
        try:
            if self._gate.holds:
                kept = tuple(self._gate.holds)
                await self._run(self._desk.hold, kept)
                self._gate.kept(kept)
                del self._gate.holds[: len(kept)]
            while self._gate.changes:
                await self._run(self._desk.mark, *self._gate.changes[0], now)
                del self._gate.changes[0]
            between = flight.between(now, settled)
            taken = Taken(flight.busy(now, settled) - between, between, below)
            found: Exchange = await self._run(self._desk.exchange, ended, now, limit, taken)
        except BaseException:
            flight.ended = ended + flight.ended
            raise
        if limit > 0:
            self._news, self._later = self._news or found.more, found.later
        self._tell(found.settled, now)
        self._show(ended, found.settled, now)
        for ident in settled:
            flight.jobs.pop(ident, None)
        return found

    async def _keep_house(self, now: datetime) -> bool:
        """Take up what was left behind, and move what presses away from an account that fails."""
        moved = 0
        if not self._recovered:
            # An account is run by one process at a time: whatever it was sending when we start, nobody sends now.
            left = await self._run(self._desk.departures, now, self._gate.memory)
            moved += await self._run(self._desk.recover, now, timedelta(0), ())
            self._gate.resume(left, now)
            self._gate.restore(await self._run(self._desk.holds), now)
            self._recovered = True
        if self.stopped:
            return bool(moved + await self._run(self._desk.reroute, now, timedelta(0)))
        if self._looked_after is None or now - self._looked_after >= _HOUSEKEEPING:
            self._looked_after = now
            moved += await self._run(self._desk.recover, now, ABANDONED_AFTER, self._flight.deliveries)
            if self._gate.fails(now):
                moved += await self._run(self._desk.reroute, now, PATIENCE)
            elif idle := self._gate.idle(now):
                moved += await self._run(self._desk.reroute, now, PATIENCE, idle)
        await self._lift(now)
        return bool(moved)

    async def _lift(self, now: datetime) -> None:
        """Let go of what we were told to wait for once it is over."""
        if self._gate.lifts_at is not None and self._gate.lifts_at <= now:
            left = await self._run(self._desk.lift, now)
            self._gate.lifts_at = None
            self._gate.kept(left)
        self._gate.look(now)

    def _tell(self, settled: Sequence[Settled], now: datetime) -> None:
        for one in settled:
            self._counts[one.state] += 1
            if one.state in ("failed", "unknown"):
                _log.warning(
                    "not delivered", account=self.account, delivery=one.delivery, state=one.state, why=one.reason
                )

    def _show(self, ended: Sequence[Outcome], settled: Sequence[Settled], now: datetime) -> None:
        """Show whoever looks on how attempts ended; a report that was quicker than the answer hides no message."""
        if self._look is None:
            return
        fates = {one.delivery: one for one in settled}
        for one in ended:
            fate = fates.get(one.delivery)
            if isinstance(one.answer, Receipt):
                self._glimpse("sent", one.delivery, "", now)
            elif fate is not None:
                self._glimpse("queued" if fate.state == "queued" else "failed", fate.delivery, fate.reason, now)

    def _glimpse(self, stage: str, ident: int, reason: str, now: datetime) -> None:
        job = self._flight.jobs.get(ident)
        if self._look is not None and job is not None:
            text = job.claimed.content.text
            what = f"{text.domain} {text.key}" + (f": {reason}" if reason else "")
            self._look(Glimpse(now, stage, what, job.name, self.account))
