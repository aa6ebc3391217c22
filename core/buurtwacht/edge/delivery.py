"""Delivery: one account's outbox emptied through its channel, as fast as it may and in the right order.

`step` and `next_due` are for whoever moves a clock by hand; `run` is the same as a loop that waits.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from traceback import extract_tb
from typing import Any, TypeAlias

import structlog

from buurtwacht.edge.desk import Desk, Exchange, Job
from buurtwacht.edge.gate import Gate
from buurtwacht.records.outcomes import ABANDONED_AFTER, PATIENCE, Outcome, Settled
from buurtwacht.vocabulary.channels import Channel, Glimpse, Outgoing, Receipt
from buurtwacht.vocabulary.clock import Clock
from buurtwacht.vocabulary.errors import (
    Ambiguous,
    DeliveryError,
    Misconfigured,
    Replay,
    StoreUnavailable,
    Throttled,
    Unavailable,
    WindowClosed,
)

#: Runs a function that touches the database away from the event loop: run(function, *arguments).
RunInThread: TypeAlias = Callable[..., Awaitable[Any]]

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
#: The least wait when the outbox says that something is due and yet nothing could be taken: others hold it.
_BREATH = 0.02
#: How many half-sent long messages are remembered until their next attempt.
_REMEMBERED = 1000

_log = structlog.get_logger("buurtwacht.delivery")


class Delivery:
    """Sends for one account. `rate` is in messages a second, None for no pace of the account.

    `on_state` is called on the event loop with ok, down or stopped, and the reason, when that changes.
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
    ) -> None:
        self.account = channel.account
        #: how deliveries ended, by state, and `repeat`: how many were sent again without knowing
        self.counts: Counter[str] = Counter()
        self._channel = channel
        self._desk = desk
        self._clock = clock
        self._run = run_in_thread
        self._look = look
        self._gate = Gate(channel.account, channel.capabilities, rate, on_state)
        #: everything taken and not yet settled, by delivery
        self._jobs: dict[int, Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        #: jobs with parts still to go, which wait for the pace
        self._unfinished: list[Job] = []
        self._ended: list[Outcome] = []
        #: parts that went before a failure, by delivery, address, message shown and number of parts
        self._progress: dict[tuple[int, int, int, int], int] = {}
        self._recovered = False
        self._looked_after: datetime | None = None
        self._awake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def stopped(self) -> bool:
        """Whether the provider refuses the account: nothing is sent until a restart."""
        return self._gate.stopped

    # --- by hand ---------------------------------------------------------------------------------------------------

    async def step(self) -> bool:
        """Send what may leave now, wait for the answers and write them down; return whether anything happened."""
        moved = await self._turn()
        while self._tasks:
            await asyncio.wait(self._tasks)
        if self._ended or self._gate.changes:
            await self._exchange(0)
            moved = True
        return moved

    def next_due(self) -> datetime | None:
        """Return when `step` will have something to do, `now` included; None when nothing waits. Reads the database."""
        now = self._clock.now()
        if not self._recovered or self._ended or self._gate.changes:
            return now
        if self.stopped:
            return None
        moments = [self._next_send(now)]
        if self._gate.fails(now):
            due = self._desk.reroute_due()
            soonest = now if self._looked_after is None else self._looked_after + _HOUSEKEEPING
            moments.append(due and max(due, soonest, now))
        return min((one for one in moments if one is not None), default=None)

    def _next_send(self, now: datetime) -> datetime | None:
        pace = self._gate.next_free(now)
        first = self._desk.next_due()
        if pace is None or (first is None and not self._unfinished):
            return None
        if pace > now:
            return pace if first is None or self._unfinished else max(first, pace)
        if any(self._gate.may(job.address, now) for job in self._unfinished):
            return now
        if self._desk.due_now(now, self._busy(now)):
            return now
        later = [self._desk.next_due(now)]
        if self._unfinished or (first is not None and first <= now):
            later.append(self._gate.next_recipient(now))
        return min((one for one in later if one is not None), default=None)

    # --- as a loop -------------------------------------------------------------------------------------------------

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop` is set, then finish what is being sent. Nothing that goes wrong ends it."""
        self._loop = asyncio.get_running_loop()
        stopping = self._loop.create_task(self._wake_on(stop))
        try:
            while not stop.is_set():
                self._awake.clear()
                try:
                    if not await self._turn():
                        await self._pause()
                except Exception as error:
                    _log.error("the outbox cannot be worked", account=self.account, **_what(error))
                    await self._wait(_IDLE)
            await self.drain()
        finally:
            stopping.cancel()

    def wake(self) -> None:
        """Look at the outbox at once: something was queued. May be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._awake.set)

    async def drain(self, seconds: float = 8.0) -> None:
        """Take nothing new; finish what is being sent within so many seconds, and write it down.

        What was broken off counts as ambiguous; what had gone only in part is queued again.
        """
        try:
            async with asyncio.timeout(seconds):
                while self._tasks:
                    await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
                    self._continue(self._clock.now())
        except TimeoutError:
            for task in self._tasks:
                task.cancel()
            await asyncio.wait(self._tasks)
        self._ended += [Outcome(job.id, Unavailable("interrupted")) for job in self._unfinished]
        self._unfinished.clear()
        if self._ended or self._gate.changes:
            try:
                await self._exchange(0)
            except (StoreUnavailable, Replay) as error:
                # They stay marked as being sent, and are taken up at the next start.
                _log.error(
                    "answers were not written down", account=self.account, count=len(self._ended), **_what(error)
                )

    async def _wake_on(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._awake.set()

    async def _pause(self) -> None:
        """Wait until something may leave, an answer came, or somebody woke us."""
        now = self._clock.now()
        until = [self._gate.next_recipient(now)]
        least = 0.0
        if self._gate.free(now) <= 0:
            until.append(self._gate.next_free(now))
        elif not self._tasks:
            until.append(await self._run(self.next_due))
            least = _BREATH
        await self._wait(max(least, min([_IDLE, *((one - now).total_seconds() for one in until if one is not None)])))

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._awake.wait()

    # --- one turn --------------------------------------------------------------------------------------------------

    async def _turn(self) -> bool:
        """Settle what ended, take what may leave, and let it leave; return whether anything happened."""
        now = self._clock.now()
        moved = await self._keep_house(now)
        limit = self._room(now)
        worth_settling = len(self._ended) >= QUANTUM or (self._ended and not self._tasks) or self._gate.changes
        if limit <= 0 and not worth_settling:
            return self._continue(now) or moved
        moved = moved or bool(self._ended)
        found = await self._exchange(limit)
        now = self._clock.now()
        # First what was just taken, for which the pace was asked; only then what else it allows.
        for job in found.jobs:
            self._begin(job, now)
        self._ended += found.unfit
        moved = self._continue(now) or moved or bool(found.jobs or found.unfit)
        if found.error is not None:
            raise found.error
        return moved

    def _room(self, now: datetime) -> int:
        """Return how many deliveries may be taken now."""
        room = BOUND - len(self._jobs) + len(self._ended)
        return min(BATCH, room, self._gate.free(now) - len(self._unfinished)) if room >= QUANTUM else 0

    def _busy(self, now: datetime, ended: Sequence[Outcome] = ()) -> set[int]:
        """Return the addresses that may get nothing: the pace says so, or something is on its way to them."""
        settled = {one.delivery for one in ended}
        return {job.address for job in self._jobs.values() if job.id not in settled} | set(self._gate.waiting(now))

    async def _exchange(self, limit: int) -> Exchange:
        """Visit the desk with what ended. What could not be written down is kept for the next visit."""
        ended, self._ended = self._ended, []
        now = self._clock.now()
        try:
            while self._gate.changes:
                await self._run(self._desk.mark, *self._gate.changes[0], now)
                del self._gate.changes[0]
            found: Exchange = await self._run(self._desk.exchange, ended, now, limit, self._busy(now, ended))
        except BaseException:
            self._ended = ended + self._ended
            raise
        self._tell(found.settled, now)
        for one in ended:
            self._jobs.pop(one.delivery, None)
        return found

    async def _keep_house(self, now: datetime) -> bool:
        """Take up what was left behind, and move what presses away from an account that fails."""
        moved = 0
        if not self._recovered:
            # An account is run by one process at a time: whatever it was sending when we start, nobody sends now.
            moved += await self._run(self._desk.recover, now, timedelta(0), ())
            self._recovered = True
        if self.stopped:
            return bool(moved + await self._run(self._desk.reroute, now, timedelta(0)))
        if self._looked_after is None or now - self._looked_after >= _HOUSEKEEPING:
            self._looked_after = now
            moved += await self._run(self._desk.recover, now, ABANDONED_AFTER, set(self._jobs))
            if self._gate.fails(now):
                moved += await self._run(self._desk.reroute, now, PATIENCE)
        return bool(moved)

    # --- sending ---------------------------------------------------------------------------------------------------

    def _begin(self, job: Job, now: datetime) -> None:
        """Send what was just taken, from the part where an earlier attempt broke off."""
        self._jobs[job.id] = job
        job.gone = self._progress.pop(_signature(job), 0)
        if self.stopped:
            self._ended.append(Outcome(job.id, Misconfigured("account stopped")))
        elif self._gate.free(now) <= 0:
            # The provider told the account to wait while this was being taken.
            until = self._gate.next_free(now) or now
            self._ended.append(Outcome(job.id, Throttled((until - now).total_seconds(), "account")))
        else:
            self._launch(job)

    def _continue(self, now: datetime) -> bool:
        """Let the next part of long messages leave, as far as the pace allows."""
        if self.stopped:
            ready = list(self._unfinished)
            self._ended += [Outcome(job.id, Misconfigured("account stopped")) for job in ready]
        else:
            ready = [job for job in self._unfinished if self._gate.may(job.address, now)][
                : max(0, self._gate.free(now))
            ]
        for job in ready:
            self._unfinished.remove(job)
            if not self.stopped:
                self._launch(job)
        return bool(ready)

    def _launch(self, job: Job) -> None:
        self._gate.take()
        task = asyncio.get_running_loop().create_task(self._send(job))
        self._tasks.add(task)
        task.add_done_callback(self._landed)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._awake.set()

    async def _send(self, job: Job) -> None:
        part = job.parts[job.gone]
        if job.claimed.repeat and not job.gone:
            self.counts["repeat"] += 1
        answer: Receipt | DeliveryError
        try:
            answer = await self._channel.send(part)
        except DeliveryError as error:
            answer = error
        except asyncio.CancelledError:
            answer = Ambiguous("interrupted")
        except Exception as error:
            _log.error("a channel broke its contract", account=self.account, **_what(error))
            answer = Ambiguous("adapter error")
        self._gate.answered(job.address, job.claimed.is_group, answer, self._clock.now())
        if not await self._goes_on(job, part, answer):
            self._ended.append(Outcome(job.id, answer, part.template.name if part.template else ""))

    async def _goes_on(self, job: Job, part: Outgoing, answer: Receipt | DeliveryError) -> bool:
        """Return whether more of this delivery is still to be sent: a further part, or the template instead."""
        if isinstance(answer, Receipt):
            job.gone += 1
            if job.gone == len(job.parts):
                return False
        elif isinstance(answer, WindowClosed) and part.template is None and not job.gone:
            # The provider knows better than we when the person last wrote.
            try:
                ready = await self._run(self._desk.ready, job.claimed, self._clock.now(), True)
            except Exception as error:
                _log.error("a template was not made", account=self.account, **_what(error))
                return False
            if isinstance(ready, DeliveryError):
                return False
            job.parts = ready
        else:
            # After an ambiguous answer the whole is said again, marked as a repeat.
            if job.gone and not isinstance(answer, Ambiguous):
                self._remember(job)
            return False
        self._unfinished.append(job)
        return True

    def _remember(self, job: Job) -> None:
        while len(self._progress) >= _REMEMBERED:
            del self._progress[next(iter(self._progress))]
        self._progress[_signature(job)] = job.gone

    def _tell(self, settled: Sequence[Settled], now: datetime) -> None:
        for one in settled:
            self.counts[one.state] += 1
            if one.state in ("failed", "unknown"):
                _log.warning(
                    "not delivered", account=self.account, delivery=one.delivery, state=one.state, why=one.reason
                )
            job = self._jobs.get(one.delivery)
            if self._look is not None and job is not None:
                stage = one.state if one.state in ("sent", "queued") else "failed"
                text = job.claimed.content.text
                what = f"{text.domain} {text.key}" + (f": {one.reason}" if one.reason else "")
                self._look(Glimpse(now, stage, what, job.name, self.account))


def _signature(job: Job) -> tuple[int, int, int, int]:
    return job.id, job.address, job.claimed.shows, len(job.parts)


def _what(error: Exception) -> dict[str, str]:
    """Return what may be logged of an error that was not expected: its type and place, never its words."""
    frames = extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return {"error": type(error).__name__, "at": place}
