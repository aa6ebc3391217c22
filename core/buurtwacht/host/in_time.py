"""In time: plugins are asked on a thread that can be left behind, so that one that does not answer holds nobody up.

A thread cannot be ended from outside. One that hangs in a plugin is let go of; until it comes back, that plugin is not
asked again, so no second one hangs there.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from buurtwacht.host.permissions import place_in
from buurtwacht.vocabulary.errors import PluginError

if TYPE_CHECKING:
    from buurtwacht.host.health import PluginHealth
    from buurtwacht.records.database import Database, Unit


T = TypeVar("T")

#: Seconds for what nobody waits for, and for what somebody waits for in a browser: less than he is given in all.
PATIENTLY, AT_ONCE = 5.0, 4.0
#: Seconds for what is asked before anything runs.
AT_THE_START = 10.0
#: Seconds between two looks at one that does not answer.
_LOOK = 0.05


class TooSlow(PluginError):
    """A plugin that does not answer in time."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a plugin is asked: `run` gets a unit to read with. `pauses`: failing here counts towards a pause."""

    plugin: str
    what: str
    run: Callable[[Unit], object]
    pauses: bool = True


class InTime:
    """Asks plugins, each for so long and no longer; what fails, or takes longer, is counted as its error (R51)."""

    def __init__(self, database: Database, health: PluginHealth) -> None:
        self._database = database
        self._health = health
        self._lock = threading.Lock()
        #: in which plugins threads hang, and how many
        self._stuck: dict[str, int] = {}

    def is_stuck(self, plugin: str) -> bool:
        """Return whether a thread hangs in what this plugin was asked."""
        return plugin in self._stuck

    def ask(
        self,
        questions: Sequence[Question],
        seconds: float,
        enough: Callable[[Sequence[tuple[str, Any]]], bool] = lambda found: False,
    ) -> list[tuple[str, Any]]:
        """Return the answers that came, with the plugin of each, in order: None where one failed.

        Each gets so many seconds, of a machine that has time for us. Once one did not answer in time, the others are
        asked only when what was found until then is not `enough`. Raises `StoreUnavailable` and `Replay`: the whole is
        tried again.
        """
        answers: list[tuple[str, Any]] = []
        left = [one for one in questions if one.plugin not in self._stuck]
        while left:
            given = _Round(self, left)
            hand_over(given.run)
            answered = given.wait(seconds)
            if given.error is not None:
                raise given.error
            answers += answered
            if len(answered) == len(left) or enough(answers):
                break
            left = [one for one in left[len(answered) + 1 :] if one.plugin not in self._stuck]
        return answers

    def ask_one(self, question: Question, seconds: float) -> Any:
        """Return what one plugin answers; None where it fails, or takes longer, or hangs since it was asked before."""
        answers = self.ask([question], seconds)
        return answers[0][1] if answers else None

    def answer(self, question: Question, unit: Unit) -> object:
        """Ask now, on this thread; whoever reads with the unit next finds it in order."""
        call = partial(question.run, unit)
        return self._health.guarded(question.plugin, question.what, call, unit, pauses=question.pauses)

    def unit(self) -> Unit:
        """Begin a unit to read with."""
        return self._database.unit()

    def left_behind(self, question: Question) -> bool:
        """Note that a thread hangs there; return whether it is the first one of this plugin."""
        with self._lock:
            known = self._stuck.get(question.plugin, 0)
            self._stuck[question.plugin] = known + 1
        return not known

    def hangs(self, question: Question, seconds: float, at: str) -> None:
        """Count that as an error of the plugin, at a place of its code."""
        # While the store is gone nobody can answer who has to read: that is no fault of the plugin's.
        if not self._database.trouble.present:
            slow = TooSlow(question.plugin, f"does not answer within {seconds:g} seconds")
            self._health.failed(question.plugin, question.what, slow, pauses=question.pauses, at=at)

    def came_back(self, question: Question) -> None:
        """Note that a thread that hung is back."""
        with self._lock:
            self._stuck[question.plugin] -= 1
            if not self._stuck[question.plugin]:
                del self._stuck[question.plugin]


class _Round:
    """Questions that one helper asks one after the other, until its asker has all answers or leaves it behind."""

    def __init__(self, asking: InTime, questions: Sequence[Question]) -> None:
        self.error: BaseException | None = None
        self._asking = asking
        self._questions = questions
        self._answers: list[tuple[str, object]] = []
        self._thread = 0
        self._lock = threading.Lock()
        self._left_behind = self._ended = False
        self._done = threading.Lock()
        self._done.acquire()

    def run(self) -> None:
        """Ask all; on the helper's thread."""
        unit = self._asking.unit()
        try:
            self._thread = threading.get_ident()
            for one in self._questions:
                answer = self._asking.answer(one, unit)
                unit.close()  # a record that it found is nobody's from here on: to change it is refused, not lost
                with self._lock:
                    if self._left_behind:
                        return
                    self._answers.append((one.plugin, answer))
        except BaseException as error:
            self.error = error  # the asker raises it
        finally:
            unit.close()
            with self._lock:
                self._ended = True
            if self._left_behind:
                self._asking.came_back(self._questions[len(self._answers)])
            self._done.release()

    def wait(self, seconds: float) -> list[tuple[str, object]]:
        """Return all answers, or those before the one that takes longer than this; on the asker's thread."""
        spent, known = 0.0, 0
        while True:
            look = min(_LOOK, seconds - spent)
            if self._done.acquire(timeout=look):
                return self._answers
            # A look that lasted longer than it was to is the machine's delay, not the plugin's.
            spent += look
            with self._lock:
                answers = list(self._answers)
                if self._ended or len(answers) == len(self._questions):
                    return answers
                if len(answers) > known:
                    spent, known = 0.0, len(answers)  # it went on to the next
                if spent < seconds:
                    continue
                # Until the lock is given back it cannot come back: it is noted before that, and where it is now.
                question = self._questions[len(answers)]
                at = place_in(sys._current_frames().get(self._thread))
                is_first = self._asking.left_behind(question)
                self._left_behind = True
            if is_first:  # of several at once it is one error
                self._asking.hangs(question, seconds, at)
            return answers


def call(function: Callable[[], T], seconds: float) -> T:
    """Return what a function returns, or raise what it raises.

    Raises `TimeoutError` where it takes longer, of a machine that has time for us.
    """
    ended: SimpleQueue[Callable[[], T]] = SimpleQueue()

    def run() -> None:
        try:
            answer = function()
        except BaseException as error:
            ended.put(partial(_raise, error))
        else:
            ended.put(lambda: answer)

    hand_over(run)
    spent = 0.0
    while spent < seconds:
        # As in `_Round.wait`: a look that lasts longer than it was to is the machine's delay.
        look = min(_LOOK, seconds - spent)
        try:
            give = ended.get(timeout=look)
        except Empty:
            spent += look
        else:
            return give()
    raise TimeoutError(f"not within {seconds:g} seconds")


def hand_over(job: Callable[[], None]) -> None:
    """Have something done on a thread that may hang in it: nobody waits for it, not even the end of the process.

    It raises nothing: whoever hands it over has it tell what came of it.
    """
    _helper().jobs.put(job)


def _raise(error: BaseException) -> NoReturn:
    raise error


class _Helper(threading.Thread):
    """A thread that waits for something to do."""

    def __init__(self) -> None:
        super().__init__(name="asking", daemon=True)
        self.jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()

    def run(self) -> None:
        """Do what comes, for ever; between two it waits with the others."""
        while True:
            self.jobs.get()()
            _idle.append(self)


#: Helpers with nothing to do: the last one in is the first out. As many as were ever needed at once.
_idle: list[_Helper] = []
# A child has none of its parent's threads.
os.register_at_fork(after_in_child=_idle.clear)


def _helper() -> _Helper:
    try:
        return _idle.pop()
    except IndexError:
        helper = _Helper()
        helper.start()
        return helper
