"""Plays the first story on the board, one step at a time, with the same hands as the page's buttons."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from buurtwacht_playground.board import Board, first_named
from buurtwacht_playground.hands import Hands
from buurtwacht_playground.story import REPORTER, SHORT_ID, STEPS, Clock, Say, Sight, Step, Tap
from buurtwacht_playground.telephones import Bubble, Telephone, next_wall_time
from buurtwacht_playground.words import Mistake


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for what must be seen: `pause` in real seconds, after each the clock moves one second."""

    pause: float = 0.5
    pauses: int = 30
    #: pauses for a step that may be left out
    optional: int = 5
    #: real seconds after which a step is given up whatever happens meanwhile
    longest: float = 25.0


class Player:
    """Knows where the story on one board began, so that an earlier telling is not taken for this one."""

    def __init__(self, board: Board, hands: Hands, patience: Patience | None = None) -> None:
        self.board = board
        self.hands = hands
        self.patience = patience or Patience()
        self._began = 0
        self._telling = 0
        self._done = (0, 0)
        self._one_at_a_time = asyncio.Lock()

    async def play(self, number: int) -> bool:
        """Do one step and wait for what it leads to; return False when an optional step was left out.

        Raises `Mistake` (404) for a step that does not exist, (409) when a person is missing or nothing comes in time.
        A telling that is begun anew ends the waiting of the one before.
        """
        if number >= len(STEPS):
            raise Mistake(404, "no_step")
        if number == 0:
            self._telling += 1
        telling, step = self._telling, STEPS[number]
        async with self._one_at_a_time:
            try:
                async with asyncio.timeout(self.patience.longest):
                    await self._tell(number, telling)
            except (Mistake, TimeoutError) as stuck:
                if step.optional:
                    return False
                if isinstance(stuck, Mistake):
                    raise
                raise Mistake(409, "not_seen", name=step.who) from stuck
        return True

    async def _tell(self, number: int, telling: int) -> None:
        step = STEPS[number]
        # A step that is tried again was done already: only what it leads to did not come.
        if self._done != (telling, number):
            await self._do(step, telling)
            self._done = (telling, number)
        if number == 0:
            self._began = self.board.serial
        for sight in step.until:
            await self._wait(sight, step, telling)

    def telephone_of(self, name: str) -> Telephone:
        """Return the telephone of somebody in the story. Raises `Mistake` (409) when he is not in this town."""
        self.board.gather()
        telephone = first_named(tuple(self.board.telephones.values()), name)
        if telephone is None:
            raise Mistake(409, "no_actor", name=name)
        return telephone

    async def _do(self, step: Step, telling: int) -> None:
        match step.does:
            case Say(text):
                words = text.format(id=self._short_id()) if "{id}" in text else text
                await self.hands.say(self.telephone_of(step.who), words)
            case Tap(pattern):
                telephone = self.telephone_of(step.who)
                await self._wait(Sight(step.who, pattern, button=True), step, telling)
                bubble, option = next(self._answers(telephone, pattern))
                await self.hands.tap(telephone, bubble.id, option)
            case Clock(seconds, to):
                await self._let_pass(seconds, to)
            case None:
                pass

    async def _let_pass(self, seconds: int, to: str) -> None:
        if to:
            hour, minute = (int(part) for part in to.split(":"))
            left = next_wall_time(self.board.bench.now(), hour, minute)
            # Where somebody said something already, the story begins in the next night: the same report within the
            # same hour would join the first.
            if not self._is_fresh():
                left += timedelta(days=left < timedelta(hours=1))
            elif left > timedelta(hours=23):
                return
            seconds = math.ceil(left.total_seconds())
        if seconds:
            await self.board.advance(seconds)

    def _is_fresh(self) -> bool:
        return not any(one.mine for phone in self.board.telephones.values() for one in phone.bubbles.values())

    async def _wait(self, sight: Sight, step: Step, telling: int) -> None:
        telephone = self.telephone_of(sight.who)
        pauses = self.patience.optional if step.optional else self.patience.pauses

        def holds() -> bool:
            return telling != self._telling or self._seen(telephone, sight)

        seen = await self.board.until(holds, pause=self.patience.pause, pauses=pauses)
        if not seen or telling != self._telling:
            raise Mistake(409, "not_seen", name=telephone.name)

    def _seen(self, telephone: Telephone, sight: Sight) -> bool:
        if sight.button:
            return next(self._answers(telephone, sight.pattern), None) is not None
        return any(re.search(sight.pattern, bubble.text) for bubble in self._news(telephone))

    def _news(self, telephone: Telephone) -> Iterator[Bubble]:
        for bubble in reversed(telephone.bubbles.values()):
            if not bubble.mine and bubble.touched > self._began:
                yield bubble

    def _answers(self, telephone: Telephone, pattern: str) -> Iterator[tuple[Bubble, str]]:
        for bubble in self._news(telephone):
            for option in bubble.options:
                if bubble.layout in ("buttons", "list") and not bubble.chosen and re.search(pattern, option.label):
                    yield bubble, option.id

    def _short_id(self) -> str:
        for bubble in reversed(list(self._news(self.telephone_of(REPORTER)))):
            if found := re.search(SHORT_ID, bubble.text):
                return found[0]
        raise Mistake(409, "not_seen", name=REPORTER)
