"""A fair plan: who walks which shift. Numbers in, numbers out; the same seed gives the same plan.

What is never broken: who is not able does not walk; the rest between two shifts of one walker; the most shifts a month;
who is kept apart; and no pair walks three shifts in a row. Within that, first as few places stay open as can be found,
then the shifts are spread so that the squares of the counts are least. Where nobody is kept apart, has a most, or is
kept from a third time with the same partner, that means for two walkers who can walk exactly the same: their counts
differ by one at most. (If they differed by two, the shifts of the two, laid side by side in time, fall into chains of
which no two touch; in some chain the one has one more than the other; trading it breaks nothing and is more even.) For
small plans the best is found for certain: the search looks at all of them, as long as its budget lasts.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from random import Random

from buurtwacht_patrols.board import Board, Duty, Groups, Problem, Rules, Walker

__all__ = ["Duty", "Problem", "Walker", "solve"]

#: How many steps the search for something better takes at most.
BUDGET = 6_000
#: How many plans are begun, each in another order.
STARTS = 6


def solve(problem: Problem) -> Groups:
    """Return who walks each duty; fewer than needed where nobody was found."""
    rules = Rules(problem)
    best: Board | None = None
    for start in range(STARTS):
        board = Board(rules, Random(problem.seed * STARTS + start))
        board.begin()
        board.improve()
        if best is None or board.worth() < best.worth():
            best = board
    assert best is not None
    found = Board(rules, Random(problem.seed))
    found.lay(_Search(rules, best).run())
    found.improve()
    return found.frozen()


class _Search:
    """Looks at every plan that may be better, duty by duty, within its budget."""

    def __init__(self, rules: Rules, best: Board) -> None:
        self._rules = rules
        self._worth = best.worth()
        self._found = best.frozen()
        self._board = Board(rules, Random(0))
        self._left = BUDGET

    def run(self) -> Groups:
        """Return the best plan found."""
        self._visit(0)
        return self._found

    def _visit(self, place: int) -> None:
        self._left -= 1
        if self._left < 0 or self._is_hopeless(place):
            return
        if place == len(self._rules.duties):
            worth = self._board.worth()
            if worth < self._worth:
                self._worth, self._found = worth, self._board.frozen()
            return
        for group in self._choices(place):
            for who in group:
                self._board.put(who, place)
            self._visit(place + 1)
            for who in group:
                self._board.take(who, place)
            if self._left < 0:
                return

    def _is_hopeless(self, place: int) -> bool:
        """Whether what is decided so far cannot become better than the best."""
        missing = sum(
            max(0, duty.needed - len(group))
            for duty, group in zip(self._rules.duties[:place], self._board.groups[:place], strict=True)
        )
        uneven = sum(len(own) ** 2 for own in self._board.own.values())
        return (missing, uneven) > self._worth[:2]

    def _choices(self, place: int) -> list[tuple[int, ...]]:
        """Return the groups that may be added here, the largest and least burdened first."""
        missing = self._rules.duties[place].needed - len(self._board.groups[place])
        if missing <= 0:
            return [()]
        fitting = [who for who in self._rules.walkers if self._board.fits(who, place)]
        fitting.sort(key=lambda who: len(self._board.own[who]))
        found: list[tuple[int, ...]] = []
        for size in range(min(missing, len(fitting)), -1, -1):
            found += [group for group in combinations(fitting, size) if self._agree(group, place)]
        return found

    def _agree(self, group: Sequence[int], place: int) -> bool:
        """Whether all of a group may walk a duty together."""
        return not any(
            self._rules.kept_apart(one, other) or self._board.third_time(one, other, place)
            for one, other in combinations(group, 2)
        )
