"""The worker: runs the handler that the conversation planned for a piece of work, and keeps the result."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from time import perf_counter

import structlog

from buurtwacht.host import erasures, pauses
from buurtwacht.host.context import Context
from buurtwacht.host.conversation import Conversation
from buurtwacht.host.core import Core
from buurtwacht.host.dispatcher import Dispatcher
from buurtwacht.host.health import place_of
from buurtwacht.host.ripening import common_handler, plan_of, stands_still, waiting
from buurtwacht.host.scene import Plan
from buurtwacht.host.settings import CheckFailed
from buurtwacht.host.whereabouts import Callers
from buurtwacht.records import audit
from buurtwacht.records.database import Unit
from buurtwacht.records.inbox import Claim, Work, mark_all_done, mark_done, mark_taken, park
from buurtwacht.vocabulary.channels import Glimpse
from buurtwacht.vocabulary.containment import contained, is_interrupt, kind_of
from buurtwacht.vocabulary.errors import Refusal, Replay, StoreUnavailable
from buurtwacht.vocabulary.events import Said
from buurtwacht.vocabulary.messages import Severity, Text
from buurtwacht.vocabulary.roles import CARETAKERS

#: Design §2: a stale version or a busy database is tried again, at most so often.
REPLAYS = 5

#: How many pieces of work of one plugin may share a commit, and for how many seconds the first may wait for the others.
_BATCH = 20
_PATIENCE = 0.010
#: How many timers of a handler that takes them together it gets at most: while it runs nothing else of its plugin may.
_TOGETHER = 50

log = structlog.get_logger("buurtwacht.worker")


@dataclass(frozen=True, slots=True)
class _Ready:
    """A piece of work, planned, with the unit that collects what its handler writes."""

    unit: Unit
    work: Work
    plan: Plan
    attempt: int


@dataclass(frozen=True, slots=True)
class Hooks:
    """Where tests look in: `during` is called at moments a crash could come ("handler", "commit"); it raises one of
    `signals`, which nothing of ours stops.
    """

    during: Callable[[str, str], None] = lambda moment, plugin: None
    signals: tuple[type[BaseException], ...] = ()


class Worker:
    """Runs work to its end. Any number of threads may call `step` at once."""

    def __init__(self, core: Core, dispatcher: Dispatcher, hooks: Hooks | None = None) -> None:
        self._core = core
        self._dispatcher = dispatcher
        self._conversation = Conversation(core)
        self._hooks = hooks or Hooks()
        #: what took longer than `_PATIENCE` when it was run last: it gets a commit of its own
        self._slow: set[tuple[str, str]] = set()
        #: what is done and waits for what is done after it, to be kept together
        self._batch: list[_Ready] = []
        self._turn = threading.Lock()

    def step(self, *, wait: bool = False) -> bool:
        """Do the next piece of work, and what else is quickly done with it; return False when there was none."""
        work = self._dispatcher.take(wait=wait)
        if work is None:
            return False
        taken: list[Work] = []
        try:
            self._empty(work, taken)
            pauses.tell(self._core)
        except (StoreUnavailable, Replay):
            self._dispatcher.give_back(taken)  # that the database has trouble is said where it is noticed
            return False
        except BaseException as error:
            if isinstance(error, self._hooks.signals) or is_interrupt(error):
                raise
            # The thread must live, and the lanes must not be lost: what was taken is tried again.
            self._dispatcher.give_back(taken)
            log.error("work could not be put aside; it waits", error=type(error).__name__, at=place_of(error))
            return False
        return True

    def _empty(self, work: Work | None, taken: list[Work]) -> None:
        """Do this work and what is quickly done with it; all that was taken is noted in `taken`."""
        callers: Callers | None = None
        began = perf_counter()
        try:
            while work is not None:
                taken.append(work)
                if others := self._like(work):
                    taken += others
                    self._keep(self._take_batch())
                    self._run_together([work, *others])
                    return
                if callers is None:
                    callers = self._conversation.callers([work, *self._dispatcher.coming(_BATCH - 1)])
                if not self._do(work, callers) or perf_counter() - began > _PATIENCE:
                    break
                work = self._dispatcher.take()
            self._keep(self._take_batch())
        finally:
            _close(self._take_batch())

    def _do(self, work: Work, callers: Callers) -> bool:
        """Plan and run a piece of work; return whether another may be done to be kept with it."""
        ready = self._prepare(work, callers)
        if ready is not None and self._dispatcher.is_to_wait(work, ready.plan, vital=self._is_vital(ready.plan.plugin)):
            ready.unit.close()
            self._dispatcher.wait(work)
            ready = None
        if ready is not None and self._batch and not self._fits(ready.plan, self._batch):
            self._keep(self._take_batch())
        if ready is not None and self._run(ready):
            if not ready.unit.is_light:
                # What has records to keep has a commit of its own: only the writes of units can be joined.
                self._keep(self._take_batch())
                self._batch = [ready]
                return False
            with self._turn:
                self._batch.append(ready)
        return 0 < len(self._batch) < _BATCH

    def _take_batch(self) -> list[_Ready]:
        with self._turn:
            batch, self._batch = self._batch, []
        return batch

    def _keep_meanwhile(self) -> None:
        """Keep, on another thread, what waits for a handler that takes long; what cannot be kept is done once more.

        Raises `StoreUnavailable`.
        """
        batch = self._take_batch()
        works = [one.work for one in batch]
        try:
            self._keep(batch, lambda one: self._dispatcher.give_back([one.work]))
        except StoreUnavailable:
            self._dispatcher.give_back(works)
            raise

    def _like(self, work: Work) -> list[Work]:
        """Take what comes next as far as one handler takes it together with this."""
        kind = common_handler(self._core, work)
        if kind is None:
            return []
        return self._dispatcher.take_more(lambda one: common_handler(self._core, one) == kind, _TOGETHER - 1)

    def _run_together(self, works: Sequence[Work]) -> None:
        """Run one handler for all of these, and keep all of it; when that cannot be, do each by itself."""
        unit = self._core.database.unit()
        plan = plan_of(self._core, unit, works)
        if not self._dispatcher.enter(works[0], plan, works[1:]):
            return
        done = False
        try:
            for work in works:
                self._look(work, plan)
            self._hooks.during("handler", plan.plugin)
            with self._core.trace.called(plan.plugin, plan.what):
                contained(plan.run)
            mark_all_done(unit, works, self._core.clock.now())
            self._hooks.during("commit", plan.plugin)
            contained(unit.commit)
            done = True
        except StoreUnavailable:
            raise
        except Exception:
            log.info("timers are handled one by one: together they could not be", plugin=plan.plugin, what=plan.what)
        finally:
            unit.close()
            self._dispatcher.leave(plan)
        for work in works:
            if done:
                self._dispatcher.done(work)
            elif (ready := self._prepare(work)) is not None and self._run(ready):
                self._keep([ready])

    def _fits(self, plan: Plan, batch: Sequence[_Ready]) -> bool:
        """Whether this may share a commit: nobody's reply waits for another plugin, nor for a handler that was slow."""
        return plan.plugin == batch[0].plan.plugin and (plan.plugin, plan.what) not in self._slow

    def _prepare(self, work: Work, callers: Callers | None = None, attempt: int = 0) -> _Ready | None:
        """Plan a piece of work; None when it is not ours now, or when that failed, and it was put aside for good."""
        unit = self._core.database.unit()
        try:
            waits = stands_still(self._core, work)
            if not self._is_mine(unit, work, waits):
                unit.close()
                return None
            plan = waiting(unit, work) if waits else contained(partial(self._conversation.plan, unit, work, callers))
        except StoreUnavailable:
            unit.close()
            raise
        except Replay:
            unit.close()
            if attempt < REPLAYS:
                return self._prepare(work, attempt=attempt + 1)
            raise StoreUnavailable("the database was busy") from None
        except Exception as error:
            unit.close()
            self._park(work, None, error)
            return None
        return _Ready(unit, work, plan, attempt)

    def _is_mine(self, unit: Unit, work: Work, waits: bool) -> bool:
        in_order = not waits and not self._dispatcher.goes_by(work)
        match self._core.inbox.claim(unit, work, in_order=in_order):
            case Claim.MINE:
                return True
            case Claim.LATER:
                self._dispatcher.put_off(work)
            case Claim.DONE:
                self._dispatcher.done(work)
        return False

    def _run(self, ready: _Ready) -> bool:
        """Run the handler; False when it came to nothing that is to be kept, or waits until its plugin has a thread."""
        work, plan = ready.work, ready.plan
        if not self._dispatcher.enter(work, plan, keep=self._keep_meanwhile):
            ready.unit.close()
            return False
        began = perf_counter()
        try:
            self._look(work, plan)
            self._hooks.during("handler", plan.plugin)
            with self._core.trace.called(plan.plugin, plan.what):
                contained(plan.run)
            if plan.context is not None and plan.context.has_file:
                mark_taken(ready.unit, work, plan.plugin)
            if plan.waits:
                self._core.inbox.hold(ready.unit, work)
            else:
                mark_done(ready.unit, work, self._core.clock.now(), ready.attempt + 1)
            ready.unit.rest()
            return True
        except StoreUnavailable:
            ready.unit.close()
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
        except BaseException:
            ready.unit.close()  # nobody else may handle it while we hold its row
            raise
        finally:
            self._dispatcher.leave(plan)
            self._time(plan, perf_counter() - began)
        return False

    def _time(self, plan: Plan, seconds: float) -> None:
        """Remember which handlers are slow; what took long once is tried again beside others when it is quick."""
        kind = plan.plugin, plan.what
        if seconds > _PATIENCE:
            self._slow.add(kind)
        else:
            self._slow.discard(kind)

    def _keep(self, batch: Sequence[_Ready], again: Callable[[_Ready], None] | None = None) -> None:
        """Commit what handlers left; when that cannot be done together, each by itself. `again` handles once more what
        somebody else was quicker with.
        """
        waiting = list(batch)
        try:
            if batch:
                self._hooks.during("commit", batch[0].plan.plugin)
            if len(batch) > 1 and self._core.database.commit_together([one.unit for one in batch]):
                while waiting:
                    self._dispatcher.done(waiting.pop(0).work)
            while waiting:
                self._keep_one(waiting.pop(0), again or self._again)
        finally:
            _close(batch)

    def _keep_one(self, ready: _Ready, again: Callable[[_Ready], None]) -> None:
        try:
            contained(ready.unit.commit)
        except Replay:
            again(ready)
        except StoreUnavailable:
            raise
        except Exception as error:
            self._park(ready.work, ready.plan, error)
        else:
            self._dispatcher.done(ready.work)

    def _again(self, ready: _Ready) -> None:
        """Somebody else was first: handle the work once more from the beginning, at most five times."""
        if not self._core.inbox.holds(ready.work):
            # It was handled: by a commit whose answer was lost with the connection, or because it was given out twice.
            self._dispatcher.done(ready.work)
            return
        if ready.attempt >= REPLAYS:
            self._park(ready.work, ready.plan, Replay(f"somebody else was first {REPLAYS} times"))
            return
        again = self._prepare(ready.work, attempt=ready.attempt + 1)
        if again is not None and self._run(again):
            self._keep([again])

    def _refuse(self, work: Work, plan: Plan | None, refusal: Refusal) -> None:
        """Say what cannot be done; nothing the handler queued is kept. What cannot be said fails as a handler does."""
        with_context = plan.context if plan is not None else None
        unit = self._core.database.unit()
        try:
            if with_context is not None and with_context.can_reply:
                with_context.again(unit).reply(refusal.text)
            if plan is not None and with_context is not None and with_context.has_file:
                mark_taken(unit, work, plan.plugin)
            mark_done(unit, work, self._core.clock.now())
            unit.commit()
        except StoreUnavailable:
            raise
        except Replay:
            if self._core.inbox.holds(work):
                raise
        except Exception as error:
            self._park(work, plan, error)
            return
        finally:
            unit.close()
        self._dispatcher.done(work)

    def _park(self, work: Work, plan: Plan | None, error: Exception) -> None:
        """Put work aside whose handler failed, name the culprit, and be kind to whoever waits for an answer."""
        plugin = plan.plugin if plan is not None else work.plugin or "core"
        plugin = error.plugin if isinstance(error, CheckFailed) else plugin  # a command of ours asked for its settings
        what = plan.what if plan is not None else "conversation"
        trace = self._core.health.failed(plugin, what, error)
        now = self._core.clock.now()
        unit = self._core.database.unit()
        why = f"{plugin}: {kind_of(error)} ({trace})"
        if erasures.is_erasure(work):
            why = erasures.failed(self._core, unit, work, plugin, trace, why)
        park(unit, work, now, why)
        audit.note(unit, now, f"plugin:{plugin}", "handler_failed", f"work:{work.id}", {"trace": trace, "what": what})
        context = plan.context if plan is not None else None
        if context is not None:
            own = context.again(unit, plugin="core")
            vital = self._is_vital(plugin)
            if own.can_reply:
                own.reply(Text("failed.vital" if vital else "failed", trace=trace))
            self._save_raw(own, work, vital)
        unit.commit()
        self._dispatcher.done(work)
        pauses.tell(self._core)

    def _is_vital(self, plugin: str) -> bool:
        return plugin in self._core.plugins and self._core.plugins.get(plugin).manifest.vital

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

    def _look(self, work: Work, plan: Plan) -> None:
        if self._core.look is None:
            return
        who = plan.context.person.name if plan.context is not None and plan.context.has_person else ""
        now = self._core.clock.now()
        self._core.look(Glimpse(now, "handler", f"{plan.plugin}: {plan.what}", who, work.account))


def _close(batch: Sequence[_Ready]) -> None:
    for one in batch:
        one.unit.close()
