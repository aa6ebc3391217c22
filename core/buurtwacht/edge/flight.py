"""What is in flight for one account: deliveries between the desk and the messenger, from taken to answered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from pathlib import Path
from traceback import extract_tb
from typing import Any, TypeAlias

import structlog

from buurtwacht.edge.desk import Desk, Job
from buurtwacht.edge.gate import Gate
from buurtwacht.records.outcomes import Outcome
from buurtwacht.vocabulary.channels import Channel, Outgoing, Receipt
from buurtwacht.vocabulary.clock import Clock
from buurtwacht.vocabulary.errors import (
    Ambiguous,
    DeliveryError,
    Misconfigured,
    Throttled,
    Unavailable,
    WindowClosed,
)

#: Runs a function that touches the database away from the event loop: run(function, *arguments).
RunInThread: TypeAlias = Callable[..., Awaitable[Any]]

#: How many half-sent long messages are remembered until their next attempt.
_REMEMBERED = 1000

_log = structlog.get_logger("buurtwacht.delivery")


class Flight:
    """Sends what it is given as soon as the gate lets it pass, and collects the answers in `ended`.

    `on_landing` is called on the event loop whenever an answer came or something left late.
    """

    def __init__(
        self,
        channel: Channel,
        desk: Desk,
        gate: Gate,
        clock: Clock,
        run_in_thread: RunInThread,
        on_landing: Callable[[], None],
    ) -> None:
        #: everything taken and not yet settled, by delivery
        self.jobs: dict[int, Job] = {}
        #: taken, or gone in part, and waiting for the pace
        self.ready: list[Job] = []
        self.ended: list[Outcome] = []
        self.tasks: set[asyncio.Task[None]] = set()
        #: how many were sent again without our knowing whether they had arrived
        self.repeats = 0
        #: send on our own the moment the pace allows it; off where a clock is moved by hand
        self.timed = False
        self._channel = channel
        self._desk = desk
        self._gate = gate
        self._clock = clock
        self._run = run_in_thread
        self._on_landing = on_landing
        self._timer: asyncio.TimerHandle | None = None
        #: the addresses that a message is on its way to
        self._aloft: set[int] = set()
        #: parts that went before a failure, by delivery, address, message shown and number of parts
        self._progress: dict[tuple[int, int, int, int], int] = {}

    def begin(self, jobs: Collection[Job]) -> None:
        """Send what was just taken, each from the part where an earlier attempt broke off."""
        for job in jobs:
            self.jobs[job.id] = job
            job.gone = self._progress.pop(_signature(job), 0)
            self.ready.append(job)

    def proceed(self, now: datetime) -> bool:
        """Let what is ready leave, as far as the gate allows; return whether anything moved."""
        if self._give_back(now):
            return True
        leaving = self._leaving(now)
        for job in leaving:
            self.ready.remove(job)
            self._launch(job)
        self._set_timer(now)
        return bool(leaving)

    @property
    def deliveries(self) -> set[int]:
        """Everything taken and not yet settled, the parts of digests too."""
        return {ident for job in self.jobs.values() for ident in (job.id, *job.claimed.beside)}

    def busy(self, now: datetime, settled: Collection[int] = ()) -> set[int]:
        """Return the addresses that may get nothing: the pace says so, or something is on its way to them."""
        return {job.address for job in self.jobs.values() if job.id not in settled} | set(self._gate.waiting(now))

    def between(self, now: datetime, settled: Collection[int] = ()) -> set[int]:
        """Return the addresses, `busy` too, where a long message waits for its next part, and that may get it now."""
        waiting = {job.id: job.address for job in self.halves}
        if not waiting:
            return set()
        others = {job.address for job in self.jobs.values() if job.id not in waiting and job.id not in settled}
        return set(waiting.values()) - others - self._gate.waiting(now)

    @property
    def halves(self) -> list[Job]:
        """What is gone in part and waits: what presses more goes before the rest of it."""
        return [job for job in self.ready if job.gone]

    async def land(self, seconds: float) -> None:
        """Finish what is being sent within so many seconds; break off the rest, and queue again what had not left."""
        try:
            async with asyncio.timeout(seconds):
                while self.tasks:
                    await asyncio.wait(self.tasks, return_when=asyncio.FIRST_COMPLETED)
                    self.proceed(self._clock.now())
        except TimeoutError:
            for task in self.tasks:
                task.cancel()
            await asyncio.wait(self.tasks)
        if self._timer is not None:
            self._timer.cancel()
        self.ended += [job.ended(Unavailable("interrupted")) for job in self.ready]
        self.ready.clear()

    def _leaving(self, now: datetime) -> list[Job]:
        """Return what leaves now: what presses most before the others, and one at a time to each address."""
        free = self._gate.free(now)
        if free <= 0:
            return []
        taken = set(self._aloft)
        leaving: list[Job] = []
        for job in sorted(self.ready, key=lambda job: job.claimed.rank):
            if len(leaving) == free:
                break
            if job.address not in taken and self._gate.may(job.address, now):
                taken.add(job.address)
                leaving.append(job)
        return leaving

    def _give_back(self, now: datetime) -> bool:
        """Queue again what had not left when the provider stopped us, or told the whole account to wait."""
        held_until = self._gate.held_until(now)
        answer: DeliveryError
        if self._gate.stopped:
            leaving, answer = list(self.ready), Misconfigured("account stopped")
        elif held_until is not None:
            leaving = [job for job in self.ready if not job.gone]
            answer = Throttled((held_until - now).total_seconds(), "account")
        else:
            return False
        self.ready = [job for job in self.ready if job not in leaving]
        self.ended += [job.ended(answer) for job in leaving]
        return bool(leaving)

    def _set_timer(self, now: datetime) -> None:
        if self.timed and self.ready and self._timer is None:
            soonest = self._gate.next_free(now)
            if soonest is not None and soonest > now:
                loop = asyncio.get_running_loop()
                self._timer = loop.call_later((soonest - now).total_seconds(), self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        # Before the next part of a long message the outbox is looked at: whoever hears this does so.
        if not self.halves:
            self.proceed(self._clock.now())
        self._on_landing()

    def _launch(self, job: Job) -> None:
        self._gate.take()
        self._aloft.add(job.address)
        task = asyncio.get_running_loop().create_task(self._send(job))
        self.tasks.add(task)
        task.add_done_callback(self._landed)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        self._on_landing()

    async def _send(self, job: Job) -> None:
        part = job.parts[job.gone]
        if job.claimed.repeat and not job.gone:
            self.repeats += 1
        answer: Receipt | DeliveryError
        try:
            answer = await self._channel.send(part)
        except DeliveryError as error:
            answer = error
        except asyncio.CancelledError:
            answer = Ambiguous("interrupted")
        except Exception as error:
            _log.error("a channel broke its contract", account=self._channel.account, **what_of(error))
            answer = Ambiguous("adapter error")
        self._aloft.discard(job.address)
        self._gate.answered(job.address, job.claimed.is_group, answer, self._clock.now())
        if not await self._goes_on(job, part, answer):
            self.ended.append(job.ended(answer, part.template.name if part.template else ""))

    async def _goes_on(self, job: Job, part: Outgoing, answer: Receipt | DeliveryError) -> bool:
        """Return whether more of this delivery is still to be sent: a further part, or the template instead."""
        if isinstance(answer, Receipt):
            job.gone += 1
            if job.gone == len(job.parts):
                return False
        elif isinstance(answer, WindowClosed) and part.template is None and not job.gone:
            parts = await self._template_of(job)
            if parts is None:
                return False
            job.parts = parts
        else:
            # After an ambiguous answer the whole is said again, marked as a repeat.
            if job.gone and not isinstance(answer, Ambiguous):
                self._remember(job)
            return False
        self.ready.append(job)
        return True

    async def _template_of(self, job: Job) -> tuple[Outgoing, ...] | None:
        """Return the template in place of free text: the provider knows better when the person last wrote."""
        try:
            ready = await self._run(self._desk.ready, job.claimed, self._clock.now(), True)
        except Exception as error:
            _log.error("a template was not made", account=self._channel.account, **what_of(error))
            return None
        return ready if isinstance(ready, tuple) else None

    def _remember(self, job: Job) -> None:
        while len(self._progress) >= _REMEMBERED:
            del self._progress[next(iter(self._progress))]
        self._progress[_signature(job)] = job.gone


def what_of(error: Exception) -> dict[str, str]:
    """Return what may be logged of an error that was not expected: its type and place, never its words."""
    frames = extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return {"error": type(error).__name__, "at": place}


def _signature(job: Job) -> tuple[int, int, int, int]:
    return job.id, job.address, job.claimed.shows, len(job.parts)
