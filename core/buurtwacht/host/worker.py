"""The worker: takes work in order of its lanes, runs the handler that the conversation planned, and keeps the result.

Scheduling is in memory (`Dispatcher`); what it schedules is in the inbox, so nothing is lost with the process.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

import structlog

from buurtwacht.host.context import Context
from buurtwacht.host.conversation import Conversation
from buurtwacht.host.core import Core
from buurtwacht.host.scene import Plan
from buurtwacht.records import audit
from buurtwacht.records.audience import Audience
from buurtwacht.records.database import Unit
from buurtwacht.records.inbox import Work, mark_done, park
from buurtwacht.vocabulary.channels import Glimpse, Said
from buurtwacht.vocabulary.errors import Refusal, Replay, StoreUnavailable
from buurtwacht.vocabulary.messages import Severity, Text
from buurtwacht.vocabulary.roles import CARETAKERS, Role

#: Design §2: a stale version or a busy database is tried again, at most so often.
REPLAYS = 5

#: How many pieces of work of one plugin may share a commit, and for how many seconds the first may wait for the others.
_BATCH = 20
_PATIENCE = 0.010

log = structlog.get_logger("buurtwacht.worker")


@dataclass(frozen=True, slots=True)
class _Ready:
    """A piece of work, planned, with the unit that collects what its handler writes."""

    unit: Unit
    work: Work
    plan: Plan
    attempt: int


class Dispatcher:
    """Which work may run now: one piece of each lane at a time, in order; a plugin on at most half of the threads,
    and one thread kept for reports and calls for help.
    """

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads
        self._changed = threading.Condition()
        self._lanes: dict[str, deque[Work]] = {}
        self._ready: deque[Work] = deque()
        self._running: dict[str, int] = {}
        self._postponed: list[tuple[Work, Plan]] = []
        self._closed = False

    def add(self, works: Sequence[Work]) -> None:
        """Take in new work, in order."""
        with self._changed:
            for work in works:
                lane = self._lanes.get(work.lane)
                if lane is None:
                    self._lanes[work.lane] = deque([work])
                    self._ready.append(work)
                else:
                    lane.append(work)
            self._changed.notify(len(works))

    def take(self, *, wait: bool = False) -> Work | None:
        """Return work that may run, or None when there is none (or, waiting, when the dispatcher is closed)."""
        with self._changed:
            while wait and not self._ready and not self._closed:
                self._changed.wait()
            return self._ready.popleft() if self._ready and not self._closed else None

    def done(self, work: Work) -> None:
        """Let the next of the lane run."""
        with self._changed:
            lane = self._lanes[work.lane]
            lane.popleft()
            if lane:
                self._ready.append(lane[0])
                self._changed.notify()
            else:
                del self._lanes[work.lane]

    def enter(self, plan: Plan) -> bool:
        """Take a place for a plugin's handler; False when it has its share of the threads already."""
        with self._changed:
            mine = self._running.get(plan.plugin, 0)
            busy = sum(self._running.values())
            share = max(1, self._threads // 2)
            kept = 0 if plan.presses or self._threads == 1 else 1
            if mine >= share or busy >= max(1, self._threads - kept):
                return False
            self._running[plan.plugin] = mine + 1
            return True

    def leave(self, plan: Plan) -> None:
        """Give the place back; who waited for one is looked at again."""
        with self._changed:
            self._running[plan.plugin] -= 1
            waiting, self._postponed = self._postponed, []
            self._ready.extend(work for work, _ in waiting)
            self._changed.notify(len(waiting))

    def postpone(self, work: Work, plan: Plan) -> None:
        """Put work aside until a place is free; the others of its lane wait behind it."""
        with self._changed:
            self._postponed.append((work, plan))

    def retry(self, work: Work) -> None:
        """Offer work again that could not be done just now."""
        with self._changed:
            self._ready.append(work)
            self._changed.notify()

    @property
    def idle(self) -> bool:
        """Whether nothing waits and nothing runs."""
        with self._changed:
            return not self._lanes

    def waiting(self) -> int:
        """Return how much work is not done yet, for metrics."""
        with self._changed:
            return sum(len(lane) for lane in self._lanes.values())

    def known(self) -> set[int]:
        """Return the ids of all work that is not done yet."""
        with self._changed:
            return {work.id for lane in self._lanes.values() for work in lane}

    @property
    def closed(self) -> bool:
        """Whether nothing is given out any more."""
        return self._closed

    def pause(self, seconds: float) -> None:
        """Wait until something changes, or for a while; for a thread that could not do its work."""
        with self._changed:
            if not self._closed:
                self._changed.wait(seconds)

    def close(self) -> None:
        """Give nothing out any more; who waits is let go."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()


@dataclass(frozen=True, slots=True)
class Hooks:
    """Where tests look in: `during` is called at moments a crash could come ("handler", "commit")."""

    during: Callable[[str, str], None] = lambda moment, plugin: None


class Worker:
    """Runs work to its end. Any number of threads may call `step` at once."""

    def __init__(self, core: Core, dispatcher: Dispatcher, hooks: Hooks | None = None) -> None:
        self._core = core
        self._dispatcher = dispatcher
        self._conversation = Conversation(core)
        self._hooks = hooks or Hooks()

    def step(self, *, wait: bool = False) -> bool:
        """Do the next piece of work, and what else is quickly done with it; return False when there was none."""
        work = self._dispatcher.take(wait=wait)
        if work is None:
            return False
        batch: list[_Ready] = []
        began = perf_counter()
        try:
            while work is not None:
                ready = self._prepare(work)
                if ready is not None and batch and ready.plan.plugin != batch[0].plan.plugin:
                    self._keep(batch)
                    batch = []
                if ready is not None and self._run(ready):
                    batch.append(ready)
                    if not ready.unit.is_light:
                        break
                if not batch or len(batch) >= _BATCH or perf_counter() - began > _PATIENCE:
                    break
                work = self._dispatcher.take()
            self._keep(batch)
        except StoreUnavailable as gone:
            log.error("database unavailable; the work waits", reason=str(gone))
            return False
        return True

    def _prepare(self, work: Work, attempt: int = 0) -> _Ready | None:
        """Plan a piece of work; None when it is settled already or was put aside until its plugin has a thread."""
        unit = self._core.database.unit()
        try:
            plan = self._conversation.plan(unit, work)
        except StoreUnavailable:
            unit.close()
            self._dispatcher.retry(work)
            raise
        except Exception as error:
            unit.close()
            self._park(work, None, error)
            return None
        ready = _Ready(unit, work, plan, attempt)
        if not self._dispatcher.enter(plan):
            unit.close()
            self._dispatcher.postpone(work, plan)
            return None
        return ready

    def _run(self, ready: _Ready) -> bool:
        """Run the handler; False when it came to nothing that is to be kept."""
        work, plan = ready.work, ready.plan
        self._look(work, plan)
        try:
            self._hooks.during("handler", plan.plugin)
            plan.run()
            mark_done(ready.unit, work, self._core.clock.now(), ready.attempt + 1)
            return True
        except StoreUnavailable:
            ready.unit.close()
            self._dispatcher.retry(work)
            raise
        except Refusal as refusal:
            ready.unit.close()
            self._refuse(work, plan, refusal)
        except Replay:
            ready.unit.close()
            self._again(ready)
        except Exception as error:
            ready.unit.close()
            self._park(work, plan, error)
        finally:
            self._dispatcher.leave(plan)
        return False

    def _keep(self, batch: Sequence[_Ready]) -> None:
        """Commit what handlers left; when that cannot be done together, each by itself."""
        waiting = list(batch)
        try:
            if batch:
                self._hooks.during("commit", batch[0].plan.plugin)
            if len(batch) > 1 and self._core.database.commit_together([one.unit for one in batch]):
                while waiting:
                    self._dispatcher.done(waiting.pop(0).work)
            while waiting:
                self._keep_one(waiting[0])
                waiting.pop(0)
        except StoreUnavailable:
            for one in waiting:
                self._dispatcher.retry(one.work)
            raise
        finally:
            for one in batch:
                one.unit.close()

    def _keep_one(self, ready: _Ready) -> None:
        try:
            ready.unit.commit()
        except Replay:
            self._again(ready)
        except StoreUnavailable:
            raise
        except Exception as error:
            self._park(ready.work, ready.plan, error)
        else:
            self._dispatcher.done(ready.work)

    def _again(self, ready: _Ready) -> None:
        """Somebody else was first: handle the work once more from the beginning, at most five times."""
        if ready.attempt >= REPLAYS:
            self._park(ready.work, ready.plan, Replay(f"somebody else was first {REPLAYS} times"))
            return
        again = self._prepare(ready.work, ready.attempt + 1)
        if again is not None and self._run(again):
            self._keep([again])

    def _refuse(self, work: Work, plan: Plan | None, refusal: Refusal) -> None:
        """Say what cannot be done; nothing the handler queued is kept."""
        with_context = plan.context if plan is not None else None
        unit = self._core.database.unit()
        if with_context is not None and with_context.can_reply:
            with_context.again(unit).reply(refusal.text)
        mark_done(unit, work, self._core.clock.now())
        unit.commit()
        self._dispatcher.done(work)

    def _park(self, work: Work, plan: Plan | None, error: Exception) -> None:
        """Put work aside whose handler failed, name the culprit, and be kind to whoever waits for an answer."""
        plugin = plan.plugin if plan is not None else work.plugin or "core"
        what = plan.what if plan is not None else "conversation"
        trace, paused = self._core.health.failed(plugin, what, error)
        now = self._core.clock.now()
        unit = self._core.database.unit()
        park(unit, work, now, f"{plugin}: {type(error).__name__} ({trace})")
        audit.note(unit, now, f"plugin:{plugin}", "handler_failed", f"work:{work.id}", {"trace": trace, "what": what})
        context = plan.context if plan is not None else None
        if context is not None:
            own = context.again(unit, plugin="core")
            vital = plugin in self._core.plugins and self._core.plugins.get(plugin).manifest.vital
            if own.can_reply:
                own.reply(Text("failed.vital" if vital else "failed", trace=trace))
            self._save_raw(own, work, vital)
            if paused:
                self._tell_admins(own, plugin, trace)
        unit.commit()
        self._dispatcher.done(work)

    @staticmethod
    def _save_raw(own: Context, work: Work, vital: bool) -> None:
        """What a vital plugin dropped may be a report: the co-ordinators get it as it was typed."""
        said = work.inbound.event if work.inbound is not None else None
        if not vital or not isinstance(said, Said) or not said.text or not own.has_person or own.neighbourhood is None:
            return
        caretakers = [one.id for one in own.members(*CARETAKERS) if one.id != own.person.id]
        if caretakers:
            text = Text("passed_on.raw.caretaker", who=own.name_of(own.person), text=said.text)
            own.send(caretakers, text, severity=Severity.URGENT)

    def _tell_admins(self, own: Context, plugin: str, trace: str) -> None:
        """R51: the admins are told the plugin's id and a trace id."""
        everywhere = tuple(one.id for one in self._core.neighbourhoods.all())
        if everywhere:
            admins = Audience(everywhere).with_roles(Role.ADMIN)
            own.broadcast(admins, Text("plugin_paused", plugin=plugin, trace=trace), Severity.URGENT)

    def _look(self, work: Work, plan: Plan) -> None:
        if self._core.look is None:
            return
        who = plan.context.person.name if plan.context is not None and plan.context.has_person else ""
        now = self._core.clock.now()
        self._core.look(Glimpse(now, "handler", f"{plan.plugin}: {plan.what}", who, work.account))
