"""The board on which a plan is made: what may never be broken, who walks what, and moves that make it better."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TypeAlias

#: How many walkers may move up to make room for one.
_DEPTH = 3
#: How many moves for the better are made at most.
_MOVES = 6_000


@dataclass(frozen=True, slots=True)
class Duty:
    """A shift to fill: `needed` walkers, those of `fixed` among them whatever else holds."""

    starts: datetime
    ends: datetime
    month: str
    needed: int
    fixed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Walker:
    """Somebody who can walk the duties in `able`, by their place. `busy` is what he walks outside this plan."""

    id: int
    able: frozenset[int]
    most_a_month: int | None = None
    busy: tuple[tuple[datetime, datetime], ...] = ()
    apart_from: frozenset[int] = frozenset()
    rather_with: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Problem:
    """A plan to make; the duties stand in order of time. `before` are the groups of the last two shifts before it."""

    duties: tuple[Duty, ...]
    walkers: tuple[Walker, ...]
    rest: timedelta
    seed: int = 0
    before: tuple[frozenset[int], ...] = ()


Groups: TypeAlias = tuple[frozenset[int], ...]


class Rules:
    """What may never be broken, worked out once."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.duties = problem.duties
        self.walkers = {one.id: one for one in problem.walkers}
        self.near = [
            frozenset(
                place
                for place, other in enumerate(self.duties)
                if place != here and not _apart((other.starts, other.ends), (duty.starts, duty.ends), problem.rest)
            )
            for here, duty in enumerate(self.duties)
        ]
        self.able = {
            one.id: frozenset(place for place in one.able if self._is_free(one, place)) for one in problem.walkers
        }
        self.locked = [duty.fixed for duty in self.duties]

    def _is_free(self, walker: Walker, place: int) -> bool:
        duty = self.duties[place]
        return all(_apart(one, (duty.starts, duty.ends), self.problem.rest) for one in walker.busy)

    def could(self, who: int, place: int) -> bool:
        """Whether somebody can walk a duty, whatever the others do."""
        return place in self.able[who]

    def kept_apart(self, one: int, other: int) -> bool:
        """Whether either does not want to walk with the other."""
        first, second = self.walkers.get(one), self.walkers.get(other)
        return bool(first and other in first.apart_from) or bool(second and one in second.apart_from)


def _apart(one: tuple[datetime, datetime], other: tuple[datetime, datetime], rest: timedelta) -> bool:
    return one[1] + rest <= other[0] or other[1] + rest <= one[0]


class Board:
    """A plan being made: who walks what, and what may change without breaking a rule."""

    def __init__(self, rules: Rules, random: Random) -> None:
        self.rules = rules
        self._random = random
        self.groups: list[set[int]] = [set(fixed) for fixed in rules.locked]
        self.own: dict[int, set[int]] = {who: set() for who in rules.walkers}
        for place, group in enumerate(self.groups):
            for who in group:
                self.own.setdefault(who, set()).add(place)

    # --- what it is worth --------------------------------------------------------------------------------------------

    def open_places(self) -> int:
        """How many walkers are missing."""
        return sum(max(0, duty.needed - len(group)) for duty, group in zip(self.rules.duties, self.groups, strict=True))

    def worth(self) -> tuple[int, int, int]:
        """How bad it is: open places, then how uneven, then how few walk with whom they like."""
        return self.open_places(), sum(len(own) ** 2 for own in self.own.values()), -self._liked()

    def _liked(self) -> int:
        return sum(
            len(walker.rather_with & group) for group in self.groups for who in group if (walker := self._of(who))
        )

    def _of(self, who: int) -> Walker | None:
        return self.rules.walkers.get(who)

    # --- what may be -------------------------------------------------------------------------------------------------

    def fits(self, who: int, place: int) -> bool:
        """Whether somebody may join a duty as the plan stands."""
        rules = self.rules
        if who in self.groups[place] or not rules.could(who, place) or not rules.near[place].isdisjoint(self.own[who]):
            return False
        most = rules.walkers[who].most_a_month
        month = rules.duties[place].month
        if most is not None and sum(rules.duties[one].month == month for one in self.own[who]) >= most:
            return False
        return all(
            not rules.kept_apart(who, other) and not self.third_time(who, other, place) for other in self.groups[place]
        )

    def third_time(self, who: int, other: int, place: int) -> bool:
        """Whether two would walk three shifts in a row together, this one among them."""
        together = [self._together(who, other, place + step) for step in (-2, -1, 1, 2)]
        return (together[0] and together[1]) or (together[1] and together[2]) or (together[2] and together[3])

    def _together(self, who: int, other: int, place: int) -> bool:
        if place >= len(self.groups):
            return False
        before = self.rules.problem.before
        if place < 0:
            return -place <= len(before) and {who, other} <= before[place]
        return {who, other} <= self.groups[place]

    def needs(self, place: int) -> bool:
        """Whether a duty has fewer walkers than it needs."""
        return len(self.groups[place]) < self.rules.duties[place].needed

    def put(self, who: int, place: int) -> None:
        """Let somebody walk a duty."""
        self.groups[place].add(who)
        self.own[who].add(place)

    def take(self, who: int, place: int) -> None:
        """Let somebody walk it no more."""
        self.groups[place].discard(who)
        self.own[who].discard(place)

    # --- making it ---------------------------------------------------------------------------------------------------

    def lay(self, groups: Groups) -> None:
        """Take over a plan."""
        for place, group in enumerate(groups):
            for who in group:
                self.own.setdefault(who, set())
                self.put(who, place)

    def begin(self) -> None:
        """Fill the duties that fewest can walk first, each with who walks least."""
        rules = self.rules
        fans = [sum(rules.could(who, place) for who in rules.walkers) for place in range(len(rules.duties))]
        order = sorted(range(len(rules.duties)), key=lambda place: (fans[place] - rules.duties[place].needed, place))
        for place in order:
            while self.needs(place) and (who := self._lightest(place)) is not None:
                self.put(who, place)

    def _lightest(self, place: int) -> int | None:
        fitting = [who for who in self.rules.walkers if self.fits(who, place)]
        if not fitting:
            return None
        chance = {who: self._random.random() for who in fitting}
        return min(fitting, key=lambda who: (len(self.own[who]), len(self.rules.able[who]), chance[who]))

    def improve(self) -> None:
        """Fill what is open and even out, as long as either gets better."""
        left = _MOVES
        while left > 0 and (self._fill_one() or self._even_out()):
            left -= 1

    def _fill_one(self) -> bool:
        return any(self.needs(place) and self._fill(place, _DEPTH, {place}) for place in range(len(self.groups)))

    def _fill(self, place: int, depth: int, seen: set[int]) -> bool:
        """Find somebody for a duty, letting others move up for him; when nobody is found, nothing has changed."""
        who = self._lightest(place)
        if who is not None:
            self.put(who, place)
            return True
        if not depth:
            return False
        for one in sorted(self.rules.walkers, key=lambda who: len(self.own[who])):
            if one in self.groups[place] or not self.rules.could(one, place):
                continue
            for given_up in self._in_the_way(one, place):
                if given_up in seen or one in self.rules.locked[given_up]:
                    continue
                self.take(one, given_up)
                if self.fits(one, place):
                    self.put(one, place)
                    if self._fill(given_up, depth - 1, seen | {given_up}):
                        return True
                    self.take(one, place)
                self.put(one, given_up)
        return False

    def _in_the_way(self, who: int, place: int) -> list[int]:
        """Return the duties of somebody that may keep him from another one: those near it, those of that month."""
        rules = self.rules
        month = rules.duties[place].month
        capped = rules.walkers[who].most_a_month is not None
        return sorted(
            one for one in self.own[who] if one in rules.near[place] or (capped and rules.duties[one].month == month)
        )

    def _even_out(self) -> bool:
        order = sorted(self.rules.walkers, key=lambda who: (-len(self.own[who]), who))
        for heavy in order:
            for light in reversed(order):
                if len(self.own[heavy]) - len(self.own[light]) < 2:
                    break
                if self._hand_over(heavy, light) or self._trade(heavy, light) or self._hand_on(heavy, light):
                    return True
        return False

    def _hand_over(self, heavy: int, light: int) -> bool:
        return any(self._replace(heavy, light, place) for place in sorted(self.own[heavy]))

    def _replace(self, one: int, other: int, place: int) -> bool:
        """Put one in the place of the other, if that breaks nothing."""
        if one in self.rules.locked[place] or not self.rules.could(other, place):
            return False
        self.take(one, place)
        if self.fits(other, place):
            self.put(other, place)
            return True
        self.put(one, place)
        return False

    def _hand_on(self, heavy: int, light: int) -> bool:
        """Give a shift of the one to a third, who gives one of his to the other."""
        for place in sorted(self.own[heavy]):
            for third in self.rules.walkers:
                if third in (heavy, light) or not self._replace(heavy, third, place):
                    continue
                if any(self._replace(third, light, other) for other in sorted(self.own[third] - {place})):
                    return True
                self.take(third, place)
                self.put(heavy, place)
        return False

    def _trade(self, heavy: int, light: int) -> bool:
        """Trade a chain of shifts that stand in each other's way, of which the one has one more than the other."""
        for first in sorted(self.own[heavy] - self.own[light]):
            mine, theirs = self._chain(heavy, light, first)
            if len(mine) - len(theirs) != 1:
                continue
            if self._swap(heavy, light, mine, theirs):
                return True
        return False

    def _chain(self, heavy: int, light: int, first: int) -> tuple[set[int], set[int]]:
        mine, theirs, waiting = {first}, set[int](), [first]
        while waiting:
            place = waiting.pop()
            side, other, found = (light, heavy, theirs) if place in mine else (heavy, light, mine)
            for near in self.rules.near[place] & (self.own[side] - self.own[other]):
                if near not in found:
                    found.add(near)
                    waiting.append(near)
        return mine, theirs

    def _swap(self, heavy: int, light: int, mine: Iterable[int], theirs: Iterable[int]) -> bool:
        moves = [(heavy, light, place) for place in sorted(mine)] + [(light, heavy, place) for place in sorted(theirs)]
        if any(one in self.rules.locked[place] for one, _, place in moves):
            return False
        for one, _, place in moves:
            self.take(one, place)
        done: list[tuple[int, int]] = []
        for _, other, place in moves:
            if not self.fits(other, place):
                for who, put in done:
                    self.take(who, put)
                for one, _, taken in moves:
                    self.put(one, taken)
                return False
            self.put(other, place)
            done.append((other, place))
        return True

    def frozen(self) -> Groups:
        """Return the plan."""
        return tuple(frozenset(group) for group in self.groups)
